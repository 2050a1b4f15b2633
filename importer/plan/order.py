"""The order of work: every row in exactly one chain.

Rows of one chain go one after another, chains of one wave side by side, waves one after another.  What is held of a run
is numbers; rows are put together some hundred at a time, while somebody goes through the chains.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from importer.findings import Numbers
from importer.kept import let_go
from importer.model import CheckedSheet, Row
from importer.plan.book import Counted
from importer.plan.grouping import Grouped, bystanders, grouped
from importer.plan.steps import Chain, Link, Steps
from importer.rows import in_columns

AT_ONCE = 500
"""So many rows are put together at a time, or one chain that has more."""

Marks = npt.NDArray[np.bool_]
"""For each row of a sheet, by its place, whether something holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """The chains that may go side by side, in the order in which their first rows stand.

    One can go through them as often as one likes; each time they are put together anew.
    """

    _rows: Counted
    """Those of one chain beside each other."""
    _bounds: Numbers
    """Where in `_rows` each chain begins, and where the last one ends."""
    _steps: Steps

    def __iter__(self) -> Iterator[Chain]:
        return iter(self.turns(lambda _: False))

    def turns(self, is_over: Callable[[int], bool]) -> "Turns":
        """The chains until it *is_over*: that is asked with the number of rows left, some hundred rows at a time."""
        return Turns(self._rows, self._bounds, self._steps, is_over)


class Turns:
    """Chains that are put together while somebody goes through them, which can be done once."""

    def __init__(self, rows: Counted, bounds: Numbers, steps: Steps, is_over: Callable[[int], bool]) -> None:
        self._rows, self._bounds, self._steps = rows, bounds, steps
        self._is_over = is_over
        self._first = 0
        """Of the chains, by its place, that was not put together yet."""

    def __iter__(self) -> Iterator[Chain]:
        while len(self.left) and not self._is_over(len(self.left)):
            first = self._first
            enough = np.searchsorted(self._bounds, self._bounds[first] + AT_ONCE, side="right")
            self._first = max(first + 1, int(enough) - 1)
            bounds = self._bounds[first : self._first + 1]
            yield from self._steps.chains(self._rows[bounds[0] : bounds[-1]], bounds - bounds[0])
            let_go()

    @property
    def left(self) -> Counted:
        """The rows of all chains that were not put together, counted through all sheets."""
        return self._rows[self._bounds[self._first] :]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The rows of a run in waves of chains; each row stands in exactly one chain, but for those that are left out."""

    waves: tuple[Wave, ...]
    counts: Mapping[str, int]
    """How many rows there are by entity, those left out not counted."""
    rejected: int
    """How many of them failed the check."""
    left_out: tuple[Marks, ...] = field(repr=False)
    """For each sheet, by the places of its rows, which have no turn: they are settled, and so is their chain."""
    groups: Grouped = field(repr=False)
    """The chains by numbers, those left out among them."""
    steps: Steps = field(repr=False)
    """What puts chains together."""

    @property
    def rows(self) -> Iterator[Row]:
        """Every row that has a turn, once."""
        return (row for wave in self.waves for chain in wave for row in chain.rows)

    def waves_of(self, wanted: Marks) -> tuple[Wave, ...]:
        """The same for some chains only: those whose numbers are *wanted*."""
        unwanted = ~wanted[self.groups.of_rows]
        return tuple(_waves(self.groups, np.concatenate([unwanted[:0], *self.left_out]) | unwanted, self.steps))

    @property
    def total(self) -> int:
        """How many rows there are, those left out included."""
        return sum(map(len, self.left_out))


def chains(
    sheets: Sequence[CheckedSheet],
    *,
    link: Link = "update",
    complete_boarding: bool = False,
    groups: Grouped | None = None,
    settled: Sequence[Marks] | None = None,
) -> Plan:
    """The order of work for all rows of *sheets*, rejected ones included: they explain their blocked children.

    With *complete_boarding* an order has a second turn after its shipments.  *groups* are the chains of the same
    *sheets*, if they were asked for already.  A chain all of whose rows are *settled* is left out; others are whole.
    A rejected row is never settled; one that no other can need has its turn alone where the rest of its chain is.
    """
    groups = groups or grouped(sheets)
    left_out = _left_out(groups, settled)
    steps = Steps(groups.book, groups.named, link, complete_boarding=complete_boarding)
    counts = Counter[str]()
    for sheet, out in zip(sheets, left_out, strict=True):
        counts[sheet.entity.name if sheet.entity else ""] += len(out) - int(out.sum())
    rejected = sum(in_columns(sheet.rows).rejected for sheet in sheets)
    waves = _waves(groups, np.concatenate([np.array([], np.bool_), *left_out]), steps)
    return Plan(tuple(waves), counts, rejected, left_out, groups, steps)


def _left_out(groups: Grouped, settled: Sequence[Marks] | None) -> tuple[Marks, ...]:
    """The settled rows whose whole chain is settled, but for bystanders."""
    if settled is None:
        return tuple(np.zeros(len(numbers), np.bool_) for numbers in groups.numbers)
    done, is_open = np.concatenate([np.array([], np.bool_), *settled]), np.zeros(groups.count, np.bool_)
    is_open[groups.of_rows[~(done | bystanders(groups))]] = True
    left_out = done & ~is_open[groups.of_rows]
    return tuple(left_out[first:end] for first, end in pairwise(groups.book.starts))


def _waves(groups: Grouped, left_out: Marks, steps: Steps) -> Iterator[Wave]:
    """The waves of all rows but those that are *left_out*, counted through all sheets."""
    rows = np.flatnonzero(~left_out)
    numbers = groups.of_rows[rows]
    ordered = rows[np.argsort(numbers, kind="stable")].astype(np.uint32)
    sizes = np.bincount(numbers, minlength=groups.count)
    for wave in groups.waves:
        in_wave = sizes[wave.start : wave.stop]
        bounds = np.concatenate([[0], np.cumsum(in_wave[in_wave > 0])])
        yield Wave(ordered[: bounds[-1]], bounds, steps)
        ordered = ordered[bounds[-1] :]
