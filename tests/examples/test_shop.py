"""The demo's shop: what is committed is what the script makes, and it is the good example it is meant to be."""

import make_shop
import pandas as pd
import pytest
from PIL import Image, ImageChops

from schemas import ENTITIES
from schemas.cells import Conventions
from schemas.frames import FrameCheck

PICTURES = sorted((make_shop.SHOP / "images").iterdir())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The shop, freshly made."""
    folder = tmp_path_factory.mktemp("shop")
    make_shop.make(folder)
    return folder


def test_the_committed_workbook_is_the_one_that_is_made(examples, made, cells):
    """Whoever changes the sources of the shop and forgets the workbook, or the other way round, is told."""
    assert cells(examples / "shop" / "shop.xlsx") == cells(made / "shop.xlsx")


def test_the_committed_folder_holds_what_is_made_and_nothing_else(examples, made):
    """The folder goes into every installation, so nothing gets in by accident."""

    def files(folder):
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    assert files(examples / "shop") == files(made)


def test_the_committed_counts_are_those_that_are_made(examples, made):
    """The list of what an import must count follows the shop."""
    name = "expected-counts.csv"

    assert (examples / "shop" / name).read_text() == (made / name).read_text()


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_the_pictures_are_what_the_portal_wants(path, made):
    """Every picture is a square JPEG or PNG of 800 pixels, small on disk, and looks as it is drawn."""
    picture, drawn = Image.open(path), Image.open(made / "images" / path.name)

    assert picture.format == {".png": "PNG", ".jpg": "JPEG"}[path.suffix]
    assert picture.size == (800, 800)
    assert path.stat().st_size < 20_000
    # Releases of Pillow round differently, and JPEG loses a little each time.
    difference = ImageChops.difference(picture.convert("RGB"), drawn.convert("RGB"))
    assert max(high for _, high in difference.getextrema()) <= 8


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_every_cell_of_the_shop_is_understood_as_it_stands(entity):
    """The good example needs no correction: no error, and not even a note."""
    rows = [{name: _text(value) for name, value in row.items()} for row in make_shop.rows()[entity.name]]
    frame = pd.DataFrame(rows, columns=list(entity.names), dtype=str).fillna("")
    check = FrameCheck(entity, Conventions())

    failures = [(failure.row, failure.field, failure.error.code) for failure in check.failures(frame)]
    notes = [note for row in rows for name, text in row.items() if (note := check.reading(name, text).note)]

    hints = [(hint.row, hint.field, hint.error.code) for hint in check.hints(frame)]

    assert (failures, notes, hints) == ([], [], [])


def test_every_reference_of_the_shop_leads_to_a_row():
    """Items, parcels, states, pictures and events all belong to something in the same workbook."""
    shop = make_shop.rows()
    lost = [
        (entity.name, field.name, row[field.name])
        for entity in ENTITIES
        for field in entity.references
        for row in shop[entity.name]
        if field.name in row
        and row[field.name]
        not in {parent.get(name) for parent in shop[field.reference.entity] for name in field.reference.fields}
    ]

    assert lost == []


def test_what_looks_like_a_number_but_is_none_is_text(examples, cells):
    """Postcodes keep their zeros and tracking codes all their digits, as the template's columns have it."""
    shop = cells(examples / "shop" / "shop.xlsx")

    assert (shop["Products"]["A9"], shop["Shipments"]["Q2"]) == ("000417", "01067")
    assert shop["Shipments"]["D2"] == "00340434161094042557"


def test_the_shop_shows_what_there_is_to_show():
    """Several countries, languages and currencies; split orders; bundles, lines, quantities; an unshipped order."""
    shop = make_shop.rows()
    items, parcels = shop["order_items"], shop["shipments"]

    assert {row["recipient_country"] for row in parcels} >= {"DE", "FR", "AT", "PL", "NL"}
    assert {row["language"] for row in shop["orders"]} >= {"de", "fr", "pl", "en"}
    assert len({row["currency"] for row in items}) >= 3
    assert len({row["order_id"] for row in parcels}) < len(parcels)
    assert {row.get("quantity") for row in items} >= {None, 2, 3}
    assert any("bundle_item" in row for row in items)
    assert any("line" in row for row in items)
    assert {row["order_id"] for row in shop["orders"]} - {row["order_id"] for row in parcels}


def _text(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
