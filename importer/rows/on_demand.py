"""Rows that are texts in columns until somebody asks for them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import NONE, Finding, Findings, Numbers, places_by_number
from importer.kept import let_go
from importer.model import Problem, Row, Severity, Where
from importer.rows.base import Counted, Rows
from importer.rows.parts import Column, Part, RowCells, Sheet, meant_by, numbers_of, values_of
from schemas.cells import Conventions, Value
from schemas.entity import identity

AT_ONCE = 2_000
"""So many rows are taken out of the columns together where all are wanted."""


class RowsOnDemand(Rows):
    """Rows that are texts in columns until they are asked for."""

    def __init__(self, sheet: Sheet, parts: Sequence[Part], findings: Findings, counted: Counted | None = None) -> None:
        self._sheet = sheet
        self._parts = parts
        self._counted = counted or {}
        self._starts: list[int] = np.cumsum([0, *map(len, parts)]).tolist()
        self._letters = {column.name: column.letters for column in sheet.columns}
        self.findings = findings

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, at: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(at, slice):
            return tuple(self[place] for place in range(*at.indices(len(self))))
        place = range(len(self))[at]
        of_part = bisect_right(self._starts, place) - 1
        part, inside = self._parts[of_part], place - self._starts[of_part]
        values = [values_of(column, part.cells[column.name].slice(inside, 1))[0] for column in self._sheet.columns]
        return self._row(place, int(part.numbers[inside]), values)

    def __iter__(self) -> Iterator[Row]:
        columns = self._sheet.columns
        for start, part in zip(self._starts, self._parts, strict=False):
            for inside in range(0, len(part), AT_ONCE):
                numbers = part.numbers[inside : inside + AT_ONCE]
                values = [values_of(column, part.cells[column.name].slice(inside, AT_ONCE)) for column in columns]
                by_row = zip(*values, strict=True) if values else ([] for _ in numbers)
                for at, (number, of_row) in enumerate(zip(numbers, by_row, strict=True), start=start + inside):
                    yield self._row(at, int(number), of_row)
            let_go()

    @property
    def place(self) -> Where:
        """The sheet."""
        return self._sheet.place

    @property
    def faults(self) -> tuple[Problem, ...]:
        """Those of the sheet."""
        return self._sheet.faults

    @property
    def rejected(self) -> int:
        """How many rows are kept out: by a fault of the sheet, all but the examples."""
        if any(fault.severity is Severity.ERROR for fault in self._sheet.faults):
            return len(self) - len(self._sheet.examples)
        return len(self.findings.rejected)

    @property
    def examples(self) -> Numbers:
        """Numbers of the rows that are the template's example."""
        return self._sheet.examples

    def letters(self, name: str) -> str:
        """Of the column."""
        return self._letters.get(name, "")

    def read_by(self, name: str) -> Conventions | None:
        """As the check found."""
        column = self._column(name)
        return column.conventions if column else None

    @property
    def counted(self) -> Counted:
        """The numbers of rows that share their keys."""
        return self._counted

    def columns(self, names: Sequence[str]) -> Iterator[Mapping[str, pa.Array]]:
        """The columns, part by part; one that the sheet does not have is blank."""
        for part in self._parts:
            yield {name: self._meant(name, part) for name in names}
            let_go()

    def written(self, name: str) -> Iterator[pa.Array]:
        """The column, part by part."""
        for part in self._parts:
            known = name in self._letters
            yield self._silenced(part.cells[name], name, part) if known else pa.nulls(len(part), pa.large_string())
            let_go()

    def texts(self, name: str, places: Numbers) -> pa.Array:
        """What a few cells mean, gathered from the parts in which they are."""
        found, order = [pa.array([], pa.large_string())], [NONE]
        for at, few in self._few(name, places):
            found.append(self._meant(name, few))
            order.append(at)
        return pa.chunked_array(found).combine_chunks().take(pa.array(np.argsort(np.concatenate(order))))

    def values(self, name: str, places: Numbers) -> list[Value | None]:
        """The same, as values."""
        found: list[Value | None] = [None] * len(places)
        column = self._column(name)
        if column is None:
            return found
        for at, few in self._few(name, places):
            texts = self._silenced(few.cells[name], name, few).to_pylist()
            for place, text in zip(at.tolist(), texts, strict=True):
                found[place] = column.value(text) if text else None
        return found

    def _few(self, name: str, places: Numbers) -> Iterator[tuple[Numbers, Part]]:
        """Some rows with one of their columns, those of a part together; and which of *places* they are."""
        for at, part, inside in self._by_part(places):
            cells = {name: part.cells[name].take(pa.array(inside))} if name in part.cells else {}
            yield at, Part(numbers_of(part.numbers, inside), cells)
            let_go()

    def some(self, places: Numbers) -> list[Row]:
        """Some of the rows, of which those of a part are taken out of the columns together."""
        found: dict[int, Row] = {}
        for at, part, inside in self._by_part(places):
            taken = pa.array(inside)
            values = [values_of(column, part.cells[column.name].take(taken)) for column in self._sheet.columns]
            by_row = zip(*values, strict=True) if values else ([] for _ in inside)
            numbers = numbers_of(part.numbers, inside).tolist()
            for where, number, of_row in zip(at.tolist(), numbers, by_row, strict=True):
                found[where] = self._row(int(places[where]), number, of_row)
        return [found[where] for where in range(len(places))]

    def number(self, place: int) -> int:
        """The number of one row."""
        of_part = bisect_right(self._starts, place) - 1
        return int(self._parts[of_part].numbers[place - self._starts[of_part]])

    def numbers(self, places: Numbers) -> Numbers:
        """The numbers of a few rows."""
        found = np.zeros(len(places), dtype=np.int64)
        for at, part, inside in self._by_part(places):
            found[at] = numbers_of(part.numbers, inside)
        return found

    @property
    def all_numbers(self) -> Numbers:
        """The numbers of all rows, part by part."""
        return np.concatenate([NONE, *(part.rows for part in self._parts)])

    def _by_part(self, places: Numbers) -> Iterator[tuple[Numbers, Part, Numbers]]:
        """For each part that has some of them: which of *places*, the part, and where therein."""
        for number, at in places_by_number(np.searchsorted(self._starts, places, side="right") - 1):
            yield at, self._parts[number], places[at] - self._starts[number]

    def also(self, found: Iterable[Finding], counted: Counted | None = None) -> "RowsOnDemand":
        """The same rows, of which more is known."""
        return RowsOnDemand(self._sheet, self._parts, self.findings.also(found), {**self._counted, **(counted or {})})

    # --- one row --------------------------------------------------------------------------------------------

    def _row(self, at: int, number: int, values: Sequence[Value | None]) -> Row:
        place = Where(self._sheet.place.file, self._sheet.place.sheet, number)
        cells = RowCells(place, self._letters)
        name = self._sheet.entity.name
        if _holds(self._sheet.examples, number):
            return Row(name, place, "", {}, self.findings.of(number), cells, is_example=True)
        problems = (*self._sheet.faults, *self.findings.of(number))
        if _holds(self._sheet.unread, number):
            return Row(name, place, "", {}, problems, cells)
        spoilt = self._sheet.spoilt.get(number, frozenset()) if self._sheet.spoilt else frozenset()
        known = {
            column.name: value
            for column, value in zip(self._sheet.columns, values, strict=True)
            if value is not None and column.name not in spoilt
        }
        key = identity(self._sheet.entity, known, self._counted.get(at, 1))
        return Row(name, place, key, known, problems, cells)

    # --- one column -----------------------------------------------------------------------------------------

    def _meant(self, name: str, part: Part) -> pa.Array:
        """What the cells of a column mean, as texts."""
        column = self._column(name)
        if column is None:
            return pa.nulls(len(part), pa.large_string())
        texts = part.cells[name]
        if column.odd is None:
            return self._silenced(meant_by(column, texts), name, part)
        odd = part.odd.get(name)
        if odd is None:
            odd = column.odd(texts)
            part.remember_odd(name, odd)
        meant = pc.if_else(pc.equal(pc.binary_length(texts), 0), pa.scalar(None, pa.large_string()), texts)
        if len(odd):
            mask = np.zeros(len(texts), dtype=np.bool_)
            mask[odd] = True
            meant = pc.replace_with_mask(meant, mask, meant_by(column, texts.take(pa.array(odd))))
        return self._silenced(meant, name, part)

    def _column(self, name: str) -> Column | None:
        return next((one for one in self._sheet.columns if one.name == name), None)

    def _silenced(self, texts: pa.Array, name: str, part: Part) -> pa.Array:
        """*texts* without those of cells that mean nothing, whatever they say."""
        spoilt = [number for number, names in self._sheet.spoilt.items() if name in names]
        silent = np.concatenate([self._sheet.examples, self._sheet.unread, np.array(spoilt, dtype=np.int64)])
        if not len(silent):
            return texts
        is_silent = np.isin(part.rows, silent)
        return pc.if_else(pa.array(is_silent), pa.scalar(None, pa.large_string()), texts)


def _holds(numbers: Numbers, number: int) -> bool:
    if not len(numbers):
        return False
    at = int(np.searchsorted(numbers, number))
    return at < len(numbers) and int(numbers[at]) == number
