"""What the account holds, as sheets: read back, corrected, imported again."""

from collections import Counter
from datetime import datetime

import pytest
from openpyxl import load_workbook

from importer import templates
from importer.ledger import Ledger
from importer.run.current import current
from importer.sandbox import SandboxOptions
from importer.settings import load as load_settings
from schemas import ENTITIES, entity_named

SHOP = {
    "products": ["sku | customs_origin_country_iso2", "0012 | DE", "P/2 | "],
    "orders": ["order_id | language | order_tags", "007 | de | a=b; c=d", "SO-2 | | ", "SO / 3 | pl | "],
    "order_states": ["order_id | state", "007 | paid", "SO-2 | cancelled"],
    "order_items": [
        "order_id | line | sku | quantity | shipment_reference | sales_price",
        "SO-2 | | 0012 | | | 19",
        "007 | 1 | 0012 | 3 | R-1 | 24.90",
        "007 | 2 | P/2 | | T-2 | 1234.5",
        "SO-2 | | 0012 | | | 20",
        "SO-2 | | P/2 | | | 0.1",
    ],
    "shipments": [
        "order_id | reference_number | tracking_code | trackable | return_parcel",
        "007 | R-1 | 00340434161094000001 | | FALSE",
        "007 | | T-2 | TRUE | ",
        "SO / 3 | R-3 | T-3 | FALSE | ",
    ],
    "shipment_events": ["shipment_reference | event", "R-1 | Refunded"],
}
DATA = tuple(entity for entity in ENTITIES if entity.name != "product_images")


@pytest.fixture
def settings(tmp_path, sandbox):
    """The settings that `load` imports with."""
    given = {
        "base_url": sandbox.base_url,
        "access_key": sandbox.access_key,
        "account": "test",
        "ledger": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
    }
    return load_settings(given, folder=tmp_path)


def filled(folder, settings, entities=DATA, **more):
    """A workbook with what the account holds of *entities*, and what was found."""
    found = current(settings, entities, **more)
    return templates.fill(folder / "current.xlsx", found.rows, conventions=found.conventions, replace=True), found


def test_sheet_of_what_is_there_sends_nothing(book, load, writes, settings, tmp_path):
    """Whatever was imported comes back row by row, and imported as it is, not one request writes anything."""
    first = load(book(**SHOP))
    before = writes()

    path, found = filled(tmp_path, settings)
    second = load(path)

    assert first.summary.run.exit_code == 0
    assert {name: len(rows) for name, rows in found.rows.items()} == {
        name: len(lines) - 1 for name, lines in SHOP.items()
    }
    assert (found.left_out, dict(found.changed)) == ((), {})
    assert Counter(outcome.status.value for outcome in second.outcomes) == {"unchanged": len(first.outcomes)}
    assert writes() == before


def test_times_are_those_of_the_shops_clock(book, load, writes, settings, tmp_path):
    """Where the clock is New York's, the sheet's times are New York's, and mean what they meant."""
    load(book(orders=["order_id | order_date", "SO-1 | 2026-01-31T23:30:00Z"]), timezone="America/New_York")
    before = writes()

    path, found = filled(tmp_path, settings.model_copy(update={"timezone": "America/New_York"}))
    load(path, timezone="America/New_York")

    assert load_workbook(path)["Orders"]["C2"].value == datetime(2026, 1, 31, 18, 30)  # noqa: DTZ001
    assert (writes(), dict(found.changed)) == (before, {})


def test_corrected_row_is_all_that_is_sent(book, load, writes, settings, tmp_path):
    """One cell corrected is one request; a line's number, its pieces and its shipment stay what they were."""
    load(book(**SHOP))
    before = len(writes())
    found = current(settings, [entity_named("order_items")])
    rows = [dict(row) for row in found.rows["order_items"]]
    (at,) = [at for at, row in enumerate(rows) if row.get("line") == "2"]
    assert (rows[at]["shipment_reference"], str(rows[at]["sales_price"])) == ("T-2", "1234.5")
    assert [row.get("quantity") for row in rows if row.get("line") == "1"] == [3]
    rows[at]["name"] = "Hose"

    load(templates.fill(tmp_path / "items.xlsx", {"order_items": rows}))

    assert [request.split("/")[:2] for request in writes()[before:]] == [["PUT ", "order_items"]]


def test_run_limits_the_rows(book, load, settings, tmp_path):
    """With a run's name there is what that run wrote, and nothing of the others."""
    first = load(book(orders=["order_id", "SO-1", "SO-2"]))
    load(book(orders=["order_id", "SO-3"]))

    found = current(settings, [entity_named("orders")], run_id=first.summary.run.run_id)

    assert [row["order_id"] for row in found.rows["orders"]] == ["SO-1", "SO-2"]


def test_what_cannot_be_shown_is_told(book, load, sandbox, settings, tmp_path):
    """Pictures, records that are gone and look-ups that are off leave rows out, and each says why."""
    load(book(**SHOP))
    given = {"ledger": settings.ledger, "base_url": settings.base_url, "access_key": sandbox.access_key}
    off = load_settings({**given, "account": "test", "api": {"lookups": {"shipments": False}}}, folder=tmp_path)

    found = current(off, [entity_named("product_images"), entity_named("shipments")])
    sandbox.reset(SandboxOptions())
    gone = current(settings, [entity_named("orders")])

    assert found.rows == {"product_images": (), "shipments": ()}
    assert Counter((one.entity, one.reason.code) for one in found.left_out) == {
        ("product_images", "current_no_pictures"): 1,
        ("shipments", "verify_unknown"): 3,
    }
    assert Counter(one.reason.code for one in gone.left_out) == {"current_gone": 3}


def test_equal_line_behind_one_that_is_gone_is_left_out(book, load, settings):
    """Lines told apart by counting: without the first, the second would be taken for it, so it is not in the sheet."""
    load(book(**SHOP))
    with Ledger.open(settings.ledger_url) as ledger:
        account = ledger.account("test", base_url=settings.base_url, key_print=settings.key_print(), named=True)
        account.forget("order_items", "SO-2 / sku=0012 / #1", 1)

    found = current(settings, [entity_named("order_items")])

    assert [(one.key, one.reason.code) for one in found.left_out] == [("SO-2 / sku=0012 / #2", "current_counted")]
    assert len(found.rows["order_items"]) == 3


def test_record_that_others_changed_is_shown_as_it_is(book, load, settings, tmp_path, sandbox):
    """Where somebody else changed a record, the sheet has what the server shows, and says that it will be sent."""
    load(book(orders=["order_id | language", "SO-1 | de"]))
    load(book(orders=["order_id | language", "SO-1 | pl"]), ledger=f"sqlite:///{tmp_path / 'another.sqlite'}")

    found = current(settings, [entity_named("orders")])

    assert (found.rows["orders"][0]["language"], dict(found.changed)) == ("pl", {"orders": 1})
