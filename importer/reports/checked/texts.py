"""Text into a cell of openpyxl, as text whatever it looks like."""

from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from importer.safe_text import is_formula


def put(cell: Cell | MergedCell, text: str) -> None:
    """Make *text* the value of *cell*; "" leaves it blank.  Merged cells but the first hold nothing and stay so."""
    if isinstance(cell, MergedCell):
        return
    if not text:
        cell.value = None
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    # openpyxl takes "=..." for a formula and "#N/A" for an error.
    cell.data_type = "s"
    # Without this Excel would run the text once somebody edits the cell.
    cell.quotePrefix = is_formula(text)
