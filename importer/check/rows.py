"""The rows of a sheet, checked by its columns: what each says, who it is, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from importer.check.columns import CheckedColumn, LookAtImage, Looked
from importer.check.few import look_at_few
from importer.check.header import Header
from importer.check.many import look_at_many
from importer.findings import NONE, Finding, Findings, Numbers, given
from importer.kept import TEXT, chunks_of, let_go
from importer.model import Problem, Severity, Table
from importer.rows import Column, Part, RowsOnDemand, Sheet
from schemas.cells import Conventions
from schemas.entity import Entity
from schemas.examples import is_example
from schemas.screens import arrow

SPOILT = frozenset({"error_cell", "code_damaged", "formula_without_value"})
"""Codes under which reading the file tells that a cell does not hold what was entered."""

FEW = 500
"""So many rows are checked by pandera, as the rules are described; more by looking at what is not plain.

The latter is the quicker way at any number of rows.  Up to here pandera takes 0.1 to 0.3 s for a sheet, which nobody
notices beside the start of Python; from there on people would wait for it: 1 s at 4,000 shipments, 5 s at 20,000.
"""

ROWS_OF_A_PART = 1 << 16
"""So many that what is looked at stays in the processor's cache."""
MOST_ROWS_OF_A_PART = 1 << 18
"""Chunks that are no larger are taken as they are."""


def checked_rows(
    table: Table, entity: Entity, header: Header, conventions: Conventions, look_at_image: LookAtImage | None
) -> tuple[RowsOnDemand, tuple[Problem, ...]]:
    """Every row of *table*, in its order, and how the columns were read where that is worth a note.

    A row whose cells may be shifted is not looked into, nor is the template's example row.
    """
    parts = _parts(table, header)
    examples = _examples(entity, parts)
    let_go()
    of_file = [one for one in table.problems if one.where.row and not _is_among(one.where.row, examples)]
    unread = np.unique(np.array([one.where.row for one in of_file if not one.where.column], dtype=np.int64))
    readable = [_without(part, np.union1d(examples, unread)) for part in parts]
    wheres = {name: replace(table.where, column=table.letters_at(at)) for name, at in header.columns.items()}
    look_at = look_at_few if sum(map(len, readable)) <= FEW else look_at_many
    looked = look_at(readable, entity, wheres, replace(conventions, decimals=table.decimals), look_at_image)
    example = [Problem(replace(table.where, row=row), "example_row", severity=Severity.NOTE) for row in examples]
    sheet = Sheet(
        entity,
        table.where,
        tuple(_column(one) for one in looked.columns.values()),
        header.faults,
        examples,
        unread,
        _spoilt(of_file),
    )
    found = Findings((*given([*example, *of_file]), *_but_for(of_file, looked.found)))
    return RowsOnDemand(sheet, parts, found), tuple(_of_columns(table, header, looked))


def _column(one: CheckedColumn) -> Column:
    return Column(one.field.name, one.where.column, one.value, one.odd, one.check.conventions(one.field.name))


# --- rows in parts ------------------------------------------------------------------------------------------


def _parts(table: Table, header: Header) -> list[Part]:
    """The rows of *table*, those that lie together in one part."""
    columns = {name: pa.chunked_array(chunks_of(table.frame[at]), TEXT) for name, at in header.columns.items()}
    index = table.frame.index
    return [
        Part(
            _numbers(index[start:end]),
            {name: arrow(column.slice(start, end - start)) for name, column in columns.items()},
        )
        for start, end in pairwise(_bounds(columns.values(), len(index)))
    ]


def _bounds(columns: Iterable[pa.ChunkedArray], count: int) -> list[int]:
    """Where parts begin, and where the last one ends: with the chunks, if possible, so that nothing is copied."""
    chunks = {tuple(map(len, column.chunks)) for column in columns}
    lengths = chunks.pop() if len(chunks) == 1 else ()
    if len(lengths) > 1 and max(lengths) <= MOST_ROWS_OF_A_PART:
        return [0, *accumulate(lengths)]
    return [*range(0, max(count, 1), ROWS_OF_A_PART), count]


def _numbers(index: pd.Index) -> range | Numbers:
    first, last = (int(index[0]), int(index[-1])) if len(index) else (0, -1)
    # An index that is a range itself would keep its numbers once they were laid out.
    return range(first, last + 1) if last - first + 1 == len(index) else index.to_numpy(dtype=np.int64)


def _examples(entity: Entity, parts: Iterable[Part]) -> Numbers:
    """The rows that are the template's example."""
    name = entity.key[0]
    found = [NONE]
    for part in parts:
        if name in part.cells:
            may_be = pc.match_substring(part.cells[name], entity.field(name).example)
            at = np.flatnonzero(may_be.to_numpy(zero_copy_only=False))
            texts = part.cells[name].take(pa.array(at)).to_pylist()
            sure = [is_example(entity, {name: text}) for text in texts]
            found.append(part.rows[at[sure]])
            let_go()
    return np.concatenate(found)


def _without(part: Part, numbers: Numbers) -> Part:
    """*part* but for some of its rows."""
    if not len(numbers) or not len(part):
        return part
    kept = ~np.isin(part.rows, numbers)
    if kept.all():
        return part
    mask = pa.array(kept)
    cells = {name: texts.filter(mask) for name, texts in part.cells.items()}
    return Part(part.rows[kept], cells)


def _is_among(row: int, rows: Numbers) -> bool:
    return len(rows) > 0 and bool((rows == row).any())


# --- what the file itself told ------------------------------------------------------------------------------


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


def _of_columns(table: Table, header: Header, looked: Looked) -> Iterator[Problem]:
    """How columns were read where it had to be decided; told at their headers."""
    for name, found in looked.habits.items():
        where = replace(table.where, row=table.header_row, column=table.letters_at(header.columns[name]))
        for note in found.notes:
            private = header.entity.field(name).private
            yield Problem(where, note.code, note.facts, column=name, severity=Severity.NOTE, private=private)
