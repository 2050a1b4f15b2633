"""Each command does what its help says."""

import csv
import json
import subprocess
import sys
from pathlib import Path

from importer.cli import COMMANDS, importer
from importer.ledger import Ledger
from schemas import entity_named


def test_the_demo_imports_the_example_and_says_where_the_report_is(command):
    """`importer demo` needs nothing: all rows are in, exit code 0, and the report exists."""
    said = command("demo")

    assert said.code == 0
    assert "All 82 rows are in." in said.out
    (report,) = [line.removeprefix("Report: ") for line in said.out.splitlines() if line.startswith("Report: ")]
    assert Path(report).read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")


def test_the_second_upload_finds_everything_unchanged(online, examples, sandbox):
    """The same file twice: the second time nothing is sent."""
    online("upload", examples / "shop" / "shop.xlsx")
    before = sandbox.state()

    said = online("upload", examples / "shop" / "shop.xlsx")

    assert said.code == 0
    assert "unchanged" in said.out
    assert "created" not in said.out
    assert sandbox.state() == before


def test_a_new_ledger_knows_order_states_with_a_place_again(online, examples):
    """Without the old ledger, states that are on the server are unchanged, though it does not show their place."""
    online("upload", examples / "shop" / "shop.xlsx")

    online("upload", examples / "shop" / "shop.xlsx", "--ledger", "sqlite:///new.sqlite", "--run-id", "again")

    results = csv.DictReader(Path("reports/again/results.csv").read_text(encoding="utf-8-sig").splitlines())
    assert [one["status"] for one in results if one["entity"] == "order_states"] == ["unchanged"] * 12


def test_runs_and_show_tell_the_history(online, examples):
    """A run is listed with its counts, and shown in full, for people and for machines."""
    online("upload", examples / "shop" / "shop.xlsx", "--run-id", "june")

    (listed,) = json.loads(online("runs", "--format", "json").out)
    shown = online("show", "june")

    assert (listed["run_id"], listed["exit_code"], listed["counts"]["orders"]) == ("june", 0, {"created": 12})
    assert "rows     orders: 12 created" in shown.out
    assert "june" in online("runs").out


def test_a_killed_run_shows_no_figure_that_nobody_knows(online, tmp_path):
    """Of a run that was killed, `show` names the folder with its list, and no number of requests."""
    folder = tmp_path / "reports" / "june"
    folder.mkdir(parents=True)
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        account = ledger.account("test", base_url="http://127.0.0.1/v2", key_print="", named=True)
        account.start_run("june", files=[], version="1", report_dir=str(folder), command="upload")

    shown = online("show", "june", "--ledger", f"sqlite:///{tmp_path / 'ledger.sqlite'}")

    facts = dict(line.split(maxsplit=1) for line in shown.out.splitlines())
    assert set(facts) == {"run", "account", "started", "ended", "exit", "report"}
    assert facts["report"] == str(folder)


def test_check_speaks_json(command, examples):
    """`check --format json` is one document with every problem by cell."""
    said = command("check", examples / "mistakes" / "mistakes.xlsx", "--format", "json")

    document = json.loads(said.out)
    assert said.code == 3
    assert document["rejected"] > 0
    assert {"sheet", "cell", "code", "message", "suggestion"} <= set(document["problems"][0])


def test_check_and_upload_say_for_how_many_orders_the_portal_is_ready(online, examples):
    """Of the shop's twelve orders one has no parcel: said by the check, by the upload and in both JSON documents."""
    shop = examples / "shop" / "shop.xlsx"
    lines = (
        "The returns portal is ready for 11 of 12 orders, not for 1.\n"
        "  1 order: no parcel of this order is in these files, so there is no e-mail to log in with "
        "(shop.xlsx › Orders!A13)\n"
    )

    checked, document = online("check", shop), json.loads(online("check", shop, "--format", "json").out)
    uploaded = online("upload", shop, "--run-id", "june")

    assert lines in checked.out
    assert lines in uploaded.out
    assert document["portal"]["ready"] == 11
    assert json.loads(Path("reports/june/summary.json").read_text(encoding="utf-8"))["portal"] == document["portal"]


def test_a_timezone_that_is_none_is_said(command, examples, monkeypatch):
    """A wrong setting is named before any cell is read."""
    monkeypatch.setenv("IMPORTER_TIMEZONE", "Nowhere")

    said = command("check", examples / "shop" / "shop.xlsx")

    assert (said.code, said.err) == (
        2,
        'importer: There is no timezone "Nowhere"; one like Europe/Berlin is wanted.\n',
    )


def test_carriers_say_where_they_come_from(online):
    """The shipped table is in force until the API's own is fetched; then that one is, and says so."""
    assert "Return Portal Pro page" in online("carriers").out

    assert "GET http://127.0.0.1" in online("carriers", "--refresh").out

    assert "GET http://127.0.0.1" in online("carriers").out


def test_templates_are_written(command):
    """`importer template` writes the workbook and says where it is."""
    said = command("template", "--out", "new")

    assert said.out.splitlines() == ["new/all-in-one.xlsx"]
    assert command("check", "new/all-in-one.xlsx").code == 0


def test_the_overview_says_what_each_command_says():
    """The line of the overview is the first sentence of the command's own help, or shorter."""
    context = importer.make_context("importer", ["--help"], resilient_parsing=True)

    assert all(importer.get_command(context, name).name == name for name in COMMANDS)


def test_help_is_quick_and_imports_nothing_heavy():
    """`python -m importer --help` imports neither pandas nor pandera."""
    code = (
        "import sys; sys.argv = ['importer', '--help']\n"
        "from importer.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'pandera', 'requests', 'sqlalchemy', 'pydantic', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_example_rows_that_were_left_in_count_for_nothing(online, tmp_path):
    """The template's example is not imported, so it is neither a row that is in nor one that the portal waits for."""
    fields = [field for field in entity_named("orders").fields if field.mandatory or field.name == "language"]
    example = ",".join(f'"{field.example}"' for field in fields)
    real = example.replace(f'"{entity_named("orders").field("order_id").example}"', '"SO-77"')
    orders = tmp_path / "orders.csv"
    orders.write_text("\n".join([",".join(field.name for field in fields), example, real, ""]), encoding="utf-8")

    checked, dry, sent = (
        online(*words, orders, "--lang", "en") for words in (["check"], ["upload", "--dry-run"], ["upload"])
    )

    portal = next(line for line in checked.out.splitlines() if "returns portal" in line)
    assert portal in dry.out.splitlines()
    assert "Dry run: nothing was sent. 1 of 1 rows would be sent." in dry.out
    assert "The only row is in." in sent.out
