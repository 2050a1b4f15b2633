"""What the plan finds among rows, worked out row by row as plainly as can be: the measure for the quick way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from importer.model import CheckedSheet, Problem, Row, Severity
from schemas import ENTITIES, entity_named
from schemas.cells import CLEAR, Value
from schemas.entity import Entity, Field, identity, is_numbered
from schemas.kinds import to_json
from schemas.nearest import nearest


def related(sheets: Sequence[CheckedSheet]) -> list[list[Row]]:
    """The rows of each sheet with keys numbered, and with the problems that only show beside other rows."""
    rows = _with_numbered_keys(sheets)
    names = _Names(row for of_sheet in rows for row in of_sheet)
    return [[replace(row, problems=(*row.problems, *names.of(row))) for row in of_sheet] for of_sheet in rows]


def _with_numbered_keys(sheets: Sequence[CheckedSheet]) -> list[list[Row]]:
    shared = defaultdict(list)
    rows = [list(sheet.rows) for sheet in sheets]
    for at, sheet in enumerate(sheets):
        for index, row in enumerate(rows[at]):
            if sheet.entity and row.key and is_numbered(sheet.entity, row.values):
                content = repr(sorted((name, str(to_json(value))) for name, value in row.values.items()))
                shared[identity(sheet.entity, row.values)].append((content, at, index))
    for places in shared.values():
        for number, (_, at, index) in enumerate(sorted(places), start=1):
            row = rows[at][index]
            rows[at][index] = replace(row, key=identity(entity_named(row.entity), row.values, number))
    return rows


class _Names:
    """Every row by its key and by the values that other rows may call it by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.by_key = defaultdict(list)
        self.by_name = defaultdict(list)
        self.currencies = defaultdict(Counter)
        self.brought = set()
        referred = {field.reference for entity in ENTITIES for field in entity.references}
        fields = {reference.entity: reference.fields for reference in referred}
        for row in rows:
            if row.is_example:
                continue
            self.brought.add(row.entity)
            if row.key:
                self.by_key[row.entity, row.key].append(row)
            if row.entity == "order_items" and "order_id" in row.values and "currency" in row.values:
                self.currencies[row.values["order_id"]][row.values["currency"]] += 1
            for name in {_said(row, field) for field in fields.get(row.entity, ())} - {""}:
                self.by_name[row.entity, name].append(row)

    def _named(self, entity: str, name: str) -> list[Row]:
        return self.by_name.get((entity, name), [])

    def of(self, row: Row) -> Iterator[Problem]:
        """The problems of *row* beside the others."""
        if row.is_example:
            return
        entity = entity_named(row.entity)
        yield from self._duplicate(entity, row)
        for field in entity.references:
            yield from self._reference(field, row)
        yield from self._promised_date(row)
        yield from self._odd_currency(row)
        yield from self._early_pickup(row)

    def _duplicate(self, entity: Entity, row: Row) -> Iterator[Problem]:
        others = [other for other in self.by_key[row.entity, row.key] if other.where != row.where] if row.key else []
        if others:
            names = next(keys for keys in (entity.key, entity.else_key) if all(_said(row, name) for name in keys))
            yield _problem(row, names[0], "duplicate_key", others=_places(others))

    def _reference(self, field: Field, row: Row) -> Iterator[Problem]:
        parent, name = field.reference.entity, _said(row, field.name)
        if not name or parent not in self.brought:
            return
        parents = self._named(parent, name)
        ours, theirs = row.values.get("order_id"), [one.values.get("order_id") for one in parents]
        if not parents:
            near = nearest(name, [known for of, known in self.by_name if of == parent])
            note = _problem(row, field.name, "reference_not_here", entity=entity_named(parent).sheet, value=name)
            yield replace(note, severity=Severity.NOTE, suggestion=near)
        elif len({one.key for one in parents}) > 1:
            yield _problem(row, field.name, "reference_ambiguous", value=name, others=_places(parents))
        elif parent == "shipments" and ours and theirs[0] and ours not in theirs:
            yield _problem(row, field.name, "shipment_of_other_order", other=str(theirs[0]))

    def _promised_date(self, row: Row) -> Iterator[Problem]:
        if row.entity == "shipments" and row.values.get("local_delivery") is True:
            orders = self._named("orders", _said(row, "order_id"))
            if orders and "promised_delivery_date" not in orders[0].values:
                yield _problem(row, "local_delivery", "promised_date_missing")

    def _odd_currency(self, row: Row) -> Iterator[Problem]:
        currencies = self.currencies.get(row.values.get("order_id", ""), {}) if row.entity == "order_items" else {}
        if len(currencies) > 1 and "currency" in row.values:
            usual = max(currencies, key=currencies.__getitem__)
            if row.values["currency"] != usual:
                note = _problem(row, "currency", "currency_mixed", expected=usual)
                yield replace(note, severity=Severity.NOTE, suggestion=usual)

    def _early_pickup(self, row: Row) -> Iterator[Problem]:
        pickup = row.values.get("planned_pickup_datetime") if row.entity == "shipments" else None
        orders = self._named("orders", _said(row, "order_id"))
        ordered = orders[0].values.get("order_date") if orders else None
        both = isinstance(pickup, datetime) and isinstance(ordered, datetime)
        if both and pickup.astimezone(ordered.tzinfo).date() < ordered.date():
            yield replace(_problem(row, "planned_pickup_datetime", "pickup_before_order"), severity=Severity.NOTE)


def _said(row: Row, name: str) -> str:
    value: Value | None = row.values.get(name)
    return "" if value is None or value is CLEAR else str(to_json(value))


def _problem(row: Row, column: str, code: str, **facts: str) -> Problem:
    private = entity_named(row.entity).field(column).private
    return Problem(row.cells[column], code, facts, column=column, value=_said(row, column), private=private)


def _places(rows: Sequence[Row], most: int = 5) -> str:
    found = [f"{row.where.sheet or row.where.file}!{row.where.row}" for row in rows]
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")
