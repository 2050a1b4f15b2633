"""Seeded files to measure with: order items and shipments as a shop would have them, one row in a hundred bad."""

import csv
import random
from pathlib import Path

BAD_SHARE = 0.01
SKUS = 2_000
ITEMS_PER_ORDER = 3


def order_items(path: Path, rows: int, seed: int = 1) -> Path:
    """A CSV file of *rows* order items."""
    chance = random.Random(seed)
    header = ["order_id", "line", "sku", "quantity", "shipment_reference", "name", "description", "sales_price"]
    header += ["currency", "size", "weight", "returnable", "appearance", "bundle_item", "warehouse"]
    with path.open("w", newline="", encoding="utf-8") as file:
        write = csv.writer(file).writerow
        write(header)
        for number in range(rows):
            order = number // ITEMS_PER_ORDER
            price = "soon" if chance.random() < BAD_SHARE else f"{chance.randrange(100, 99_999) / 100:.2f}"
            start = [f"SO-{order}", number % ITEMS_PER_ORDER + 1, f"SKU-{chance.randrange(SKUS)}", 1, f"S-{order}"]
            middle = ["Shirt", "A shirt of cotton", price, chance.choice(["EUR", "SEK", "PLN"])]
            write([*start, *middle, chance.choice("SML"), "0.25", "TRUE", "White", "", "Main"])
    return path


def shipments(path: Path, rows: int, seed: int = 1) -> Path:
    """A CSV file of *rows* shipments with e-mails, phones and postcodes."""
    chance = random.Random(seed)
    header = ["order_id", "reference_number", "tracking_code", "carrier_name", "carrier_country"]
    header += ["planned_pickup_datetime", "warehouse", "warehouse_address", "recipient_first_name"]
    header += ["recipient_last_name", "recipient_email", "recipient_address", "recipient_zip", "recipient_city"]
    header += ["recipient_country", "recipient_phone", "weight"]
    with path.open("w", newline="", encoding="utf-8") as file:
        write = csv.writer(file).writerow
        write(header)
        for number in range(rows):
            email = "nobody" if chance.random() < BAD_SHARE else f"person{number}@example.com"
            start = [f"SO-{number}", f"S-{number}", f"T-{number}", chance.choice(["dhl", "ups", "dpd"]), "DE"]
            pickup = f"2026-01-{chance.randrange(1, 29):02d}T10:00:00Z"
            person = ["Erika", "Mustermann", email, f"Weg {number % 200}", f"{chance.randrange(1067, 99_998):05d}"]
            write([*start, pickup, "Main", "Lagerstr. 1", *person, "Dresden", "DE", f"+4917{number:08d}", "0.8"])
    return path
