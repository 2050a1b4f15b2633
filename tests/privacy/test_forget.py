"""`importer forget`: a person goes from the ledger and the reports, everybody else and all counts stay."""

import csv
import json
import re
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from importer import cli
from importer.ledger import Ledger

ANNA = "anna@mail.example"
HEADER = (
    *("order_id", "reference_number", "tracking_code", "carrier_name", "carrier_country", "planned_pickup_datetime"),
    *("warehouse", "warehouse_address", "recipient_first_name", "recipient_last_name", "recipient_email"),
    *("recipient_address", "recipient_zip", "recipient_city", "recipient_country", "recipient_phone", "weight"),
    "Our note",
)
USUAL = {
    "order_id": "SO-1",
    "carrier_name": "dhl",
    "carrier_country": "DE",
    "planned_pickup_datetime": "2026-02-01T16:00:00Z",
    "warehouse": "Main",
    "warehouse_address": "Lagerstr. 1",
    "recipient_zip": "01067",
    "recipient_country": "DE",
    "weight": "0.8",
}
PEOPLE = {
    "S-1": ("Annalisa", "Adler", "Anna@mail.example", "Ahornweg 1", "Aue", "0176 38204615", "met Annalisa in May"),
    "S-2": ("Johanna", "Busch", "joanna@mail.example", "Buchenweg 2", "Bonn", "0176 38204616", "met Johanna in June"),
    "S-3": ("Clara", "Coulomb", "clara@mail.example", "Chausseestr. 3", "Celle", "0176 38204617", ""),
}
PERSONAL = ("recipient_first_name", "recipient_last_name", "recipient_email", "recipient_address")
ANNAS = ("Annalisa", "Adler", "Ahornweg", "Aue", "38204615", "anna@mail", "met Annalisa")
OTHERS = ("Johanna", "Busch", "joanna@mail.example", "Buchenweg", "Bonn", "38204616", "met Johanna")


def lines(*bad: str) -> list[dict[str, str]]:
    """Three people's shipments; those of *bad* weigh "heavy", which the check rejects."""
    rows = []
    for reference, (first, last, email, street, city, phone, note) in PEOPLE.items():
        of_person = {
            "reference_number": reference,
            "tracking_code": f"T{reference}",
            "recipient_first_name": first,
            "recipient_last_name": last,
            "recipient_email": email,
            "recipient_address": street,
            "recipient_city": city,
            "recipient_phone": phone,
            "Our note": note,
        }
        rows.append(USUAL | of_person | ({"weight": "heavy"} if reference in bad else {}))
    return rows


