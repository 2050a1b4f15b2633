"""`importer check`: every mistake by cell, in one pass; sends nothing and needs no network."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from importer.cli import fixes, terminal
from importer.cli.logs import Show
from importer.cli.options import ENTITY, FILES, MAPPING, SAVE_FIXES, common, reading
from importer.errors import EXIT_OK, EXIT_ROWS_FAILED
from importer.model import Problem, Severity
from importer.reports.causes import Cause
from importer.reports.found import Found
from importer.reports.portal import portal_as_json, portal_lines
from importer.run.preparation import Prepared, prepare
from importer.settings import Settings
from importer.speech import Speech

SCHEMA_VERSION = 1
MOST_NOTES = 20


@click.command("check")
@FILES
@ENTITY
@MAPPING
@reading
@SAVE_FIXES
@click.option(
    "--marked-in",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write NAME.checked.xlsx, your file with the bad cells marked, into this folder.",
    metavar="FOLDER",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the result.")
@common
def command(
    files: tuple[Path, ...],
    *,
    entity: str | None,
    mapping: Path | None,
    save_fixes: Path | None,
    marked_in: Path | None,
    form: str,
    settings: Settings,
    show: Show,  # noqa: ARG001 - a check shows no progress
) -> None:
    """Check FILEs and name every mistake by cell; sends nothing and needs no network.

    FILE is a workbook, a CSV file, a folder or .zip of these, or - for CSV on standard input (with --entity).

    \b
    importer check june.xlsx
    importer check drop/ --format json
    importer check june.xlsx --marked-in .      june.checked.xlsx, to be corrected
    """
    prepared = prepare(files, settings, entity=entity, mapping=mapping)
    found, speech = Found(prepared.sheets), settings.speech
    if save_fixes:
        fixes.save(save_fixes, prepared.sheets, speech)
    marked = _marked(marked_in, prepared, speech) if marked_in else ()
    if form == "json":
        click.echo(_json(prepared, found, marked, speech))
    else:
        click.echo("\n".join(_text(prepared, found, speech)))
        for path in marked:
            click.echo(speech.say("Marked: {file}", file=str(path)))
    sys.exit(EXIT_ROWS_FAILED if prepared.is_rejected_anywhere else EXIT_OK)


def _marked(folder: Path, prepared: Prepared, speech: Speech) -> tuple[Path, ...]:
    from importer.reports.folder import mark

    return mark(folder, prepared.sheets, prepared.files, _verdict(prepared, speech), speech)


def _text(prepared: Prepared, found: Found, speech: Speech) -> Iterator[str]:
    yield from terminal.empty_lines(prepared.empty, speech)
    for sheet in prepared.sheets:
        if sheet.entity:
            decided = "; ".join(speech.note(note) for note in sheet.table.notes)
            read = speech.counted("1 row", "{count} rows", len(sheet.rows))
            yield f"{sheet.table.where}: {read}{f' ({decided})' if decided else ''}"
    notes = found.causes(Severity.NOTE)
    yield from _errors(found, speech)
    yield from _notes(notes, speech)
    yield ""
    yield _verdict(prepared, speech)
    yield from fixes.changed_lines(notes, speech)
    yield from fixes.damage_lines(prepared.sheets, speech)
    yield from portal_lines(prepared.portal, speech, most=terminal.MOST_PORTAL_CAUSES)


def _errors(found: Found, speech: Speech) -> Iterator[str]:
    errors = found.errors(terminal.MOST_PROBLEMS)
    if errors:
        yield ""
    yield from (speech.problem(error) for error in errors)
    if len(errors) == terminal.MOST_PROBLEMS and (more := found.count(Severity.ERROR) - len(errors)):
        yield speech.say("... and {count} more. They come from these causes:", count=more)
        yield from terminal.cause_lines(found.causes(Severity.ERROR), speech)


def _notes(notes: Sequence[Cause], speech: Speech) -> Iterator[str]:
    if notes:
        yield ""
        yield speech.say("Notes, no obstacle:")
        yield from (f"  {cause.line(speech)} ({cause.at(speech)})" for cause in notes[:MOST_NOTES])
        if len(notes) > MOST_NOTES:
            others = speech.say("... and {count} more kinds of notes", count=len(notes) - MOST_NOTES)
            yield f"  {others}"


def _verdict(prepared: Prepared, speech: Speech) -> str:
    if not prepared.rows:
        return speech.say("No rows were found, so there is nothing to do.")
    if prepared.rejected:
        return speech.say("{count} of {rows} rows would be rejected.", count=prepared.rejected, rows=prepared.rows)
    return speech.counted("The only row is fine.", "All {count} rows are fine.", prepared.rows)


def _json(prepared: Prepared, found: Found, marked: tuple[Path, ...], speech: Speech) -> str:
    return json.dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "rows": prepared.rows,
            "rejected": prepared.rejected,
            "files": [{"file": file.name, "sha256": file.sha256, "bytes": file.size} for file in prepared.files],
            "sheets": [
                {
                    "file": sheet.table.where.file,
                    "sheet": sheet.table.where.sheet,
                    "entity": sheet.entity.name,
                    "rows": len(sheet.rows),
                    "notes": [speech.note(note) for note in sheet.table.notes],
                }
                for sheet in prepared.sheets
                if sheet.entity
            ],
            "marked": [str(path) for path in marked],
            "portal": portal_as_json(prepared.portal, speech),
            "problems": [_problem(problem, speech) for problem in found],
        },
        ensure_ascii=False,
        indent=2,
    )


def _problem(problem: Problem, speech: Speech) -> dict[str, object]:
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
        "message": speech.discreet_message(problem),
        "suggestion": "" if problem.private else problem.suggestion,
    }
