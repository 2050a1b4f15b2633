"""Orders that are not ready, kept in numbers; an order with its reasons is put together when somebody asks for it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from operator import itemgetter
from typing import overload

import numpy as np

from importer.findings import Numbers
from importer.hindrances import Hindrance, NotReadyOrders
from importer.model import NotReady, Problem, Severity
from importer.readiness.reasons import OF_AN_ORDER, PLACE, RANK, TOLD, Reasons, Told
from importer.readiness.rows_of import RowsOf

AT_ONCE = 1_000
"""So many orders are put together at a time where all are wanted."""


class NotReadyInColumns(NotReadyOrders):
    """The orders that have *reasons*."""

    def __init__(self, reasons: Reasons, files: Mapping[str, RowsOf]) -> None:
        """*reasons* are in order; they are told at rows of *files*."""
        self._files = files
        is_next = np.ones(len(reasons), dtype=np.bool_)
        is_next[1:] = reasons.orders[1:] != reasons.orders[:-1]
        self._bounds: Numbers = np.append(np.flatnonzero(is_next), len(reasons))
        """Where the reasons of each order begin, and where those of the last one end."""
        self._orders = reasons.orders[is_next]
        self._kinds, self._rows = reasons.kinds, reasons.rows

    def __len__(self) -> int:
        return len(self._orders)

    @overload
    def __getitem__(self, at: int) -> NotReady: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[NotReady, ...]: ...
    def __getitem__(self, at: int | slice) -> NotReady | tuple[NotReady, ...]:
        if isinstance(at, int):
            place = range(len(self))[at]
            return self._some(place, place + 1)[0]
        first, end, step = at.indices(len(self))
        return tuple(self._some(first, end)) if step == 1 else tuple(self[place] for place in range(first, end, step))

    def __iter__(self) -> Iterator[NotReady]:
        for first in range(0, len(self), AT_ONCE):
            yield from self._some(first, min(first + AT_ONCE, len(self)))

    # --- counted --------------------------------------------------------------------------------------------

    def hindrances(self, most_places: int) -> tuple[Hindrance, ...]:
        """The kinds of reasons."""
        found: list[tuple[int, int, Hindrance]] = []
        for code in dict.fromkeys(told.code for told in TOLD.values()):
            at = np.flatnonzero(np.isin(self._kinds, [kind for kind, told in TOLD.items() if told.code == code]))
            if len(at):
                hindrance = self._hindrance(at, most_places)
                found.append((-hindrance.orders, int(at[0]), hindrance))
        return tuple(hindrance for *_, hindrance in sorted(found, key=itemgetter(0, 1)))

    def _hindrance(self, at: Numbers, most_places: int) -> Hindrance:
        """What the reasons *at* these places, which have one code, hold up."""
        orders = np.searchsorted(self._bounds, at, side="right")
        rows, firsts = np.unique(self._rows[at], return_index=True)
        problems = self._problems(at[np.sort(firsts)[: max(most_places, 1)]])
        told = TOLD[int(self._kinds[at[0]])]
        columns = {told.column} if told.column else self._files[told.entity].trouble_columns(rows)
        return Hindrance(
            orders=int(np.count_nonzero(np.diff(orders))) + 1,
            cells=len(rows),
            first=problems[0],
            places=tuple(problem.where for problem in problems[:most_places]),
            column=columns.pop() if len(columns) == 1 else "",
        )

    # --- orders and problems, put together ------------------------------------------------------------------

    def _some(self, first: int, end: int) -> list[NotReady]:
        """The orders from *first* as far as *end*."""
        bounds = self._bounds[first : max(first, end) + 1]
        problems = self._problems(np.arange(bounds[0], bounds[-1]))
        cuts = pairwise((bounds - bounds[0]).tolist())
        names = self._names(self._orders[first:end])
        return [NotReady(name, _once(problems[cut:next_])) for name, (cut, next_) in zip(names, cuts, strict=True)]

    def _names(self, orders: Numbers) -> list[str]:
        """The numbers of some orders as their shop knows them."""
        names = [""] * len(orders)
        for rank, entity in enumerate(OF_AN_ORDER):
            at = np.flatnonzero(orders >> RANK == rank)
            for place, name in zip(at.tolist(), self._files[entity].texts("order_id", orders[at] & PLACE), strict=True):
                names[place] = name
        return names

    def _problems(self, at: Numbers) -> list[Problem]:
        """The reasons that stand *at* some places."""
        found: dict[int, Problem] = {}
        kinds, rows = self._kinds[at], self._rows[at]
        for kind in np.unique(kinds).tolist():
            places = np.flatnonzero(kinds == kind)
            found.update(zip(places.tolist(), self._told(TOLD[kind], rows[places]), strict=True))
        return [found[place] for place in range(len(at))]

    def _told(self, told: Told, rows: Numbers) -> Iterator[Problem]:
        of = self._files[told.entity]
        if told.column:
            for where in of.cells(told.column, rows):
                yield Problem(where, told.code, column=told.column, severity=Severity.NOTE)
        else:
            for trouble in of.troubles(rows):
                yield Problem(trouble.where, told.code, column=trouble.column, severity=Severity.NOTE)


def _once(reasons: Iterable[Problem]) -> tuple[Problem, ...]:
    """*reasons* without repetitions: those of different rows may stand at one place."""
    return tuple({(one.where, one.code): one for one in reasons}.values())
