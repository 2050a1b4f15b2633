"""A workbook of another system, uploaded with a profile: it comes back as it was, marked, and can be mended."""

import openpyxl
import pytest

from importer.run.preparation import prepare
from importer.run.upload import Upload
from importer.settings import load as load_settings

PROFILE = """
[sheets.orders]
file = "june.xlsx"
sheet = "Tabelle1"

[sheets.orders.columns]
order_id = "Auftrag"
order_date = "vom"

[sheets.shipments]
file = "june.xlsx"
sheet = "Tabelle1"

[sheets.shipments.columns]
order_id = "Auftrag"
reference_number = "S-{Auftrag}"
tracking_code = "S-{Auftrag}"
carrier_name = { column = "Versand", otherwise = "error", values = { "DHL Paket" = "dhl" } }
carrier_country = { text = "DE" }
planned_pickup_datetime = "vom"
warehouse = { text = "Main" }
warehouse_address = { text = "Lagerstr. 1, Berlin" }
recipient_first_name = { column = "Kunde", take = "first word" }
recipient_last_name = { column = "Kunde", take = "last word" }
recipient_email = "Mail"
recipient_address = { join = ["Straße", "Nr"] }
recipient_zip = "PLZ"
recipient_city = "Ort"
recipient_country = { text = "DE" }
weight = { text = "1" }
"""

HEADER = ("Notiz", "Auftrag", "vom", "Versand", "Kunde", "Mail", "Straße", "Nr", "PLZ", "Ort")
GOOD = ("x", "A-1", "2026-01-31", "DHL Paket", "Erika Muster", "erika@example.com", "Weg", "5", "01067", "Dresden")
BAD = ("y", "A-2", "2026-01-31", "Brieftaube", "Max Muster", "max@example.com", "Weg", "6", "01067", "Dresden")


@pytest.fixture
def upload(tmp_path, sandbox):
    """Upload a workbook with the profile; gives the finished run."""
    (tmp_path / "shop.toml").write_text(PROFILE, encoding="utf-8")
    settings = load_settings(
        {
            "base_url": sandbox.base_url,
            "access_key": sandbox.access_key,
            "account": "test",
            "ledger": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
            "report_dir": tmp_path / "reports",
        },
        folder=tmp_path,
    )

    def run(path):
        one = Upload(prepare([path], settings, mapping=tmp_path / "shop.toml"), settings)
        return one, tuple(one.outcomes())

    return run


def test_the_workbook_comes_back_marked_and_is_taken_again(tmp_path, upload, sandbox):
    """A row that fed two sheets has one status, the worse one; mended and dropped in again, only that is sent."""
    book = openpyxl.Workbook()
    book.active.title = "Tabelle1"
    for row in (HEADER, GOOD, BAD):
        book.active.append(row)
    book.save(tmp_path / "june.xlsx")

    first, _ = upload(tmp_path / "june.xlsx")

    checked = first.folder / "june.checked.xlsx"
    marked = openpyxl.load_workbook(checked)
    sheet = marked["Tabelle1"]
    assert [tuple(cell.value for cell in row)[:10] for row in sheet.iter_rows()] == [HEADER, GOOD, BAD]
    assert [cell.value for cell in sheet["K"]] == ["import_status", "created", "rejected"]
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["D3"]

    sheet["D3"] = "DHL Paket"
    marked.save(checked)
    _, outcomes = upload(checked)

    assert {(one.row.entity, one.row.where.row): one.status.value for one in outcomes} == {
        ("orders", 2): "unchanged",
        ("orders", 3): "unchanged",
        ("shipments", 2): "unchanged",
        ("shipments", 3): "created",
    }
    assert sorted(one["reference_number"] for one in sandbox.state()["shipments"]) == ["S-A-1", "S-A-2"]
