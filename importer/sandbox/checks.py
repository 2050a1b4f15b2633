"""Why a payload is refused, with the other records in view.  Each function passes silently or raises `Refusal`."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from importer.errors import Violation
from importer.sandbox.account import Account
from importer.sandbox.answers import Refusal, problem
from importer.sandbox.payloads import known_part, violations
from importer.sandbox.resources import Resource
from importer.sandbox.store import Record
from schemas.entity import Entity

USED = "This value is already used."


def checked(account: Account, entity: Entity, body: object, *, is_partial: bool = False) -> dict[str, Any]:
    """The members of *body* that the API knows, all of them right; a partial body may leave out what stays."""
    if not isinstance(body, dict):
        raise Refusal(problem(400, "The body must be a JSON object."))
    found = violations(entity.name, body, account.options, is_partial=is_partial)
    if found:
        refuse(account, found)
    return known_part(entity.name, body)


def refuse(account: Account, found: Sequence[Violation]) -> NoReturn:
    """Refuse a payload for what is wrong with it."""
    raise Refusal(problem(account.options.violation_status, violations=found))


def refuse_dangling(account: Account, entity: Entity, payload: Mapping[str, Any]) -> None:
    """Refuse a payload that names an order, product or shipment that is not there."""
    for field in entity.references:
        member = field.payload_name
        if not field.reference or not member or payload.get(member) in {None, ""}:
            continue
        if _may_dangle(account, entity, member):
            continue
        target, value = field.reference.entity, payload[member]
        by_number = field.reference.sends_server_id
        found = account.store.get(target, value) if by_number else account.store.first(target, member, value)
        if found is None:
            refuse_reference(account, member, value)


def _may_dangle(account: Account, entity: Entity, member: str) -> bool:
    if entity.name == "order_items" and member == "sku":
        return not account.options.items_need_products
    return entity.name == "shipments" and member == "order_id" and account.options.shipment_creates_order


def refuse_reference(account: Account, member: str, value: object) -> NoReturn:
    """Refuse a payload whose *member* names something that is not there."""
    status = account.options.unknown_reference_status or account.options.violation_status
    raise Refusal(problem(status, violations=[Violation(member, f'Item not found for "{value}".')]))


def twin(account: Account, resource: Resource, payload: Mapping[str, Any]) -> Record | None:
    """The record that has the unique value of *payload*.  Blank is no value: production took many blank references."""
    value = payload.get(resource.unique) if resource.unique else None
    return account.store.first(resource.name, str(resource.unique), value) if value else None


def refuse_duplicate(account: Account, resource: Resource, payload: Mapping[str, Any], own: object = None) -> None:
    """Refuse a payload with a value that must be unique and that a record other than number *own* has."""
    found = []
    other = twin(account, resource, payload)
    if other and other["id"] != own:
        found.append(Violation(str(resource.unique), USED))
    tracking_code = payload.get("tracking_code")
    if account.options.unique_tracking_codes and resource.name == "shipments" and tracking_code:
        other = account.store.first("shipments", "tracking_code", tracking_code)
        if other and other["id"] != own:
            found.append(Violation("tracking_code", USED))
    if found:
        refuse(account, found)


def refuse_local_delivery(account: Account, shipment: Mapping[str, Any]) -> None:
    """Refuse a same-day delivery of an order without a promised date ("Create shipment" page, 2022)."""
    order = account.store.first("orders", "order_id", shipment.get("order_id"))
    if shipment.get("local_delivery") and order and not order.get("promised_delivery_date"):
        message = "The order needs a promised_delivery_date when local_delivery is true."
        refuse(account, [Violation("local_delivery", message)])
