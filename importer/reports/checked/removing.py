"""A person's cells blanked in a workbook of ours: one that was marked, or one of rejected rows."""

import re
import warnings
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from importer.model import STATUS_COLUMN
from importer.reports.checked import stored_results
from importer.reports.checked.marking import TROUBLE
from importer.reports.checked.sheet_of_problems import is_ours
from importer.reports.checked.texts import put
from importer.reports.listing import COLUMNS, HEADER_ROW
from schemas.entity import bare
from schemas.mentions import REMOVED

ROW = re.compile(r"[0-9]+$")
"""Of "F17" or "row 17"."""
TELLING = ("Value", "Problem", "Suggestion")

SheetRow = tuple[str, int]


class CannotRemove(Exception):
    """openpyxl cannot read or write this workbook."""


def remove_from_workbook(
    path: Path,
    target: Path,
    mention: re.Pattern[str],
    rows: frozenset[SheetRow],
    is_open: Callable[[str], bool],
) -> int:
    """Write *path* without the person to *target*, and say how many rows were blanked.

    The person's are *rows*, by sheet and number, and every row that mentions her or him.  In a sheet that is not one of
    ours only the cells that do so are blanked.

    Raises:
        CannotRemove: the workbook cannot be read or written.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, rich_text=True)
        of_person = {
            (sheet.title, number)
            for sheet in book.worksheets
            for number, cells in _rows(sheet).items()
            if any(_mentions(mention, cell) for cell in cells)
        }
        # CSV has no titles; in the workbook that was made of it, there is one sheet for its rows.
        of_person |= {(title or sheet.title, number) for title, number in rows for sheet in book.worksheets}
        changed = sum(_blank(sheet, mention, of_person, is_open) for sheet in book.worksheets)
        book.save(target)
        stored_results.put_back(path, target)
    except TROUBLE as trouble:
        # Its text may quote a cell.
        raise CannotRemove(type(trouble).__name__) from trouble
    return changed


def _blank(sheet: Worksheet, mention: re.Pattern[str], of_person: set[SheetRow], is_open: Callable[[str], bool]) -> int:
    if is_ours(sheet):
        return _blank_listing(sheet, mention, of_person, is_open)
    rows = _rows(sheet)
    header = next((number for number, cells in rows.items() if any(_is_status(cell) for cell in cells)), None)
    titles = {cell.column: str(cell.value or "") for cell in rows[header]} if header else {}
    changed = 0
    for number, cells in rows.items():
        if (sheet.title, number) not in of_person or number == header:
            continue
        is_row = header is not None and number > header
        going = [
            cell for cell in cells if (is_row and not is_open(titles.get(cell.column, ""))) or _mentions(mention, cell)
        ]
        changed += any([_emptied(cell) for cell in going])  # noqa: C419 - all of them
    return changed


def _blank_listing(
    sheet: Worksheet, mention: re.Pattern[str], of_person: set[SheetRow], is_open: Callable[[str], bool]
) -> int:
    """The sheet of problems: its lines about the person's rows."""
    changed = 0
    for number in range(HEADER_ROW + 1, sheet.max_row + 1):
        line = {name: sheet.cell(number, at) for at, name in enumerate(COLUMNS, start=1)}
        row = ROW.search(str(line["Cell"].value or ""))
        place = str(line["Sheet"].value or ""), int(row.group()) if row else 0
        is_private = place in of_person and not is_open(str(line["Column"].value or ""))
        if is_private or any(_mentions(mention, cell) for cell in line.values()):
            changed += any([_emptied(line[name]) for name in TELLING])  # noqa: C419 - all of them
    return changed


def _rows(sheet: Worksheet) -> dict[int, list[Cell | MergedCell]]:
    """The cells that are there, by row."""
    rows: dict[int, list[Cell | MergedCell]] = {}
    for (number, _), cell in sorted(sheet._cells.items()):  # noqa: SLF001 - the public ways add every blank cell
        rows.setdefault(number, []).append(cell)
    return rows


def _is_status(cell: Cell | MergedCell) -> bool:
    return bare(str(cell.value or "")) == bare(STATUS_COLUMN)


def _mentions(mention: re.Pattern[str], cell: Cell | MergedCell) -> bool:
    texts = [str(cell.value or ""), cell.comment.text if cell.comment else ""]
    link = cell.hyperlink if isinstance(cell, Cell) else None
    texts += [str(link.target or ""), str(link.tooltip or ""), str(link.display or "")] if link else []
    return any(mention.search(text) for text in texts)


def _emptied(cell: Cell | MergedCell) -> bool:
    """Blank *cell*, its comment and its link; False = nothing was there."""
    if isinstance(cell, MergedCell) or (cell.value in (None, REMOVED) and not cell.comment):
        return False
    if cell.value is not None:
        put(cell, REMOVED)
    cell.comment = None
    cell.hyperlink = None
    return True
