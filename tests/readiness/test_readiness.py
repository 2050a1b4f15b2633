"""For every order: could its consumer use the returns portal, and if not, which cell would change it?"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.check import check
from importer.model import CheckedSheet, NotReady, Outcome, Problem, Readiness, Severity, Status, Where
from importer.plan import related
from importer.readiness import readiness
from importer.sources import tables
from schemas import entity_named
from schemas.cells import Conventions

Cells = Mapping[str, str]
SHOP = Path(__file__).parents[2] / "examples" / "shop" / "shop.xlsx"

PRODUCT = {"sku": "A"}
PICTURE = {"sku": "A", "image_file": "a.png"}
ORDER = {"order_id": "1", "order_url": "https://shop.example.com", "order_date": "2026-01-31", "language": "de"}
ITEM = {
    "order_id": "1",
    "sku": "A",
    "shipment_reference": "S-1",
    "name": "Hemd",
    "description": "Aus Baumwolle",
    "sales_price": "24.90",
    "currency": "EUR",
    "size": "M",
    "weight": "0.25",
    "returnable": "TRUE",
    "bundle_item": "",
}
SHIPMENT = {
    "order_id": "1",
    "reference_number": "S-1",
    "tracking_code": "T-1",
    "carrier_name": "dhl",
    "carrier_country": "DE",
    "planned_pickup_datetime": "2026-02-01 16:00",
    "warehouse": "Warehouse 1",
    "warehouse_address": "Lagerstr. 1, 10435 Berlin",
    "recipient_first_name": "Erika",
    "recipient_last_name": "Mustermann",
    "recipient_email": "erika@example.com",
    "recipient_address": "Beispielweg 1",
    "recipient_zip": "01067",
    "recipient_city": "Dresden",
    "recipient_country": "DE",
    "weight": "0.8",
}
BOOK: Mapping[str, tuple[Cells, ...]] = {
    "products": (PRODUCT,),
    "product_images": (PICTURE,),
    "orders": (ORDER,),
    "order_items": (ITEM,),
    "shipments": (SHIPMENT,),
}


@pytest.fixture
def read(tmp_path) -> Callable[..., tuple[CheckedSheet, ...]]:
    """Writes the rows of each entity into a sheet of a workbook, and reads and checks it; blank sheets are left out."""

    def run(**rows: tuple[Cells, ...]) -> tuple[CheckedSheet, ...]:
        return _read(tmp_path, BOOK | rows)

    return run


def _read(folder: Path, rows: Mapping[str, tuple[Cells, ...]]) -> tuple[CheckedSheet, ...]:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in rows.items():
        if lines:
            sheet = book.create_sheet(entity_named(name).sheet)
            sheet.append(list(lines[0]))
            for line in lines:
                sheet.append(list(line.values()))
    book.save(folder / "june.xlsx")
    return related([check(table, Conventions()) for table in tables(folder / "june.xlsx")])


def found(result: Readiness) -> tuple[int, int, dict[str, list[tuple[str, str]]]]:
    """Ready, untold, and for every order that is not ready its reasons as cell and code."""
    not_ready = {
        order.order_id: [(f"{one.where.sheet}!{one.where.cell or one.where.row}", one.code) for one in order.reasons]
        for order in result.orders
    }
    return result.ready, result.untold, not_ready


# --- the whole -----------------------------------------------------------------------------------------------


def test_a_complete_order_is_ready(read):
    """With everything there, and all of it fine, the portal is ready."""
    assert readiness(read()) == Readiness(1, 0, ())


def test_a_reason_is_a_note_at_the_cell_that_would_change_it(read):
    """A blank language is told at its cell, by its column, as a note."""
    assert readiness(read(orders=(ORDER | {"language": ""},))) == Readiness(
        0,
        0,
        (
            NotReady(
                "1",
                (
                    Problem(
                        Where("june.xlsx", "Orders", 2, "D"),
                        "portal_language_missing",
                        column="language",
                        severity=Severity.NOTE,
                    ),
                ),
            ),
        ),
    )


def test_the_example_shop_is_ready_but_for_the_order_without_a_parcel():
    """Of the shop's twelve orders, eleven are ready; the twelfth has not been shipped."""
    sheets = related([check(table, Conventions()) for table in tables(SHOP)])

    assert found(readiness(sheets)) == (11, 0, {"NM-1012": [("Orders!A13", "portal_no_shipment")]})


