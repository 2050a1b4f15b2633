"""Looking a row up on the server: by its key, or, for order items, which have none there, by their content."""

from collections.abc import Mapping
from dataclasses import dataclass

from importer.api import Absent, Api, Found, Unknown, differences
from importer.ledger import Account
from importer.model import Row
from importer.plan import Need
from importer.run.rehearsal import Rehearsal
from schemas import entity_named
from schemas.entity import Entity, Payload, key_prefix

LINK = "shipment_id"
"""Left out when items are compared: an item gets its shipment later."""

SET_BY_SERVER = "new"
"""The state that every order has from the server, at its own time; that of a row is another ("Order states" page)."""


@dataclass(frozen=True, slots=True)
class There:
    """The server has it."""

    server_id: str
    record: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NotThere:
    """The server surely does not have it, as of now."""


Answer = There | NotThere | Unknown


def look_up(api: Api, account: Account | Rehearsal, entity: Entity, body: Payload) -> Answer:
    """The server's record for what *body* says, by the look-up of its entity; raises as a request does."""
    found = api.find(entity, body)
    match found:
        case Found() if entity.numbered:
            return _by_content(account, entity, body, found)
        case Found():
            return _by_key(entity, body, found)
        case Absent():
            return NotThere()
        case Unknown():
            return found


def look_up_parent(api: Api, row: Row, need: Need) -> Answer:
    """The server's record of *row*'s parent that is in no file of this run."""
    reference = need.field.reference
    assert reference is not None
    parent = entity_named(reference.entity)
    known = {"order_id": row.values["order_id"]} if parent.name == "shipments" and "order_id" in row.values else {}
    unsure: Unknown | None = None
    for field in reference.fields:
        match api.find(parent, {**known, field: need.value}):
            case Found() as found:
                return There(_server_id(found.records[0]), found.records[0])
            case Unknown() as unknown:
                unsure = unknown
    return unsure or NotThere()


def _by_key(entity: Entity, body: Payload, found: Found) -> Answer:
    """The record with the content of *body*, else the first that has its key."""
    record = next((record for record in found.records if not differences(body, record)), None)
    if record is None and entity.name == "order_states" and body["state"] == SET_BY_SERVER:
        return NotThere()
    record = record or found.records[0]
    return There(_server_id(record), record)


def _by_content(account: Account | Rehearsal, entity: Entity, body: Payload, found: Found) -> Answer:
    """The first of the order's items with the content of *body* that is not already another row's.

    A shop's two equal lines are two equal items, so each item is claimed once.
    """
    wanted = {name: value for name, value in body.items() if name != LINK}
    claimed = account.server_ids_below(entity.name, key_prefix(str(body["order_id"])))
    for record in found.records:
        if _server_id(record) not in claimed and not differences(wanted, record):
            return There(_server_id(record), record)
    return NotThere()


def _server_id(record: Mapping[str, object]) -> str:
    return str(record.get("id", ""))
