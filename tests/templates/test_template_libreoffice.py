"""The templates in the other spreadsheet program: LibreOffice opens, keeps and computes what Excel does."""

import csv
import re
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from importer import templates
from importer.templates.sheet import header
from importer.templates.workbook import STAMP, version
from schemas import ENTITIES, carriers, kinds

SOFFICE = shutil.which("soffice")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")]

# Every sheet as a comma-separated file of its own, values as shown.
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.fixture(scope="module")
def convert(tmp_path_factory):
    """LibreOffice without a window: converts a file and gives the folder with what came of it."""
    profile = tmp_path_factory.mktemp("profile")

    def run(path, form):
        folder = tmp_path_factory.mktemp("converted")
        how = (f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form, "--outdir", folder)
        subprocess.run(
            [SOFFICE, *how, path],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return folder

    return run


def rules(path):
    """Per sheet and column: the rule's kind, its formula, how it treats other values, and its prompt."""
    book = load_workbook(path)
    return {
        (sheet.title, str(rule.sqref).partition("2:")[0]): (
            rule.type,
            rule.formula1 if rule.type == "list" else None,
            rule.errorStyle or "stop",
            rule.showErrorMessage,
            (rule.promptTitle, rule.prompt),
        )
        for sheet in book
        for rule in sheet.data_validations.dataValidation
    }


def test_libreoffice_keeps_the_template(all_in_one, convert):
    """Saved by LibreOffice as .ods and that as .xlsx, it has the same sheets, notes, drop-downs, prompts and stamp."""
    (open_document,) = convert(all_in_one, "ods").iterdir()
    (saved,) = convert(open_document, "xlsx:Calc MS Excel 2007 XML").iterdir()
    before, after = load_workbook(all_in_one), load_workbook(saved)

    assert after.sheetnames == before.sheetnames
    assert after["_lists"].sheet_state == "hidden"
    assert rules(saved) == rules(all_in_one)
    assert {prop.name: prop.value for prop in after.custom_doc_props.props} == {STAMP: version()}
    for entity in ENTITIES:
        old, new = before[entity.sheet], after[entity.sheet]
        assert [[cell.value for cell in row] for row in new] == [[cell.value for cell in row] for row in old]
        assert [cell.number_format.replace("\\", "") for cell in new[2]] == [cell.number_format for cell in old[2]]
        assert [cell.comment.text for cell in new[1]] == [cell.comment.text for cell in old[1]]


def lists_in(path):
    """Sheet and column -> what LibreOffice offers there: of a fixed list its words, of another its formula.

    Read from LibreOffice's own file: the rule that each column's second row has, and the cells that its name means.
    """
    with zipfile.ZipFile(path) as parts:
        tree = ET.fromstring(parts.read("content.xml"))  # noqa: S314 - LibreOffice wrote it
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    rules = {
        rule.get(f"{table}name"): rule.get(f"{table}condition", "").removeprefix("of:")
        for rule in tree.iter(f"{table}content-validation")
    }
    ranges = {
        name.get(f"{table}name"): name.get(f"{table}cell-range-address") for name in tree.iter(f"{table}named-range")
    }
    sheets = {sheet.get(f"{table}name"): cells_of(sheet, table) for sheet in tree.iter(f"{table}table")}
    offered = {}
    for title, lines in sheets.items():
        titles, example = lines[0], lines[1] if len(lines) > 1 else []
        for (name, _), (_, rule) in zip(titles, example, strict=False):
            if formula := re.fullmatch(r"cell-content-is-in-list\((.*)\)", rules.get(rule, "")):
                offered[title, name] = resolved(formula[1], ranges, sheets)
    return offered


def cells_of(sheet, table):
    """The text and the rule of every cell in the first rows of a sheet; repeated ones written out."""
    found = []
    for row in list(sheet.iter(f"{table}table-row"))[:400]:
        cells = []
        for cell in row.findall(f"{table}table-cell"):
            text = (
                "".join(cell.find("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p").itertext()) if len(cell) else ""
            )
            count = min(int(cell.get(f"{table}number-columns-repeated", 1)), 60)
            cells += [(text, cell.get(f"{table}content-validation-name"))] * count
        found.append(cells)
    return found


def resolved(formula, ranges, sheets):
    """The words in the range that *formula* names; the formula itself where it is more than a name."""
    place = re.fullmatch(r"\$(\w+)\.\$([A-Z]+)\$(\d+):\.\$([A-Z]+)\$(\d+)", ranges.get(formula, ""))
    if not place:
        return formula
    sheet, letters, first, _, last = place.groups()
    column = column_index_from_string(letters) - 1
    return tuple(sheets[sheet][row][column][0] for row in range(int(first) - 1, int(last)))


def test_dropdowns_offer_the_right_words(all_in_one, convert):
    """In LibreOffice every column with a closed list offers exactly its words, and no other column offers any."""
    (open_document,) = convert(all_in_one, "ods").iterdir()

    offered = lists_in(open_document)

    carrier = offered.pop(("Shipments", "carrier_name *"))
    assert "INDIRECT" in carrier
    assert "list_carrier" in carrier
    assert offered == {
        (entity.sheet, header(field)): field.kind.choices()
        for entity in ENTITIES
        for field in entity.fields
        if field.kind.has_choices and field.name != "carrier_name"
    }


def test_carriers_follow_the_country_when_computed(tmp_path, convert):
    """In each row, the carrier's drop-down offers the carriers of that row's country; of none, all carriers."""
    everyone = kinds.carrier().choices()
    offered = {**carriers.table(), "": everyone, "US": everyone, "de": carriers.carriers_in("DE")}
    rows = [{"order_id": "A", "carrier_country": country} for country in offered]
    path = templates.fill(tmp_path / "shipments.xlsx", {"shipments": rows})
    book = load_workbook(path)
    (rule,) = [rule for rule in book["Shipments"].data_validations.dataValidation if str(rule.sqref).startswith("E2:")]
    probe = book.create_sheet("Probe")
    for number in range(2, len(rows) + 2):
        formula = rule.formula1.replace("$F2", f"Shipments!$F{number}")
        probe[f"A{number}"] = f'=_xlfn.TEXTJOIN(" ",TRUE,{formula})'
    book.save(path)

    (computed,) = convert(path, EVERY_SHEET).glob("*Probe.csv")

    with computed.open(encoding="utf-8", newline="") as file:
        assert [" ".join(line) for line in csv.reader(file)][1:] == [" ".join(names) for names in offered.values()]
