"""Tables from .xlsx and .xlsm workbooks.  The one place that reads through openpyxl.

openpyxl knows the workbook: its sheets and its calendar.  Texts, number formats and cells are read here, so that error
cells, formats, dates and formulas without a result are known, and quickly.  Macros are never run and links never
followed.  The size that a sheet claims to have is not believed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from importer.model import Table
from importer.sources import sheets
from importer.sources.cell_text import CellValue
from importer.sources.excel.book import Book, opened
from importer.sources.excel.columns import Block, Blocks, blocks
from importer.sources.excel.meaning import Meanings
from importer.sources.excel.sheet import Sheet
from importer.sources.origin import Origin
from importer.sources.wishes import USUAL, Wishes
from schemas.cells import Note

NO_DAY = 60
"""Excel counts a 29 February 1900, which never was."""

VISIBLE = "visible"
MACROS = "xl/vbaProject.bin"
OTHER_BOOKS = "xl/externalLinks/"


def tables(origin: Origin, wishes: Wishes = USUAL) -> list[Table]:
    """The visible sheets of the workbook *origin* that have at least one filled cell, in their order.

    Raises:
        UnreadableFile: damaged, written in a way that we would misread, or without any filled cell.
    """
    with opened(origin) as book:
        notes = tuple(_notes_on(book))
        visible = [sheet for sheet in book.wb.worksheets if sheet.sheet_state == VISIBLE]
        if not visible:
            raise origin.unreadable("no sheet can be read; open it in Excel and save it as an Excel Workbook (.xlsx)")
        found = [_table(origin, sheet, book, notes, wishes) for sheet in visible]
    filled = [table for table in found if table]
    if not filled:
        raise origin.unreadable("no sheet has a filled cell")
    return filled


def _notes_on(book: Book) -> Iterator[Note]:
    if book.wb.epoch == MAC_EPOCH:
        yield Note("dates_from_1904")
    # Names with an underscore in front are those of our own template.
    hidden = [s.title for s in book.wb.worksheets if s.sheet_state != VISIBLE and not s.title.startswith("_")]
    if hidden:
        yield Note("sheets_hidden", {"sheets": ", ".join(hidden)})
    parts = book.archive.namelist()
    if MACROS in parts:
        yield Note("macros_not_run")
    if any(name.startswith(OTHER_BOOKS) for name in parts):
        yield Note("other_books_not_opened")


def _table(origin: Origin, sheet: Any, book: Book, notes: tuple[Note, ...], wishes: Wishes) -> Table | None:
    """The table on *sheet*; None when no cell is filled."""

    def moment(number: float, is_duration: bool) -> CellValue:  # noqa: FBT001 - told by position, cell after cell
        if not is_duration and (number < 0 or (NO_DAY <= number < NO_DAY + 1 and sheet.parent.epoch == WINDOWS_EPOCH)):
            raise ValueError(number)
        found: CellValue = from_excel(number, sheet.parent.epoch, timedelta=is_duration)
        return found

    meanings = Meanings(sheet._shared_strings, book.styles, moment)  # noqa: SLF001 - no public way to either
    reader = Sheet(meanings)
    with sheet._get_source() as xml:  # noqa: SLF001
        rows = Blocks(_with_links(blocks(xml, reader, meanings), reader, sheet, book))
        return sheets.table(origin, sheet.title, rows, reader.facts, wishes, notes)


def _with_links(rows: Iterator[Block], reader: Sheet, sheet: Any, book: Book) -> Iterator[Block]:
    """*rows*; and when they are through, the targets of the links, whose names stand behind the rows."""
    yield from rows
    if reader.rest.relations:
        targets = _targets(book, sheet._worksheet_path)  # noqa: SLF001 - no public way
        known = ((cells, targets.get(name, "")) for cells, name in reader.rest.relations)
        reader.facts.links.extend((cells, target) for cells, target in known if target)


def _targets(book: Book, part: str) -> Mapping[str, str]:
    """The addresses to which a part of the workbook refers, by the names that it has for them."""
    path: str = get_rels_path(part)  # type: ignore[no-untyped-call]
    if path not in book.archive.namelist():
        return {}
    relations: Any = get_dependents(book.archive, path)
    return {name: str(one.Target or "") for name, one in relations.to_dict().items() if one.TargetMode == "External"}
