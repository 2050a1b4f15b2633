"""The numbered records: what a request on them stores, what it answers, and what else it changes.

Knows no paths of requests, no headers and no faults.  Where the vendor's pages are silent, the options decide.
"""

from collections.abc import Mapping
from typing import Any

from importer.sandbox import checks, orders, shipments
from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, Refusal, json_answer, problem
from importer.sandbox.resources import BASE, Resource
from importer.sandbox.store import Record
from schemas.orders import ORDERS

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "products": {"image_url": None},
    "orders": {"boarding_complete": False},
    "shipments": {"carrier_service": "standard", "return_parcel": False, "trackable": True},
}
"""What a member is when it is not sent.  Source: tables of "Create Order" and "Create Shipment"."""

MADE_BY_SERVER: Mapping[str, frozenset[str]] = {
    "products": frozenset({"id", "image_url"}),
    "orders": frozenset({"id", "state", "states_history"}),
    "order_items": frozenset({"id"}),
    "shipments": frozenset({"id", "carrier_tracking_url", "status", "carrier_events"}),
}
"""Members that stay when a PUT replaces the rest."""

HIDDEN = frozenset({"carrier_events"})
"""Members that replies do not show."""


def create(account: Account, resource: Resource, body: object) -> Answer:
    """POST: 201 with the record, or 200 where the same key updates."""
    payload = checks.checked(account, resource.entity, body)
    _refuse_if_wrong(account, resource, payload)
    twin = checks.twin(account, resource, payload)
    if twin and resource.name in account.options.duplicates_update:
        return json_answer(200, shown(account, resource.name, _kept(account, resource.name, twin | payload)))
    checks.refuse_duplicate(account, resource, payload)
    if resource.name == "shipments" and account.options.shipment_creates_order:
        _create_order(account, payload["order_id"])
    record = stored(account, resource.name, payload)
    location = (("location", _location(account, resource, record)),)
    return json_answer(201, shown(account, resource.name, record), location)


def one(account: Account, resource: Resource, name: str) -> Answer:
    """GET of one record."""
    return json_answer(200, shown(account, resource.name, _record(account, resource, name)))


def update(account: Account, resource: Resource, name: str, body: object) -> Answer:
    """PUT: members sent take the place of those that were there; the others stay, or go if the options say so."""
    record = _record(account, resource, name)
    replaces = account.options.put_replaces
    payload = checks.checked(account, resource.entity, body, is_partial=not replaces)
    if replaces:
        kept = {member: record[member] for member in MADE_BY_SERVER[resource.name] if member in record}
        record = {**DEFAULTS.get(resource.name, {}), **kept}
    _refuse_if_wrong(account, resource, payload, before=record)
    checks.refuse_duplicate(account, resource, payload, own=record["id"])
    return json_answer(200, shown(account, resource.name, _kept(account, resource.name, record | payload)))


def delete(account: Account, resource: Resource, name: str) -> Answer:
    """DELETE: 204.  Records that point to it stay as they are."""
    account.store.delete(resource.name, _record(account, resource, name)["id"])
    return Answer(204)


def page(account: Account, resource: Resource, query: Mapping[str, str]) -> Answer:
    """GET of a list: one page of the records that the filters let through, oldest first."""
    filters = {
        name: query[name]
        for name in resource.filters
        if name in query and f"{resource.name}.{name}" not in account.options.ignored_filters
    }
    number, size = query.get("page", "1"), account.options.page_size
    if not (number.isascii() and number.isdigit() and len(number) < len(str(2**31)) and int(number) > 0):
        raise Refusal(problem(400, "Page should not be less than 1"))
    found = account.store.find(resource.name, filters, limit=size, offset=(int(number) - 1) * size)
    records = [shown(account, resource.name, record) for record in found]
    if account.options.lists == "bare":
        return json_answer(200, records)
    total = account.store.count(resource.name, filters)
    return json_answer(200, {"@type": "hydra:Collection", "hydra:totalItems": total, "hydra:member": records})


def stored(account: Account, name: str, payload: Mapping[str, Any]) -> Record:
    """*payload* as a new record of the entity called *name*, with all that follows for other records."""
    store, body = account.store, {**DEFAULTS.get(name, {}), **payload}
    match name:
        case "orders":
            return store.insert(name, body | orders.fresh())
        case "order_states":
            orders.take_state(store, payload)
        case "shipments":
            record = store.insert(name, body | shipments.fresh(account.url, payload))
            orders.ship(store, payload["order_id"])
            return record
        case "shipment_events":
            # The payload's `id` is the shipment's; the event has a number of its own.
            body["shipment_id"] = body.pop("id")
    return store.insert(name, body)


def shown(account: Account, name: str, record: Record) -> Record:
    """*record* as replies show it; an order with its shipments."""
    visible = {member: value for member, value in record.items() if member not in HIDDEN}
    if name != "orders":
        return visible
    found = account.store.find("shipments", {"order_id": record["order_id"]})
    return visible | {"shipments": [shown(account, "shipments", shipment) for shipment in found]}


def _refuse_if_wrong(
    account: Account, resource: Resource, payload: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> None:
    """Refuse what is wrong in view of other records; *before* is what a change starts from."""
    checks.refuse_dangling(account, resource.entity, payload)
    if resource.name == "order_states":
        orders.refuse_step_back(account, payload)
    if resource.name == "shipments":
        checks.refuse_local_delivery(account, {**(before or {}), **payload})


def _create_order(account: Account, order_id: str) -> None:
    if account.store.first("orders", "order_id", order_id) is None:
        stored(account, ORDERS.name, {"order_id": order_id, "order_date": orders.now()})


def _record(account: Account, resource: Resource, name: str) -> Record:
    """The record with the number *name*; a product is also found by its SKU, since its path is not known for sure."""
    found = account.store.get(resource.name, name)
    if found is None and resource.name == "products":
        found = account.store.first("products", "sku", name)
    if found is None:
        raise Refusal(problem(404))
    return found


def _kept(account: Account, name: str, record: Record) -> Record:
    """*record* in place of its former self, and as it is after all that follows."""
    account.store.replace(name, record)
    if name == "orders":
        orders.complete_if_delivered(account.store, record["order_id"])
    if name == "shipments":
        orders.ship(account.store, record["order_id"])
    return account.store.get(name, record["id"]) or record


def _location(account: Account, resource: Resource, record: Record) -> str:
    # A new state is answered with the place of its order ("Order states" page).
    if resource.name == "order_states":
        order = account.store.first("orders", "order_id", record["order_id"])
        return f"{BASE}/orders/{order['id']}" if order else f"{BASE}/orders"
    return f"{BASE}{resource.entity.path}/{record['id']}"
