"""The states of an order: which the shop may set, and which the system sets itself.

new on creation, shipped with the first shipment, completed once all shipments are delivered and, if there are several,
`boarding_complete` is true (vendor's "API v2.0 Integration" and "Order workflows" pages).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from importer.errors import Violation
from importer.sandbox.account import Account
from importer.sandbox.checks import refuse
from importer.sandbox.store import Record, Store

# Two pages disagree on whether warehouse_handover comes before or after in_preparation: either is taken.
# What comes after shipping may come in any order.
RANKS: Mapping[str, int] = {
    "new": 0,
    "paid": 1,
    "in_production": 2,
    "in_preparation": 3,
    "warehouse_handover": 3,
    "shipped": 4,
    "completed": 5,
    "refunded": 6,
    "returned": 6,
    "cancelled": 6,
}


def now() -> str:
    """The time as the API writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def fresh() -> dict[str, Any]:
    """What the server adds to a new order."""
    return {"state": "new", "states_history": [{"state": "new", "datetime": now()}]}


def refuse_step_back(account: Account, payload: Mapping[str, Any]) -> None:
    """Refuse a state that the order is already beyond: a client in production got nothing but errors for it."""
    order = account.store.first("orders", "order_id", payload["order_id"])
    if order and RANKS[payload["state"]] < RANKS[order["state"]]:
        message = f'The order is "{order["state"]}" and cannot go back to "{payload["state"]}".'
        refuse(account, [Violation("state", message)])


def take_state(store: Store, payload: Mapping[str, Any]) -> None:
    """The order is in the state that the shop has posted."""
    order = store.first("orders", "order_id", payload["order_id"])
    if order:
        _move(store, order, payload["state"], payload["datetime"])


def ship(store: Store, order_id: str) -> None:
    """The order is shipped unless it is further on."""
    order = store.first("orders", "order_id", order_id)
    if order and RANKS[order["state"]] < RANKS["shipped"]:
        _move(store, order, "shipped", now())


def complete_if_delivered(store: Store, order_id: str) -> None:
    """The order is completed if it is shipped and nothing is outstanding."""
    order = store.first("orders", "order_id", order_id)
    if not order or order["state"] != "shipped":
        return
    shipments = store.find("shipments", {"order_id": order_id})
    is_delivered = bool(shipments) and all(one["status"] == "Delivered" for one in shipments)
    if is_delivered and (len(shipments) == 1 or order["boarding_complete"]):
        _move(store, order, "completed", now())


def _move(store: Store, order: Record, state: str, moment: str) -> None:
    history = [*order["states_history"], {"state": state, "datetime": moment}]
    store.replace("orders", order | {"state": state, "states_history": history})
