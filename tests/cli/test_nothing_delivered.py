"""A folder into which nothing was delivered: a nightly job has nothing to do, which is no error."""

import json

import pytest

from importer.run.preparation import OF_THE_SYSTEM

ORDERS = "order_id,order_date\nSO-1,2026-01-31T10:00:00Z\n"


@pytest.fixture
def drop(tmp_path):
    """An empty folder, but for a folder in it and what systems put there."""
    drop = tmp_path / "drop"
    (drop / "done").mkdir(parents=True)
    (drop / "done" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    for name in (".DS_Store", ".gitkeep", *OF_THE_SYSTEM):
        (drop / name).write_bytes(b"")
    return drop


def test_an_upload_of_nothing_is_no_error(online, drop, tmp_path):
    """The upload says that the folder is empty, leaves its report for the monitor, and ends with 0."""
    said = online("upload", "drop", "--run-id", "night")

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "drop: there are no files in this folder.",
        "There is nothing to send.",
        "",
        "There was nothing to do: no rows were found.",
        "Report: reports/night/report.html",
        "Nothing is left to do.",
    ]
    figures = json.loads((tmp_path / "reports" / "night" / "summary.json").read_text(encoding="utf-8"))
    assert (figures["exit_code"], figures["sheets"]) == (0, [])


def test_a_check_of_nothing_is_no_error(command, drop):
    """The check says so, too, also with a profile for another system's files."""
    profile = drop / "done" / "shop.toml"
    profile.write_text('[sheets.orders]\nfile = "shop-*.csv"\ncolumns = { order_id = "Nr" }\n', encoding="utf-8")
    plain, mapped = command("check", "drop"), command("check", "drop", "--mapping", profile)

    assert plain.code == 0
    assert plain.out.splitlines() == [
        "drop: there are no files in this folder.",
        "",
        "No rows were found, so there is nothing to do.",
    ]
    assert mapped == plain


def test_what_lies_elsewhere_is_read(command, drop, tmp_path):
    """Of two folders the one with files is read."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "orders.csv").write_text(ORDERS, encoding="utf-8")

    said = command("check", "drop", "other")

    assert said.code == 0
    assert said.out.splitlines()[0] == "drop: there are no files in this folder."
    assert "The only row is fine." in said.out


@pytest.mark.parametrize("name", ["orders.csv.part", "orders.xslx", "label.pdf"])
def test_files_that_nobody_reads_are_an_error(command, drop, name):
    """Where something was delivered that is not read, nobody shall think that all is well."""
    (drop / name).write_bytes(b"x")

    assert command("check", "drop").code == 1
