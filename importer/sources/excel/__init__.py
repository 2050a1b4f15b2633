"""Tables from .xlsx and .xlsm workbooks.  The one place that reads through openpyxl.

openpyxl knows the workbook: its sheets, number formats and calendar.  The two large parts, texts and sheets, are read
here, so that error cells, formats, dates and formulas without a result are known, and quickly.  Macros are never run
and links never followed.  The size that a sheet claims to have is not believed.
"""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, from_excel
from openpyxl.workbook import Workbook
from openpyxl.xml.constants import SHARED_STRINGS

from importer.model import Problem, Table, Where, column_letters
from importer.sources.cell_text import CellValue
from importer.sources.excel.sheet import PLAIN, Odd, Sheet, Style
from importer.sources.excel.strings import shared_strings
from importer.sources.origin import Origin
from importer.sources.rows import Rows, is_blank

# All that openpyxl and what it is built on were seen to raise for damaged files.
DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    ExpatError,
    LookupError,
    NotImplementedError,
    ParseError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)

# The format that shows 1067 as 01067; Excel's own for German postcodes has a language in front.
ZEROS = re.compile(r"(?:\[\$-[0-9A-Fa-f]+\])?(0{2,})")

FIRST_ROW = re.compile(r"[0-9]+")
RANGES_NAMED = 3


def tables(origin: Origin) -> list[Table]:
    """The visible sheets of the workbook *origin* that have at least one filled cell, in their order.

    Raises:
        UnreadableFile: damaged, written in a way that we would misread, or without any filled cell.
    """
    with _opened(origin) as book:
        notes = _notes_on(book)
        styles = _styles(book)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise origin.unreadable("no sheet can be read; open it in Excel and save it as an Excel Workbook (.xlsx)")
        found = [_table(origin, sheet, styles, notes) for sheet in sheets]
    filled = [table for table in found if table]
    if not filled:
        raise origin.unreadable("no sheet has a filled cell")
    return filled


class _Reader(ExcelReader):
    """openpyxl's reader of workbooks with our own for the texts."""

    def read_strings(self) -> None:
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as xml:
                self.shared_strings = shared_strings(xml)


@contextmanager
def _opened(origin: Origin) -> Iterator[Workbook]:
    with origin.open() as stream, warnings.catch_warnings():
        # About styles and extensions that do not matter here; people would see them on the terminal.
        warnings.simplefilter("ignore")
        try:
            reader = _Reader(stream, read_only=True, data_only=True, keep_links=False)
            reader.read()
            yield reader.wb
            reader.wb.close()
        except DAMAGED as error:
            raise origin.unreadable(
                "the workbook is damaged or written in an odd way; open it in Excel or LibreOffice and save it again"
            ) from error


def _notes_on(book: Workbook) -> tuple[str, ...]:
    notes = []
    if book.epoch == MAC_EPOCH:
        notes.append("the workbook counts its dates from 1904, and they are read so")
    # Names with an underscore in front are those of our own template.
    hidden = [s.title for s in book.worksheets if s.sheet_state != "visible" and not s.title.startswith("_")]
    if hidden:
        notes.append(f"hidden sheets are not imported: {', '.join(hidden)}")
    return tuple(notes)


def _styles(book: Any) -> dict[str, Style]:
    """The cell styles of *book* that say something about a value, by their number as cells name it."""
    found = {}
    for number in range(len(book._cell_styles)):  # noqa: SLF001 - openpyxl tells a style only through a cell
        cell = ReadOnlyCell(book.worksheets[0], 1, 1, None, style_id=number)
        zeros = ZEROS.fullmatch(cell.number_format)
        style = Style(
            is_date=is_date_format(cell.number_format),
            is_duration=is_timedelta_format(cell.number_format),
            zeros=len(zeros[1]) if zeros else 0,
        )
        if style != PLAIN:
            found[str(number)] = style
    return found


def _table(origin: Origin, sheet: Any, styles: Mapping[str, Style], notes: tuple[str, ...]) -> Table | None:
    """The table on *sheet*; None when no cell is filled."""

    def moment(number: float, is_duration: bool) -> CellValue:  # noqa: FBT001 - told by position, cell after cell
        found: CellValue = from_excel(number, sheet.parent.epoch, timedelta=is_duration)
        return found

    reader = Sheet(sheet._shared_strings, styles, moment)  # noqa: SLF001 - no public way to either
    with sheet._get_source() as xml:  # noqa: SLF001
        return _collected(origin, Where(origin.name, sheet.title), reader, reader.rows(xml), notes)


def _collected(
    origin: Origin, where: Where, sheet: Sheet, numbered: Iterator[tuple[int, list[str]]], notes: tuple[str, ...]
) -> Table | None:
    header_row, header = next(((number, texts) for number, texts in numbered if not is_blank(texts)), (0, []))
    if not header:
        return None
    rows, last, blank_rows = Rows(), header_row, 0
    for number, texts in numbered:
        blank_rows += number - last - 1
        last = number
        rows.add(number, texts)
    return Table(
        path=origin.path,
        where=where,
        header=tuple(header),
        header_row=header_row,
        frame=rows.frame(len(header)),
        # Whatever is odd about a title is told when its column is looked for.
        problems=tuple(_problem(where, header, odd) for odd in sheet.odd if odd.row > header_row),
        blank_rows=blank_rows,
        notes=(*notes, *_notes(sheet, header_row, last)),
    )


def _problem(sheet: Where, header: list[str], odd: Odd) -> Problem:
    where = replace(sheet, row=odd.row, column=column_letters(odd.position))
    title = header[odd.position] if odd.position < len(header) else ""
    return Problem(where, odd.code, column=title, value=odd.text)


def _notes(sheet: Sheet, header_row: int, last_row: int) -> Iterator[str]:
    hidden = sum(header_row < row <= last_row for row in sheet.hidden)
    if hidden:
        yield f"{hidden} hidden rows are imported like the others"
    merged = [cells for cells in sheet.merged if int(FIRST_ROW.findall(cells)[0]) > header_row]
    if merged:
        named = ", ".join(merged[:RANGES_NAMED]) + (", ..." if len(merged) > RANGES_NAMED else "")
        yield f"of merged cells only the first has the value, the others are blank: {named}"
    for position, count in sorted(sheet.padded.items()):
        yield f"{count} numbers in column {column_letters(position)} are read with their leading zeros, as shown"
