"""Bad input gets one clear sentence and the contract's exit code, never a traceback."""

import json
import os
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook


def workbook(path: Path, **sheets: list[list[str]]) -> Path:
    """A workbook with the given sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def one_sentence(said) -> str:
    """What stderr says, which is a line or two and no traceback."""
    assert "Traceback" not in said.err + said.out
    assert len(said.err.strip().splitlines()) <= 4
    return said.err


@pytest.mark.parametrize("name", ["check", "upload"])
def test_a_missing_file_is_named(online, name):
    """A file that is not there stops everything with exit code 1."""
    said = online(name, "nowhere.xlsx")

    assert said.code == 1
    assert "nowhere.xlsx" in one_sentence(said)


def test_a_pdf_named_xlsx_is_recognised(command):
    """A PDF with the name of a workbook is told by its content."""
    Path("letter.xlsx").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    said = command("check", "letter.xlsx")

    assert said.code == 1
    assert "PDF" in one_sentence(said)


def test_an_empty_workbook_is_told(command):
    """A workbook without a single filled cell is refused in a sentence."""
    said = command("check", workbook(Path("empty.xlsx"), Orders=[]))

    assert said.code == 1
    assert "no sheet has a filled cell" in one_sentence(said)


def test_a_workbook_of_somebody_else_is_told(command):
    """A workbook without a sheet of ours is refused, and the names wanted are given."""
    said = command("check", workbook(Path("budget.xlsx"), Budget=[["a", "b"], ["1", "2"]]))

    assert said.code == 1
    assert "Products, Product Images, Orders" in one_sentence(said)


def test_a_header_without_rows_is_nothing_to_do(command):
    """A sheet that only has its header is fine: there is nothing to do."""
    said = command("check", workbook(Path("orders.xlsx"), Orders=[["order_id", "order_date"]]))

    assert said.code == 0
    assert "nothing to do" in said.out


def test_a_missing_mandatory_column_is_one_problem(command):
    """A missing mandatory column is told once, at the header, and keeps the sheet's rows out."""
    said = command("check", workbook(Path("orders.xlsx"), Orders=[["order_id"], ["SO-1"], ["SO-2"]]))

    assert said.code == 3
    assert said.out.count("mandatory column order_date is missing") == 1
    assert "2 of 2 rows would be rejected" in said.out


def test_two_columns_of_one_name_are_told(command):
    """Two columns of one name are told at the second, since nobody can say which is meant."""
    rows = [["order_id", "order_date", "Order-ID"], ["SO-1", "2026-01-31", "SO-2"]]
    said = command("check", workbook(Path("orders.xlsx"), Orders=rows))

    assert said.code == 3
    assert "orders.xlsx › Orders!C1" in said.out


def test_a_wrong_key_ends_the_run_with_every_row_accounted_for(online, monkeypatch, examples, sandbox):
    """A wrong access key is exit code 5; nothing was sent, and every row says so."""
    monkeypatch.setenv("IMPORTER_ACCESS_KEY", "wrong")

    said = online("upload", examples / "shop" / "shop.xlsx")

    assert said.code == 5
    assert "access key" in said.out
    assert "wrong" not in said.out + said.err
    assert sandbox.state()["orders"] == []


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["upload", "x.xlsx", "--wrokers", "3"], "--workers"),
        (["uplaod", "x.xlsx"], "upload"),
        (["upload", "x.xlsx", "--workers", "0"], "workers"),
        (["upload"], "FILE"),
        (["upload", "x.xlsx"], "IMPORTER_BASE_URL"),
        (["upload", "x.xlsx", "--base-url", "http://127.0.0.1:9/v2"], "IMPORTER_ACCESS_KEY"),
        (["check", "x.xlsx", "--profile", "nowhere"], "nowhere"),
        (["show", "nowhere"], "importer runs"),
        (["upload", ""], "blank"),
        (["upload", "x.xlsx", "--run-id", "../../elsewhere"], "letters, digits"),
    ],
)
def test_wrong_usage_is_exit_code_2(command, args, hint):
    """Wrong usage or settings is exit code 2, and says what to do."""
    said = command(*args)

    assert said.code == 2
    assert hint in one_sentence(said)


