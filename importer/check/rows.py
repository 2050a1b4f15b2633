"""The rows of a sheet, checked by its columns: what each says, who it is, and what is wrong with it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from importer.check.columns import CheckedColumn, LookAtImage, notes, picture_problems
from importer.check.header import Header
from importer.findings import NONE, Finding, Findings, Numbers, given
from importer.model import Problem, Severity, Table
from importer.rows import Column, Part, RowsOnDemand, Sheet, arrow
from schemas.cells import Conventions, Form
from schemas.entity import Entity, Field
from schemas.examples import is_example
from schemas.frames import Failure, FrameCheck
from schemas.habits import Habit, habit

PLAIN_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")

SPOILT = frozenset({"error_cell", "code_damaged", "formula_without_value"})
"""Codes under which reading the file tells that a cell does not hold what was entered."""


def checked_rows(
    table: Table, entity: Entity, header: Header, conventions: Conventions, look_at_image: LookAtImage | None
) -> tuple[RowsOnDemand, tuple[Problem, ...]]:
    """Every row of *table*, in its order, and how the columns were read where that is worth a note.

    A row whose cells may be shifted is not looked into, nor is the template's example row.
    """
    texts = _texts(table, header)
    examples = _examples(entity, texts)
    of_file = [one for one in table.problems if one.where.row and one.where.row not in set(examples.tolist())]
    unread = np.unique(np.array([one.where.row for one in of_file if not one.where.column], dtype=np.int64))
    readable = texts[~texts.index.isin([*examples, *unread])]
    conventions = replace(conventions, decimals=table.decimals)
    habits = {name: _habit(table, entity.field(name), readable[name], conventions) for name in header.columns}
    check = FrameCheck(entity, conventions, {name: found.conventions for name, found in habits.items()})
    columns = {
        name: CheckedColumn(entity.field(name), replace(table.where, column=table.letters_at(at)), check)
        for name, at in header.columns.items()
    }
    example = [
        Problem(replace(table.where, row=row), "example_row", severity=Severity.NOTE) for row in examples.tolist()
    ]
    found = (*given([*example, *of_file]), *_but_for(of_file, _cell_problems(check, readable, columns, look_at_image)))
    sheet = Sheet(
        entity,
        table.where,
        tuple(Column(name, one.where.column, one.value) for name, one in columns.items()),
        header.faults,
        examples,
        unread,
        _spoilt(of_file),
    )
    part = Part(_numbers(texts), {name: arrow(texts[name]) for name in header.columns})
    return RowsOnDemand(sheet, [part], Findings(found)), tuple(_of_columns(table, header, habits))


def _numbers(texts: pd.DataFrame) -> range | Numbers:
    numbers = texts.index.to_numpy(dtype=np.int64)
    first, last = (int(numbers[0]), int(numbers[-1])) if len(numbers) else (0, -1)
    return range(first, last + 1) if last - first + 1 == len(numbers) else numbers


def _habit(table: Table, field: Field, texts: pd.Series, conventions: Conventions) -> Habit:
    """How the column of *field* is written.

    A number of a workbook has no decimal sign of its own, but gets one by the settings of whoever looks at it; so its
    point tells nothing of the numbers that somebody typed as text beside it.
    """
    counted = Counter(texts)
    if table.where.sheet and field.kind.form is not None:
        typed = [text for text in counted if field.kind.form(text) is Form.POINT and PLAIN_DECIMAL.fullmatch(text)]
        for text in typed:
            del counted[text]
    return habit(field, counted, conventions)


def _texts(table: Table, header: Header) -> pd.DataFrame:
    """The cells by field name; one that holds nothing but blanks is blank."""
    frame = table.frame[list(header.columns.values())].set_axis(list(header.columns), axis="columns")
    for name in header.columns:
        blanks = [text for text in frame[name].unique().tolist() if text.isspace()]
        if blanks:
            frame[name] = frame[name].replace(blanks, "")
    return frame


def _examples(entity: Entity, texts: pd.DataFrame) -> Numbers:
    """The rows that are the template's example."""
    name = entity.key[0]
    named = [text for text in texts.get(name, pd.Series()).unique().tolist() if is_example(entity, {name: text})]
    return texts.index[texts[name].isin(named)].to_numpy() if named else NONE


# --- problems -----------------------------------------------------------------------------------------------


def _cell_problems(
    check: FrameCheck, texts: pd.DataFrame, columns: Mapping[str, CheckedColumn], look_at_image: LookAtImage | None
) -> Iterator[Finding]:
    if columns and len(texts):
        yield from given(_at_cell(failure, texts, columns, Severity.ERROR) for failure in check.failures(texts))
        yield from given(_at_cell(hint, texts, columns, Severity.NOTE) for hint in check.hints(texts))
    for name, column in columns.items():
        yield from notes(column, texts[name])
        if look_at_image:
            yield from picture_problems(column, texts[name], look_at_image)


def _at_cell(
    failure: Failure, texts: pd.DataFrame, columns: Mapping[str, CheckedColumn], severity: Severity
) -> Problem:
    text = str(texts.at[failure.row, failure.field])
    problem = columns[failure.field].problem(text, failure.error, severity=severity)
    return replace(problem, where=replace(problem.where, row=failure.row))


def _but_for(of_file: Iterable[Problem], found: Iterable[Finding]) -> Iterator[Finding]:
    """*found*, but for cells of which something worse is known by the file: that they hold no value at all."""
    told: defaultdict[str, list[int]] = defaultdict(list)
    for problem in of_file:
        if problem.severity is Severity.ERROR and problem.where.row:
            told[problem.where.column].append(problem.where.row)
    for finding in found:
        rows = told.get(finding.letters)
        yield finding.only(~np.isin(finding.rows, rows)) if rows else finding


def _spoilt(of_file: Iterable[Problem]) -> Mapping[int, frozenset[str]]:
    """The fields of the cells that the file says to be worthless, by row: their text reads like any other."""
    fields: defaultdict[int, set[str]] = defaultdict(set)
    for problem in of_file:
        if problem.code in SPOILT and problem.where.row:
            fields[problem.where.row].add(problem.column)
    return {row: frozenset(names) for row, names in fields.items()}


def _of_columns(table: Table, header: Header, habits: Mapping[str, Habit]) -> Iterator[Problem]:
    """How columns were read where it had to be decided; told at their headers."""
    for name, found in habits.items():
        where = replace(table.where, row=table.header_row, column=table.letters_at(header.columns[name]))
        for note in found.notes:
            private = header.entity.field(name).private
            yield Problem(where, note.code, note.facts, column=name, severity=Severity.NOTE, private=private)
