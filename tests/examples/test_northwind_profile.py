"""The raw files of the Northwind trader, led to our sheets by a profile alone: the same rows as the script makes."""

import csv
import shutil
from pathlib import Path

import convert
import pytest

from importer.run.preparation import prepare
from importer.run.upload import Upload
from importer.settings import load as load_settings

ASSUMED_OTHERWISE = {"weight"}
"""The script adds up the pieces of a parcel; a profile cannot, and says 5 kg of every parcel."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Settings of nobody in particular."""
    folder = tmp_path_factory.mktemp("settings")
    return load_settings({"ledger": f"sqlite:///{folder / 'ledger.sqlite'}"}, folder=folder)


@pytest.fixture(scope="module")
def profile():
    """The profile of the example."""
    return Path(convert.__file__).with_name("northwind.toml")


@pytest.fixture(scope="module")
def raw(northwind, profile, settings):
    """The raw files, checked."""
    return prepare([northwind], settings, mapping=profile)


@pytest.fixture(scope="module")
def converted(northwind, settings, tmp_path_factory):
    """What the script makes of them, checked."""
    out = tmp_path_factory.mktemp("converted")
    convert.convert(northwind, out)
    return prepare([out / "csv"], settings)


def test_every_row_is_read_and_those_with_too_many_cells_are_rejected(raw):
    """Nothing is lost: 77 products, 830 orders, 2,155 lines, and a parcel of every order that may have been shipped."""
    counted = {sheet.entity.name: (len(sheet.rows), sum(row.is_rejected for row in sheet.rows)) for sheet in raw.sheets}

    # Of the 176 rows with too many cells three were not shipped; but who can tell, where cells may have slipped?
    assert counted == {
        "products": (77, 0),
        "orders": (830, 176),
        "order_items": (2155, 0),
        "shipments": (809 + 3, 437 + 3),
    }


def test_rows_are_those_that_the_script_makes(raw, converted):
    """Each row that both lead to our sheets has the same key and the same values, but for the weight of a parcel."""
    ours, theirs = good_rows(raw), good_rows(converted)
    both = ours.keys() & theirs.keys()
    differing = {
        (entity, key, name)
        for entity, key in both
        for name in ours[entity, key].keys() | theirs[entity, key].keys()
        if ours[entity, key].get(name) != theirs[entity, key].get(name)
    }

    assert ours.keys() - theirs.keys() == set()
    assert len(both) == 77 + 654 + 2155 + 372
    assert {(entity, name) for entity, _, name in differing} == {("shipments", name) for name in ASSUMED_OTHERWISE}


def test_problems_point_to_the_raw_file(raw):
    """A mistake is told at the cell of the file that the user has, not of one that he never saw."""
    shipments = next(sheet for sheet in raw.sheets if sheet.entity.name == "shipments")
    places = {row.where.row: {str(one.where) for one in row.errors} for row in shipments.rows}
    cells = {str(shipments.rows[0].cells[name]) for name in ("recipient_address", "recipient_zip", "carrier_name")}

    assert cells == {"orders.csv!J2", "orders.csv!M2", "orders.csv!N2"}
    # Dublin or Cork: no postcode, and no carrier in Ireland.
    assert places[52] == {"orders.csv!M52", "orders.csv!N52"}
    # One cell too many: told as a row.
    assert places[5] == {"orders.csv!row 5"}


def test_a_slice_of_the_raw_files_is_uploaded(northwind, profile, sandbox, tmp_path):
    """Orders, lines and parcels of raw files arrive linked, and what is rejected comes back as raw rows."""
    slice_of(northwind, tmp_path / "raw", {"10248", "10249", "10250", "10251", "10260"})
    settings = load_settings(
        {
            "base_url": sandbox.base_url,
            "access_key": sandbox.access_key,
            "account": "northwind",
            "ledger": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
            "report_dir": tmp_path / "reports",
        },
        folder=tmp_path,
    )
    upload = Upload(prepare([tmp_path / "raw"], settings, mapping=profile), settings)

    outcomes = tuple(upload.outcomes())

    statuses = {(one.row.entity, one.row.where.row): one.status.value for one in outcomes}
    assert {row: status for (entity, row), status in statuses.items() if entity == "shipments"} == {
        2: "created",
        3: "created",
        4: "rejected",
        5: "rejected",
        6: "created",
    }
    assert {one["reference_number"] for one in sandbox.state()["shipments"]} == {
        "NW-S-10248",
        "NW-S-10249",
        "NW-S-10260",
    }
    assert all(item["shipment_id"] for item in sandbox.state()["order_items"])
    # A row with too many cells was to feed two sheets; it comes back once, with the trader's own columns.
    with (upload.folder / "rejected" / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    raw_header = (northwind / "orders.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert header == [*raw_header, "import_status", "import_message"]
    assert [row[0] for row in rows] == ["10250", "10251"]


def good_rows(prepared):
    """Entity and key -> values, of the rows that would be sent."""
    return {(row.entity, row.key): row.values for sheet in prepared.sheets for row in sheet.rows if not row.is_rejected}


def slice_of(northwind, folder, orders):
    """The raw files cut down to *orders*."""
    shutil.copytree(northwind, folder)
    for name in ("orders.csv", "order-details.csv"):
        header, *lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.partition(",")[0] in orders]
        (folder / name).write_text("".join([header, *kept]), encoding="utf-8")
