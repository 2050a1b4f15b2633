"""The templates in the other spreadsheet program: LibreOffice opens, keeps and computes what Excel does."""

import csv
import shutil
import subprocess

import pytest
from openpyxl import load_workbook

from importer import templates
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
