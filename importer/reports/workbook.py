"""Copied rows as a workbook: text cells only, bad cells coloured and commented, status and message at the right.

Used for the rejected rows, and for marking where the user's own workbook cannot be copied with its formats.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from importer.model import OUR_COLUMNS, Where, column_letters
from importer.reports.copies import Copy, problems_by_cell
from importer.reports.listing import HEADER_ROW, LINKED, WIDTHS, Line, Listing, link_to
from importer.reports.marks import AUTHOR, BAD, MOST_COMMENTS, comment
from importer.safe_text import is_formula
from importer.speech import Speech

AS_TEXT = {"num_format": "@"}
# Excel shows a text cell that begins with "=" as text, but would run it once somebody edits the cell; not so with this.
KEPT_AS_TEXT = {"quote_prefix": True}
# Nothing is guessed from a text: no numbers, links or formulas.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
FIRST_ROW = 2
"""Number of the first row under the header."""
WIDTH, MESSAGE_WIDTH = 18, 80


def write(path: Path, copies: Iterable[Copy], speech: Speech, listing: Listing | None = None) -> None:
    """Write *copies* to *path*, one sheet each; before them the sheet of *listing*, if there is one."""
    with Workbook(str(path), OPTIONS) as book:
        formats = _Formats(book)
        if listing:
            _write_listing(book, formats, listing)
        comments_left = MOST_COMMENTS
        for copy in copies:
            sheet = book.add_worksheet(copy.source.where.sheet)
            comments_left -= _write_copy(sheet, formats, copy, comments_left, speech)


def links_into(copies: Iterable[Copy]) -> Callable[[Where], str]:
    """Where a place of the user's file stands in the workbook of *copies*, as a link; "" where it does not."""
    rows: dict[tuple[str, int | None], int] = {}
    columns: dict[tuple[str, str], str] = {}
    for copy in copies:
        sheet = copy.source.where.sheet
        rows |= {(sheet, row.result.number): number for number, row in enumerate(copy.rows, start=FIRST_ROW)}
        columns |= {(sheet, column_letters(at)): column_letters(to) for to, at in enumerate(copy.positions)}

    def link(where: Where) -> str:
        row = rows.get((where.sheet, where.row))
        return link_to(where.sheet, f"{columns.get((where.sheet, where.column), 'A')}{row}") if row else ""

    return link


class _Formats:
    """The formats of a workbook, by what they are for."""

    def __init__(self, book: Workbook) -> None:
        self.bold = book.add_format({"bold": True, **AS_TEXT})
        self.big = book.add_format({"bold": True, "font_size": 14})
        self.text = book.add_format(AS_TEXT)
        self._cells = {
            (bad, kept): book.add_format(
                AS_TEXT | ({"bg_color": f"#{BAD}"} if bad else {}) | (KEPT_AS_TEXT if kept else {})
            )
            for bad in (True, False)
            for kept in (True, False)
        }

    def cell(self, text: str, *, bad: bool = False) -> Format:
        """The format of a cell that holds *text*."""
        return self._cells[bad, is_formula(text)]


def _write_listing(book: Workbook, formats: _Formats, listing: Listing) -> None:
    sheet = book.add_worksheet(listing.title)
    sheet.set_tab_color(f"#{BAD}")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    for row, sentence in enumerate(listing.sentences):
        sheet.write_string(row, 0, sentence, formats.big if row == 0 else None)
    for column, title in enumerate(listing.columns):
        sheet.write_string(HEADER_ROW - 1, column, title, formats.bold)
    sheet.freeze_panes(HEADER_ROW, 0)
    for row, line in enumerate(listing.lines, start=HEADER_ROW):
        _write_line(sheet, row, line, formats)


def _write_line(sheet: Worksheet, row: int, line: Line, formats: _Formats) -> None:
    for column, text in enumerate(line.cells):
        if column == LINKED and line.link:
            sheet.write_url(row, column, f"internal:{line.link}", string=text)
        elif text:
            sheet.write_string(row, column, text, formats.cell(text))


def _write_copy(sheet: Worksheet, formats: _Formats, copy: Copy, most_comments: int, speech: Speech) -> int:
    """Fill *sheet*; gives back how many comments were written."""
    width = len(copy.header)
    sheet.set_column(0, width, WIDTH, formats.text)
    sheet.set_column(width + 1, width + 1, MESSAGE_WIDTH, formats.text)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(width)}{len(copy.rows) + 1}"})
    for column, text in enumerate((*copy.header, *OUR_COLUMNS)):
        if text:
            sheet.write_string(0, column, text, formats.bold)
    letters = [column_letters(position) for position in copy.positions]
    comments = 0
    for number, row in enumerate(copy.rows, start=FIRST_ROW - 1):
        by_cell = problems_by_cell(row.result)
        for column, text in enumerate((*row.cells, row.result.status, row.message(speech))):
            found = by_cell.get(letters[column], ()) if column < width else ()
            if text or found:
                is_bad = bool(found) or (column == width and row.result.needs_you)
                sheet.write_string(number, column, text, formats.cell(text, bad=is_bad))
            if found and comments < most_comments:
                told = "\n".join(speech.advice(problem) for problem in found)
                sheet.write_comment(number, column, comment(told), {"author": AUTHOR})
                comments += 1
    return comments
