"""The conversion of the trader's files: nothing lost, nothing guessed.

What is expected is read from the trader's files afresh, with plain csv code.
"""

import csv
import re
from collections import Counter
from datetime import datetime
from fractions import Fraction

import convert
import openpyxl
import pytest

from schemas import carriers, countries, entity_named

# Headers of the trader's files, by position, so that this test reads them in its own way.
ORDER, CUSTOMER, REQUIRED, SHIPPED, FREIGHT, SHIP_NAME, SHIP_COUNTRY, ORDER_CELLS = 0, 1, 4, 5, 7, 8, 13, 14
SHEETS = ("products", "orders", "order_items", "shipments")


@pytest.fixture(scope="module")
def orders(northwind):
    """The lines of orders.csv, as cells."""
    return _lines(northwind / "orders.csv")[1:]


@pytest.fixture(scope="module")
def details(northwind):
    """The lines of order-details.csv, as cells."""
    return _lines(northwind / "order-details.csv")[1:]


@pytest.fixture(scope="module")
def out(northwind, tmp_path_factory):
    """The converted files."""
    folder = tmp_path_factory.mktemp("northwind")
    convert.convert(northwind, folder)
    return folder


@pytest.fixture(scope="module")
def sheets(out):
    """Entity -> its CSV file as lines of cells, with the header."""
    return {name: _lines(out / "csv" / f"{name}.csv") for name in SHEETS}


def test_every_product_order_and_line_is_there_once(sheets, northwind, orders, details):
    """77 products, 830 orders and 2,155 lines are handed over, each with its own number."""
    products = _lines(northwind / "products.csv")[1:]

    assert [row[0] for row in sheets["products"][1:]] == [f"NW-{product[0]}" for product in products]
    assert [row[0] for row in sheets["orders"][1:]] == [order[ORDER] for order in orders]
    assert [tuple(row[:3]) for row in sheets["order_items"][1:]] == [
        (order, f"NW-{product}", quantity) for order, product, _, quantity, _ in details
    ]
    assert (len(products), len(orders), len(details)) == (77, 830, 2155)


def test_dates_of_orders_stay_as_they_are(sheets, orders):
    """Nothing is made of a date but what stands there."""
    assert [(row[1], row[3]) for row in sheets["orders"][1:]] == [(order[3], order[REQUIRED]) for order in orders]


def test_prices_are_exact_to_the_cent(sheets, details):
    """The price of a line is the unit price less the discount, rounded once, half a cent up."""
    column = sheets["order_items"][0].index("sales_price")

    for row, (_, _, price, _, discount) in zip(sheets["order_items"][1:], details, strict=True):
        cents = int(Fraction(price) * (1 - Fraction(discount)) * 100 + Fraction(1, 2))
        assert row[column] == f"{cents // 100}.{cents % 100:02}"


def test_what_is_taken_from_a_line_that_is_too_long_is_sound(orders):
    """In all 176 such lines the dates and numbers stand where the header wants them, up to the freight."""
    long = [order for order in orders if len(order) > ORDER_CELLS]

    for order in long:
        assert order[ORDER].isdigit()
        assert re.fullmatch("[A-Z]{5}", order[CUSTOMER])
        assert all(text == "NULL" or datetime.fromisoformat(text) for text in order[3:6])
        assert order[6] in {"1", "2", "3"}
        assert Fraction(order[FREIGHT]) > 0
    assert len(long) == 176


def test_a_line_that_is_too_long_is_passed_on_as_it_is(sheets, orders):
    """The surplus cells of an address reach the sheet in their order; nobody decides which of them belong together."""
    header, *rows = sheets["shipments"]
    start = header.index("recipient_company_name")
    passed_on = {row[0]: row[start:] for row in rows if len(row) != len(header)}

    assert passed_on == {
        order[ORDER]: ["" if cell == "NULL" else cell for cell in order[SHIP_NAME:]]
        for order in orders
        if len(order) > ORDER_CELLS and order[SHIPPED] != "NULL"
    }


def test_nothing_of_a_customer_is_used_whose_line_is_too_long(sheets, northwind, orders):
    """Neither a name nor a telephone number is taken from a line in which the cells may have slipped."""
    long = {cells[0] for cells in _lines(northwind / "customers.csv") if len(cells) > 11}
    customers = {order[ORDER]: order[CUSTOMER] for order in orders}
    header, *rows = sheets["shipments"]
    taken = [header.index(name) for name in ("recipient_first_name", "recipient_last_name", "recipient_phone")]

    assert {row[0] for row in rows if not any(row[at] for at in taken)} == {
        order[ORDER] for order in orders if order[CUSTOMER] in long and order[SHIPPED] != "NULL"
    }
    assert {customers[row[0]] for row in sheets["orders"][1:] if row[2]}.isdisjoint(long)


def test_a_line_names_its_parcel_where_the_parcel_can_be_imported(sheets):
    """No line has to wait for a parcel that the importer must reject."""
    header, *rows = sheets["shipments"]
    country = header.index("carrier_country")
    served = {row[0]: f"NW-S-{row[0]}" for row in rows if len(row) == len(header) and row[country] in carriers.table()}

    assert [(row[0], row[3]) for row in sheets["order_items"][1:]] == [
        (row[0], served.get(row[0], "")) for row in sheets["order_items"][1:]
    ]


def test_the_workbook_holds_the_same_rows(out, sheets):
    """Workbook and CSV folder are two forms of the same thing, the cells that are too many included."""
    book = openpyxl.load_workbook(out / "northwind.xlsx", read_only=True)

    for name in SHEETS:
        rows = book[entity_named(name).sheet].iter_rows(values_only=True)
        assert [_trimmed(row) for row in rows] == [_trimmed(row) for row in sheets[name]]


def test_the_readme_tells_what_to_expect(examples, sheets, orders, details):
    """The numbers in the README are those of the files."""
    text = (examples / "northwind" / "README.md").read_text(encoding="utf-8")
    shipped = [order for order in orders if order[SHIPPED] != "NULL"]
    whole = [order for order in shipped if len(order) == ORDER_CELLS]
    served = [order for order in whole if countries.meaning(order[SHIP_COUNTRY]) in carriers.table()]
    elsewhere = Counter(order[SHIP_COUNTRY] for order in whole if order not in served)

    assert re.findall(r"^\| (\w[\w ]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]*) ?\|$", text, re.MULTILINE) == [
        ("Products", "77", "77", ""),
        ("Orders", "830", "830", ""),
        ("Order Items", "2,155", "2,155", ""),
        ("Shipments", f"{len(shipped)}", f"{len(served)}", f"{len(shipped) - len(served)}"),
    ]
    assert f"{sum(int(line[3]) for line in details):,} items" in text
    assert f"{len(shipped) - len(whole)} are rows with too many\ncells and {elsewhere.total()} go" in text
    assert ", ".join(f"{country} {number}" for country, number in sorted(elsewhere.items())) in " ".join(text.split())


def test_a_line_with_too_few_cells_stops_the_conversion(northwind, tmp_path):
    """A broken file is reported with its line instead of being half converted."""
    for path in northwind.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "products.csv").open("a", encoding="utf-8") as file:
        file.write("78,Too short\n")

    with pytest.raises(ValueError, match=r"products\.csv, line 79: 2 cells, the header has 10"):
        convert.convert(tmp_path, tmp_path / "out")


def _lines(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _trimmed(row):
    cells = [cell or "" for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
