"""One small shop as Python values, and the same shop written as every kind of file that people send.

The values are what the shop means; each writer puts them down the way its program or its country would.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlsxwriter

from schemas import ENTITIES

Cell = str | bool | int | Decimal | date | datetime | None
Rows = Sequence[Mapping[str, Cell]]
Shop = Mapping[str, Rows]
"""Rows by the entity's name."""

SHEET = {entity.name: entity.sheet for entity in ENTITIES}

ZEROS = "00000"
"""The number format under which 1067 shows as 01067."""

# Both are in Windows-1252; the Polish letters besides ó are not.
WESTERN = ("Jörg Größer", "Zoë d’Aubigné", "François Lefèvre", "Ødegård “Bo” Åse", "Müller & Söhne, Köln")
POLISH = ("Łukasz Żółć", "Agnieszka Śliwińska")

POSTCODES = ("01067", "10435", "00970", "99998", "04109")
WEIGHTS = tuple(map(Decimal, ("0.25", "1.234", "12.5", "3", "0.005", "1.5")))
PRICES = tuple(map(Decimal, ("1234.56", "24.9", "0.1", "19", "1000", "7.05", "12345678.9")))
PHONES = ("+49 30 1234567", "+4915223455981", "030/123 45 67", "+48 22 123 45 67", "(030) 1234567")


def shop(names: Sequence[str] = WESTERN, orders: int = 24) -> Shop:
    """Orders, their items and their shipments, with all that spreadsheets like to spoil."""
    first = datetime(2026, 1, 31, 10, 0)  # noqa: DTZ001 - a cell has no zone
    numbers = range(orders)
    return {
        "orders": [
            {
                "order_id": f"{number:06}",
                "order_url": "https://shop.example.com",
                "order_date": first + timedelta(days=number * 3, minutes=number * 17),
                "language": ("de", "pl", "en")[number % 3],
                "promised_delivery_date": date(2026, 6, 1 + number % 28),
                "boarding_complete": (True, False, None)[number % 3],
                "order_tags": "channel=web; season=winter" if number % 2 else None,
            }
            for number in numbers
        ],
        "order_items": [
            {
                "order_id": f"{number // 2:06}",
                "line": str(1 + number % 2),
                "sku": ("0012-A", "4006381333931", "=1+1", "-5", "1E5X", "+49")[number % 6],
                "quantity": (1, 2, None)[number % 3],
                "shipment_reference": f"0{number // 2:04}",
                "name": f"Hemd „Größe {number % 5}“ – weiß; rot",
                "description": ("100 % Baumwolle", "ärmellos\nmit Knöpfen", '12" lang, "slim"')[number % 3],
                "sales_price": PRICES[number % len(PRICES)],
                "currency": "EUR",
                "size": ("M", "42", "XL", "3/4")[number % 4],
                "weight": WEIGHTS[number % len(WEIGHTS)],
                "returnable": number % 5 > 0,
            }
            for number in range(orders * 2)
        ],
        "shipments": [
            {
                "order_id": f"{number:06}",
                "reference_number": f"0{number:04}",
                "tracking_code": f"00340434161094{number:06}",
                "carrier_name": "dhl",
                "carrier_country": "DE",
                "planned_pickup_datetime": first + timedelta(days=number * 3 + 1, hours=2),
                "warehouse": "Lager 1",
                "warehouse_address": "Lagerstr. 1, 10435 Berlin",
                "recipient_first_name": names[number % len(names)],
                "recipient_last_name": "True" if number == 5 else "O’Neill",
                "recipient_email": "erika@example.com",
                "recipient_address": "Straße des 17. Juni 135",
                "recipient_zip": POSTCODES[number % len(POSTCODES)],
                "recipient_city": "Görlitz",
                "recipient_country": "DE",
                "recipient_phone": PHONES[number % len(PHONES)],
                "weight": WEIGHTS[(number + 1) % len(WEIGHTS)],
                "trackable": True,
                "goods_value": PRICES[(number + 2) % len(PRICES)],
                "goods_value_currency": "EUR",
            }
            for number in numbers
        ],
    }


# --- workbooks ----------------------------------------------------------------------------------------------


def by_openpyxl(path: Path, rows: Shop, *, zero_format: bool = True) -> Path:
    """A workbook with cells of the types that Excel has; postcodes are numbers that a format shows with zeros."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in rows.items():
        sheet = book.create_sheet(SHEET[name])
        sheet.append(list(lines[0]))
        for number, line in enumerate(lines, start=2):
            for column, (field, value) in enumerate(line.items(), start=1):
                cell = sheet.cell(number, column)
                if zero_format and field == "recipient_zip":
                    cell.value, cell.number_format = int(value), ZEROS
                    continue
                cell.value = value
                if isinstance(value, str):
                    # openpyxl would take "=1+1" for a formula.
                    cell.data_type, cell.number_format = "s", "@"
                elif isinstance(value, date):
                    cell.number_format = "DD.MM.YYYY HH:MM" if isinstance(value, datetime) else "DD.MM.YYYY"
                elif isinstance(value, Decimal):
                    cell.number_format = '#,##0.00 "€"'
    book.save(path)
    return path


def by_xlsxwriter(path: Path, rows: Shop) -> Path:
    """The same by another program, which writes texts, dates and yes-or-no in other places of the file."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        looks = {kind: book.add_format({"num_format": kind}) for kind in (ZEROS, "@", "dd/mm/yyyy hh:mm", "d mmm yyyy")}
        for name, lines in rows.items():
            sheet = book.add_worksheet(SHEET[name])
            sheet.write_row(0, 0, list(lines[0]))
            for number, line in enumerate(lines, start=1):
                for column, (field, value) in enumerate(line.items()):
                    match value:
                        case None:
                            sheet.write_blank(number, column, None, looks["@"])
                        case str() if field == "recipient_zip":
                            sheet.write_number(number, column, int(value), looks[ZEROS])
                        case str():
                            sheet.write_string(number, column, value, looks["@"])
                        case bool():
                            sheet.write_boolean(number, column, value)
                        case datetime():
                            sheet.write_datetime(number, column, value, looks["dd/mm/yyyy hh:mm"])
                        case date():
                            sheet.write_datetime(number, column, value, looks["d mmm yyyy"])
                        case _:
                            sheet.write_number(number, column, value)
    return path


# --- text ---------------------------------------------------------------------------------------------------


def as_german_csv(folder: Path, rows: Shop) -> Path:
    """A folder of CSV files as German Excel saves them: semicolons, Windows-1252, 1.234,56 and 31.01.2026 10:00."""
    return _as_text(folder, rows, ".csv", ";", "cp1252", _german)


def as_utf16_tsv(folder: Path, rows: Shop) -> Path:
    """A folder of tab-separated files as Excel saves "Unicode Text"; numbers and dates as in the United Kingdom."""
    return _as_text(folder, rows, ".tsv", "\t", "utf-16", _english)


def _as_text(folder, rows, suffix, separator, encoding, word):
    folder.mkdir()
    for name, lines in rows.items():
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=separator)
        writer.writerow(lines[0])
        writer.writerows([word(value) for value in line.values()] for line in lines)
        (folder / f"{name}{suffix}").write_bytes(text.getvalue().encode(encoding))
    return folder


def _german(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "WAHR" if value else "FALSCH"
        case Decimal():
            return f"{value:,f}".translate(str.maketrans(",.", ".,"))
        case datetime():
            return f"{value:%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
    return str(value)


def _english(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case Decimal():
            return f"{value:,f}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%Y-%m-%d}"
    return str(value)
