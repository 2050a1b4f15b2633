"""Rows of a sheet copied out of it: header, columns and order as they stand there, and what became of each row.

A copy of all rows leaves each of them in its place; one of some moves them together under the header.

Columns that an earlier report added are left out; whoever writes the copy adds them anew.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from pathlib import Path, PurePath

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from importer.kept import let_go
from importer.model import OUR_COLUMNS, CheckedSheet, Problem, Severity, Where
from importer.reports.alone import alone, is_unclear
from importer.reports.as_it_stands import as_it_stands
from importer.reports.csv_columns import TEXT
from importer.reports.limits import MOST_LETTERS
from importer.reports.matched import CONSEQUENCES, RowResult, SheetResult
from importer.rows import in_columns
from importer.speech import Speech, english
from schemas.entity import Field, bare

OURS = tuple(bare(header) for header in OUR_COLUMNS)
CSV_SUFFIXES = (".csv", ".tsv", ".txt")

DISORDER = ("ragged_row", "unquoted_cell")
"""Problems of rows whose cells could not be told apart."""
NOT_WHOLE = english("the row may not be whole in this copy; correct it in your own file")

AT_ONCE = 2_000
"""So many rows are copied together."""

NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class CopiedRow:
    """The cells of a row as text, and what became of it."""

    result: RowResult
    cells: tuple[str, ...]
    at: int
    """Number of the row in the copy."""
    is_in_place: bool = False
    """That is its number in the user's file, too."""

    @property
    def is_whole(self) -> bool:
        """False where cells may be missing: a table holds no more of them than its header has."""
        return not any(problem.code in DISORDER for problem in self.result.problems)

    def message(self, speech: Speech) -> str:
        """What is wrong; `row 17: sku: a value is required here`, by the number in the user's own file."""
        said = self.result.message(speech)
        if not self.is_whole:
            said = f"{said} | {speech.say(NOT_WHOLE)}"
        return said if self.is_in_place else f"{speech.row(self.result.number)}: {said}"


@dataclass(frozen=True, slots=True)
class Copy:
    """Some or all rows of a sheet."""

    source: SheetResult
    title: str
    """Of the sheet in a workbook; what it holds is known by it."""
    header: tuple[str, ...]
    positions: tuple[int, ...]
    """Where each column of the copy stands in the sheet, counted from 0."""
    rows: Iterable[CopiedRow]
    """From top to bottom; to be gone through as often as wanted."""
    header_row: int = 1
    """Number of the header's row in the copy."""


def whole_copy_of(result: SheetResult) -> Copy:
    """All rows of *result*, each in its place."""
    copy = _without_rows(result)
    rows = (
        replace(row, at=row.result.number, is_in_place=True) for row in _copied(result, result.rows, copy.positions)
    )
    return replace(copy, rows=tuple(rows), header_row=result.sheet.table.header_row)


def copy_of(result: SheetResult, is_wanted: Callable[[RowResult], bool]) -> Copy:
    """The rows of *result* that are wanted, right under each other; only those of note can be.

    They mean the same as among all others, also where only those could tell.
    """
    copy = _without_rows(result)
    return replace(copy, rows=_SomeRows(result, copy.positions, is_wanted, lambda: result.of_note))


def copy_of_troubles(result: SheetResult, is_wanted: Callable[[RowResult], bool]) -> Copy:
    """The same without those rows of which nothing is to be said than that their turn did not come."""
    copy = _without_rows(result)
    return replace(copy, rows=_SomeRows(result, copy.positions, is_wanted, lambda: result.of_trouble))


@dataclass(frozen=True, slots=True)
class _SomeRows:
    """Rows that are copied while somebody goes through them: there may be more than fit into memory."""

    result: SheetResult
    positions: tuple[int, ...]
    is_wanted: Callable[[RowResult], bool]
    among: Callable[[], Iterable[RowResult]]

    def __iter__(self) -> Iterator[CopiedRow]:
        sheet = self.result.sheet
        fields = _fields(sheet)
        unsure = [(at, fields[position]) for at, position in enumerate(self.positions) if position in fields]
        wanted = filter(self.is_wanted, self.among())
        return (_alone(row, unsure, sheet.table.decimals) for row in _copied(self.result, wanted, self.positions))


def _alone(row: CopiedRow, fields: Iterable[tuple[int, Field]], known: Container[str]) -> CopiedRow:
    cells = list(row.cells)
    for at, field in fields:
        if cells[at] not in known:
            cells[at] = alone(cells[at], field, row.result.row.values.get(field.name))
    return replace(row, cells=tuple(cells))


def _fields(sheet: CheckedSheet) -> dict[int, Field]:
    """By their positions in the table, the columns that belong to a field."""
    return {at: sheet.entity.field(name) for name, at in sheet.columns.items()} if sheet.entity else {}


