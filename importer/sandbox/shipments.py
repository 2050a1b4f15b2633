"""What happens to a shipment on the carrier's side.  Parcels here move only when someone says so: see `deliver`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from importer.sandbox import orders
from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, Refusal, json_answer, problem


def fresh(url: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What the server adds to a new shipment."""
    return {
        "carrier_tracking_url": f"{url}/tracking/{quote(payload['tracking_code'], safe='')}",
        "status": "New",
        "carrier_events": [{"event": "New", "description": "", "creationDate": orders.now()}],
    }


def happenings(account: Account, number: str) -> Answer:
    """A shipment's events, the carrier's and then the shop's, in the shape of 2017."""
    shipment = account.store.get("shipments", number)
    if shipment is None:
        raise Refusal(problem(404))
    told = account.store.find("shipment_events", {"shipment_id": str(shipment["id"])})
    shops = [{"event": one["event"], "description": "", "creationDate": one["datetime"]} for one in told]
    return json_answer(200, [*shipment["carrier_events"], *shops])


def deliver(account: Account, number: object) -> bool:
    """The carrier delivers a shipment, which may complete its order; False = no such shipment."""
    shipment = account.store.get("shipments", number)
    if shipment is None:
        return False
    event = {"event": "Delivered", "description": "", "creationDate": orders.now()}
    happened = [*shipment["carrier_events"], event]
    account.store.replace("shipments", shipment | {"status": "Delivered", "carrier_events": happened})
    orders.complete_if_delivered(account.store, shipment["order_id"])
    return True
