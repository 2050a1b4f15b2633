"""What was found in the rows of a sheet, kept in columns: a `Problem` is put together when somebody asks for it.

The same mistake in a million rows is a million numbers and one text.  Knows neither rows nor files.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.model import Problem, Severity

Numbers = npt.NDArray[np.int64]
"""Row numbers as the spreadsheet shows them, or positions of rows counted from 0."""

NONE: Numbers = np.array([], dtype=np.int64)


class Finding(ABC):
    """Problems of one severity that stand in one column, or at whole rows."""

    rows: Numbers
    """The rows that have it, ascending; one that has it twice stands there twice."""
    letters: str
    """Of the column, as the spreadsheet shows them; "" = the rows as a whole."""
    severity: Severity

    @abstractmethod
    def problem(self, at: int) -> Problem:
        """The problem of the row at position *at* of `rows`."""

    def alike(self) -> Iterator[tuple[Problem, Numbers]]:
        """The problems in groups that differ in their rows alone: one of each group, and its rows.

        The row at which that one stands means nothing.
        """
        for at in range(len(self.rows)):
            yield self.problem(at), self.rows[at : at + 1]

    @abstractmethod
    def only(self, kept: npt.NDArray[np.bool_]) -> "Finding":
        """What is left of it when only those rows are *kept*."""


@dataclass(frozen=True, slots=True, eq=False)
class Given(Finding):
    """Problems that somebody put together already, such as whoever read the file."""

    rows: Numbers
    letters: str
    severity: Severity
    problems: tuple[Problem, ...]

    def problem(self, at: int) -> Problem:
        """The problem as it was given."""
        return self.problems[at]

    def only(self, kept: npt.NDArray[np.bool_]) -> "Given":
        """What is left of it."""
        return replace(self, rows=self.rows[kept], problems=tuple(compress(self.problems, kept)))


@dataclass(frozen=True, slots=True, eq=False)
class AtCells(Finding):
    """What follows from the text of a cell, or from those of several side by side."""

    rows: Numbers
    letters: str
    severity: Severity
    texts: pa.Array
    """Of the cells, in the order of `rows`."""
    of: Callable[[str], Problem]
    """What is wrong with a text, at the column as a whole."""

    def problem(self, at: int) -> Problem:
        """What is wrong with the text, at its cell."""
        found = self.of(self.texts[at].as_py())
        return replace(found, where=replace(found.where, row=int(self.rows[at])))

    def alike(self) -> Iterator[tuple[Problem, Numbers]]:
        """The problems by the texts of their cells."""
        for places in groups_of(self.texts):
            yield self.of(self.texts[places[0]].as_py()), self.rows[places]

    def only(self, kept: npt.NDArray[np.bool_]) -> "AtCells":
        """What is left of it."""
        return replace(self, rows=self.rows[kept], texts=self.texts.filter(pa.array(kept)))


def groups_of(texts: pa.Array, others: npt.NDArray[np.integer] | None = None) -> list[Numbers]:
    """Where equal *texts* stand, text by text, each in order; those beside different *others* apart."""
    codes = texts.dictionary_encode().indices.to_numpy()
    if others is not None:
        codes = codes * (int(others.max(initial=0)) + 1) + others
    return [places for _, places in places_by_number(codes)]


def places_by_number(numbers: npt.NDArray[np.integer]) -> Iterator[tuple[int, Numbers]]:
    """Every one of *numbers* from the lowest to the highest, and where it stands, in order."""
    order = np.argsort(numbers, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1) if len(order) else ():
        yield int(numbers[places[0]]), places


def given(problems: Iterable[Problem]) -> list[Finding]:
    """*problems* of rows, sorted into findings."""
    sorts: dict[tuple[str, Severity], list[Problem]] = {}
    for problem in problems:
        sorts.setdefault((problem.where.column, problem.severity), []).append(problem)
    found: list[Finding] = []
    for (letters, severity), those in sorts.items():
        those.sort(key=_row)
        found.append(Given(np.array([_row(one) for one in those], dtype=np.int64), letters, severity, tuple(those)))
    return found


def _row(problem: Problem) -> int:
    assert problem.where.row is not None
    return problem.where.row


class Findings:
    """All that was found in the rows of one sheet."""

    def __init__(self, of_cells: Iterable[Finding] = (), among_rows: Iterable[Finding] = ()) -> None:
        self._of_cells = sorted((one for one in of_cells if len(one.rows)), key=lambda one: from_left(one.letters))
        self._among_rows = tuple(one for one in among_rows if len(one.rows))
        self._all = (*self._of_cells, *self._among_rows)

    def __iter__(self) -> Iterator[Finding]:
        """Those of the check from left to right, then those among several rows."""
        return iter(self._all)

    def also(self, among_rows: Iterable[Finding]) -> "Findings":
        """These and what was found among several rows."""
        return Findings(self._of_cells, (*self._among_rows, *among_rows))

    @cached_property
    def rejected(self) -> Numbers:
        """The rows with an error, each once."""
        return _distinct(finding.rows for finding in self if finding.severity is Severity.ERROR)

    @cached_property
    def rows(self) -> Numbers:
        """The rows of which something was found, each once."""
        return _distinct(finding.rows for finding in self)

    def of(self, row: int) -> tuple[Problem, ...]:
        """What was found in *row*: of the whole row first, then from left to right, then among several rows."""
        if not self._all:
            return ()
        rows, number, at = self._index
        first, end = np.searchsorted(rows, (row, row + 1))
        return tuple(self._all[number[place]].problem(int(at[place])) for place in range(first, end))

    @cached_property
    def _index(self) -> tuple[Numbers, Numbers, Numbers]:
        """Every problem by its row: row, number of the finding, position therein."""
        lengths = [len(finding.rows) for finding in self]
        rows = np.concatenate([NONE, *(finding.rows for finding in self)])
        number = np.repeat(np.arange(len(lengths)), lengths)
        at = np.concatenate([NONE, *map(np.arange, lengths)])
        order = np.argsort(rows, kind="stable")
        return rows[order], number[order], at[order]


def _distinct(rows: Iterable[Numbers]) -> Numbers:
    return np.unique(np.concatenate([NONE, *rows]))


def from_left(letters: str) -> tuple[int, str]:
    """Letters in the order of columns: "" before B before AA."""
    return len(letters), letters
