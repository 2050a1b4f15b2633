"""The rows of a sheet, put together from its columns: what each says, who it is, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from importer.check.cells import RowCells
from importer.check.columns import Column, LookAtImage, column, notes, picture_problems
from importer.check.header import Header
from importer.model import Problem, Row, Severity, Table, Where
from schemas.cells import Conventions
from schemas.entity import Entity, Values, identity
from schemas.examples import is_example
from schemas.frames import FrameCheck

SPOILT = frozenset({"error_cell", "code_damaged", "formula_without_value"})
"""Codes under which reading the file tells that a cell does not hold what was entered."""

Found = dict[int, list[Problem]]
"""Row number -> its problems."""


def checked_rows(
    table: Table, entity: Entity, header: Header, conventions: Conventions, look_at_image: LookAtImage | None
) -> tuple[Row, ...]:
    """Every row of *table*, in its order.

    A row whose cells may be shifted is not looked into, nor is the template's example row.
    """
    texts = _texts(table, header)
    examples = _examples(entity, texts)
    shifted = {problem.where.row for problem in table.problems if not problem.where.column}
    readable = texts[~texts.index.isin([*examples, *shifted])]
    check = FrameCheck(entity, replace(conventions, decimals=table.decimals))
    columns = {
        name: column(entity.field(name), replace(table.where, column=table.letters_at(at)), readable[name], check)
        for name, at in header.columns.items()
    }
    found = _found(table.problems)
    _add(found, _cell_problems(check, readable, columns, look_at_image))
    values = _values(readable, columns, found)
    keys = _keys(entity, values)
    letters = {name: one.where.column for name, one in columns.items()}
    places = [replace(table.where, row=number) for number in texts.index.tolist()]
    return tuple(
        _example(entity, place, letters)
        if number in examples
        else Row(
            entity.name,
            place,
            keys.get(number, ""),
            values.get(number, {}),
            (*header.faults, *_sorted(found, number)),
            RowCells(place, letters),
        )
        for number, place in zip(texts.index.tolist(), places, strict=True)
    )


def _example(entity: Entity, place: Where, letters: Mapping[str, str]) -> Row:
    note = Problem(place, "example_row", severity=Severity.NOTE)
    return Row(entity.name, place, "", {}, (note,), RowCells(place, letters), is_example=True)


def _texts(table: Table, header: Header) -> pd.DataFrame:
    """The cells by field name; one that holds nothing but blanks is blank."""
    frame = table.frame[list(header.columns.values())].set_axis(list(header.columns), axis="columns")
    for name in header.columns:
        blanks = [text for text in frame[name].unique().tolist() if text.isspace()]
        if blanks:
            frame[name] = frame[name].replace(blanks, "")
    return frame


def _examples(entity: Entity, texts: pd.DataFrame) -> set[int]:
    """The rows that are the template's example."""
    name = entity.key[0]
    if name not in texts:
        return set()
    named = [text for text in texts[name].unique().tolist() if is_example(entity, {name: text})]
    return set(texts.index[texts[name].isin(named)])


# --- problems -----------------------------------------------------------------------------------------------


def _found(problems: Iterable[Problem]) -> Found:
    """What reading the file found already, by row."""
    found: Found = defaultdict(list)
    for problem in problems:
        if problem.where.row:
            found[problem.where.row].append(problem)
    return found


def _add(found: Found, problems: Iterator[Problem]) -> None:
    """Add *problems* to *found*, but for cells of which something worse is known: that they hold no value at all."""
    told = {problem.where for those in found.values() for problem in those if problem.severity is Severity.ERROR}
    for problem in problems:
        if problem.where not in told and problem.where.row:
            found[problem.where.row].append(problem)


def _cell_problems(
    check: FrameCheck, texts: pd.DataFrame, columns: Mapping[str, Column], look_at_image: LookAtImage | None
) -> Iterator[Problem]:
    if columns and len(texts):
        for failure in check.failures(texts):
            at = columns[failure.field]
            yield at.problem(failure.row, str(at.texts.at[failure.row]), failure.error)
        for hint in check.hints(texts):
            at = columns[hint.field]
            yield at.problem(hint.row, str(at.texts.at[hint.row]), hint.error, severity=Severity.NOTE)
    for one in columns.values():
        yield from notes(one)
        if look_at_image:
            yield from picture_problems(one, look_at_image)


def _sorted(found: Found, number: int) -> tuple[Problem, ...]:
    """The problems of a row: those of the whole row first, then from left to right."""
    if number not in found:
        return ()
    return tuple(sorted(found[number], key=lambda problem: (len(problem.where.column), problem.where.column)))


# --- values and keys ----------------------------------------------------------------------------------------


def _values(texts: pd.DataFrame, columns: Mapping[str, Column], found: Found) -> Mapping[int, Values]:
    """The typed cells of every row by its number."""
    if not columns:
        return {}
    by_row = zip(*(one.values for one in columns.values()), strict=True)
    values = {
        number: {name: value for name, value in zip(columns, cells, strict=True) if value is not None}
        for number, cells in zip(texts.index.tolist(), by_row, strict=True)
    }
    # The text of an error cell reads like any other, and is no value.
    for number in values.keys() & found.keys():
        for problem in found[number]:
            if problem.code in SPOILT:
                values[number].pop(problem.column, None)
    return values


def _keys(entity: Entity, values: Mapping[int, Values]) -> dict[int, str]:
    """The key of every row by its number; rows that may share one are told apart by the plan, over all sheets."""
    return {number: identity(entity, those) for number, those in values.items()}