def test_the_templates_example_row_is_no_order(read):
    """The example row of the template is never imported, so it counts nowhere."""
    example = {"order_id": "EXAMPLE-1001", "order_url": "", "order_date": "2026-01-31", "language": ""}

    assert found(readiness(read(orders=(ORDER, example)))) == (1, 0, {})


# --- logs in, gets mail --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ({"orders": (ORDER | {"order_url": ""},)}, ("Orders!B2", "portal_url_missing")),
        ({"orders": (ORDER | {"language": "xx"},)}, ("Orders!D2", "portal_order_lost")),
        (
            {"shipments": (SHIPMENT | {"order_id": "2", "reference_number": "S-2"},)},
            ("Orders!A2", "portal_no_shipment"),
        ),
        ({"shipments": (SHIPMENT | {"recipient_email": "erika@"},)}, ("Shipments!K2", "portal_shipment_lost")),
        ({"shipments": (SHIPMENT | {"recipient_email": ""},)}, ("Shipments!K2", "portal_shipment_lost")),
        ({"order_items": (ITEM | {"order_id": "2"},)}, ("Orders!A2", "portal_no_items")),
    ],
)
def test_what_keeps_the_consumer_out_is_told_once(read, rows, reason):
    """Each thing that is missing for the log-in, for mail or altogether is one reason at one cell."""
    order = next(one for one in readiness(read(**rows)).orders if one.order_id == "1")

    assert [(f"{one.where.sheet}!{one.where.cell}", one.code) for one in order.reasons] == [reason]


def test_a_sheet_without_the_column_is_told_at_the_row(read):
    """Where there is no column to fill, the reason stands at the row."""
    order = {name: cell for name, cell in ORDER.items() if name != "order_url"}

    assert found(readiness(read(orders=(order,)))) == (0, 0, {"1": [("Orders!2", "portal_url_missing")]})


def test_one_e_mail_is_enough(read):
    """A second parcel that does not get in matters only to the items in it."""
    second = SHIPMENT | {"reference_number": "S-2", "tracking_code": "T-2", "recipient_email": "erika@"}

    assert found(readiness(read(shipments=(second, SHIPMENT)))) == (1, 0, {})


# --- sees the items, can choose them -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        ({"order_items": (ITEM | {"name": ""},)}, [("Order Items!D2", "portal_item_lost")]),
        ({"order_items": (ITEM | {"size": ""},)}, [("Order Items!H2", "portal_item_lost")]),
        ({"order_items": (ITEM | {"shipment_reference": ""},)}, [("Order Items!C2", "portal_item_not_linked")]),
        ({"order_items": (ITEM | {"returnable": "no"},)}, [("Order Items!J2", "portal_nothing_returnable")]),
        ({"product_images": (PICTURE | {"sku": "B"},)}, [("Products!A2", "portal_no_picture")]),
        ({"product_images": (PICTURE | {"image_file": ""},)}, [("Product Images!B2", "portal_picture_lost")]),
        ({"products": (PRODUCT, PRODUCT)}, [("Products!A2", "portal_product_lost")]),
    ],
)
def test_what_keeps_an_item_from_being_chosen_is_told(read, rows, reasons):
    """Each thing an item lacks is a reason at the cell that would change it."""
    assert found(readiness(read(**rows))) == (0, 0, {"1": reasons})


def test_two_items_of_one_product_share_the_reason(read):
    """A missing picture is told once, however many items of the order show it."""
    rows = {"order_items": (ITEM, ITEM), "product_images": (PICTURE | {"sku": "B"},)}

    assert found(readiness(read(**rows))) == (0, 0, {"1": [("Products!A2", "portal_no_picture")]})


def test_an_item_that_may_not_come_back_needs_no_parcel(read):
    """Goods kept out of returns on purpose hold nothing up, as long as the rest can be chosen."""
    kept = ITEM | {"returnable": "FALSE", "shipment_reference": ""}

    assert found(readiness(read(order_items=(ITEM, kept)))) == (1, 0, {})


def test_a_bundle_is_returned_together_or_not_at_all(read):
    """An item that cannot come back, or is in no parcel, holds up its whole bundle."""
    bundle = ITEM | {"bundle_item": "B-1"}
    loose, kept = bundle | {"shipment_reference": ""}, bundle | {"returnable": "FALSE"}

    assert found(readiness(read(order_items=(bundle, bundle)))) == (1, 0, {})
    assert found(readiness(read(order_items=(bundle, loose, kept)))) == (
        0,
        0,
        {"1": [("Order Items!C3", "portal_bundle_not_linked"), ("Order Items!J4", "portal_bundle_not_returnable")]},
    )


