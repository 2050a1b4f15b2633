"""One shop, written as every kind of file: what is sent does not depend on the program that saved it."""

import json

import one_shop
import pytest

from importer.run.preparation import prepare
from importer.settings import load as load_settings
from schemas import entity_named
from schemas.entity import payload

pytestmark = pytest.mark.slow


def sent(path, **settings):
    """What would be sent for *path*, and as what each row is known, as one text; no row may be rejected."""
    prepared = prepare([path], load_settings(settings, folder=path.parent))
    rows = [row for sheet in prepared.sheets for row in sheet.rows]
    assert [str(problem) for row in rows for problem in row.errors] == []
    return json.dumps(
        sorted((row.entity, row.key, payload(entity_named(row.entity), row.values)) for row in rows),
        ensure_ascii=False,
        indent=1,
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory, libreoffice):
    """The shop in every form that can hold Polish names, by a word for it."""
    folder, rows = tmp_path_factory.mktemp("shop"), one_shop.shop((*one_shop.WESTERN, *one_shop.POLISH))
    typed = one_shop.by_openpyxl(folder / "typed.xlsx", rows)
    return {
        "xlsx by openpyxl": typed,
        "xlsx by XlsxWriter": one_shop.by_xlsxwriter(folder / "written.xlsx", rows),
        "xlsx by LibreOffice": libreoffice(typed, "xlsx:Calc MS Excel 2007 XML"),
        "xls": libreoffice(typed, "xls"),
        "ods": libreoffice(typed, "ods"),
        "TSV in UTF-16": one_shop.as_utf16_tsv(folder / "unicode", rows),
    }


@pytest.mark.parametrize("form", ["xlsx by XlsxWriter", "xlsx by LibreOffice", "xls", "ods"])
def test_payloads_are_the_same_in_every_workbook(files, form):
    """Dates, decimals, codes, zeros, umlauts and yes-or-no give the same bytes to send, whoever saved the file."""
    assert sent(files[form]) == sent(files["xlsx by openpyxl"])


def test_payloads_are_the_same_in_unicode_text(files):
    """So do tab-separated files in UTF-16, with 1,234.56 and 2026-01-31 10:00."""
    assert sent(files["TSV in UTF-16"]) == sent(files["xlsx by openpyxl"])


def test_payloads_are_the_same_as_german_excel_saves_csv(tmp_path):
    """Semicolons, Windows-1252, 1.234,56, 31.01.2026 10:00 and WAHR give the same bytes to send as the workbook."""
    rows = one_shop.shop()
    german = one_shop.as_german_csv(tmp_path / "german", rows)

    assert sent(german) == sent(one_shop.by_openpyxl(tmp_path / "typed.xlsx", rows))


@pytest.mark.parametrize("form", ["xlsx by openpyxl", "xlsx by XlsxWriter", "xlsx by LibreOffice", "xls", "ods"])
def test_settings_for_text_do_not_change_what_a_workbook_holds(files, form):
    """A shop whose CSV has decimal commas and days first gets the same from its workbooks: 1.234 kg stay 1.234."""
    assert sent(files[form], decimal=",", day_first=True) == sent(files[form])
