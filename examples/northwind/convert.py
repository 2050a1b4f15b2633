"""Turns the five CSV files of the Northwind trader into a workbook and a folder of CSV files to import.

    python examples/northwind/convert.py NORTHWIND_FOLDER OUT_FOLDER

Shows how to lead another system's export to our sheets.  What the files do not hold is an assumption, listed among the
constants below and in the README; what they hold is never guessed at: a row with too many cells is passed on as it is.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import xlsxwriter

from schemas import carriers, countries, entity_named
from schemas.languages import ORDER_LANGUAGES

# --- assumptions: what the importer wants and Northwind does not say ----------------------------------------------

CURRENCY = "USD"
KG_PER_PIECE = Decimal("0.5")
RETURNABLE = "TRUE"
WAREHOUSE = "Northwind"
WAREHOUSE_ADDRESS = "Pier 7, 98101 Seattle"
MAIL_DOMAIN = "northwind.example"
CARRIER_ELSEWHERE = "dhl"
"""Asked for where the carrier table has nobody; the importer then says that the country is without carriers."""

LANGUAGE_OF = {
    "Argentina": "es",
    "Austria": "de",
    "Brazil": "pt",
    "Denmark": "da",
    "Finland": "fi",
    "France": "fr",
    "Germany": "de",
    "Ireland": "en",
    "Italy": "it",
    "Mexico": "es",
    "Norway": "no",
    "Poland": "pl",
    "Portugal": "pt",
    "Spain": "es",
    "Sweden": "sv",
    "UK": "en",
    "USA": "en",
    "Venezuela": "es",
}
"""Not Belgium, Canada and Switzerland: people there read one of several languages."""

# --- what is written ----------------------------------------------------------------------------------------------

SHIP_TO = ("shipName", "shipAddress", "shipCity", "shipRegion", "shipPostalCode", "shipCountry")

HEADERS: Mapping[str, tuple[str, ...]] = {
    "products": ("sku", "customs_description", "customs_item_value"),
    "orders": ("order_id", "order_date", "language", "promised_delivery_date"),
    "order_items": tuple(
        "order_id sku quantity shipment_reference name description sales_price currency size weight returnable".split()
    ),
    # The last six are SHIP_TO, cell by cell, so that a row that is too long there can be passed on as it is.
    "shipments": tuple(
        "order_id reference_number tracking_code carrier_name carrier_country planned_pickup_datetime warehouse "
        "warehouse_address weight recipient_first_name recipient_last_name recipient_email recipient_phone "
        "recipient_company_name recipient_address recipient_city recipient_address_details recipient_zip "
        "recipient_country".split()
    ),
}

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a Northwind file."""

    cells: Mapping[str, str]
    """By header; in a line with too many cells only those that must stand left of the surplus one."""
    tail: Cells = ()
    """The rest of such a line, in which nobody knows what belongs where; () = the line is whole."""

    def __getitem__(self, header: str) -> str:
        """The cell under *header*; "" when it is blank or lost in the tail."""
        return self.cells.get(header, "")


def convert(northwind: Path, out: Path) -> None:
    """Read the five files of *northwind* and write `northwind.xlsx` and `csv/` to *out*."""
    sheets = converted(northwind)
    (out / "csv").mkdir(parents=True, exist_ok=True)
    for name, rows in sheets.items():
        _write_csv(out / "csv" / f"{name}.csv", (HEADERS[name], *rows))
    _write_workbook(out / "northwind.xlsx", sheets)


def converted(northwind: Path) -> dict[str, list[Cells]]:
    """The rows of every sheet, in upload order, without headers."""
    # What stands left of the freight is sound in every line: dates and numbers prove that nothing slipped before them.
    # In a customer's line nothing but the number proves its place.
    orders = _records(northwind / "orders.csv", sound="freight")
    customers = {record["customerID"]: record for record in _records(northwind / "customers.csv", sound="customerID")}
    products = {record["productID"]: record for record in _records(northwind / "products.csv")}
    lines = _records(northwind / "order-details.csv")
    shipped = {order["orderID"]: order for order in orders if order["shippedDate"]}
    pieces = Counter[str]()
    for line in lines:
        pieces[line["orderID"]] += int(line["quantity"])
    return {
        "products": [_product(product) for product in products.values()],
        "orders": [_order(order, customers[order["customerID"]]) for order in orders],
        "order_items": [_item(line, products[line["productID"]], shipped.get(line["orderID"])) for line in lines],
        "shipments": [
            _shipment(order, customers[order["customerID"]], pieces[number]) for number, order in shipped.items()
        ],
    }


