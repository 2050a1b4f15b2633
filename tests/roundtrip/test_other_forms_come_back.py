"""CSV and .ods with mistakes: got back as a marked workbook, mended there and dropped in again."""

import shutil
from collections import Counter

import one_shop
import pytest
from openpyxl import load_workbook

from schemas import ENTITIES

SHEET = {entity.name: entity.sheet for entity in ENTITIES}
RIGHT = {("order_items", 3, "currency"): "EUR", ("shipments", 22, "carrier_name"): "dhl"}
"""Where mistakes are put in, and what belongs there; nothing waits for these rows."""


@pytest.fixture
def shop():
    """The shop with mistakes; the last orders' items do without their shipments."""
    rows = {name: [dict(line) for line in lines] for name, lines in one_shop.shop().items()}
    for line in rows["order_items"]:
        line["shipment_reference"] = None
    for name, at, column in RIGHT:
        rows[name][at][column] = "wrong"
    return rows


@pytest.fixture
def in_form(tmp_path, shop, request):
    """The shop as CSV of German Excel, or as .ods."""
    if request.param == "csv":
        return one_shop.as_german_csv(tmp_path / "shop", shop)
    libreoffice = request.getfixturevalue("libreoffice")
    return libreoffice(one_shop.by_openpyxl(tmp_path / "shop.xlsx", shop), "ods")


@pytest.fixture
def upload_shop(upload, tmp_path, shop):
    """Import into an account that has the products already."""
    skus = dict.fromkeys(line["sku"] for line in shop["order_items"])
    (tmp_path / "products.csv").write_text("\n".join(["sku", *skus]), encoding="utf-8")
    upload(tmp_path / "products.csv")
    return upload


@pytest.mark.parametrize("in_form", ["csv", pytest.param("ods", marks=pytest.mark.slow)], indirect=True)
def test_marked_workbook_of_another_form_sends_what_is_mended(in_form, upload_shop, tmp_path):
    """As it is, it sends nothing, since every text means what it meant; mended, it sends the two rows."""
    first = upload_shop(in_form)
    count = Counter(outcome.status.value for outcome in first.outcomes)
    assert count == {"created": len(first.outcomes) - 2, "rejected": 2}
    back = tmp_path / "back"
    back.mkdir()
    for path in first.report.glob("*.checked.xlsx"):
        shutil.copy(path, back)

    untouched = upload_shop(back)

    assert untouched.writes == []
    assert Counter(outcome.status.value for outcome in untouched.outcomes) == {
        "unchanged": count["created"],
        "rejected": 2,
    }

    for path in back.iterdir():
        _mend(path)
    mended = upload_shop(back)

    assert Counter(request["path"] for request in mended.writes) == {"/order_items": 1, "/shipments": 1}
    assert Counter(outcome.status.value for outcome in mended.outcomes) == {
        "unchanged": count["created"],
        "created": 2,
    }


def _mend(path):
    book = load_workbook(path)
    for (name, at, column), right in RIGHT.items():
        if SHEET[name] in book.sheetnames:
            sheet = book[SHEET[name]]
            (cell,) = [cell for cell in sheet[at + 2] if sheet.cell(1, cell.column).value == column]
            assert cell.value == "wrong"
            cell.value = right
    book.save(path)
