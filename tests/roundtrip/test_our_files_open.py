"""Every workbook that we write: within Excel's limits, and opened by LibreOffice as it is."""

import one_shop
import pytest
from openpyxl import load_workbook

from importer import templates
from importer.reports import rejected
from importer.reports.folder import mark
from importer.reports.matched import before_sending
from importer.run.preparation import prepare
from importer.settings import load as load_settings

MISTAKES = {
    ("orders", 3, "language"): "xx",
    ("order_items", 5, "weight"): "heavy",
    ("shipments", 0, "recipient_zip"): None,
}
KINDS = ["template", "Vorlage", "filled template", "marked workbook", "new marked workbook", "rejected rows"]

MOST_LETTERS, MOST_IN_LIST, MOST_IN_PROMPT, MOST_IN_CELL = 31, 255, 255, 32_767
MOST_IN_PROMPT_TITLE = 32


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """One of each kind of workbook, by a word for it."""
    folder = tmp_path_factory.mktemp("ours")
    rows = {name: [dict(line) for line in lines] for name, lines in one_shop.shop().items()}
    (english,) = templates.write(folder / "en", style="xlsx")
    (german,) = templates.write(folder / "de", style="xlsx", language="de")
    texts = {
        name: [{key: str(value) for key, value in line.items() if value} for line in lines]
        for name, lines in rows.items()
    }
    filled = templates.fill(folder / "filled.xlsx", texts)
    for (name, at, column), wrong in MISTAKES.items():
        rows[name][at][column] = wrong
    settings = load_settings({"decimal": ","}, folder=folder)
    book = prepare([one_shop.by_openpyxl(folder / "june.xlsx", rows, zero_format=False)], settings)
    lists = prepare([one_shop.as_german_csv(folder / "german", rows)], settings)
    (marked,) = mark(folder / "marked", book.sheets, book.files, "1 row.")
    made = mark(folder / "new", lists.sheets, lists.files, "1 row.")
    (back,) = rejected.write(folder / "rejected", before_sending(book.sheets))
    return dict(zip(KINDS, (english, german, filled, marked, made[0], back), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_limits_of_excel_are_kept(ours, kind):
    """Titles, drop-down lists, prompts and texts are no longer than Excel takes before it calls a file damaged."""
    book = load_workbook(ours[kind])

    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    texts = [cell.value for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)]
    assert max(len(title) for title in book.sheetnames) <= MOST_LETTERS
    assert [rule.formula1 for rule in rules if len(rule.formula1 or "") > MOST_IN_LIST] == []
    assert [rule.prompt for rule in rules if len(rule.prompt or "") > MOST_IN_PROMPT] == []
    assert [rule.error for rule in rules if len(rule.error or "") > MOST_IN_PROMPT] == []
    titles = [title for rule in rules for title in (rule.promptTitle, rule.errorTitle) if title]
    assert [title for title in titles if len(title) > MOST_IN_PROMPT_TITLE] == []
    assert max(map(len, texts)) <= MOST_IN_CELL


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_reads_what_we_wrote(ours, kind, libreoffice):
    """Opened and saved by LibreOffice, every sheet has the same cells, comments, links and rules."""
    # LibreOffice turns TRUE in a cell of text format into =TRUE(), hence the values.
    before = load_workbook(ours[kind], data_only=True)
    after = load_workbook(libreoffice(ours[kind], "xlsx:Calc MS Excel 2007 XML"), data_only=True)

    assert after.sheetnames == before.sheetnames
    for sheet in before:
        assert cells(after[sheet.title]) == cells(sheet)
        assert len(after[sheet.title].data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
        # What is frozen cannot be compared: without a window, LibreOffice saves no view.
        # It calls A1:F1048576 A:F.
        assert filtered(after[sheet.title]) == filtered(sheet)
    assert after.active.title == before.active.title


def filtered(sheet):
    """First and last column with an arrow; None without any."""
    ref = sheet.auto_filter.ref
    return ref and [place.rstrip("0123456789") for place in ref.split(":")]


def cells(sheet):
    """What stands in the cells of *sheet* and beside them."""
    return {
        cell.coordinate: (cell.value, cell.comment and cell.comment.text, cell.hyperlink and cell.hyperlink.location)
        for row in sheet
        for cell in row
        if cell.value not in {None, ""} or cell.comment
    }
