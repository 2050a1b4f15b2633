"""The outcomes of a run as its reports need them at its end: two bytes a row, and in full only what is unusual.

What else an outcome tells, such as numbers on the server, is in `results.csv` by then.  A row is known by its entity
and its place, so it may be made anew from its sheet; nothing of it is kept here.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from importer.model import Outcome, Problem, Row, Severity, Status, Where

MOST_WAYS = 1_000
"""So many ways for a row to end are told apart by a number; what a server says may be another each time."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a row ended: its status, and why, as far as that is the same for many rows."""

    status: Status
    why: Literal["nothing", "the row's errors", "the row's problems", "a problem of the whole row", "in full"]
    code: str = ""
    """Of the problem of the whole row, as are ..."""
    facts: tuple[tuple[str, str], ...] = ()
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True, eq=False)
class EndedAlike:
    """Rows of one sheet that ended alike, without a request; in columns, since they may be a million."""

    status: Status
    entity: str
    sheet: Where
    rows: NDArray[np.int64]
    """Their numbers."""
    keys: pa.Array
    server_ids: pa.Array
    """Numbers on the server, several for a quantity above 1 with a blank between them; "" = not known, or not told."""
    code: str = ""
    """Of the one problem that each row as a whole has; "" = they have none."""

    def __len__(self) -> int:
        return len(self.rows)

    def outcome(self, row: Row, server_ids: str) -> Outcome:
        """That of one *row* of them."""
        problems = (Problem(row.where, self.code),) if self.code else ()
        return Outcome(row, self.status, server_ids=tuple(server_ids.split()), problems=problems)