def test_an_unreachable_api_is_exit_code_5(command, monkeypatch, examples):
    """Where nobody answers, the run ends with exit code 5 and a balanced report."""
    monkeypatch.setenv("IMPORTER_ACCESS_KEY", "key")
    monkeypatch.setenv("IMPORTER_API__TRIES", "1")

    said = command("upload", examples / "shop" / "shop.xlsx", "--base-url", "http://127.0.0.1:9/v2")

    assert said.code == 5
    assert "0 of 82 rows are in. 82 had no turn yet." in said.out


def test_csv_on_standard_input_needs_to_be_named(command):
    """CSV on standard input says nothing about itself, so --entity is asked for."""
    said = command("check", "-")

    assert said.code == 2
    assert "--entity" in one_sentence(said)


def test_a_slip_in_the_key_locks_nobody_out(online, monkeypatch, examples, sandbox):
    """After a run with a mistyped key, the right key is taken, by the same ledger."""
    monkeypatch.delenv("IMPORTER_ACCOUNT")
    monkeypatch.setenv("IMPORTER_ACCESS_KEY", "mistyped")
    online("upload", examples / "shop" / "shop.xlsx")
    monkeypatch.setenv("IMPORTER_ACCESS_KEY", sandbox.access_key)

    assert online("upload", examples / "shop" / "shop.xlsx").code == 0

    monkeypatch.setenv("IMPORTER_ACCESS_KEY", "mistyped again")
    said = online("upload", examples / "shop" / "shop.xlsx")
    assert (said.code, "look for a slip in it" in said.err) == (2, True)


def test_a_dry_run_remembers_no_key(online, monkeypatch, examples):
    """A dry run leaves nothing behind in the ledger: another key is afterwards judged by the API, not by us."""
    monkeypatch.delenv("IMPORTER_ACCOUNT")
    assert online("upload", examples / "shop" / "shop.xlsx", "--dry-run").code == 0

    monkeypatch.setenv("IMPORTER_ACCESS_KEY", "mistyped")
    assert online("upload", examples / "shop" / "shop.xlsx").code == 5


def test_json_logs_tell_how_it_ended(command):
    """With --log-format json the last word is a JSON line, too, with the time in UTC."""
    said = command("check", "nowhere.xlsx", "--log-format", "json")

    (line,) = said.err.splitlines()
    document = json.loads(line)
    assert (said.code, document["levelname"], "nowhere.xlsx" in document["message"]) == (1, "ERROR", True)
    assert document["timestamp"].endswith("+00:00")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_name_that_is_no_unicode_is_no_trouble(online):
    """A name in bytes that mean nothing is read, sent and reported."""
    path = Path(os.fsdecode(b"products-\xff.csv"))
    path.write_text("sku\nA\n", encoding="utf-8")

    said = online("upload", path)

    assert said.code == 0
    assert "The only row is in." in said.out


def test_a_huge_cell_is_read(command):
    """A cell longer than the CSV library's own limit is a long cell, not a missing quotation mark."""
    Path("products.csv").write_text("sku,customs_description\nA," + "x" * 140_000 + "\n", encoding="utf-8")

    assert command("check", "products.csv").code == 0


@pytest.mark.parametrize("most", ["x%", "-1", "5 %", "2.5"])
def test_what_max_errors_may_be_is_said_in_words(online, examples, most):
    """A slip in --max-errors is told with what is wanted, not with a pattern."""
    said = online("upload", examples / "shop" / "shop.xlsx", "--max-errors", most)

    wanted = "a whole number of rows is wanted, such as 20, or a share of all, such as 5%"
    assert (said.code, said.err) == (2, f"importer: The setting max_errors is not right: {wanted}.\n")
