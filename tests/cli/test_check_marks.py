"""`importer check --marked-in FOLDER`: the marked workbook for somebody who only checks."""

import json

import openpyxl
from openpyxl import load_workbook


def workbook(path, *languages):
    """A workbook with an order for each language."""
    book = openpyxl.Workbook()
    book.active.title = "Orders"
    book.active.append(["order_id", "order_date", "language"])
    for number, language in enumerate(languages):
        book.active.append([f"SO-{number}", "2026-01-31", language])
    book.save(path)


def test_check_gives_the_marked_workbook(command, tmp_path):
    """The copy has the bad cell marked and says of each row whether it would be sent; nothing else is made."""
    workbook(tmp_path / "june.xlsx", "de", "xx")

    said = command("check", "june.xlsx", "--marked-in", "marked")

    assert (said.code, said.out.splitlines()[-1]) == (3, "Marked: marked/june.checked.xlsx")
    assert [path.name for path in (tmp_path / "marked").iterdir()] == ["june.checked.xlsx"]
    book = load_workbook(tmp_path / "marked" / "june.checked.xlsx")
    assert [row[3] for row in book["Orders"].values] == ["import_status", "would be sent", "rejected"]
    assert (book["Orders"]["C3"].fill.fgColor.rgb, book["Problems"]["A1"].value) == (
        "FFFFC7CD",
        "1 of 2 rows would be rejected.",
    )


def test_no_marked_workbook_is_overwritten(command, tmp_path):
    """Checked again beside itself, a copy that is being corrected stays, and the new one gets another name."""
    workbook(tmp_path / "june.xlsx", "xx")
    command("check", "june.xlsx", "--marked-in", ".")
    before = (tmp_path / "june.checked.xlsx").read_bytes()

    said = command("check", "june.checked.xlsx", "--marked-in", ".", "--format", "json")

    assert json.loads(said.out)["marked"] == ["june-2.checked.xlsx"]
    assert (tmp_path / "june.checked.xlsx").read_bytes() == before
    assert load_workbook(tmp_path / "june-2.checked.xlsx").sheetnames == ["Problems", "Orders"]


def test_folder_that_cannot_be_written_is_said(command, tmp_path):
    """Where the folder is a file, the check ends with one sentence."""
    workbook(tmp_path / "june.xlsx", "de")
    (tmp_path / "file").write_text("")

    said = command("check", "june.xlsx", "--marked-in", "file/inside")

    assert said.code == 1
    assert "cannot be written" in said.err
    assert "Traceback" not in said.err
