"""What the server must hold after an import: worked out from the rows as text, without the importer's help.

Speaks of records as the sandbox shows them, less what the server adds by itself.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas import countries

HOME = ZoneInfo("Europe/Berlin")

NUMBERS = {"sales_price", "weight", "goods_value"}
FLAGS = {"boarding_complete", "returnable", "pickup_point_selected"}
MOMENTS = {"order_date", "promised_delivery_date", "datetime", "planned_pickup_datetime"}
TAGS = {"order_tags", "shipment_tag"}
COUNTRIES = {"recipient_country", "carrier_country", "customs_origin_country_iso2"}
AS_WRITTEN = {"name", "description", "appearance", "comment", "customs_description"}
"""Free texts, in which the shop's own blanks are kept; elsewhere several in a row are one."""
NEVER_SENT = {"line", "quantity", "shipment_reference", "carrier_name", "carrier_country", "image_file"}

DEFAULTS = {
    "orders": {"boarding_complete": False},
    "shipments": {"carrier_service": "standard", "return_parcel": False, "trackable": True},
}
"""What the vendor's pages say a member is when it is not sent."""

ADDED_BY_SERVER = {
    "products": {"image_url"},
    "product_images": {"image_url", "size"},
    "orders": {"state", "states_history"},
    "shipments": {"carrier_tracking_url", "status", "carrier_events"},
}
"""Besides the number."""

Rows = Mapping[str, Iterable[Mapping[str, str]]]
Record = dict[str, object]
State = Mapping[str, list[Record]]
Records = dict[str, list[str]]
"""Per entity, each record as sorted JSON, and sorted: records have no order."""


def expected(rows: Rows, state: State, pictures: Path | None = None) -> Records:
    """The records that *rows* must become; the numbers that the server gave to shipments are taken from *state*."""
    numbers = {
        str(shipment[name]): str(shipment["id"])
        for shipment in state["shipments"]
        for name in ("reference_number", "tracking_code")
        if shipment.get(name)
    }
    found = {entity: [] for entity in state}
    for entity, lines in rows.items():
        for row in lines:
            pieces = int(row.get("quantity") or 1)
            found[entity] += [_json(_record(entity, row, numbers, pictures))] * pieces
    return {entity: sorted(records) for entity, records in found.items()}


def held(state: State) -> Records:
    """The records in the sandbox's *state*, without what the server added."""
    return {entity: sorted(_json(_sent(entity, record)) for record in records) for entity, records in state.items()}


def _record(entity: str, row: Mapping[str, str], numbers: Mapping[str, str], pictures: Path | None) -> Record:
    record = {name: _value(name, text) for name, text in row.items() if text and name not in NEVER_SENT}
    if entity == "shipments":
        record["carrier"] = {"name": row["carrier_name"], "country": row["carrier_country"]}
    if row.get("shipment_reference"):
        record["shipment_id"] = numbers[row["shipment_reference"]]
    if entity == "product_images":
        assert pictures is not None
        picture = pictures / row["image_file"]
        record = {"filename": picture.name} | record | {"sha256": hashlib.sha256(picture.read_bytes()).hexdigest()}
    return DEFAULTS.get(entity, {}) | record


def _sent(entity: str, record: Record) -> Record:
    added = {"id"} | ADDED_BY_SERVER.get(entity, set())
    sent = {name: value for name, value in record.items() if name not in added}
    if "shipment_id" in sent:
        sent["shipment_id"] = str(sent["shipment_id"])
    return {name: _instant(str(value)) if name in MOMENTS else value for name, value in sent.items()}


def _value(name: str, text: str) -> object:
    if name in NUMBERS:
        return float(text)
    if name in FLAGS:
        return {"TRUE": True, "FALSE": False}[text]
    if name in MOMENTS:
        return _instant(text)
    if name in TAGS:
        return dict(pair.split("=") for pair in text.split("; "))
    if name in COUNTRIES:
        return countries.meaning(text)
    return text if name in AS_WRITTEN else " ".join(text.split())


def _instant(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=HOME)).astimezone(UTC).isoformat()


def _json(record: Mapping[str, object]) -> str:
    return json.dumps(record, sort_keys=True, ensure_ascii=False)