# --- reading ------------------------------------------------------------------------------------------------------


def _records(path: Path, *, sound: str = "") -> list[Record]:
    """The lines of *path*; in one with too many cells everything up to the column *sound* is taken for granted.

    Raises:
        ValueError: a line has too few cells, or too many where no column is known to be sound.
    """
    with path.open(encoding="utf-8", newline="") as file:
        (_, header), *lines = enumerate(csv.reader(file), start=1)
    return [_record(header, line, sound, f"{path.name}, line {number}") for number, line in lines]


def _record(header: Sequence[str], line: Sequence[str], sound: str, place: str) -> Record:
    cells = tuple("" if cell == "NULL" else cell for cell in line)
    if len(cells) == len(header):
        return Record(dict(zip(header, cells, strict=True)))
    if len(cells) < len(header) or not sound:
        raise ValueError(f"{place}: {len(cells)} cells, the header has {len(header)}")
    first_unknown = header.index(sound) + 1
    return Record(dict(zip(header, cells[:first_unknown], strict=False)), cells[first_unknown:])


# --- one row of each sheet, in the order of HEADERS ---------------------------------------------------------------


def _product(product: Record) -> Cells:
    return _sku(product), product["productName"], product["unitPrice"]


def _order(order: Record, customer: Record) -> Cells:
    language = LANGUAGE_OF.get(customer["country"], "")
    offered = language if language in ORDER_LANGUAGES else ""
    return order["orderID"], order["orderDate"], offered, order["requiredDate"]


def _item(line: Record, product: Record, shipped: Record | None) -> Cells:
    # An item that named a parcel which cannot be imported would have to wait for it.
    parcel = _parcel(shipped) if shipped and _carrier(shipped) else ""
    price = Decimal(line["unitPrice"]) * (1 - Decimal(line["discount"]))
    return (
        line["orderID"],
        _sku(line),
        line["quantity"],
        parcel,
        product["productName"],
        product["quantityPerUnit"],
        str(price.quantize(Decimal("0.01"), ROUND_HALF_UP)),
        CURRENCY,
        product["quantityPerUnit"],
        str(KG_PER_PIECE),
        RETURNABLE,
    )


def _shipment(order: Record, customer: Record, pieces: int) -> Cells:
    first_name, _, last_name = customer["contactName"].rpartition(" ")
    country = countries.meaning(order["shipCountry"]) or ""
    return (
        order["orderID"],
        _parcel(order),
        _parcel(order),
        (_carrier(order) or CARRIER_ELSEWHERE) if country else "",
        country,
        order["shippedDate"],
        WAREHOUSE,
        WAREHOUSE_ADDRESS,
        str(pieces * KG_PER_PIECE),
        first_name,
        last_name,
        f"{order['customerID'].lower()}@{MAIL_DOMAIN}",
        customer["phone"],
        *(order.tail or (order[name] for name in SHIP_TO)),
    )


def _sku(record: Record) -> str:
    return f"NW-{record['productID']}"


def _parcel(order: Record) -> str:
    return f"NW-S-{order['orderID']}"


def _carrier(order: Record) -> str:
    """The first carrier of the country the order goes to; "" where there is none, or no telling which country it is."""
    return next(iter(carriers.carriers_in(countries.meaning(order["shipCountry"]) or "")), "")


# --- writing ------------------------------------------------------------------------------------------------------


def _write_csv(path: Path, rows: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_workbook(path: Path, sheets: Mapping[str, Sequence[Cells]]) -> None:
    """All sheets, every cell as text; a surplus cell stands right of the last header, as in the CSV file."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(entity_named(name).sheet)
            for number, row in enumerate([HEADERS[name], *rows]):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, column, cell)


if __name__ == "__main__":
    if len(sys.argv) != len(("convert.py", "NORTHWIND_FOLDER", "OUT_FOLDER")):
        sys.exit(__doc__)
    try:
        convert(Path(sys.argv[1]), Path(sys.argv[2]))
    except (OSError, ValueError) as trouble:
        sys.exit(str(trouble))
