"""The sheet of problems in front of a marked workbook; known again, and replaced, when the workbook comes back."""

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from importer.model import OUR_SHEETS
from importer.reports.checked.texts import embolden, make_link, put
from importer.reports.listing import HEADER_ROW, LINKED, WIDTHS, Listing, columns
from importer.reports.marks import BAD, GREY
from importer.speech import LANGUAGES, Speech


def put_in_front(book: Workbook, listing: Listing) -> None:
    """Make the sheet of *listing* the first one, and the one that is seen when the workbook is opened."""
    for sheet in book.worksheets:
        if is_ours(sheet):
            book.remove(sheet)
        # Sheets selected together are edited together.
        sheet.sheet_view.tabSelected = False
    sheet = book.create_sheet(listing.title, 0)
    book.active = 0
    for view in book.views:
        view.firstSheet = 0
    _fill(sheet, listing)


def is_ours(sheet: Worksheet) -> bool:
    """Whether *sheet* is one that was put in front by us."""
    rows = sheet.iter_rows(HEADER_ROW, HEADER_ROW, 1, len(WIDTHS), values_only=True)
    header = next(iter(rows), ())
    return any(
        sheet.title.startswith(OUR_SHEETS[language]) and header == columns(Speech(language)) for language in LANGUAGES
    )


def title_in(path: Path, titles: Iterable[str]) -> str:
    """The title of the sheet in the workbook *path* that is ours; "" = it has none.  *titles* are those of all."""
    likely = [title for title in titles if title.startswith(tuple(OUR_SHEETS.values()))]
    if not likely:
        return ""
    book = load_workbook(path, read_only=True)
    try:
        return next((title for title in likely if is_ours(book[title])), "")
    finally:
        book.close()


def _fill(sheet: Worksheet, listing: Listing) -> None:
    sheet.sheet_properties.tabColor = BAD
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    if listing.lines:
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(WIDTHS))}{HEADER_ROW + len(listing.lines)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = False
    for number, sentence in enumerate(listing.sentences, start=1):
        put(sheet.cell(number, 1), sentence)
    embolden(sheet.cell(1, 1), size=14)
    for column, (title, width) in enumerate(zip(listing.columns, WIDTHS, strict=True), start=1):
        put(sheet.cell(HEADER_ROW, column), title)
        embolden(sheet.cell(HEADER_ROW, column))
        sheet.cell(HEADER_ROW, column).fill = PatternFill("solid", fgColor=f"FF{GREY}")
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, line in enumerate(listing.lines, start=HEADER_ROW + 1):
        for column, text in enumerate(line.cells, start=1):
            put(sheet.cell(row, column), text)
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = line.height
        make_link(sheet.cell(row, LINKED + 1), line.link)
