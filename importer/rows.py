"""The rows of a checked sheet: a `Row` is put together when somebody asks for it, so that a million take no room.

Here is how a row is got from the sheet's columns, and how whole columns are looked at without any row.  What is wrong
with a cell is the check's business, what is wrong among rows the plan's.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import NONE, Finding, Findings, Numbers, given, places_by_number
from importer.kept import let_go
from importer.model import Problem, Row, Severity, Where
from schemas import entity_named
from schemas.cells import CLEAR, Conventions, Value
from schemas.entity import Entity, identity
from schemas.kinds import to_json

Counted = Mapping[int, int]
"""Place of a row -> its number among the rows that share its key, where that is not 1."""

FEW_ODD = 100
"""Cells that are odd are remembered where at most one of so many is."""

AT_ONCE = 2_000
"""So many rows are taken out of the columns together where all are wanted."""


@dataclass(frozen=True, slots=True, eq=False)
class RowCells(Mapping[str, Where]):
    """Field name -> place of its cell; worked out when asked for, since most rows are never asked."""

    row: Where
    """The row as a whole."""
    letters: Mapping[str, str]
    """Field name -> letters of its column; one for all rows of a sheet."""

    def __getitem__(self, name: str) -> Where:
        return replace(self.row, column=self.letters[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.letters)

    def __len__(self) -> int:
        return len(self.letters)


class Rows(Sequence[Row], ABC):
    """The rows of one sheet, in its order, and its columns."""

    findings: Findings
    """What was found in them; not what keeps all rows of the sheet out alike."""

    @property
    @abstractmethod
    def place(self) -> Where:
        """The sheet that they are of."""

    @property
    @abstractmethod
    def faults(self) -> tuple[Problem, ...]:
        """What keeps all its rows out alike, but for the examples."""

    @property
    @abstractmethod
    def examples(self) -> Numbers:
        """Numbers of the rows that are the template's example."""

    @property
    @abstractmethod
    def rejected(self) -> int:
        """How many rows are kept out."""

    @abstractmethod
    def letters(self, name: str) -> str:
        """Of the column of the field *name*; "" where the sheet has none."""

    @abstractmethod
    def columns(self, names: Sequence[str]) -> Iterator[Mapping[str, pa.Array]]:
        """The columns of the fields *names*, some rows at a time: what each cell means, as a text.

        Equal texts mean the same, different ones do not; null stands for cells that mean nothing: blank, cleared and
        unreadable ones.
        """

    @abstractmethod
    def written(self, name: str) -> Iterator[pa.Array]:
        """The column of the field *name*, some rows at a time, as it stands in the sheet.

        Null where a cell means nothing, or where it is not known how it was written.
        """

    @abstractmethod
    def texts(self, name: str, places: Numbers) -> pa.Array:
        """The same as in `columns` for a few cells of one column, those of the rows at *places*, counted from 0."""

    @abstractmethod
    def values(self, name: str, places: Numbers) -> list[Value | None]:
        """What a few cells of one column mean."""

    @abstractmethod
    def some(self, places: Numbers) -> list[Row]:
        """The rows at *places*, in that order; quicker than one by one."""

    @abstractmethod
    def number(self, place: int) -> int:
        """The number of one row, as the spreadsheet shows it."""

    @abstractmethod
    def numbers(self, places: Numbers) -> Numbers:
        """The numbers of the rows at *places*, as the spreadsheet shows them."""

    @property
    @abstractmethod
    def all_numbers(self) -> Numbers:
        """The numbers of all rows, in their order."""

    @property
    def is_kept_out_as_a_whole(self) -> bool:
        """Whether a fault of the sheet rejects all rows, so that what was found in single ones tells nothing of it."""
        return self.rejected > len(self.findings.rejected)

    @property
    def kept_out(self) -> npt.NDArray[np.bool_]:
        """For every row, whether it is rejected or an example."""
        if self.is_kept_out_as_a_whole:
            return np.ones(len(self), np.bool_)
        return np.isin(self.all_numbers, np.concatenate([self.findings.rejected, self.examples]))

    def read_by(self, name: str) -> Conventions | None:  # noqa: ARG002 - none of them is known
        """How the cells of a column are read as they are `written`; None = that is not known, or there is none."""
        return None

    @property
    def counted(self) -> Counted:
        """The numbers of rows that share their keys, as far as these are not part of rows that are there already."""
        return {}

    @abstractmethod
    def also(self, found: Iterable[Finding], counted: Counted | None = None) -> Self:
        """The rows with what was *found* among them, and with the numbers by which those of one key are *counted*."""

    def __eq__(self, other: object) -> bool:
        """Like a tuple of the same rows."""
        return tuple(self) == tuple(other) if isinstance(other, Rows | tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it would have to put all rows together


def in_columns(rows: Sequence[Row]) -> Rows:
    """*rows* as such, also where they are just a sequence."""
    return rows if isinstance(rows, Rows) else RowsInHand(tuple(rows))


def as_text(value: Value | None) -> str | None:
    """*value* as a text that is equal where the value is; None where a cell says nothing or clears."""
    return None if value is None or value is CLEAR else str(to_json(value))


# --- rows that are there already ----------------------------------------------------------------------------


class RowsInHand(Rows):
    """Rows that somebody put together one by one."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows
        self.findings = Findings(given(problem for row in rows for problem in row.problems if _is_of(problem, row)))

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, at: int | slice) -> Row | tuple[Row, ...]:
        return self._rows[at]

    @property
    def place(self) -> Where:
        """The sheet of the first row."""
        return replace(self._rows[0].where, row=None) if self._rows else Where("")

    @property
    def faults(self) -> tuple[Problem, ...]:
        """As the first row says that is no example."""
        first = next((row for row in self._rows if not row.is_example), None)
        return tuple(problem for problem in first.problems if not _is_of(problem, first)) if first else ()

    @property
    def examples(self) -> Numbers:
        """Numbers of the rows that are the template's example."""
        return np.array([row.where.row for row in self._rows if row.is_example], dtype=np.int64)

    @property
    def rejected(self) -> int:
        """How many rows are kept out."""
        return sum(row.is_rejected for row in self._rows)

    def letters(self, name: str) -> str:
        """As the first row says that has the column."""
        return next((row.cells[name].column for row in self._rows if name in row.cells), "")

    def columns(self, names: Sequence[str]) -> Iterator[Mapping[str, pa.Array]]:
        """The columns, all rows at once."""
        everywhere = np.arange(len(self))
        yield {name: self.texts(name, everywhere) for name in names}

    def written(self, name: str) -> Iterator[pa.Array]:  # noqa: ARG002 - all columns are alike
        """Not known."""
        yield pa.nulls(len(self), pa.large_string())

    def texts(self, name: str, places: Numbers) -> pa.Array:
        """The same of a few cells."""
        return pa.array(map(as_text, self.values(name, places)), pa.large_string())

    def values(self, name: str, places: Numbers) -> list[Value | None]:
        """What a few cells mean."""
        return [self._rows[at].values.get(name) for at in places.tolist()]

    def some(self, places: Numbers) -> list[Row]:
        """Some of the rows."""
        return [self._rows[at] for at in places.tolist()]

    def number(self, place: int) -> int:
        """The number of one row; 0 where it has none."""
        return self._rows[place].where.row or 0

    def numbers(self, places: Numbers) -> Numbers:
        """The numbers of a few rows."""
        return np.array([self.number(at) for at in places.tolist()], dtype=np.int64)

    @property
    def all_numbers(self) -> Numbers:
        """The numbers of all rows."""
        return self.numbers(np.arange(len(self)))

    def also(self, found: Iterable[Finding], counted: Counted | None = None) -> "RowsInHand":
        """The rows with more problems; those with other keys are put together anew."""
        more, rows = Findings(among_rows=found), list(self._rows)
        for at, row in enumerate(rows):
            number = counted.get(at, 1) if counted else 1
            key = row.key if number == 1 else identity(entity_named(row.entity), row.values, number)
            problems = more.of(row.where.row or 0)
            if problems or key != row.key:
                rows[at] = replace(row, key=key, problems=row.problems + problems)
        return RowsInHand(tuple(rows))


def _is_of(problem: Problem, row: Row) -> bool:
    """Whether *problem* is the row's own; what is wrong with the header keeps every row out, but is one problem."""
    return problem.where.row is not None and problem.where.row == row.where.row


# --- rows put together when asked for -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet that belongs to a field."""

    name: str
    """Of the field."""
    letters: str
    """As the spreadsheet shows them."""
    value: Callable[[str], Value | None]
    """What the text of a cell means; None where it is blank or cannot be read."""
    odd: Callable[[pa.Array], Numbers] | None = None
    """Where among texts those stand that may mean something else than themselves; None = anywhere."""
    conventions: Conventions | None = None
    """By which `value` reads; None = that is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some rows of a sheet, one below the other."""

    numbers: range | Numbers
    """A range where no number between is left out, which takes no room."""
    cells: Mapping[str, pa.Array]
    """Field name -> the texts as they stand there."""
    odd: dict[str, Numbers] = field(default_factory=dict)
    """Field name -> where those stand that may mean something else than themselves; once somebody asked, if few."""

    def __len__(self) -> int:
        return len(self.numbers)

    def remember_odd(self, name: str, places: Numbers) -> None:
        """Keep where the odd cells of a column stand, if they are few: to find them takes longer than all the rest."""
        if len(places) * FEW_ODD <= len(self):
            self.odd[name] = places

    @property
    def rows(self) -> Numbers:
        """The numbers one by one."""
        if isinstance(self.numbers, range):
            return np.arange(self.numbers.start, self.numbers.stop)  # numpy would take a range number by number
        return self.numbers


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What all rows of a sheet have in common, and which of them are odd."""

    entity: Entity
    place: Where
    columns: tuple[Column, ...]
    faults: tuple[Problem, ...] = ()
    """What keeps every row out."""
    examples: Numbers = field(default_factory=lambda: NONE)
    """Numbers of the rows that are the template's example, ascending."""
    unread: Numbers = field(default_factory=lambda: NONE)
    """Numbers of the rows whose cells may be shifted, so that nobody can tell what they mean; ascending."""
    spoilt: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Row -> fields whose cells do not hold what was entered, and mean nothing therefore."""


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
        values = [_values(column, part.cells[column.name].slice(inside, 1))[0] for column in self._sheet.columns]
        return self._row(place, int(part.numbers[inside]), values)

    def __iter__(self) -> Iterator[Row]:
        columns = self._sheet.columns
        for start, part in zip(self._starts, self._parts, strict=False):
            for inside in range(0, len(part), AT_ONCE):
                numbers = part.numbers[inside : inside + AT_ONCE]
                values = [_values(column, part.cells[column.name].slice(inside, AT_ONCE)) for column in columns]
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
            yield at, Part(_picked(part.numbers, inside), cells)
            let_go()

    def some(self, places: Numbers) -> list[Row]:
        """Some of the rows, of which those of a part are taken out of the columns together."""
        found: dict[int, Row] = {}
        for at, part, inside in self._by_part(places):
            taken = pa.array(inside)
            values = [_values(column, part.cells[column.name].take(taken)) for column in self._sheet.columns]
            by_row = zip(*values, strict=True) if values else ([] for _ in inside)
            numbers = _picked(part.numbers, inside).tolist()
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
            found[at] = _picked(part.numbers, inside)
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
            return self._silenced(_read(column, texts), name, part)
        odd = part.odd.get(name)
        if odd is None:
            odd = column.odd(texts)
            part.remember_odd(name, odd)
        meant = pc.if_else(pc.equal(pc.binary_length(texts), 0), pa.scalar(None, pa.large_string()), texts)
        if len(odd):
            mask = np.zeros(len(texts), dtype=np.bool_)
            mask[odd] = True
            meant = pc.replace_with_mask(meant, mask, _read(column, texts.take(pa.array(odd))))
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


def _picked(numbers: range | Numbers, inside: Numbers) -> Numbers:
    """The numbers of the rows *inside* a part, without laying out a range for a few of them."""
    return inside + numbers.start if isinstance(numbers, range) else numbers[inside]


def _values(column: Column, texts: pa.Array) -> list[Value | None]:
    """What the cells of a column mean; where a text can only mean itself, nobody is asked."""
    written = texts.to_pylist()
    found: list[Value | None] = [text or None for text in written]
    odd = range(len(found)) if column.odd is None else column.odd(texts).tolist()
    meant = {text: column.value(text) for text in {written[at] for at in odd} if text}
    for at in odd:
        found[at] = meant.get(written[at])
    return found


def _read(column: Column, texts: pa.Array) -> pa.Array:
    """What *texts* mean, each distinct one read once."""
    distinct = texts.dictionary_encode()
    meant = pa.array([as_text(column.value(text)) for text in distinct.dictionary.to_pylist()], pa.large_string())
    return meant.take(distinct.indices)


def _holds(numbers: Numbers, number: int) -> bool:
    if not len(numbers):
        return False
    at = int(np.searchsorted(numbers, number))
    return at < len(numbers) and int(numbers[at]) == number
