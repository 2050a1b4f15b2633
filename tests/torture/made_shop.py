"""A shop of any size over all seven sheets, made up from a seed: the same rows for the same numbers."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from PIL import Image

BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
STATES = ("new", "paid", "in_production", "in_preparation", "warehouse_handover")
CARRIERS = (("dhl", "DE"), ("dpd", "DE"), ("hermes", "DE"))
PLACES = (("01067", "Dresden"), ("10435", "Berlin"), ("18055", "Rostock"))

Sheets = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Shop:
    """Files to import."""

    folder: Path
    rows: int
    units: int
    """Records that the rows become: a row with a quantity becomes several."""


def make_shop(folder: Path, *, orders: int, seed: int) -> Shop:
    """Write a folder of CSV files with the sheets of a shop with so many *orders*."""
    sheets = _sheets(orders, Random(seed))
    (folder / "images").mkdir(parents=True)
    for row in sheets["product_images"]:
        number = int(row["sku"].removeprefix("SKU-"))
        Image.new("RGB", (8, 8), (number % 256, number // 256, 99)).save(folder / row["image_file"])
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    rows = sum(map(len, sheets.values()))
    return Shop(folder, rows, rows + sum(int(row["quantity"] or 1) - 1 for row in sheets["order_items"]))


def _sheets(orders: int, chance: Random) -> Sheets:
    sheets: Sheets = defaultdict(list)
    skus = [f"SKU-{number}" for number in range(max(3, orders // 4))]
    for sku in skus:
        sheets["products"].append({"sku": sku, "customs_description": f"Article {sku}"})
    for sku in skus[::2]:
        sheets["product_images"].append({"sku": sku, "image_file": f"images/{sku}.png"})
    for number in range(orders):
        _add_order(sheets, f"SO-{number}", skus, chance)
    return dict(sheets)


def _add_order(sheets: Sheets, order_id: str, skus: list[str], chance: Random) -> None:
    began = BEGIN + timedelta(minutes=chance.randrange(100_000))
    sheets["orders"].append({"order_id": order_id, "order_date": _at(began), "language": chance.choice(("de", "fr"))})
    states = sorted(chance.sample(range(len(STATES)), chance.randint(0, 2)))
    for state in states:
        moment = _at(began + timedelta(hours=1 + state))
        sheets["order_states"].append({"order_id": order_id, "state": STATES[state], "datetime": moment})
    names = []
    for number in range(chance.randint(1, 2)):
        shipment = _shipment(order_id, number, began, chance)
        names.append(shipment["reference_number"] or shipment["tracking_code"])
        sheets["shipments"].append(shipment)
    sheets["order_items"] += _items(order_id, names, skus, chance)
    for event in chance.sample(("Refunded", "Returned to warehouse"), chance.randint(0, 1)):
        moment = _at(began + timedelta(days=20))
        sheets["shipment_events"].append({"shipment_reference": names[0], "event": event, "datetime": moment})


def _items(order_id: str, shipments: list[str], skus: list[str], chance: Random) -> Iterator[dict[str, str]]:
    """Lines of an order, some of them equal in every cell."""
    for number in range(chance.randint(1, 3)):
        sku = chance.choice(skus[:3])
        item = {
            "order_id": order_id,
            "line": str(number + 1) if order_id.endswith("7") else "",
            "sku": sku,
            "quantity": chance.choice(("", "", "1", "2")),
            "shipment_reference": chance.choice((shipments[0], "")),
            "name": f"Name of {sku}",
            "description": "As seen",
            "sales_price": "24.90",
            "currency": "EUR",
            "size": "M",
            "weight": "0.25",
            "returnable": "TRUE",
        }
        yield item
        if chance.random() < 0.2 and not item["line"]:
            yield item


def _shipment(order_id: str, number: int, began: datetime, chance: Random) -> dict[str, str]:
    carrier, country = chance.choice(CARRIERS)
    zip_code, city = chance.choice(PLACES)
    return {
        "order_id": order_id,
        "reference_number": chance.choice((f"S-{order_id}-{number}", "")),
        "tracking_code": f"T-{order_id}-{number}",
        "carrier_name": carrier,
        "carrier_country": country,
        "planned_pickup_datetime": _at(began + timedelta(days=1)),
        "warehouse": "Main",
        "warehouse_address": "Lagerstr. 1, 10435 Berlin",
        "recipient_first_name": "Erika",
        "recipient_last_name": f"Mustermann {order_id}",
        "recipient_email": f"{order_id.lower()}@example.com",
        "recipient_address": "Beispielweg 1",
        "recipient_zip": zip_code,
        "recipient_city": city,
        "recipient_country": "DE",
        "weight": "0.8",
    }


def _at(moment: datetime) -> str:
    return moment.isoformat()
