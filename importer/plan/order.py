"""The order of work: every row in exactly one chain.

Rows of one chain go one after another, chains of one wave side by side, waves one after another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from importer.model import CheckedSheet, Row
from importer.plan.grouping import WAVES
from schemas import ENTITIES, entity_named
from schemas.entity import Field

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

    name: str
    steps: tuple[Step, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row of the chain, once."""
        return tuple(step.row for step in self.steps if step.is_last)


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of a run in waves of chains; each row stands in exactly one chain."""

    waves: tuple[tuple[Chain, ...], ...]

    @property
    def rows(self) -> Iterator[Row]:
        """Every row, once."""
        return (row for wave in self.waves for chain in wave for row in chain.rows)


def chains(sheets: Sequence[CheckedSheet], *, link: Link = "update", complete_boarding: bool = False) -> Plan:
    """The order of work for all rows of *sheets*, rejected ones included: they explain their blocked children.

    With *complete_boarding* an order has a second turn after its shipments.
    """
    rows = [row for sheet in sheets for row in sheet.rows]
    names = _Names(rows)
    by_wave: list[defaultdict[str, list[Row]]] = [defaultdict(list) for _ in WAVES]
    wave_of = {entity: at for at, entities in enumerate(WAVES) for entity in entities}
    for number, row in enumerate(rows):
        by_wave[wave_of[row.entity]][_chain_name(row, names) or f"row {number}"].append(row)
    return Plan(
        tuple(
            tuple(
                Chain(name, _steps(members, names, link, complete_boarding=complete_boarding))
                for name, members in wave.items()
            )
            for wave in by_wave
        )
    )


class _Names:
    """Every row by the values that other rows may call it by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_name: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        referred = {field.reference for entity in ENTITIES for field in entity.references if field.reference}
        fields = {reference.entity: reference.fields for reference in referred}
        for row in rows:
            for name in {str(row.values[field]) for field in fields.get(row.entity, ()) if field in row.values}:
                self._by_name[row.entity, name].append(row)

    def named(self, entity: str, name: str) -> list[Row]:
        """The rows of *entity* that may be called *name*."""
        return self._by_name.get((entity, name), [])


def _chain_name(row: Row, names: _Names) -> str:
    """What keeps rows together: their order; for an event, its shipment's order; "" = nothing."""
    if "order_id" in row.values:
        return f"order {row.values['order_id']}"
    if row.entity == "shipment_events" and "shipment_reference" in row.values:
        reference = str(row.values["shipment_reference"])
        shipments = names.named("shipments", reference)
        return _chain_name(shipments[0], names) if shipments else f"shipment {reference}"
    return f"sku {row.values['sku']}" if "sku" in row.values else ""


def _steps(rows: Sequence[Row], names: _Names, link: Link, *, complete_boarding: bool) -> tuple[Step, ...]:
    turn = {entity.name: float(at) for at, entity in enumerate(ENTITIES)}
    if link == "create":
        turn["order_items"], turn["shipments"] = turn["shipments"], turn["order_items"]
    after_shipments = max(turn["shipments"], turn["order_items"]) + 0.5
    steps: list[tuple[float, Step]] = []
    for row in rows:
        needs = _needs(row, names)
        completes = complete_boarding and row.entity == "orders"
        links = link == "update" and row.entity == "order_items" and _waits_for_shipment(needs)
        if completes or links:
            steps.append((turn[row.entity], Step(row, needs, is_last=False)))
        at = after_shipments if completes or links else turn[row.entity]
        steps.append((at, Step(row, needs, completes=completes)))
    return tuple(step for _, step in sorted(steps, key=itemgetter(0)))


def _needs(row: Row, names: _Names) -> tuple[Need, ...]:
    needs = []
    for field in entity_named(row.entity).references:
        if field.reference and field.name in row.values:
            value = str(row.values[field.name])
            parents = names.named(field.reference.entity, value)
            needs.append(Need(field, value, parents[0] if parents else None))
    return tuple(needs)


def _waits_for_shipment(needs: tuple[Need, ...]) -> bool:
    return any(need.parent is not None and need.parent.entity == "shipments" for need in needs)
