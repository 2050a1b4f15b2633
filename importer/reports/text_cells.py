"""Texts into the cells of a new workbook, letter by letter, whatever they look like.

Nothing is ever cut: what a cell cannot hold is written as an error, so that it is not taken for the text later on.
"""

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from importer.reports.limits import fits
from importer.reports.marks import BAD, GREY
from importer.safe_text import is_formula

AS_TEXT = {"num_format": "@", "valign": "top"}
# Excel shows a text cell that begins with "=" as text, but would run it once somebody edits the cell; not so with this.
KEPT_AS_TEXT = {"quote_prefix": True}
HEADER = {"bold": True, "bg_color": f"#{GREY}"}
WRAPPED = {"text_wrap": True}


class Formats:
    """The formats of a workbook, by what they are for."""

    def __init__(self, book: Workbook) -> None:
        self.header = book.add_format(AS_TEXT | HEADER)
        self.big = book.add_format({"bold": True, "font_size": 14})
        self.text = book.add_format(AS_TEXT)
        self.link = book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"})
        self._numbers = {bad: book.add_format({"bg_color": f"#{BAD}"} if bad else {}) for bad in (True, False)}
        self._cells = {
            (bad, kept, broken): book.add_format(
                AS_TEXT
                | ({"bg_color": f"#{BAD}"} if bad else {})
                | (KEPT_AS_TEXT if kept else {})
                | (WRAPPED if broken else {})
            )
            for bad in (True, False)
            for kept in (True, False)
            for broken in (True, False)
        }

    def number(self, *, bad: bool = False) -> Format:
        """The format of a cell that holds a number."""
        return self._numbers[bad]

    def cell(self, text: str, *, bad: bool = False, wrapped: bool = False) -> Format:
        """The format of a cell that holds *text*; one of several lines shows them all."""
        return self._cells[bad, is_formula(text), wrapped or "\n" in text]


def put(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """Write *text*, which is not blank, to a place counted from 0; an error where it is too long."""
    if not fits(text):
        sheet.write_formula(row, column, "=NA()", look, "#N/A")
    elif text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter hands such a text through as ready-made XML; in two parts it is written as what it is.
        sheet.write_rich_string(row, column, text[:1], look, text[1:], look)
    else:
        sheet.write_string(row, column, text, look)
