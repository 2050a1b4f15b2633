"""`importer check`: every mistake by cell, in one pass; sends nothing and needs no network."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from importer.cli import terminal
from importer.cli.logs import Show
from importer.cli.options import ENTITY, FILES, MAPPING, common
from importer.errors import EXIT_OK, EXIT_ROWS_FAILED
from importer.model import Problem, Severity
from importer.reports import grouped, portal_as_json, portal_lines, problems_of
from importer.run import Prepared, prepare
from importer.settings import Settings

SCHEMA_VERSION = 1
MOST_NOTES = 20


@click.command("check")
@FILES
@ENTITY
@MAPPING
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the result.")
@common
def command(
    files: tuple[Path, ...],
    entity: str | None,
    mapping: Path | None,
    form: str,
    settings: Settings,
    show: Show,  # noqa: ARG001 - a check shows no progress
) -> None:
    """Check FILEs and name every mistake by cell; sends nothing and needs no network.

    FILE is a workbook, a CSV file, a folder or .zip of these, or - for CSV on standard input (with --entity).

    \b
    importer check june.xlsx
    importer check drop/ --format json
    """
    prepared = prepare(files, settings, entity=entity, mapping=mapping)
    problems = problems_of(prepared.sheets)
    click.echo(_json(prepared, problems) if form == "json" else "\n".join(_text(prepared, problems)))
    sys.exit(EXIT_ROWS_FAILED if prepared.is_rejected_anywhere else EXIT_OK)


def _text(prepared: Prepared, problems: tuple[Problem, ...]) -> Iterator[str]:
    for sheet in prepared.sheets:
        if sheet.entity:
            decided = "; ".join(note.message for note in sheet.table.notes)
            yield f"{sheet.table.where}: {len(sheet.rows):,} rows{f' ({decided})' if decided else ''}"
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    notes = grouped(problem for problem in problems if problem.severity is Severity.NOTE)
    if errors:
        yield ""
    for error in errors[: terminal.MOST_PROBLEMS]:
        yield str(error)
    if len(errors) > terminal.MOST_PROBLEMS:
        yield f"... and {len(errors) - terminal.MOST_PROBLEMS:,} more. They come from these causes:"
        yield from terminal.cause_lines(grouped(errors))
    if notes:
        yield "\nNotes, no obstacle:"
        yield from (f"  {cause} ({cause.at})" for cause in notes[:MOST_NOTES])
        if len(notes) > MOST_NOTES:
            yield f"  ... and {len(notes) - MOST_NOTES:,} more kinds of notes"
    rows = [row for sheet in prepared.sheets for row in sheet.rows]
    rejected = sum(row.is_rejected for row in rows)
    yield ""
    if not rows:
        yield "No rows were found, so there is nothing to do."
    elif rejected:
        yield f"{rejected:,} of {len(rows):,} rows would be rejected."
    else:
        yield f"All {len(rows):,} rows are fine."
    yield from portal_lines(prepared.portal, most=terminal.MOST_PORTAL_CAUSES)


def _json(prepared: Prepared, problems: tuple[Problem, ...]) -> str:
    places = Counter(row.is_rejected for sheet in prepared.sheets for row in sheet.rows)
    return json.dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "rows": places.total(),
            "rejected": places[True],
            "files": [{"file": file.name, "sha256": file.sha256, "bytes": file.size} for file in prepared.files],
            "sheets": [
                {
                    "file": sheet.table.where.file,
                    "sheet": sheet.table.where.sheet,
                    "entity": sheet.entity.name,
                    "rows": len(sheet.rows),
                    "notes": [note.message for note in sheet.table.notes],
                }
                for sheet in prepared.sheets
                if sheet.entity
            ],
            "portal": portal_as_json(prepared.portal),
            "problems": [_problem(problem) for problem in problems],
        },
        ensure_ascii=False,
        indent=2,
    )


def _problem(problem: Problem) -> dict[str, object]:
    """A problem for a machine; the value of a private cell stays in the file."""
    return {
        "file": problem.where.file,
        "sheet": problem.where.sheet,
        "row": problem.where.row,
        "column": problem.column,
        "cell": problem.where.cell,
        "severity": problem.severity.value,
        "code": problem.code,
        "value": None if problem.private else problem.value,
        "message": problem.discreet_message,
        "suggestion": "" if problem.private else problem.suggestion,
    }