# --- what cannot be told -------------------------------------------------------------------------------------


@pytest.mark.parametrize("absent", ["products", "product_images", "orders", "order_items", "shipments"])
def test_what_is_not_in_the_files_may_be_on_the_server(read, absent):
    """When a whole sheet is not in these files, nothing is said to be missing; it cannot be told."""
    assert found(readiness(read(**{absent: ()}))) == (0, 1, {})


def test_a_parcel_or_product_from_an_earlier_run_cannot_be_told(read):
    """An item whose parcel or product is not in these files may have it on the server."""
    other = {"order_items": (ITEM | {"shipment_reference": "S-9"},)}

    assert found(readiness(read(**other))) == (0, 1, {})
    assert found(readiness(read(order_items=(ITEM, ITEM | {"sku": "B"})))) == (0, 1, {})


def test_an_order_with_a_reason_is_not_ready_whatever_else_cannot_be_told(read):
    """A known reason outweighs what cannot be told."""
    rows = {"orders": (ORDER | {"language": ""},), "products": (), "product_images": ()}

    assert found(readiness(read(**rows))) == (0, 0, {"1": [("Orders!D2", "portal_language_missing")]})


# --- after an upload -----------------------------------------------------------------------------------------


def test_what_the_server_refused_is_missing_in_the_portal(read):
    """After an upload a refused parcel is missing, at the cell the server named; its waiting item is not told."""
    sheets = read()
    outcomes = [Outcome(row, Status.CREATED) for sheet in sheets for row in sheet.rows]
    (shipment,) = [at for at, one in enumerate(outcomes) if one.row.entity == "shipments"]
    (item,) = [at for at, one in enumerate(outcomes) if one.row.entity == "order_items"]

    def with_problem(at: int, status: Status, code: str, column: str) -> Outcome:
        row = outcomes[at].row
        return replace(outcomes[at], status=status, problems=(Problem(row.cells[column], code, column=column),))

    outcomes[shipment] = with_problem(shipment, Status.REFUSED, "refused", "tracking_code")
    outcomes[item] = with_problem(item, Status.BLOCKED, "blocked", "shipment_reference")

    assert found(readiness(sheets, outcomes)) == (0, 0, {"1": [("Shipments!C2", "portal_shipment_lost")]})


def test_a_row_whose_turn_did_not_come_is_told_at_the_row(read):
    """A run that ended early leaves its order not ready, at the rows that were not sent."""
    sheets = read()
    outcomes = [
        Outcome(row, Status.NOT_SENT if row.entity == "order_items" else Status.CREATED)
        for sheet in sheets
        for row in sheet.rows
    ]

    assert found(readiness(sheets, outcomes)) == (0, 0, {"1": [("Order Items!2", "portal_item_lost")]})


# --- whatever is in the files --------------------------------------------------------------------------------

ANY = {
    "orders": st.fixed_dictionaries({"order_id": st.sampled_from("12"), "language": st.sampled_from(["de", "", "xx"])}),
    "order_items": st.fixed_dictionaries(
        {
            "order_id": st.sampled_from("123"),
            "sku": st.sampled_from("AB"),
            "shipment_reference": st.sampled_from(["S-1", "S-2", ""]),
            "returnable": st.sampled_from(["TRUE", "FALSE", "perhaps"]),
            "bundle_item": st.sampled_from(["", "B"]),
        }
    ),
    "shipments": st.fixed_dictionaries(
        {"order_id": st.sampled_from("124"), "reference_number": st.sampled_from(["S-1", "S-2"])}
    ),
}


@settings(deadline=None, max_examples=25)
@given(st.fixed_dictionaries({name: st.lists(rows, max_size=4) for name, rows in ANY.items()}))
def test_every_order_counts_once(tmp_path_factory, drawn):
    """Whatever the sheets hold, each order number in them is ready, not ready with a reason, or cannot be told."""
    rows = {name: tuple(BOOK[name][0] | cells for cells in drawn[name]) for name in drawn}

    result = readiness(_read(tmp_path_factory.mktemp("any"), BOOK | rows))

    named = {cells["order_id"] for name in drawn for cells in rows[name]}
    assert result.total == len(named)
    assert {order.order_id for order in result.orders} <= named
    assert all(order.reasons for order in result.orders)