def as_csv(folder: Path, *bad: str) -> Path:
    """A folder with one order and the shipments."""
    folder.mkdir()
    (folder / "orders.csv").write_text("order_id,order_date\nSO-1,2026-01-31T10:00:00Z\n", encoding="utf-8")
    with (folder / "shipments.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, delimiter=";")
        writer.writeheader()
        writer.writerows(lines(*bad))
    return folder


def as_workbook(path: Path, *bad: str) -> Path:
    """The same as a workbook, with a sheet of the shop's own beside it that mentions the people, too."""
    book = Workbook()
    book.remove(book.active)
    orders, shipments, notes = (book.create_sheet(title) for title in ("Orders", "Shipments", "Customers"))
    for line in (["order_id", "order_date"], ["SO-1", "2026-01-31T10:00:00Z"]):
        orders.append(line)
    for line in (HEADER, *([row.get(name, "") for name in HEADER] for row in lines(*bad))):
        shipments.append(line)
    shipments["I2"].comment = Comment("Annalisa rang on Monday", "shop")
    for line in (["Customer", "Since"], ["anna@mail.example", "2019"], ["joanna@mail.example", "2020"]):
        notes.append(line)
    book.save(path)
    return path


@dataclass(frozen=True)
class Said:
    """What a command left on the terminal."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(monkeypatch, capsys, tmp_path, sandbox) -> Callable[..., Said]:
    """Run `importer ARGS` in this process, with the sandbox as the API."""
    settings = {
        "BASE_URL": sandbox.base_url,
        "ACCESS_KEY": sandbox.access_key,
        "ACCOUNT": "test",
        "LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        "API__SETTLE_S": "0",
        "API__TRIES": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"IMPORTER_{name}", value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)

    def run(*args: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["importer", *map(str, args)])
        code = 0
        try:
            cli.main()
        except SystemExit as done:
            code = int(done.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


def content(folder: Path) -> dict[str, str]:
    """Everything that is in the files of a folder, workbooks unpacked, by file."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix == ".xlsx":
            with ZipFile(path) as parts:
                text = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        else:
            text = path.read_text(encoding="utf-8-sig")
        found[path.relative_to(folder).as_posix()] = unescape(text)
    return found


def holding(folder: Path, words: tuple[str, ...]) -> dict[str, list[str]]:
    """Which of *words* are in which file."""
    found = {
        name: [word for word in words if re.search(rf"(?<!\w){re.escape(word)}", text, re.IGNORECASE)]
        for name, text in content(folder).items()
    }
    return {name: words_there for name, words_there in found.items() if words_there}


def table(path: Path, separator: str = ",") -> list[dict[str, str]]:
    """A list of ours."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


# --- reports ------------------------------------------------------------------------------------------------


def test_a_person_goes_from_a_folder_of_lists(command, tmp_path):
    """Her rows are blanked wherever they stand, also notes that do not name her; nobody else's are."""
    assert command("upload", as_csv(tmp_path / "june", "S-1", "S-2"), "--run-id", "r").code == 3
    folder = tmp_path / "reports" / "r"
    before, others = table(folder / "results.csv"), holding(folder, OTHERS)
    assert set(holding(folder, ANNAS)) == {"problems.csv", "rejected/shipments.csv", "shipments.checked.xlsx"}

    said = command("forget", "--email", ANNA)

    assert said.code == 0
    assert holding(folder, ANNAS) == {}
    assert holding(folder, OTHERS) == others
    assert table(folder / "results.csv") == before
    anna, johanna = table(folder / "rejected" / "shipments.csv", ";")
    assert {name: anna[name] for name in ("order_id", "reference_number", "weight", "recipient_country")} == {
        "order_id": "SO-1",
        "reference_number": "S-1",
        "weight": "heavy",
        "recipient_country": "DE",
    }
    assert (anna["import_status"], {anna[name] for name in (*PERSONAL, "Our note", "import_message")}) == (
        "rejected",
        {"[removed]"},
    )
    assert [johanna[name] for name in PERSONAL] == ["Johanna", "Busch", "joanna@mail.example", "Buchenweg 2"]
    # The workbook that was made of the CSV file has a title for its sheet, which the ledger does not know.
    marked = load_workbook(folder / "shipments.checked.xlsx")["Shipments"]
    assert [cell.value for row in marked.iter_rows(min_row=2) for cell in row].count("[removed]") > len(PERSONAL)


def test_what_was_said_of_a_cell_goes_by_its_row(command, tmp_path):
    """A note on her phone, which does not mention her address, is blanked; the same note on others stays."""
    command("upload", as_csv(tmp_path / "june"), "--run-id", "r")
    path = tmp_path / "reports" / "r" / "problems.csv"
    notes = [line for line in table(path) if line["column"] == "recipient_phone"]
    assert [line["value"] for line in notes] == ["0176 38204615", "0176 38204616", "0176 38204617"]

    command("forget", "--email", ANNA)

    after = [line for line in table(path) if line["column"] == "recipient_phone"]
    assert after == [notes[0] | dict.fromkeys(("value", "message", "suggestion"), "[removed]"), *notes[1:]]


def test_a_person_goes_from_marked_workbooks(command, tmp_path):
    """In the marked copy her row, its comments and the list in front lose her; formats, rows and other people stay."""
    book = as_workbook(tmp_path / "june.xlsx", "S-1", "S-2")
    mine = book.read_bytes()
    command("upload", book, "--run-id", "r")
    folder = tmp_path / "reports" / "r"
    assert {"june.checked.xlsx", "rejected/june.xlsx"} <= set(holding(folder, ANNAS))
    others = holding(folder, OTHERS)

    said = command("forget", "--email", ANNA)

    assert holding(folder, ANNAS) == {}
    assert holding(folder, OTHERS) == others
    marked = load_workbook(folder / "june.checked.xlsx")
    shipments = [[cell.value for cell in row] for row in marked["Shipments"].iter_rows(max_col=len(HEADER) + 1)]
    assert [[*row[:2], row[16], row[-1]] for row in shipments[1:]] == [
        ["SO-1", "S-1", "heavy", "rejected"],
        ["SO-1", "S-2", "heavy", "rejected"],
        ["SO-1", "S-3", "0.8", "created"],
    ]
    assert {shipments[1][at] for at in range(8, 12)} == {"[removed]"}
    assert marked["Shipments"]["I2"].comment is None
    assert [[cell.value for cell in row] for row in marked["Customers"]] == [
        ["Customer", "Since"],
        ["[removed]", "2019"],
        ["joanna@mail.example", "2020"],
    ]
    assert book.read_bytes() == mine
    assert f"{book}: your own file mentions the person in 2 rows" in said.out


def test_the_run_still_balances(command, tmp_path):
    """History, figures and one line per row are as before."""
    command("upload", as_csv(tmp_path / "june", "S-1"), "--run-id", "r")
    folder = tmp_path / "reports" / "r"
    history = command("show", "r", "--format", "json").out
    figures = (folder / "summary.json").read_bytes()

    command("forget", "--email", ANNA)

    assert command("show", "r", "--format", "json").out == history
    assert (folder / "summary.json").read_bytes() == figures
    statuses = Counter(line["status"] for line in table(folder / "results.csv"))
    assert statuses == {name: count for name, count in json.loads(figures)["statuses"].items() if count}


def test_what_was_read_back_goes_too(command, tmp_path):
    """verify.csv, which shows both values of a personal cell, loses hers."""
    command("upload", as_csv(tmp_path / "june"), "--run-id", "r")
    path = tmp_path / "reports" / "r" / "verify.csv"
    path.write_text(
        "run,file,sheet,row,entity,key,server_id,verdict,column,cell,written,on_server,message\r\n"
        "r,shipments.csv,,2,shipments,S-1,7,different,recipient_city,N2,Aue,Auerbach,\r\n"
        "r,shipments.csv,,2,shipments,S-1,7,different,weight,Q2,0.8,0.9,\r\n"
        "r,shipments.csv,,3,shipments,S-2,8,different,recipient_city,N3,Bonn,Berlin,\r\n",
        encoding="utf-8-sig",
        newline="",
    )

    command("forget", "--email", ANNA)

    assert [(line["written"], line["on_server"]) for line in table(path)] == [
        ("[removed]", "[removed]"),
        ("0.8", "0.9"),
        ("Bonn", "Berlin"),
    ]


# --- ledger -------------------------------------------------------------------------------------------------


@pytest.fixture
def in_doubt(command, tmp_path, sandbox) -> Path:
    """The shipments were sent, no answer came, and nobody can be asked: the ledger keeps what was sent."""
    sandbox.faults(["POST /shipments:drop_after", "GET /orders:status:status=404", "GET /shipments:status:status=404"])
    command("upload", as_csv(tmp_path / "june"), "--run-id", "r")
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        assert len(ledger.payloads_mentioning("mail.example")) == 3
    return tmp_path / "ledger.sqlite"


def test_a_person_goes_from_the_ledger_and_the_doubt_stays(command, in_doubt):
    """What was kept for settling a doubt goes, to the last byte; the row stays in doubt, and others keep theirs."""
    said = command("forget", "--email", ANNA)

    assert "ledger: content of shipments S-1 of account test, which is in doubt: removed\n" in said.out
    held = b"".join(path.read_bytes() for path in in_doubt.parent.glob("ledger.sqlite*"))
    assert (b"Annalisa" in held, b"Anna@mail.example" in held, b"joanna@mail.example" in held) == (False, False, True)
    with closing(sqlite3.connect(in_doubt)) as connection:
        kept = connection.execute("SELECT key, payload IS NULL FROM intents ORDER BY key").fetchall()
    assert kept == [("S-1", 1), ("S-2", 0), ("S-3", 0)]


def test_a_dry_run_lists_and_changes_nothing(command, in_doubt, tmp_path):
    """--dry-run says the same of ledger and reports, and leaves every byte as it is."""
    folder = tmp_path / "reports"
    before = content(folder)

    said = command("forget", "--email", ANNA, "--dry-run")

    assert said.code == 0
    assert "ledger: content of shipments S-1 of account test, which is in doubt: would be removed\n" in said.out
    assert f"{folder / 'r' / 'problems.csv'}: 1 place would be removed\n" in said.out
    assert content(folder) == before
    assert "removed" in command("forget", "--email", ANNA).out
    assert content(folder) != before


# --- what cannot be done ------------------------------------------------------------------------------------


def test_an_unknown_person_is_told(command, tmp_path):
    """Where there is nothing, it says so; nothing is rewritten."""
    command("upload", as_csv(tmp_path / "june", "S-1"), "--run-id", "r")
    before = content(tmp_path / "reports")

    said = command("forget", "--email", "nobody@mail.example")

    assert (said.code, said.out) == (0, "Nothing of this person is in the ledger or the reports.\n")
    assert content(tmp_path / "reports") == before


def test_a_folder_that_is_gone_is_named(command, tmp_path):
    """A report that was moved cannot be cleaned, so its place is told."""
    command("upload", as_csv(tmp_path / "june", "S-1"), "--run-id", "r")
    folder = (tmp_path / "reports" / "r").rename(tmp_path / "archive")

    said = command("forget", "--email", ANNA)

    assert said.code == 0
    assert f"  {tmp_path / 'reports' / 'r'}: the report folder of run r is no longer there\n" in said.out
    assert holding(folder, ANNAS) != {}


def test_without_the_users_file_the_limit_is_told(command, tmp_path):
    """Where the file that was read is gone, lines about cells cannot all be told apart: that is said, rows still go."""
    command("upload", as_csv(tmp_path / "june", "S-1"), "--run-id", "r")
    shutil.rmtree(tmp_path / "june")

    said = command("forget", "--email", ANNA)

    assert "shipments.csv cannot be read any more as the run has read it" in said.out
    assert "rejected/shipments.csv" not in holding(tmp_path / "reports" / "r", ANNAS)


def test_a_damaged_report_is_named_and_the_others_are_cleaned(command, tmp_path):
    """A file that cannot be rewritten is told as not clean; it stays as it is."""
    command("upload", as_workbook(tmp_path / "june.xlsx", "S-1"), "--run-id", "r")
    folder = tmp_path / "reports" / "r"
    (folder / "june.checked.xlsx").write_bytes(b"anna@mail.example")

    said = command("forget", "--email", ANNA)

    assert f"{folder / 'june.checked.xlsx'}: NOT clean: it could not be rewritten" in said.out
    assert set(holding(folder / "rejected", ANNAS)) == set()
    assert (folder / "june.checked.xlsx").read_bytes() == b"anna@mail.example"


def test_a_run_at_work_is_not_disturbed(command, tmp_path, sandbox):
    """While a run writes its report nothing is removed: exit 7."""
    known = {"base_url": sandbox.base_url, "key_print": "f00d", "named": True}
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with Ledger.open(url) as ledger, ledger.account("test", **known).lease("r", 60):
        said = command("forget", "--email", ANNA)

    assert said.code == 7
    assert said.err.startswith('importer: A run is at work (account "test": r (process ')


def test_no_address_is_wrong_usage(command):
    """A name is no address, and is not searched for."""
    said = command("forget", "--email", "Anna")

    assert (said.code, said.err) == (
        2,
        "importer: An e-mail address is wanted, such as --email name@example.com.\n",
    )
