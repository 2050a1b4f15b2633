"""Damaged cells from the command line: told, repaired where asked, corrected as a person has confirmed."""

import csv
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

PRODUCTS = """\
sku,customs_description
RED-01,Hemd
BLU-02,MÃ¼tze
TEE-11,Hose
1-Mar,Schal
4.01235E+12,Rock
"""
ORIGINS = """\
sku,customs_origin_country_iso2
A-1,Deutchland
A-2,Deutchland
A-3,FR
"""

MARCH = datetime(2026, 3, 1)  # noqa: DTZ001 - as a workbook has it


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two CSV files with damage."""
    place = tmp_path / "drop"
    place.mkdir()
    (place / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    (place / "products-origins.csv").write_text(ORIGINS, encoding="utf-8")
    return place


def confirmed(path: Path) -> None:
    """Take the mark away from every line of a correction profile that proposes something."""
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.replace('# "', '"', 1) for line in lines), encoding="utf-8")


def told(report: Path, *codes: str) -> list[tuple[str, str, str, str]]:
    """What problems.csv of a run says under some codes: cell, severity, value and message."""
    with (report / "problems.csv").open(encoding="utf-8-sig") as file:
        return [
            (line["cell"], line["severity"], line["value"], line["message"])
            for line in csv.DictReader(file)
            if line["code"] in codes
        ]


def test_check_tells_damage_and_what_was_meant(command, folder):
    """Every damaged cell is an error at its place, and one line says how many could be repaired."""
    said = command("check", folder / "products.csv")

    assert said.code == 3
    assert said.out.splitlines()[2:] == [
        (
            'products.csv!B3: customs_description "MÃ¼tze": the letters are garbled; '
            "the text was read in a wrong character encoding (did you mean Mütze?)"
        ),
        (
            'products.csv!A5: sku "1-Mar": a program seems to have made a date of this; '
            "format the column as Text and enter it again (did you mean MAR-01?)"
        ),
        (
            'products.csv!A6: sku "4.01235E+12": Excel has shortened this number and digits are lost; '
            "format the column as Text and enter it again"
        ),
        "",
        "3 of 5 rows would be rejected.",
        "For 2 damaged cells a repair is proposed; --repair makes them.",
    ]


def test_check_repairs_when_asked_and_lists_every_repair(command, folder):
    """With --repair only what cannot be repaired is an error; each repair is a note with what it was read as."""
    said = command("check", folder / "products.csv", "--repair", "--format", "json")

    found = json.loads(said.out)
    problems = [(one["cell"], one["severity"], one["code"], one["value"], one["message"]) for one in found["problems"]]
    assert (said.code, found["rejected"]) == (3, 1)
    assert problems == [
        ("B3", "note", "repaired", "MÃ¼tze", "this was damaged and is read as Mütze"),
        ("A5", "note", "repaired", "1-Mar", "this was damaged and is read as MAR-01"),
        (
            *("A6", "error", "code_damaged", "4.01235E+12"),
            "Excel has shortened this number and digits are lost; format the column as Text and enter it again",
        ),
    ]


def test_upload_sends_what_was_repaired(online, sandbox, folder):
    """The server gets the repaired texts; the rejected rows are given back as they stand in the file."""
    said = online("upload", folder / "products.csv", "--repair", "--run-id", "one")

    assert said.code == 3
    assert "2 damaged cells were repaired." in said.out.splitlines()
    assert sorted((one["sku"], one["customs_description"]) for one in sandbox.state()["products"]) == [
        ("BLU-02", "Mütze"),
        ("MAR-01", "Schal"),
        ("RED-01", "Hemd"),
        ("TEE-11", "Hose"),
    ]
    assert told(Path("reports/one"), "repaired") == [
        ("B3", "note", "MÃ¼tze", "this was damaged and is read as Mütze"),
        ("A5", "note", "1-Mar", "this was damaged and is read as MAR-01"),
    ]
    (back,) = Path("reports/one/rejected").iterdir()
    assert [line[:2] for line in csv.reader(back.read_text(encoding="utf-8-sig").splitlines())] == [
        ["sku", "customs_description"],
        ["4.01235E+12", "Rock"],
    ]


def test_a_workbook_that_is_repaired_keeps_its_cells(online, sandbox, tmp_path):
    """A date in a column of codes is sent as the code; the marked workbook still shows what stands in the user's."""
    book = openpyxl.Workbook()
    book.active.title = "Products"
    for row in (["sku"], ["RED-01"], ["BLU-02"], [MARCH], ["TEE-03"]):
        book.active.append(row)
    book.save(tmp_path / "june.xlsx")

    said = online("upload", "june.xlsx", "--repair", "--run-id", "one")

    assert said.code == 0
    assert sorted(one["sku"] for one in sandbox.state()["products"]) == ["BLU-02", "MAR-01", "RED-01", "TEE-03"]
    marked = openpyxl.load_workbook(tmp_path / "reports/one/june.checked.xlsx")["Products"]
    assert marked["A4"].value == MARCH
    assert told(Path("reports/one"), "repaired") == [
        ("A4", "note", "2026-03-01", "this was damaged and is read as MAR-01")
    ]


