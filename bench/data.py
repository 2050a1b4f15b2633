"""Seeded files to measure with: what a shop would have, one row in a hundred bad in one of several ways.

Made in columns, since ten million rows are wanted; the same numbers give the same files on every machine.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import xlsxwriter

BAD_SHARE = 0.01
SKUS = 2_000
ITEMS_PER_ORDER = 3
ORDERED, PICKED_UP = ("2026-01-01", "2026-04-01"), ("2026-04-01", "2026-07-01")
BLOCK = 500_000
"""Rows that are made at a time."""

Numbers = npt.NDArray[np.int64]

ARTICLES = ("Hemd", "Shirt, long sleeves", "Chemise", "Koszula", 'Jacket "Oslo"', "Hose", "Kleid", "Sukienka w kwiaty")
TEXTS = ("100 % cotton", "Baumwolle, bügelfrei", "Made of wool.\nDo not wash.", "Lin, très léger", "Skóra naturalna")
FIRST_NAMES = ("Erika", "Max", "Zoë", "José", "Łukasz", "Anaïs", "Jürgen", "Björk", "Chloé", "Ines")
LAST_NAMES = (
    "Mustermann",
    "Müller",
    "Núñez",
    "Wiśniewska",
    "d'Arc",
    "Meyer-Schulze",
    "Øst",
    "Rossi",
    "Dupont",
    "Smith",
)
STREETS = ("Hauptstr.", "Lange Reihe", "Rue de la Paix", "ul. Długa", "Am Markt", "Via Roma", "Calle Mayor")
CITIES = ("Dresden", "Köln", "Paris", "Łódź", "Wien", "Roma", "Madrid")
CARRIERS = ("dhl", "ups", "dpd")


def order_items(folder: Path, rows: int) -> tuple[Path, ...]:
    """CSV files: *rows* order items of 16 columns, and the orders, shipments and products that they refer to."""
    orders = -(-rows // ITEMS_PER_ORDER)
    return (
        _csv(folder / f"order_items-{rows}.csv", rows, _items),
        _csv(folder / f"orders-of-{rows}-items.csv", orders, _orders),
        _csv(folder / f"products-of-{rows}-items.csv", SKUS, _products),
    )


def good_order_items(folder: Path, rows: int) -> tuple[Path, ...]:
    """The same without the bad ones among the *rows* order items, so that all of them can get in."""
    items, *others = order_items(folder, rows)
    path = items.with_stem(f"{items.stem}-good")
    every = round(1 / BAD_SHARE)
    if not path.exists():
        is_good = pa.array(np.arange(rows) % every != every - 1)
        as_text(items).filter(is_good).to_pandas().to_csv(path, index=False)
    return (path, *others)


def shipments(folder: Path, rows: int) -> tuple[Path, ...]:
    """CSV files: *rows* shipments of 19 columns with e-mails, phones and postcodes, and the orders they belong to."""
    return (
        _csv(folder / f"shipments-{rows}.csv", rows, _shipments),
        _csv(folder / f"orders-of-{rows}-shipments.csv", rows, _orders),
    )


def workbook(path: Path, sheet: str, source: Path) -> Path:
    """The CSV file *source* as a workbook as Excel would write it: numbers and truths typed, zeros by their format."""
    if path.exists():
        return path
    table = as_text(source)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        zeros = book.add_format({"num_format": "00000"})
        target = book.add_worksheet(sheet)
        for at, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
            target.write_string(0, at, name)
            for row, text in enumerate(column.to_pylist(), start=1):
                if name in {"line", "quantity", "weight", "sales_price"} and text.replace(".", "", 1).isdigit():
                    target.write_number(row, at, float(text))
                elif name == "recipient_zip" and text.isdigit():
                    target.write_number(row, at, int(text), zeros)
                elif text:
                    target.write_string(row, at, text)
    return path


def as_text(path: Path) -> pa.Table:
    """All cells of a CSV file as text, read by Arrow."""
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    every = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    with_breaks = pyarrow.csv.ParseOptions(newlines_in_values=True)
    return pyarrow.csv.read_csv(path, parse_options=with_breaks, convert_options=every)


# --- the columns -------------------------------------------------------------------------------------------------


Columns = Callable[[Numbers, np.random.Generator], Mapping[str, pa.Array]]


def _csv(path: Path, rows: int, columns: Columns) -> Path:
    if path.exists():
        return path
    unfinished = path.with_suffix(".part")
    chance = np.random.default_rng(1)
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        for start in range(0, rows, BLOCK):
            numbers = np.arange(start, min(start + BLOCK, rows))
            # By pandas, which quotes as Excel does, only where it must; Arrow would quote every text.
            frame = pa.table(dict(columns(numbers, chance))).to_pandas()
            frame.to_csv(file, index=False, header=start == 0)
    unfinished.rename(path)
    return path


def _items(numbers: Numbers, chance: np.random.Generator) -> Mapping[str, pa.Array]:
    order = numbers // ITEMS_PER_ORDER
    prices = chance.integers(100, 99_999, len(numbers))
    return {
        "order_id": _spoilt(_joined("SO-", order), numbers, 0, "SO-none"),
        "line": _text(numbers % ITEMS_PER_ORDER + 1),
        "sku": _joined("SKU-", chance.integers(0, SKUS, len(numbers))),
        "quantity": _spoilt(_text(np.ones(len(numbers), dtype=np.int64)), numbers, 1, "0"),
        "name": _spoilt(_one_of(ARTICLES, chance, len(numbers)), numbers, 2, ""),
        "description": _one_of(TEXTS, chance, len(numbers)),
        "sales_price": _spoilt(_with_cents(prices), numbers, 3, "soon"),
        "currency": _spoilt(pa.array(("EUR", "SEK", "PLN")).take(pa.array(order % 3)), numbers, 4, "Euroo"),
        "size": _one_of(("S", "M", "L", "XL", "38", "40"), chance, len(numbers)),
        "weight": _with_cents(chance.integers(5, 500, len(numbers))),
        "returnable": _one_of(("TRUE", "FALSE"), chance, len(numbers)),
        "appearance": _one_of(("White", "Blau", ""), chance, len(numbers)),
        "bundle_item": _text(np.zeros(len(numbers), dtype=np.int64), blank=True),
        "shop_product_url": _joined("https://shop.example.com/p/", chance.integers(0, SKUS, len(numbers))),
        "warehouse": _one_of(("Main", "Nord"), chance, len(numbers)),
        "warehouse_address": _one_of(("Lagerstr. 1, 01067 Dresden", "Hafen 2"), chance, len(numbers)),
    }


def _orders(numbers: Numbers, chance: np.random.Generator) -> Mapping[str, pa.Array]:
    return {
        "order_id": _joined("SO-", numbers),
        "order_url": _joined("https://shop.example.com/o/", numbers),
        "order_date": _moments(chance, len(numbers), ORDERED),
        "language": _one_of(("de", "fr", "pl"), chance, len(numbers)),
    }


def _products(numbers: Numbers, chance: np.random.Generator) -> Mapping[str, pa.Array]:
    return {
        "sku": _joined("SKU-", numbers),
        "customs_description": _one_of(ARTICLES, chance, len(numbers)),
    }


def _shipments(numbers: Numbers, chance: np.random.Generator) -> Mapping[str, pa.Array]:
    rows = len(numbers)
    houses = chance.integers(1, 300, rows)
    people = pc.binary_join_element_wise(_joined("person", numbers), "@example.com", "")
    postcodes = pc.utf8_lpad(_text(chance.integers(1067, 99_998, rows)), width=5, padding="0")
    return {
        "order_id": _joined("SO-", numbers),
        "reference_number": _joined("S-", numbers),
        "tracking_code": _joined("0034043", numbers + 10**12),
        "carrier_name": _spoilt(_one_of(CARRIERS, chance, rows), numbers, 0, "carrier pigeon"),
        "carrier_country": _one_of(("DE",), chance, rows),
        "planned_pickup_datetime": _moments(chance, rows, PICKED_UP),
        "warehouse": _one_of(("Main", "Nord"), chance, rows),
        "warehouse_address": _one_of(("Lagerstr. 1, 01067 Dresden", "Hafen 2"), chance, rows),
        "recipient_first_name": _one_of(FIRST_NAMES, chance, rows),
        "recipient_last_name": _spoilt(_one_of(LAST_NAMES, chance, rows), numbers, 1, ""),
        "recipient_email": _spoilt(people, numbers, 2, "nobody"),
        "recipient_address": pc.binary_join_element_wise(_one_of(STREETS, chance, rows), _text(houses), " "),
        "recipient_zip": _spoilt(postcodes, numbers, 3, "1067"),
        "recipient_city": _one_of(CITIES, chance, rows),
        "recipient_country": _spoilt(_one_of(("DE",), chance, rows), numbers, 4, "Deutchland"),
        "recipient_phone": _joined("+49170", chance.integers(10**6, 10**7, rows)),
        "weight": _with_cents(chance.integers(5, 3000, rows)),
        "return_parcel": _one_of(("FALSE",), chance, rows),
        "comment": _one_of(("", "", "ring twice", "beim Nachbarn, bitte"), chance, rows),
    }


# --- what they are made of ---------------------------------------------------------------------------------------

WAYS = 5
"""In which rows are bad."""


def _spoilt(column: pa.Array, numbers: Numbers, way: int, bad: str) -> pa.Array:
    """*column* with *bad* in its share of the rows."""
    every = round(WAYS / BAD_SHARE)
    is_bad = pa.array(numbers % every == way * (every // WAYS) + every // WAYS - 1)
    return pc.if_else(is_bad, bad, column)


def _text(numbers: Numbers, *, blank: bool = False) -> pa.Array:
    return pc.if_else(pa.array([blank] * len(numbers)), "", pa.array(numbers).cast(pa.string()))


def _joined(start: str, numbers: Numbers) -> pa.Array:
    return pc.binary_join_element_wise(start, _text(numbers), "")


def _one_of(words: Sequence[str], chance: np.random.Generator, rows: int) -> pa.Array:
    return pa.array(words).take(pa.array(chance.integers(0, len(words), rows)))


def _with_cents(cents: Numbers) -> pa.Array:
    return pc.binary_join_element_wise(_text(cents // 100), pc.utf8_lpad(_text(cents % 100), 2, "0"), ".")


def _moments(chance: np.random.Generator, rows: int, months: tuple[str, str]) -> pa.Array:
    """Moments between two days, with their offset."""
    first, behind = (int(np.datetime64(day, "s").astype(np.int64)) for day in months)
    seconds = chance.integers(first, behind, rows)
    return pc.strftime(pa.array(seconds.astype("datetime64[s]")), format="%Y-%m-%dT%H:%M:%SZ")
