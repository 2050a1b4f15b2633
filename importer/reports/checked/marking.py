"""The user's own workbook, copied with all that openpyxl can keep, and marked; where it cannot be marked in place.

Only our marks are added: the colour and comment of bad cells, two columns at the right, one sheet in front.  A workbook
that was marked before gets new marks for old.  What openpyxl cannot keep is lost in the copy: macros, form controls,
slicers, some drawings and newer conditional formats.  Nothing here touches the user's own file.
"""

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from importer.model import OUR_COLUMNS
from importer.reports.checked import sheet_of_problems, stored_results
from importer.reports.checked.reds import Reds
from importer.reports.checked.texts import embolden, put
from importer.reports.checked.trouble import CannotMark, is_no_room
from importer.reports.copies import problems_by_cell
from importer.reports.listing import Listing
from importer.reports.marks import AUTHOR, BAD, FIRST_LINE, MOST_COMMENTS, WIDTHS, comment, users_part
from importer.reports.matched import SheetResult
from importer.speech import Speech
from schemas.entity import bare

# What openpyxl raises for workbooks that other programs read: there is no common class.
TROUBLE = (
    *(InvalidFileException, BadZipFile, OSError, SyntaxError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError),
)

COMMENT_WIDTH, LINE_HEIGHT, LETTERS_IN_LINE = 320, 18, 45

NOT_KEPT = re.compile(r"(.+ extension) is not supported")
"""How openpyxl says that it leaves something out."""


def mark(source: Path, target: Path, sheets: Sequence[SheetResult], listing: Listing, speech: Speech) -> None:
    """Write the workbook *source*, marked, to *target*.

    Raises:
        CannotMark: it cannot be read or written; *target* may be there in part.
        OSError: there is no room for it.
    """
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            book = load_workbook(source, rich_text=True)
    except TROUBLE as trouble:
        raise CannotMark(str(trouble)) from trouble
    if missing := {sheet.where.sheet for sheet in sheets} - {sheet.title for sheet in book.worksheets}:
        raise CannotMark(f"no sheet {min(missing)}")
    reds = Reds({name: one.attr_text or "" for name, one in book.defined_names.items()})
    comments_left = MOST_COMMENTS
    for result in sheets:
        sheet = book[result.where.sheet]
        _unmark(sheet, reds)
        comments_left -= _mark_cells(sheet, result, comments_left, reds, speech)
        _write_statuses(sheet, result, speech)
    for name, text in reds.names().items():
        book.defined_names[name] = DefinedName(name, attr_text=text, hidden=True)
    lost = _lost(source, said, speech)
    sheet_of_problems.put_in_front(book, replace(listing, sentences=(*listing.sentences, *lost)))
    try:
        _save(book, target)
        stored_results.put_back(source, target)
    except TROUBLE as trouble:
        if is_no_room(trouble):
            raise
        raise CannotMark(str(trouble)) from trouble


def _save(book: Workbook, target: Path) -> None:
    # Put together in memory: on a full disk openpyxl leaves its archive open, and Python would print a traceback.
    content = BytesIO()
    book.save(content)
    target.write_bytes(content.getbuffer())


def _lost(source: Path, said: Iterable[warnings.WarningMessage], speech: Speech) -> tuple[str, ...]:
    """What the person should know of the copy."""
    found = [word.group(1).lower() for one in said if (word := NOT_KEPT.match(str(one.message)))]
    macros = [speech.say("macros")] if source.suffix.lower() == ".xlsm" else []
    things = ", ".join(dict.fromkeys([*macros, *found]))
    known = f"{speech.say('Not kept in this copy: {things}.', things=things)} " if things else ""
    return (known + speech.say("Drawings, form controls and newer conditional formats may be missing in this copy."),)


# --- cells --------------------------------------------------------------------------------------------------