def columns_of(copy: Copy, numbers: NDArray[np.int64]) -> Iterator[pa.Array]:
    """The cells of the rows with these *numbers*, column by column, as a copy of some rows has them."""
    sheet = copy.source.sheet
    frame, fields = sheet.table.frame, _fields(sheet)
    places = frame.index.get_indexer(pd.Index(numbers))
    first, behind = int(places[0]), int(places[-1]) + 1
    for position in copy.positions:
        texts = pa.nulls(len(numbers), TEXT)
        if position in frame.columns:
            # A part of a long column is had at once, some of its cells one by one are not.
            part = pa.array(frame[position].iloc[first:behind], TEXT)
            texts = part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part
            texts = texts if len(texts) == len(places) else texts.take(pa.array(places - first))
        field = fields.get(position)
        yield _alone_in_column(texts.fill_null(""), field, sheet, places) if field else texts.fill_null("")
    let_go()


def _alone_in_column(texts: pa.Array, field: Field, sheet: CheckedSheet, places: NDArray[np.intp]) -> pa.Array:
    """What `_alone` makes of the cells of one column; *places* are those of their rows."""
    distinct = texts.dictionary_encode()
    known = distinct.dictionary.to_pylist() if field.kind.form else []
    unclear = [text not in sheet.table.decimals and is_unclear(text, field) for text in known]
    if not any(unclear):
        return texts
    mask = np.array(unclear)[distinct.indices.to_numpy()]
    values = in_columns(sheet.rows).values(field.name, places[mask])
    meant = [alone(text, field, value) for text, value in zip(texts.filter(mask).to_pylist(), values, strict=True)]
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(meant, TEXT))


def _without_rows(result: SheetResult) -> Copy:
    table = result.sheet.table
    header = table.header + ("",) * (len(table.frame.columns) - len(table.header))
    positions = tuple(at for at, text in enumerate(header) if bare(text) not in OURS)
    return Copy(result, _title_of(result), tuple(header[at] for at in positions), positions, ())


def _copied(result: SheetResult, rows: Iterable[RowResult], positions: Iterable[int]) -> Iterator[CopiedRow]:
    """*rows* with their cells, numbered from 2."""
    frame, rest, number = result.sheet.table.frame, iter(rows), 2
    while some := list(islice(rest, AT_ONCE)):
        places = frame.index.get_indexer(pd.Index([row.number for row in some]))
        columns = [frame[at].iloc[places].tolist() if at in frame.columns else [""] * len(some) for at in positions]
        let_go()
        for at, row in enumerate(some):
            yield CopiedRow(row, tuple(column[at] for column in columns), number + at)
        number += len(some)


def _title_of(result: SheetResult) -> str:
    """As Excel takes it: that of the sheet; for CSV, which has none, what it holds, or else the name of the file."""
    where, entity = result.where, result.sheet.entity
    # What a mapping profile made of a sheet has other columns than the sheet.
    is_ours = bool(result.sheet.columns)
    title = where.sheet or (entity.sheet if entity and is_ours else PurePath(where.file).name.partition(".")[0])
    return NOT_IN_TITLES.sub(" ", title).strip("' ")[:MOST_LETTERS] or "Sheet"


def problems_by_cell(row: RowResult) -> dict[str, tuple[Problem, ...]]:
    """What is wrong with cells of *row*, by the letters of their column; not what concerns the whole row."""
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in row.problems:
        where = problem.where
        is_wrong = problem.severity is Severity.ERROR and problem.code not in CONSEQUENCES
        if is_wrong and where.column and where.row == row.number:
            found[where.column] = (*found.get(where.column, ()), problem)
    return found


def by_file(results: Iterable[SheetResult]) -> dict[str, tuple[SheetResult, ...]]:
    """The sheets to be imported, file by file, under the name of a file to give them back in.

    That is the file's own name, but .xlsx for every workbook, and unpacked; no two files share one, not even those that
    came from different folders.
    """
    groups: defaultdict[tuple[Path, str], list[SheetResult]] = defaultdict(list)
    for result in results:
        if result.sheet.entity:
            groups[result.sheet.table.path, result.where.file].append(result)
    named: dict[str, tuple[SheetResult, ...]] = {}
    for found in groups.values():
        named[free_name(_name_of(found[0].where), named)] = as_it_stands(found)
    return named


def _name_of(where: Where) -> PurePath:
    name = PurePath(PurePath(where.file).name)
    if where.sheet:
        return name.with_suffix(".xlsx")
    plain = name.with_suffix("") if name.suffix.lower() == ".gz" else name
    return plain if plain.suffix.lower() in CSV_SUFFIXES else plain.with_name(f"{plain.name}.csv")


def free_name(name: PurePath, taken: Iterable[str]) -> str:
    """*name*, or one like it that no file has of those *taken*."""
    # Some file systems take Orders.csv and orders.csv for one.
    folded = {other.casefold() for other in taken}
    names = (f"{name.stem}{number}{name.suffix}" for number in chain([""], (f"-{again}" for again in count(2))))
    return next(free for free in names if free.casefold() not in folded)
