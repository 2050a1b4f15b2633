"""A workbook as a shop keeps it: 500 rows on three sheets, formulas, colours, a filter that hides rows, a chart.

Some cells are wrong.  `MISTAKES` says which, and what belongs there.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

ORDERS, ITEMS, SHIPMENTS = 120, 240, 140
TITLE_ROWS = 2
"""Rows above the header of the shipments: a merged title and a blank one."""

DARK = PatternFill("solid", fgColor="FF1F3864")
GREEN = PatternFill("solid", fgColor="FFE2EFDA")
WHITE = Font(name="Arial", bold=True, color="FFFFFFFF")
THIN = Border(bottom=Side("thin", color="FFBFBFBF"))

Mistake = tuple[str, int, str, object, object]
"""Sheet, number of the record from 0, column, what stands there, and what belongs there."""

MISTAKES: tuple[Mistake, ...] = (
    # Orders without items and shipments, so that nothing has to wait for them.
    *(("Orders", at, "language", "deutsh", "de") for at in (101, 104, 110)),
    *(("Orders", at, "order_date", "31.02.2026", datetime(2026, 2, 28, 9, 0)) for at in (102, 107)),  # noqa: DTZ001
    ("Orders", 113, "order_url", "shop", "https://shop.example.com"),
    *(("Order Items", at, "currency", "EURO€", "EUR") for at in (3, 40, 41, 42, 150)),
    *(("Order Items", at, "size", None, "L") for at in (7, 90, 200)),
    *(("Order Items", at, "returnable", "maybe", True) for at in (13, 222)),
    *(("Order Items", at, "weight", "light", 0.25) for at in (0, 239)),
    *(("Shipments", at, "recipient_email", "erika@", "erika@example.com") for at in (105, 125, 133)),
    *(("Shipments", at, "carrier_name", "dlh", "dhl") for at in (101, 120)),
    *(("Shipments", at, "recipient_zip", None, "10115") for at in (102, 138)),
    *(("Shipments", at, "planned_pickup_datetime", "soon", datetime(2026, 4, 1, 16, 0)) for at in (103, 104)),  # noqa: DTZ001
)


def make(path: Path) -> Path:
    """The workbook, its formulas not calculated yet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    _fill(book.create_sheet("Orders"), [_order(at) for at in range(ORDERS)], "Orders")
    _fill(book.create_sheet("Order Items"), [_item(at) for at in range(ITEMS)], "Order Items")
    _fill(book.create_sheet("Shipments"), [_shipment(at) for at in range(SHIPMENTS)], "Shipments", below=TITLE_ROWS)
    _decorate(book)
    book.save(path)
    return path


def _order(at: int) -> Mapping[str, object]:
    return {
        "order_id": f"{at:05}",
        "order_url": "https://shop.example.com",
        "order_date": datetime(2026, 1, 1, 8, 0) + timedelta(hours=at),  # noqa: DTZ001 - a cell has no zone
        "language": "de",
        "promised_delivery_date": "=C{row}+4",
        "note for us": f'=CONCATENATE(A{{row}}," / ",{at})',
    }