def _mark_cells(sheet: Worksheet, result: SheetResult, most_comments: int, reds: Reds, speech: Speech) -> int:
    """Colour the bad cells and say in comments what is wrong; gives back how many comments were written."""
    comments = 0
    for row in result.rows:
        for letters, problems in problems_by_cell(row).items():
            cell = sheet[f"{letters}{row.number}"]
            cell.fill = _filled(f"rgb=FF{reds.red_for(_colour(cell))}")
            # Of merged cells only the first can hold a comment.
            if comments < most_comments and isinstance(cell, Cell):
                _comment(cell, "\n".join(speech.advice(problem) for problem in problems))
                comments += 1
    return comments


def _comment(cell: Cell, text: str) -> None:
    author = cell.comment.author if cell.comment else AUTHOR
    whole = comment(text, cell.comment.text if cell.comment else "")
    lines = sum(1 + len(line) // LETTERS_IN_LINE for line in whole.splitlines())
    cell.comment = Comment(whole, author, height=LINE_HEIGHT * (lines + 1), width=COMMENT_WIDTH)


def _colour(cell: Cell | MergedCell) -> str:
    """As `Reds` has it; "" where the cell is not filled with one."""
    if not cell.has_style or cell.fill.fill_type != "solid":
        return ""
    colour = cell.fill.fgColor
    tint = f" tint={colour.tint}" if colour.tint else ""
    return f"{colour.type}={colour.value}{tint}"


def _filled(colour: str) -> PatternFill:
    said = dict(part.split("=") for part in colour.split())
    numbers = {name: int(said[name]) for name in ("theme", "indexed") if name in said}
    return PatternFill("solid", fgColor=Color(rgb=said.get("rgb"), tint=float(said.get("tint", 0)), **numbers))


def _unmark(sheet: Worksheet, reds: Reds) -> None:
    """Give cells back their colour and their comment as they were before an earlier marking."""
    for cell in _cells(sheet).values():
        colour = _colour(cell)
        before = reds.colour_before(colour.removeprefix("rgb=")) if colour.startswith("rgb=") else None
        if before is not None:
            cell.fill = _filled(before) if before else PatternFill()
        if isinstance(cell, Cell) and cell.comment and FIRST_LINE in cell.comment.text:
            users = users_part(cell.comment.text)
            cell.comment = Comment(users, cell.comment.author) if users else None


def _cells(sheet: Worksheet) -> dict[tuple[int, int], Cell | MergedCell]:
    """The cells that are there, by row and column; the public ways would add every blank one between them."""
    return dict(sheet._cells)  # noqa: SLF001


# --- status and message -------------------------------------------------------------------------------------


def _write_statuses(sheet: Worksheet, result: SheetResult, speech: Speech) -> None:
    header_row = result.sheet.table.header_row
    statuses, messages = (_column(sheet, header_row, name) for name in OUR_COLUMNS)
    for row in result.rows:
        status = sheet.cell(row.number, statuses)
        put(status, row.status)
        put(sheet.cell(row.number, messages), row.message(speech))
        if row.needs_you:
            status.fill = _filled(f"rgb=FF{BAD}")


def _column(sheet: Worksheet, header_row: int, name: str) -> int:
    """Number of the column *name*, emptied; made at the right where it is not there yet."""
    filled = {
        place: cell for place, cell in _cells(sheet).items() if cell.value is not None or isinstance(cell, MergedCell)
    }
    for (row, column), cell in filled.items():
        if row == header_row and bare(str(cell.value)) == bare(name):
            for old in (old for (below, at), old in filled.items() if at == column and below > header_row):
                put(old, "")
            return column
    column = 1 + max((column for _, column in filled), default=0)
    header = sheet.cell(header_row, column)
    put(header, name)
    embolden(header)
    _widen(sheet, column, WIDTHS[name])
    return column


def _widen(sheet: Worksheet, column: int, width: float) -> None:
    # A width may be said of many columns at once; a second one for a column among them would damage the file.
    for said in sheet.column_dimensions.values():
        if (said.min or 0) <= column <= (said.max or 0):
            return
    sheet.column_dimensions[get_column_letter(column)].width = width
