"""The columns of a sheet: their cells, what these mean, and what is wrong with them; each distinct text once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from importer.model import Problem, Severity, Where
from schemas.cells import CLEAR, CellError, Note, Reading, Value
from schemas.entity import Field
from schemas.frames import FrameCheck
from schemas.kinds import image

IMAGE = image().name

LookAtImage = Callable[[str], tuple[Note, ...]]
"""Gives what is worth knowing of the picture that an image cell names; raises `CellError` where it cannot be taken."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet that belongs to a field."""

    field: Field
    where: Where
    """The sheet and the column's letters, without a row."""
    texts: pd.Series
    """Cells as text, blank ones ""; the index is the sheet's row numbers."""
    readings: Mapping[str, Reading]
    """What the distinct texts mean; those that cannot be read, and "", are not in it."""

    @property
    def values(self) -> list[Value | None]:
        """What every cell means, in the order of the rows; None where it is blank or cannot be read."""
        known = {text: reading.value for text, reading in self.readings.items()}
        return [known.get(text) for text in self.texts.tolist()]

    def problem(self, row: int, text: str, error: CellError | Note, *, severity: Severity = Severity.ERROR) -> Problem:
        """*error* at the cell in *row*, which holds *text*."""
        return Problem(
            Where(self.where.file, self.where.sheet, row, self.where.column),
            error.code,
            error.facts,
            column=self.field.name,
            value=text,
            suggestion=error.suggestion if isinstance(error, CellError) else "",
            severity=severity,
            private=self.field.private,
        )


def column(field: Field, where: Where, texts: pd.Series, check: FrameCheck) -> Column:
    """The column of *field*, with its texts read by *check*."""
    readings = {}
    for text in texts.unique().tolist():
        if text:
            try:
                readings[text] = check.reading(field.name, text)
            except CellError:
                continue  # said by `FrameCheck.failures`, with its row
    return Column(field, where, texts, readings)


def notes(column: Column) -> Iterator[Problem]:
    """A note for every cell that was understood, but is not written the way it is sent."""
    noted = {text: (reading.note,) for text, reading in column.readings.items() if reading.note}
    return _notes_at(column, noted)


def picture_problems(column: Column, look_at_image: LookAtImage) -> Iterator[Problem]:
    """What is wrong with the pictures that the cells of an image column name, and what is worth knowing of them."""
    if column.field.kind.name != IMAGE:
        return
    errors: dict[str, CellError] = {}
    noted: dict[str, tuple[Note, ...]] = {}
    for text, reading in column.readings.items():
        if reading.value is CLEAR:
            continue
        try:
            noted[text] = look_at_image(str(reading.value))
        except CellError as error:
            errors[text] = error
    yield from (column.problem(row, text, errors[text]) for row, text in _rows_with(column, errors))
    yield from _notes_at(column, noted)


def _notes_at(column: Column, noted: Mapping[str, tuple[Note, ...]]) -> Iterator[Problem]:
    for row, text in _rows_with(column, noted):
        for note in noted[text]:
            yield column.problem(row, text, note, severity=Severity.NOTE)


def _rows_with(column: Column, texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Row and text of every cell that holds one of *texts*."""
    cells = column.texts[column.texts.isin(list(texts))]
    return zip(cells.index.tolist(), cells.tolist(), strict=True)
