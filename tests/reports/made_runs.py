"""Small runs to report on: real files, tables as reading gives them, rows and outcomes as the stages would."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from importer.model import Action, CheckedSheet, Outcome, Problem, Row, Severity, Status, Table, Where
from importer.reports.summary import Run
from schemas import entity_named

STARTED = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
FINISHED = datetime(2026, 1, 31, 10, 3, 12, 500_000, tzinfo=UTC)
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def book(path: Path, **sheets: list[list[str]]) -> Path:
    """A workbook at *path* with text cells; the first list of each sheet is its header."""
    made = Workbook()
    made.remove(made.active)
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        for row, line in enumerate(lines, start=1):
            for column, text in enumerate(line, start=1):
                cell = sheet.cell(row, column, text)
                cell.data_type = "s"
    made.save(path)
    return path


def table(path: Path, title: str, lines: list[list[str]], **more) -> Table:
    """What reading gives for *lines*, the first of which is the header."""
    frame = pd.DataFrame(lines[1:], index=range(2, len(lines) + 1), dtype=str)
    return Table(path, Where(path.name, title), tuple(lines[0]), 1, frame, **more)


def csv_table(path: Path, text: str, separator: str = ",") -> Table:
    """A CSV file at *path*, and what reading gives for it."""
    path.write_text(text, encoding="utf-8", newline="")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    return table(path, "", lines, separator=separator)


def checked(table: Table, entity: str, problems: list[Problem] = (), own: tuple[Problem, ...] = ()) -> CheckedSheet:
    """What the check gives; the key of a row is its first cell."""
    rows = [
        Row(
            entity,
            replace(table.where, row=number),
            key=cells[0],
            values={},
            problems=tuple(one for one in problems if one.where.row == number),
        )
        for number, *cells in table.frame.itertuples(name=None)
    ]
    known = entity_named(entity)
    columns = {name: at for at, name in enumerate(table.header) if name in known.names}
    return CheckedSheet(table, known, columns, tuple(rows), own)


def at(table: Table, row: int, name: str, code: str, **more) -> Problem:
    """A problem at the cell of *row* under the header *name*, with its value."""
    position = table.header.index(name)
    facts = more.pop("facts", {})
    where = replace(table.where, row=row, column=get_column_letter(position + 1))
    return Problem(where, code, facts, column=name, value=table.frame.at[row, position], **more)


def outcome(row: Row, status: Status = Status.CREATED, **more) -> Outcome:
    """What became of *row*: by default it was created; its own errors tell why it was rejected."""
    if row.is_rejected:
        return Outcome(row, Status.REJECTED, problems=row.errors)
    if status is Status.CREATED:
        return Outcome(row, status, Action.CREATE, ("4711",), 201, attempts=1, seconds=0.25, **more)
    return Outcome(row, status, **more)


def run(exit_code: int = 3, **more) -> Run:
    """The rest of what is known of a run."""
    return Run("r-1", STARTED, FINISHED, exit_code, requests=12, retries=1, throttled=2, **more)


NOTE = Severity.NOTE
