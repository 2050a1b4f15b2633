"""Rows of all sheets -> duplicates, references, and the order of work.  Pure: knows neither files nor the server.

`related` looks across rows and sheets and may only add problems; `chains` puts every row into exactly one chain.
Rows of one chain go one after another, chains of one wave side by side, waves one after another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Literal

from importer.model import CheckedSheet, Problem, Row, Severity
from schemas import ENTITIES, entity_named
from schemas.cells import Value
from schemas.entity import Entity, Field, identity, is_numbered
from schemas.kinds import to_json
from schemas.nearest import nearest

Link = Literal["update", "create"]
"""How an item gets its shipment: by a later PUT (the vendor's order of work), or at once, shipments first."""

MOST_NAMES_TO_COMPARE = 5_000
"""A near name for a missing parent is only looked for among so many; it is a courtesy, not a check."""

WAVES = (("products",), ("product_images",), ("orders", "order_states", "order_items", "shipments", "shipment_events"))


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


# --- across rows and sheets ---------------------------------------------------------------------------------


def related(sheets: Sequence[CheckedSheet]) -> tuple[CheckedSheet, ...]:
    """*sheets* with keys numbered, and the problems that only show when all rows are looked at together."""
    sheets = _with_numbered_keys(sheets)
    names = _Names(row for sheet in sheets for row in sheet.rows)
    return tuple(
        replace(sheet, rows=tuple(_with_problems(row, names.problems(row)) for row in sheet.rows)) for sheet in sheets
    )


def _with_problems(row: Row, problems: tuple[Problem, ...]) -> Row:
    return replace(row, problems=row.problems + problems) if problems else row


def _with_numbered_keys(sheets: Sequence[CheckedSheet]) -> tuple[CheckedSheet, ...]:
    """Rows that share a numbered key are told apart by counting them in the order of their content.

    Content, not position: sorting a sheet, or spreading it over two files, changes no key.
    """
    shared: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for at, sheet in enumerate(sheets):
        for index, row in enumerate(sheet.rows):
            if sheet.entity and row.key and is_numbered(sheet.entity, row.values):
                shared[identity(sheet.entity, row.values)].append((_content(row), at, index))
    rows = [list(sheet.rows) for sheet in sheets]
    for places in shared.values():
        for number, (_, at, index) in enumerate(sorted(places), start=1):
            row = rows[at][index]
            rows[at][index] = replace(row, key=identity(entity_named(row.entity), row.values, number))
    return tuple(replace(sheet, rows=tuple(kept)) for sheet, kept in zip(sheets, rows, strict=True))


def _content(row: Row) -> str:
    return repr(sorted((name, str(to_json(value))) for name, value in row.values.items()))


class _Names:
    """Every row by its key and by the values that other rows may call it by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_key: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        self._near: dict[tuple[str, str], str] = {}
        self._currencies: defaultdict[Value, Counter[Value]] = defaultdict(Counter)
        referred = {field.reference for entity in ENTITIES for field in entity.references if field.reference}
        self._fields = {reference.entity: reference.fields for reference in referred}
        for row in rows:
            if row.is_example:
                continue
            if row.key:
                self._by_key[row.entity, row.key].append(row)
            if row.entity == "order_items" and "order_id" in row.values and "currency" in row.values:
                self._currencies[row.values["order_id"]][row.values["currency"]] += 1
            for name in {str(row.values[field]) for field in self._fields.get(row.entity, ()) if field in row.values}:
                self._by_name[row.entity, name].append(row)

    def named(self, entity: str, name: str) -> list[Row]:
        """The rows of *entity* that may be called *name*."""
        return self._by_name.get((entity, name), [])

    def problems(self, row: Row) -> tuple[Problem, ...]:
        """What is wrong with *row* among the others."""
        if row.is_example:
            return ()
        entity = entity_named(row.entity)
        return (
            *self._duplicate(entity, row),
            *(problem for field in entity.references for problem in self._reference(field, row)),
            *self._promised_date(row),
            *self._odd_currency(row),
            *self._early_pickup(row),
        )

    def _duplicate(self, entity: Entity, row: Row) -> Iterator[Problem]:
        others = [other for other in self._by_key[row.entity, row.key] if other is not row] if row.key else []
        if others:
            names = next(keys for keys in (entity.key, entity.else_key) if all(name in row.values for name in keys))
            yield _problem(row, names[0], "duplicate_key", others=_places(others))

    def _reference(self, field: Field, row: Row) -> Iterator[Problem]:
        reference = field.reference
        if reference is None or field.name not in row.values:
            return
        name = str(row.values[field.name])
        parents = self.named(reference.entity, name)
        if not parents:
            yield self._not_here(field, row, name)
        elif len({parent.key for parent in parents}) > 1:
            yield _problem(row, field.name, "reference_ambiguous", value=name, others=_places(parents))
        elif other := _order_of_another(row, parents[0]):
            yield _problem(row, field.name, "shipment_of_other_order", other=other)

    def _not_here(self, field: Field, row: Row, name: str) -> Problem:
        assert field.reference is not None
        entity = field.reference.entity
        note = _problem(row, field.name, "reference_not_here", entity=entity_named(entity).sheet, value=name)
        return replace(note, severity=Severity.NOTE, suggestion=self._nearest(entity, name))

    def _nearest(self, entity: str, name: str) -> str:
        if len(self._by_name) > MOST_NAMES_TO_COMPARE:
            return ""
        if (entity, name) not in self._near:
            self._near[entity, name] = nearest(name, [known for of, known in self._by_name if of == entity])
        return self._near[entity, name]

    def _promised_date(self, row: Row) -> Iterator[Problem]:
        # The vendor's shipment page: same-day service makes the order's promised date mandatory.
        if row.entity != "shipments" or row.values.get("local_delivery") is not True:
            return
        orders = self.named("orders", str(row.values.get("order_id", "")))
        if orders and "promised_delivery_date" not in orders[0].values:
            yield _problem(row, "local_delivery", "promised_date_missing")

    def _odd_currency(self, row: Row) -> Iterator[Problem]:
        currencies = self._currencies.get(row.values.get("order_id", "")) if row.entity == "order_items" else None
        if not currencies or len(currencies) == 1 or "currency" not in row.values:
            return
        # Where two are equally frequent, the one that was found first.
        usual = str(max(currencies, key=currencies.__getitem__))
        if row.values["currency"] != usual:
            note = _problem(row, "currency", "currency_mixed", expected=usual)
            yield replace(note, severity=Severity.NOTE, suggestion=usual)

    def _early_pickup(self, row: Row) -> Iterator[Problem]:
        pickup = row.values.get("planned_pickup_datetime") if row.entity == "shipments" else None
        orders = self.named("orders", str(row.values.get("order_id", ""))) if isinstance(pickup, datetime) else []
        ordered = orders[0].values.get("order_date") if orders else None
        if isinstance(pickup, datetime) and isinstance(ordered, datetime) and _is_day_before(pickup, ordered):
            note = _problem(row, "planned_pickup_datetime", "pickup_before_order")
            yield replace(note, severity=Severity.NOTE)


def _is_day_before(moment: datetime, other: datetime) -> bool:
    """Whether the day of *moment* is over when that of *other* begins, both told where *other* was written."""
    return moment.astimezone(other.tzinfo).date() < other.date()


def _order_of_another(row: Row, parent: Row) -> str:
    """The order of the shipment *parent*, when *row* belongs to another one."""
    ours, theirs = row.values.get("order_id"), parent.values.get("order_id")
    return str(theirs) if parent.entity == "shipments" and ours and theirs and ours != theirs else ""


def _problem(row: Row, column: str, code: str, **facts: str) -> Problem:
    field = entity_named(row.entity).field(column)
    value = str(to_json(row.values[column])) if column in row.values else ""
    return Problem(row.cells.get(column, row.where), code, facts, column=column, value=value, private=field.private)


def _places(rows: Iterable[Row], most: int = 5) -> str:
    places = [f"{row.where.sheet or row.where.file}!{row.where.row}" for row in rows]
    return ", ".join(places[:most]) + (f" and {len(places) - most} more" if len(places) > most else "")


# --- order of work ------------------------------------------------------------------------------------------


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