def test_corrections_that_a_person_confirmed_are_made_the_next_night(online, sandbox, folder, tmp_path):
    """The first night proposes; a person takes the marks away; the next night, told by the settings, goes through."""
    first = online("upload", folder / "products-origins.csv", "--save-fixes", "fixes.toml", "--run-id", "one")
    unconfirmed = online("check", folder / "products-origins.csv", "--fixes", "fixes.toml")
    confirmed(tmp_path / "fixes.toml")
    (tmp_path / "importer.toml").write_text('fixes = "fixes.toml"\n', encoding="utf-8")
    second = online("upload", folder / "products-origins.csv", "--run-id", "two")

    assert (first.code, unconfirmed.code, second.code) == (3, 3, 0)
    assert first.err.splitlines()[0] == (
        "1 correction is proposed in fixes.toml; look at it, and take the # away if it is right."
    )
    assert (tmp_path / "fixes.toml").read_text(encoding="utf-8").splitlines()[-1] == (
        '"Deutchland" = "DE"   # 2 rows, first products-origins.csv!B2'
    )
    assert "2 cells were read as the correction profile says." in second.out.splitlines()
    assert sorted((one["sku"], one["customs_origin_country_iso2"]) for one in sandbox.state()["products"]) == [
        ("A-1", "DE"),
        ("A-2", "DE"),
        ("A-3", "FR"),
    ]
    assert told(tmp_path / "reports/two", "fixed") == [
        ("B2", "note", "Deutchland", "read as DE, as fixes.toml says"),
        ("B3", "note", "Deutchland", "read as DE, as fixes.toml says"),
    ]


def test_a_code_that_only_looks_damaged_can_be_called_right(command, folder, tmp_path):
    """Read as itself, it is no longer seen as damaged."""
    (tmp_path / "fixes.toml").write_text('[fixes.products.sku]\n"1-Mar" = "1-Mar"\n', encoding="utf-8")

    said = command("check", folder / "products.csv", "--fixes", "fixes.toml")

    assert "1-Mar" not in said.out


def test_another_systems_file_is_corrected_behind_its_profile(command, tmp_path):
    """Corrections and repairs speak of our columns and are told at the cells of the user's file."""
    (tmp_path / "export.csv").write_text("Nummer;Sprache;Datum\n7;Dt;2026-01-31\n8;Dt;2026-01-31\n", encoding="utf-8")
    (tmp_path / "shop.toml").write_text(
        '[sheets.orders]\nfile = "export.csv"\n'
        'columns = { language = "Sprache", order_id = "Nummer", order_date = "Datum" }\n',
        encoding="utf-8",
    )
    (tmp_path / "fixes.toml").write_text('[fixes.orders.language]\n"Dt" = "de"\n', encoding="utf-8")

    said = command("check", "export.csv", "--mapping", "shop.toml", "--fixes", "fixes.toml", "--format", "json")

    assert (said.code, [(one["cell"], one["code"], one["value"]) for one in json.loads(said.out)["problems"]]) == (
        0,
        [("B2", "fixed", "Dt"), ("B3", "fixed", "Dt")],
    )


def test_a_slip_in_the_profile_is_wrong_usage(command, folder, tmp_path):
    """The command ends with exit code 2 and one sentence."""
    (tmp_path / "fixes.toml").write_text('[fixes.products.sku_]\n"1" = "2"\n', encoding="utf-8")

    assert command("check", folder, "--fixes", "fixes.toml") == (
        2,
        "",
        "importer: fixes.toml › fixes.products.sku_: this is not known here. Did you mean sku?\n",
    )