def _item(at: int) -> Mapping[str, object]:
    return {
        "order_id": f"{at % 100:05}",
        "line": str(at // 100 + 1),
        "sku": f"00{at % 17}",
        "name": "Hemd, weiß",
        "description": "100 % Baumwolle",
        "net": 10 + at / 4,
        "sales_price": "=ROUND(F{row}*1.19,2)",
        "currency": "EUR",
        "size": "M",
        "weight": 0.25,
        "returnable": at % 3 > 0,
        "shipment_reference": f"R-{at % 100:04}",
    }


def _shipment(at: int) -> Mapping[str, object]:
    return {
        "order_id": f"{at % 100:05}",
        "reference_number": f"R-{at:04}",
        "tracking_code": f"00340434161094{at:06}",
        "carrier_name": "dhl",
        "carrier_country": "DE",
        "planned_pickup_datetime": datetime(2026, 3, 1, 16, 0) + timedelta(hours=at),  # noqa: DTZ001
        "warehouse": "Lager 1",
        "warehouse_address": "Lagerstr. 1, 10435 Berlin",
        "recipient_first_name": "Jörg",
        "recipient_last_name": "Müller-Lüdenscheidt",
        "recipient_email": "joerg@example.com",
        "recipient_address": "Straße 1",
        "recipient_zip": 1067,
        "recipient_city": "Dresden",
        "recipient_country": "DE",
        "weight": "=ROUND(0.5+ROW()/1000,2)" if at == SHIPMENTS else 0.5 + at / 100,
    }


def _fill(sheet, records, title, below=0):
    mistakes = {(at, column): wrong for name, at, column, wrong, _ in MISTAKES if name == title}
    names = list(records[0])
    for column, name in enumerate(names, start=1):
        cell = sheet.cell(below + 1, column, name)
        cell.font, cell.fill = WHITE, DARK
    for at, record in enumerate(records):
        row = below + 2 + at
        for column, name in enumerate(names, start=1):
            cell = sheet.cell(row, column)
            value = mistakes.get((at, name), record[name])
            cell.value = value.format(row=row) if isinstance(value, str) and value.startswith("=") else value
            cell.border = THIN
            _dress(cell, name, at)


def _dress(cell, name, at):
    if name in {"order_id", "sku", "line", "tracking_code"}:
        cell.number_format = "@"
    if name == "recipient_zip":
        cell.number_format = "00000"
    if name.endswith(("_date", "datetime")):
        cell.number_format = "dd.mm.yyyy hh:mm"
    if name in {"net", "sales_price"}:
        cell.number_format = '#,##0.00 "€"'
        cell.alignment = Alignment(horizontal="right", indent=1)
    if at % 2:
        cell.fill = GREEN


def _decorate(book):
    orders, items, shipments = (book[title] for title in ("Orders", "Order Items", "Shipments"))
    shipments.merge_cells("A1:P1")
    shipments["A1"] = "Sendungen im März"
    shipments["A1"].font = Font(size=16, bold=True)
    shipments["A1"].alignment = Alignment(horizontal="center")
    for sheet in (orders, items):
        sheet.freeze_panes = "B2"
    shipments.freeze_panes = "B4"
    orders.auto_filter.ref = f"A1:F{ORDERS + 1}"
    items.auto_filter.ref = f"A1:L{ITEMS + 1}"
    items.auto_filter.add_filter_column(7, ["EUR"], blank=False)
    for _, at, *_ in (one for one in MISTAKES if one[0] == "Order Items" and one[2] == "currency"):
        items.row_dimensions[at + 2].hidden = True
    for sheet, widths in ((orders, {"A": 11, "C": 18, "B": 31}), (items, {"D": 22, "G": 13}), (shipments, {"H": 40})):
        for letters, width in widths.items():
            sheet.column_dimensions[letters].width = width
    items.row_dimensions[5].height = 33
    items.conditional_formatting.add("G2:G241", CellIsRule("greaterThan", ["60"], font=Font(color="FFC00000")))
    items.conditional_formatting.add(
        "F2:F241", ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="63BE7B")
    )
    choice = DataValidation("list", formula1='"de,en,pl"', allow_blank=True)
    choice.add(f"D2:D{ORDERS + 1}")
    orders.add_data_validation(choice)
    orders["A3"].comment = Comment("ask Erika about this one", "Max")
    items["C5"].comment = Comment("price agreed with Max", "Erika")
    figures = book.create_sheet("Auswertung", 1)
    figures["A1"], figures["B1"] = "Summe", f"=SUM('Order Items'!G2:G{ITEMS + 1})"
    figures["A2"], figures["B2"] = "Mittel", f"=AVERAGE('Order Items'!G2:G{ITEMS + 1})"
    figures["A3"], figures["B3"] = "Stand", date(2026, 3, 1)
    chart = BarChart()
    chart.add_data(Reference(figures, min_col=2, min_row=1, max_row=2))
    figures.add_chart(chart, "D2")
    book.defined_names["netto"] = DefinedName("netto", attr_text="'Order Items'!$F$2:$F$241")
    book.active = 1
