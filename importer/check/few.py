"""A sheet of few rows looked at: by pandera, and every distinct text of a column once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from importer.check.columns import (
    IMAGE,
    CheckedColumn,
    LookAtImage,
    Looked,
    Pictures,
    Wheres,
    checked_columns,
    is_blank,
    telling,
)
from importer.findings import AtCells, Finding, given
from importer.model import Problem, Severity, Where
from importer.rows import Part
from schemas.cells import CLEAR, CellError, Conventions, Note
from schemas.entity import Entity, Field
from schemas.frames import TEXT, Failure, FrameCheck
from schemas.habits import Habit, habit
from schemas.screens import arrow


def look_at_few(
    parts: Sequence[Part],
    entity: Entity,
    wheres: Wheres,
    conventions: Conventions,
    look_at_image: LookAtImage | None,
) -> Looked:
    """What the cells of *parts* mean, and what is wrong with them."""
    if not any(map(len, parts)):  # as on most sheets of a template that somebody has filled in
        return Looked(checked_columns(entity, wheres, FrameCheck(entity, conventions)), {}, ())
    texts = _frame(parts, wheres)
    habits = {name: _habit(entity.field(name), where, texts[name], conventions) for name, where in wheres.items()}
    check = FrameCheck(entity, conventions, {name: found.conventions for name, found in habits.items()})
    columns = checked_columns(entity, wheres, check)
    return Looked(columns, habits, tuple(_found(check, texts, columns, look_at_image)))


def _habit(field: Field, where: Where, texts: pd.Series, conventions: Conventions) -> Habit:
    return habit(field, telling(field, where, Counter(texts)), conventions)


def _frame(parts: Sequence[Part], wheres: Wheres) -> pd.DataFrame:
    """The cells by field name; one that holds nothing but blanks is blank."""
    (part,) = parts
    frame = pd.DataFrame(
        {name: pd.array(part.cells[name], dtype=TEXT) for name in wheres}, index=pd.Index(part.numbers)
    )
    for name in wheres:
        blanks = [text for text in frame[name].unique().tolist() if text.isspace()]
        if blanks:
            frame[name] = frame[name].replace(blanks, "")
    return frame


def _found(
    check: FrameCheck, texts: pd.DataFrame, columns: Mapping[str, CheckedColumn], look_at_image: LookAtImage | None
) -> Iterator[Finding]:
    if columns:
        yield from given(_at_cell(failure, texts, columns, Severity.ERROR) for failure in check.failures(texts))
        yield from given(_at_cell(hint, texts, columns, Severity.NOTE) for hint in check.hints(texts))
    for name, column in columns.items():
        yield from _notes(column, texts[name])
        if look_at_image and column.field.kind.name == IMAGE:
            yield from _picture_problems(column, texts[name], Pictures(look_at_image, {}))


def _at_cell(
    failure: Failure, texts: pd.DataFrame, columns: Mapping[str, CheckedColumn], severity: Severity
) -> Problem:
    text = str(texts.at[failure.row, failure.field])
    problem = columns[failure.field].problem(text, failure.error, severity)
    return replace(problem, where=replace(problem.where, row=failure.row))


def _notes(column: CheckedColumn, texts: pd.Series) -> Iterator[Finding]:
    """A note for every cell that was understood, but is not written the way it is sent."""
    read = {text: reading for text in texts.unique().tolist() if (reading := column.reading(text))}
    told = {text: reading.note for text, reading in read.items() if reading.note}
    yield from _at_cells(column, texts, told, Severity.NOTE)


def _picture_problems(column: CheckedColumn, texts: pd.Series, pictures: Pictures) -> Iterator[Finding]:
    """What is wrong with the pictures that the cells of an image column name, and what is worth knowing of them."""
    errors: dict[str, CellError | Note] = {}
    noted: list[dict[str, CellError | Note]] = []
    for text in texts.unique().tolist():
        value = None if is_blank(text) else column.value(text)
        for turn, said in enumerate(() if value is None or value is CLEAR else pictures.of(str(value))):
            if isinstance(said, CellError):
                errors[text] = said
            else:
                # A picture may be too small and not square: one finding for all first notes, one for all second ones.
                noted.extend({} for _ in range(turn + 1 - len(noted)))
                noted[turn][text] = said
    yield from _at_cells(column, texts, errors, Severity.ERROR)
    for of_turn in noted:
        yield from _at_cells(column, texts, of_turn, Severity.NOTE)


def _at_cells(
    column: CheckedColumn, texts: pd.Series, told: Mapping[str, CellError | Note], severity: Severity
) -> Iterator[Finding]:
    """What is *told* of the texts, at every cell that holds one of them."""
    if told:
        cells = texts[texts.isin(list(told))]
        problems = {text: column.problem(text, error, severity) for text, error in told.items()}
        numbers = cells.index.to_numpy(dtype="int64")
        yield AtCells(numbers, column.where.column, severity, arrow(cells), problems.__getitem__)
