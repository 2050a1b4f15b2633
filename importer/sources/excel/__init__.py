"""Tables from .xlsx and .xlsm workbooks.  The one place that reads through openpyxl.

openpyxl knows the workbook: its sheets and its calendar.  Texts, number formats and cells are read here, so that error
cells, formats, dates and formulas without a result are known, and quickly.  Macros are never run and links never
followed.  The size that a sheet claims to have is not believed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel
from openpyxl.workbook import Workbook

from importer.model import Problem, Table, Where, column_letters
from importer.sources.cell_text import CellValue
from importer.sources.excel.book import opened
from importer.sources.excel.sheet import Odd, Sheet
from importer.sources.excel.styles import Style
from importer.sources.heads import Numbered, head, not_there
from importer.sources.origin import Origin
from importer.sources.rows import body
from importer.sources.wishes import USUAL, Wishes
from schemas.cells import Note

NO_DAY = 60
"""Excel counts a 29 February 1900, which never was."""

FIRST_ROW = re.compile(r"[0-9]+")
RANGES_NAMED = 3


def tables(origin: Origin, wishes: Wishes = USUAL) -> list[Table]:
    """The visible sheets of the workbook *origin* that have at least one filled cell, in their order.

    Raises:
        UnreadableFile: damaged, written in a way that we would misread, or without any filled cell.
    """
    with opened(origin) as book:
        notes = _notes_on(book.wb)
        sheets = [sheet for sheet in book.wb.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise origin.unreadable("no sheet can be read; open it in Excel and save it as an Excel Workbook (.xlsx)")
        found = [_table(origin, sheet, book.styles, notes, wishes) for sheet in sheets]
    filled = [table for table in found if table]
    if not filled:
        raise origin.unreadable("no sheet has a filled cell")
    return filled


def _notes_on(book: Workbook) -> tuple[Note, ...]:
    notes = []
    if book.epoch == MAC_EPOCH:
        notes.append(Note("dates_from_1904"))
    # Names with an underscore in front are those of our own template.
    hidden = [s.title for s in book.worksheets if s.sheet_state != "visible" and not s.title.startswith("_")]
    if hidden:
        notes.append(Note("sheets_hidden", {"sheets": ", ".join(hidden)}))
    return tuple(notes)


def _table(
    origin: Origin, sheet: Any, styles: Mapping[str, Style], notes: tuple[Note, ...], wishes: Wishes
) -> Table | None:
    """The table on *sheet*; None when no cell is filled."""

    def moment(number: float, is_duration: bool) -> CellValue:  # noqa: FBT001 - told by position, cell after cell
        if not is_duration and (number < 0 or (NO_DAY <= number < NO_DAY + 1 and sheet.parent.epoch == WINDOWS_EPOCH)):
            raise ValueError(number)
        found: CellValue = from_excel(number, sheet.parent.epoch, timedelta=is_duration)
        return found

    reader = Sheet(sheet._shared_strings, styles, moment)  # noqa: SLF001 - no public way to either
    with sheet._get_source() as xml:  # noqa: SLF001
        return _collected(origin, Where(origin.name, sheet.title), reader, reader.rows(xml), notes, wishes)


def _collected(
    origin: Origin,
    where: Where,
    sheet: Sheet,
    numbered: Iterator[Numbered],
    notes: tuple[Note, ...],
    wishes: Wishes,
) -> Table | None:
    expected = wishes.expected(where.file, where.sheet)
    found = head(numbered, expected)
    if not found and expected.row:
        raise origin.unreadable(not_there(expected))
    if not found:
        return None
    below = body(origin, found, chain(found.below, numbered))
    return Table(
        path=origin.path,
        where=where,
        header=found.titles,
        header_row=found.row,
        frame=below.frame,
        # Whatever is odd about a title is told when its column is looked for.
        problems=(
            *found.problems(where),
            *(_problem(where, found.titles, odd) for odd in sheet.odd if odd.row > found.last),
        ),
        blank_rows=below.blank_rows,
        notes=(*notes, *found.notes, *below.notes, *_notes(sheet, found.last, below.last)),
    )


def _problem(sheet: Where, header: tuple[str, ...], odd: Odd) -> Problem:
    where = replace(sheet, row=odd.row, column=column_letters(odd.position))
    title = header[odd.position] if odd.position < len(header) else ""
    return Problem(where, odd.code, column=title, value=odd.text)


def _notes(sheet: Sheet, header_row: int, last_row: int) -> Iterator[Note]:
    hidden = sum(header_row < row <= last_row for row in sheet.hidden)
    if hidden:
        yield Note("rows_hidden", {"count": str(hidden)})
    merged = [cells for cells in sheet.merged if int(FIRST_ROW.findall(cells)[0]) > header_row]
    if merged:
        named = ", ".join(merged[:RANGES_NAMED]) + (", ..." if len(merged) > RANGES_NAMED else "")
        yield Note("cells_merged", {"cells": named})
    for position, count in sorted(sheet.padded.items()):
        yield Note("zeros_shown", {"letters": column_letters(position), "count": str(count)})
