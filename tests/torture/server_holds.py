"""What a server holds, in a form in which two servers can be compared: no numbers, no times of their own."""

import json
from collections import Counter
from collections.abc import Mapping

STAMPED = {"carrier_tracking_url", "carrier_events", "image_url"}
"""Members that hold the server's address or its clock."""

State = Mapping[str, list[dict]]


def held(state: State) -> Counter[tuple[str, str]]:
    """Every record, how often it is there; shipments are called by their names instead of their numbers."""
    names = {
        str(shipment["id"]): shipment.get("reference_number") or shipment["tracking_code"]
        for shipment in state["shipments"]
    }
    return Counter(
        (entity, json.dumps(_plain(record, names), sort_keys=True))
        for entity, records in state.items()
        for record in records
    )


def _plain(record: Mapping, names: Mapping[str, str]) -> dict:
    plain = {name: value for name, value in record.items() if name != "id" and name not in STAMPED}
    if "states_history" in plain:
        plain["states_history"] = [state["state"] for state in plain["states_history"]]
    if plain.get("shipment_id"):
        plain["shipment_id"] = names[str(plain["shipment_id"])]
    return plain


def lost_and_doubled(wanted: State, found: State) -> tuple[Counter, Counter]:
    """What *found* has too little of, and what it has too much of."""
    should, does = held(wanted), held(found)
    return should - does, does - should


KEYS = {
    "products": ("sku",),
    "product_images": ("sku",),
    "orders": ("order_id",),
    "order_states": ("order_id", "state"),
    "order_items": ("order_id", "sku", "name", "sales_price"),
    "shipments": ("order_id", "reference_number", "tracking_code"),
    "shipment_events": ("shipment_id", "event", "datetime"),
}
"""Members by which a person tells records apart.  Items have no key, so equal ones are counted."""


def keys(state: State) -> Counter[tuple[str, ...]]:
    """How often each key is on the server, whatever else its records hold."""
    names = {str(shipment["id"]): shipment["tracking_code"] for shipment in state["shipments"]}
    return Counter(
        (entity, *(names.get(str(record.get(name)), str(record.get(name))) for name in KEYS[entity]))
        for entity, records in state.items()
        for record in records
    )
