"""What keeps orders from being ready for the returns portal, counted.

A million orders without a picture are a million numbers and one sentence: who counts them need not put them together.
"""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from importer.model import NotReady, Problem, Where


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One kind of reason, and how much it holds up."""

    orders: int
    """Orders that have it; some of them may have others as well."""
    cells: int
    """The places at which it is told; one cell, such as that of a picture, may hold up many orders."""
    first: Problem
    """The first of the reasons."""
    places: tuple[Where, ...]
    """The first places, as many as were asked for."""
    column: str
    """Of all its cells; "" = they are of several columns, or whole rows."""


class NotReadyOrders(Sequence[NotReady], ABC):
    """Orders that are not ready, which are put together when somebody asks for them."""

    @abstractmethod
    def hindrances(self, most_places: int) -> tuple[Hindrance, ...]:
        """The kinds of reasons; that of the most orders first, of equal ones the one that is told first."""

    def __eq__(self, other: object) -> bool:
        """Like a tuple of the same orders."""
        return tuple(self) == tuple(other) if isinstance(other, NotReadyOrders | tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it would have to put all orders together


def hindrances(orders: Sequence[NotReady], most_places: int) -> tuple[Hindrance, ...]:
    """The kinds of reasons that *orders* have, each with its first *most_places* places; most frequent first."""
    if isinstance(orders, NotReadyOrders):
        return orders.hindrances(most_places)
    counts: Counter[str] = Counter()
    told: defaultdict[str, dict[Where, Problem]] = defaultdict(dict)
    for order in orders:
        counts.update(dict.fromkeys((reason.code for reason in order.reasons), 1))
        for reason in order.reasons:
            told[reason.code].setdefault(reason.where, reason)
    return tuple(_hindrance(count, tuple(told[code].values()), most_places) for code, count in counts.most_common())


def _hindrance(orders: int, reasons: Sequence[Problem], most_places: int) -> Hindrance:
    columns = {reason.column for reason in reasons}
    return Hindrance(
        orders,
        len(reasons),
        reasons[0],
        tuple(reason.where for reason in reasons[:most_places]),
        columns.pop() if len(columns) == 1 else "",
    )
