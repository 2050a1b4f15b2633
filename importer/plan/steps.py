"""The turns of some rows: whose comes first, and which other rows each of them needs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Literal

from importer.findings import Numbers
from importer.model import Row
from importer.plan.book import Book, Counted
from importer.plan.named import Named
from importer.plan.parents import Name, ParentRows, names_in
from importer.plan.references import ORDER, SHIPMENTS
from schemas import ENTITIES
from schemas.entity import Field

ITEMS = "order_items"

Link = Literal["update", "create"]
"""How an item gets its shipment: by a later PUT (the vendor's order of work), or at once, shipments first."""


@dataclass(frozen=True, slots=True)
class Need:
    """A parent that a row points to."""

    field: Field
    value: str
    parent: Row | None
    """The parent's row in this run; None = it must already be in the ledger or on the server."""


@dataclass(frozen=True, slots=True)
class Step:
    """A row's turn.

    An item that waits for a shipment of its own chain has two turns, and so has an order that is to be completed after
    its shipments; all other rows have one.
    """

    row: Row
    needs: tuple[Need, ...] = ()
    is_last: bool = True
    """False for the first of two turns: the item is created, its shipment comes later."""
    completes: bool = False
    """The order's second turn: its shipments had theirs, so its boarding may be complete."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps that must go one after another: those of one order, or a single row."""

    steps: tuple[Step, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row of the chain, once."""
        return tuple(step.row for step in self.steps if step.is_last)


class Steps:
    """Puts chains together, some at a time."""

    def __init__(self, book: Book, named: Named, link: Link, *, complete_boarding: bool) -> None:
        self._book = book
        self._parents = ParentRows(book, named)
        self.links_later = link == "update"
        """An item that waits for a shipment has a turn without it first."""
        self.completes = complete_boarding
        """An order has a second turn after its shipments."""
        self.turn = {entity.name: float(at) for at, entity in enumerate(ENTITIES)}
        """What comes first within a chain, by entity."""
        if not self.links_later:
            items, shipments = self.turn[ITEMS], self.turn[SHIPMENTS]
            self.turn |= {ITEMS: shipments, SHIPMENTS: items}
        self._after_shipments = max(self.turn[SHIPMENTS], self.turn[ITEMS]) + 0.5

    def chains(self, rows: Counted, bounds: Numbers) -> Iterator[Chain]:
        """The chains of some *rows*: the first from the first of *bounds* up to the second, without it, and so on."""
        found = self._book.some(rows)
        parents = self._parents.of(found, rows)
        for first, end in pairwise(bounds.tolist()):
            for members in _by_name(found[first:end], parents):
                yield Chain(self._in_turn(members, parents))

    def _in_turn(self, rows: Sequence[Row], parents: Mapping[Name, Row | None]) -> tuple[Step, ...]:
        steps: list[tuple[float, Step]] = []
        for row in rows:
            needs = tuple(Need(field, name[1], parents[name]) for field, name in names_in(row))
            completes = self.completes and row.entity == "orders"
            links = self.links_later and row.entity == ITEMS and _waits_for_shipment(needs)
            if completes or links:
                steps.append((self.turn[row.entity], Step(row, needs, is_last=False)))
            at = self._after_shipments if completes or links else self.turn[row.entity]
            steps.append((at, Step(row, needs, completes=completes)))
        return tuple(step for _, step in sorted(steps, key=itemgetter(0)))


def _by_name(rows: Sequence[Row], parents: Mapping[Name, Row | None]) -> list[list[Row]]:
    """The rows of a chain; of several chains, if a chance of hashes has put those together."""
    if len(rows) == 1:
        return [[*rows]]
    chains: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        chains[_name(row, parents)].append(row)
    return list(chains.values())


def _name(row: Row, parents: Mapping[Name, Row | None]) -> str:
    """What keeps a row beside others: its order; for an event its shipment's; its product; "" = nothing."""
    if ORDER in row.values:
        return f"order {row.values[ORDER]}"
    if row.entity == "shipment_events":
        return next((_name(parent, parents) if (parent := parents[name]) else name[1] for _, name in names_in(row)), "")
    return f"sku {row.values['sku']}" if "sku" in row.values else ""


def _waits_for_shipment(needs: tuple[Need, ...]) -> bool:
    return any(need.parent is not None and need.parent.entity == SHIPMENTS for need in needs)
