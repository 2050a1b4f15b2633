"""The columns of a sheet: how each is written, what its cells mean and what is worth saying of them.

Each distinct text is looked at once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from importer.findings import AtCells, Finding
from importer.model import Problem, Severity, Where
from importer.rows import arrow
from schemas.cells import CLEAR, CellError, Note, Reading, Value
from schemas.entity import Field
from schemas.frames import FrameCheck
from schemas.kinds import image

IMAGE = image().name

LookAtImage = Callable[[str], tuple[Note, ...]]
"""Gives what is worth knowing of the picture that an image cell names; raises `CellError` where it cannot be taken."""


@dataclass(frozen=True, slots=True)
class CheckedColumn:
    """One column of a sheet that belongs to a field."""

    field: Field
    where: Where
    """The sheet and the column's letters, without a row."""
    check: FrameCheck

    def value(self, text: str) -> Value | None:
        """What a cell means; None where it is blank or cannot be read."""
        reading = self.reading(text)
        return reading.value if reading else None

    def reading(self, text: str) -> Reading | None:
        """The same, with the note on how it was read."""
        if not text or text.isspace():
            return None
        try:
            return self.check.reading(self.field.name, text)
        except CellError:
            return None  # said where the failures are told

    def problem(self, text: str, error: CellError | Note, *, severity: Severity = Severity.ERROR) -> Problem:
        """*error* at some cell of the column, which holds *text*."""
        return Problem(
            self.where,
            error.code,
            error.facts,
            column=self.field.name,
            value=text,
            suggestion=error.suggestion if isinstance(error, CellError) else "",
            severity=severity,
            private=self.field.private,
        )


def notes(column: CheckedColumn, texts: pd.Series) -> Iterator[Finding]:
    """A note for every cell that was understood, but is not written the way it is sent.

    *texts* are the column's cells, blank ones ""; their index is the sheet's row numbers.
    """
    read = {text: reading for text in texts.unique().tolist() if (reading := column.reading(text))}
    told = {text: reading.note for text, reading in read.items() if reading.note}
    yield from _at_cells(column, texts, told, Severity.NOTE)


def picture_problems(column: CheckedColumn, texts: pd.Series, look_at_image: LookAtImage) -> Iterator[Finding]:
    """What is wrong with the pictures that the cells of an image column name, and what is worth knowing of them."""
    if column.field.kind.name != IMAGE:
        return
    errors: dict[str, CellError | Note] = {}
    noted: list[dict[str, CellError | Note]] = []
    for text in texts.unique().tolist():
        value = column.value(text)
        if value is None or value is CLEAR:
            continue
        try:
            found = look_at_image(str(value))
        except CellError as error:
            errors[text] = error
            continue
        # A picture may be too small and not square: one finding for every first note, one for every second.
        for turn, note in enumerate(found):
            noted.extend({} for _ in range(turn + 1 - len(noted)))
            noted[turn][text] = note
    yield from _at_cells(column, texts, errors, Severity.ERROR)
    for of_turn in noted:
        yield from _at_cells(column, texts, of_turn, Severity.NOTE)


def _at_cells(
    column: CheckedColumn, texts: pd.Series, told: Mapping[str, CellError | Note], severity: Severity
) -> Iterator[Finding]:
    """What is *told* of the texts, at every cell that holds one of them."""
    cells = texts[texts.isin(list(told))]
    if len(cells):
        problems = {text: column.problem(text, error, severity=severity) for text, error in told.items()}
        yield AtCells(
            cells.index.to_numpy(),
            column.where.column,
            severity,
            arrow(cells),
            problems.__getitem__,
        )
