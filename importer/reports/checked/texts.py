"""Text into a cell of openpyxl, as text whatever it looks like, in the workbook's own font."""

from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet.hyperlink import Hyperlink

from importer.reports.limits import shortened
from importer.safe_text import is_formula

BLUE = "0563C1"


def put(cell: Cell | MergedCell, text: str) -> None:
    """Make *text* the value of *cell*; "" leaves it blank.  Merged cells but the first hold nothing and stay so."""
    if isinstance(cell, MergedCell):
        return
    if not text:
        cell.value = None
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", shortened(text))
    # openpyxl takes "=..." for a formula and "#N/A" for an error.
    cell.data_type = "s"
    # Without this Excel would run the text once somebody edits the cell.
    cell.quotePrefix = is_formula(text)


def embolden(cell: Cell | MergedCell, size: float | None = None) -> None:
    """Bold, perhaps in another *size* (points); all else about the font stays as the workbook has it."""
    cell.font = Font(name=cell.font.name, family=cell.font.family, size=size or cell.font.size, bold=True)


def make_link(cell: Cell | MergedCell, place: str) -> None:
    """Lead from *cell*, which is not merged, to a *place* in the workbook, such as 'Order Items'!F17."""
    assert isinstance(cell, Cell)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place)
    cell.font = Font(name=cell.font.name, family=cell.font.family, size=cell.font.size, color=BLUE, underline="single")
