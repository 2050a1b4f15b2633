"""Rows that are there already: somebody has put them together one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import overload

import numpy as np
import pyarrow as pa

from importer.findings import Finding, Findings, Numbers, given
from importer.model import Problem, Row, Where
from importer.rows.base import Counted, Rows, as_text
from schemas import entity_named
from schemas.cells import Value
from schemas.entity import identity


def in_columns(rows: Sequence[Row]) -> Rows:
    """*rows* as such, also where they are just a sequence."""
    return rows if isinstance(rows, Rows) else RowsInHand(tuple(rows))


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