class Outcomes:
    """Outcomes by row; `add` them as they come.  Not for several threads."""

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self._ways: list[_Way | None] = [None]
        """By number; 0 = the row has no outcome."""
        self._numbers: dict[_Way, int] = {}
        self._rows: dict[tuple[str, str, str], array[int]] = {}
        """The number of each row's way at the number of the row, by entity, file and sheet."""
        self._again: list[tuple[str, str, int]] = []
        """File, sheet and row of outcomes beyond a row's first."""
        self._in_full: dict[tuple[str, Where], tuple[Problem, ...]] = {}
        for outcome in outcomes:
            self.add(outcome)

    @staticmethod
    def of(outcomes: "Iterable[Outcome] | Outcomes") -> "Outcomes":
        """*outcomes*, which may be a plain list."""
        return outcomes if isinstance(outcomes, Outcomes) else Outcomes(outcomes)

    def add(self, outcome: Outcome) -> None:
        """Keep *outcome*; of several for one row the last counts."""
        where = outcome.row.where
        at = where.row or 0
        rows = self._with_room((outcome.row.entity, where.file, where.sheet), at)
        if rows[at]:
            self._again.append((where.file, where.sheet, at))
        rows[at] = self._number(outcome)

    def add_alike(self, those: EndedAlike) -> None:
        """The same for many rows at once."""
        place = (those.sheet.file, those.sheet.sheet)
        rows = self._with_room((those.entity, *place), int(those.rows.max(initial=0)))
        numbers = np.frombuffer(rows, dtype=np.uint16)
        self._again += [(*place, at) for at in those.rows[numbers[those.rows] > 0].tolist()]
        numbers[those.rows] = self._number_of(
            _Way(those.status, "a problem of the whole row" if those.code else "nothing", those.code)
        )

    def _with_room(self, key: tuple[str, str, str], at: int) -> "array[int]":
        rows = self._rows.setdefault(key, array("H"))
        if at >= len(rows):
            rows.frombytes(bytes(rows.itemsize * (at + 1 - len(rows) + len(rows) // 8)))
        return rows

    # --- asking ---------------------------------------------------------------------------------------------

    def __getitem__(self, row: Row) -> Outcome | None:
        """What became of *row*, without what only `results.csv` knows; None = it has no outcome."""
        way = self._way(row)
        return Outcome(row, way.status, problems=self._problems(row, way)) if way else None

    def status(self, row: Row) -> Status | None:
        """The status of *row*; None = it has no outcome."""
        way = self._way(row)
        return way.status if way else None

    def counts(self, entity: str, sheet: Where) -> Mapping[Status, int]:
        """Rows per status of one entity in one sheet; no more than there are."""
        found: Counter[Status] = Counter()
        for number, count in enumerate(np.bincount(self._numbered((entity, sheet.file, sheet.sheet)))):
            if way := self._ways[number]:
                found[way.status] += int(count)
        return found

    def ends(self) -> frozenset[tuple[Status, str]]:
        """Every status that some row has, with the code of its problem where the whole row has no other, else ""."""
        return frozenset((way.status, way.code) for way in self._ways if way)

    def are(
        self, wanted: Callable[[Status, str], bool], entity: str, sheet: Where, rows: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Of some rows of a sheet, by their numbers: is each *wanted*, by its status and the code of its first problem?

        The code is "" where an outcome has no problem, or those of its row.  A row without an outcome is not wanted.
        """
        ways = self._numbers_of(entity, sheet, rows)
        is_wanted = np.array([way is not None and wanted(way.status, way.code) for way in self._ways])[ways]
        for at in np.flatnonzero(self._ended("in full")[ways]).tolist():
            way = self._ways[ways[at]]
            problems = self._in_full[entity, Where(sheet.file, sheet.sheet, int(rows[at]))]
            is_wanted[at] = way is not None and wanted(way.status, problems[0].code)
        return is_wanted

    def unlike(self, entity: str, sheet: Where, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of some rows of a sheet, by their numbers, those whose outcomes may differ in more than the row."""
        ways = self._numbers_of(entity, sheet, rows)
        _, firsts = np.unique(ways, return_index=True)
        apart = np.flatnonzero(self._ended("in full", "the row's errors", "the row's problems")[ways])
        return rows[np.union1d(firsts, apart)]

    @property
    def sheets(self) -> tuple[Where, ...]:
        """The sheets with outcomes."""
        return tuple(dict.fromkeys(Where(file, sheet) for _, file, sheet in self._rows))

    def rows_told(self, sheet: Where) -> NDArray[np.int64]:
        """The numbers of the rows that have outcomes, in their order, each as often as it has one."""
        place = (sheet.file, sheet.sheet)
        once = [np.flatnonzero(self._numbered(key)) for key in self._rows if key[1:] == place]
        again = [row for *at, row in self._again if tuple(at) == place]
        return np.sort(np.concatenate([*once, np.array(again, dtype=np.int64)]))

    # --- how a row ended ------------------------------------------------------------------------------------

    def _numbered(self, key: tuple[str, str, str]) -> NDArray[np.uint16]:
        return np.frombuffer(self._rows.get(key, array("H")), dtype=np.uint16)

    def _numbers_of(self, entity: str, sheet: Where, rows: NDArray[np.int64]) -> NDArray[np.uint16]:
        numbered = self._numbered((entity, sheet.file, sheet.sheet))
        is_known = rows < len(numbered)
        numbers = np.zeros(len(rows), dtype=np.uint16)
        numbers[is_known] = numbered[rows[is_known]]
        return numbers

    def _ended(self, *why: str) -> NDArray[np.bool_]:
        """By number, the ways that tell why in one of these manners."""
        return np.array([way is not None and way.why in why for way in self._ways])

    def _way(self, row: Row) -> _Way | None:
        rows = self._rows.get((row.entity, row.where.file, row.where.sheet), ())
        at = row.where.row or 0
        return self._ways[rows[at]] if at < len(rows) else None

    def _number(self, outcome: Outcome) -> int:
        way = _way_of(outcome)
        if way.code and way not in self._numbers and len(self._numbers) > MOST_WAYS:
            way = _Way(outcome.status, "in full")
        if way.why == "in full":
            self._in_full[outcome.row.entity, outcome.row.where] = outcome.problems
        return self._number_of(way)

    def _number_of(self, way: _Way) -> int:
        if way not in self._numbers:
            self._numbers[way] = len(self._ways)
            self._ways.append(way)
        return self._numbers[way]

    def _problems(self, row: Row, way: _Way) -> tuple[Problem, ...]:
        match way.why:
            case "nothing":
                return ()
            case "the row's errors":
                return row.errors
            case "the row's problems":
                return row.problems
            case "in full":
                return self._in_full[row.entity, row.where]
        return (Problem(row.where, way.code, dict(way.facts), severity=way.severity),)


def _way_of(outcome: Outcome) -> _Way:
    status, problems = outcome.status, outcome.problems
    if not problems:
        return _Way(status, "nothing")
    if _is_same(problems, outcome.row.errors):
        return _Way(status, "the row's errors")
    if _is_same(problems, outcome.row.problems):
        return _Way(status, "the row's problems")
    first = problems[0]
    bare = Problem(outcome.row.where, first.code, first.facts, severity=first.severity)
    if len(problems) == 1 and first == bare:
        return _Way(status, "a problem of the whole row", first.code, tuple(first.facts.items()), first.severity)
    return _Way(status, "in full")


def _is_same(some: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    """Whether both hold the very same things."""
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))
