"""What an .xls workbook knows of its sheets besides values.  Source: [MS-XLS], BIFF8."""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from importer.sources.binary_facts import PLAIN, STRUCK, BookFacts, CellStyle, SheetFacts, styles_of
from importer.sources.facts import Range
from importer.sources.ole import Container
from importer.sources.xls_records import BOF, EOF, SHEET, records, stream_in

MACROS = "_VBA_PROJECT_CUR"

BIFF8 = 0x0600
FONT, FORMAT, XF, SUPBOOK, DATE_MODE, LOCKED = 0x0031, 0x041E, 0x00E0, 0x01AE, 0x0022, 0x002F
NO_FONT = 4
"""Fonts are numbered without it."""

HIDDEN_ROW, HIDDEN_COLUMN = 0x20, 0x01
NO_NUMBER = 0xFFFF
"""Stands where a number would have its first bits, if the result of a formula is none."""
RESULT_ERROR = 2
OWN_BOOK = 0x0401
ADD_INS = 0x3A01


@dataclass(slots=True)
class _Globals:
    """What stands before the sheets."""

    fonts: list[bool] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    used: list[tuple[int, int]] = field(default_factory=list)
    sheets: list[tuple[str, int]] = field(default_factory=list)
    has_other_books: bool = False
    is_from_1904: bool = False


def book_facts(content: bytes, most_cells: int) -> BookFacts | None:
    """The facts of the workbook *content*; None where its form is older than the one we know, or it has a password.

    Raises:
        TooFarApart: it would take room for more than *most_cells*.
        ValueError: damaged.
    """
    container = Container(content)
    if _is_locked(container):
        return None
    stream, is_known = stream_in(container, most_cells)
    if not is_known:
        return None
    try:
        of_book = records(stream, 0)
        kind, first = next(of_book, (0, b""))
        if kind != BOF or struct.unpack_from("<H", first)[0] != BIFF8:
            return None
        found = _globals(of_book)
        fonts = [*found.fonts[:NO_FONT], False, *found.fonts[NO_FONT:]]
        struck = {at for at, is_struck in enumerate(fonts) if is_struck}
        styles = styles_of(((number, font in struck) for font, number in found.used), found.formats)
        sheets = {name: _sheet(records(stream, at), styles) for name, at in found.sheets}
    except (struct.error, IndexError) as error:
        raise ValueError("cut off") from error
    return BookFacts(sheets, found.is_from_1904, MACROS in container.names, found.has_other_books)


def _is_locked(container: Container) -> bool:
    """Whether the records are encrypted; whoever reads the values says so."""
    stream = container.stream("Workbook") or container.stream("Book") or b""
    return any(kind == LOCKED for kind, _ in records(stream, 0))


def _globals(records: Iterator[tuple[int, bytes]]) -> _Globals:
    found = _Globals()
    for kind, data in records:
        if kind == FONT:
            found.fonts.append(bool(struct.unpack_from("<H", data, 2)[0] & STRUCK))
        elif kind == FORMAT:
            found.formats[struct.unpack_from("<H", data)[0]] = _text(data, 2, length_bytes=2)
        elif kind == XF:
            found.used.append(struct.unpack_from("<HH", data))
        elif kind == SHEET:
            found.sheets.append((_text(data, 6, length_bytes=1), struct.unpack_from("<I", data)[0]))
        elif kind == DATE_MODE:
            found.is_from_1904 = data[0] == 1
        elif kind == SUPBOOK:
            found.has_other_books |= struct.unpack_from("<H", data, 2)[0] not in {OWN_BOOK, ADD_INS}
    return found


def _text(data: bytes, at: int, *, length_bytes: int) -> str:
    length = int.from_bytes(data[at : at + length_bytes], "little")
    at += length_bytes
    is_wide = data[at] & 1
    return data[at + 1 : at + 1 + length * (1 + is_wide)].decode("utf-16-le" if is_wide else "latin-1")


# --- one sheet ----------------------------------------------------------------------------------------------


def _sheet(records: Iterator[tuple[int, bytes]], styles: tuple[CellStyle, ...]) -> SheetFacts:
    found = SheetFacts()
    depth = 0
    for kind, data in records:
        # A chart on the sheet is a part of its own within it.
        depth += (kind == BOF) - (kind == EOF)
        if kind in TAKEN and depth == 1:
            TAKEN[kind](found, data, styles)
    return found


def _style(styles: tuple[CellStyle, ...], at: int) -> CellStyle:
    return styles[at] if at < len(styles) else PLAIN


def _row(found: SheetFacts, data: bytes, _: tuple[CellStyle, ...]) -> None:
    number, flags = struct.unpack_from("<H10xH", data)
    if flags & HIDDEN_ROW:
        found.facts.hidden.add(number + 1)


def _columns(found: SheetFacts, data: bytes, _: tuple[CellStyle, ...]) -> None:
    first, last, flags = struct.unpack_from("<HH4xH", data)
    if flags & HIDDEN_COLUMN:
        found.facts.hidden_columns.append((first, last))


def _filled(found: SheetFacts, data: bytes, styles: tuple[CellStyle, ...]) -> None:
    row, position, style = struct.unpack_from("<HHH", data)
    found.see((row + 1, position), _style(styles, style))


def _number(found: SheetFacts, data: bytes, styles: tuple[CellStyle, ...]) -> None:
    row, position, style = struct.unpack_from("<HHH", data)
    found.see((row + 1, position), _style(styles, style), is_number=True)


def _numbers(found: SheetFacts, data: bytes, styles: tuple[CellStyle, ...]) -> None:
    row, first = struct.unpack_from("<HH", data)
    for at, (style, _) in enumerate(struct.iter_unpack("<HI", data[4 : 4 + (len(data) - 6) // 6 * 6])):
        found.see((row + 1, first + at), _style(styles, style), is_number=True)


def _truth_or_error(found: SheetFacts, data: bytes, styles: tuple[CellStyle, ...]) -> None:
    row, position, style, value, is_error = struct.unpack_from("<HHHBB", data)
    found.see((row + 1, position), _style(styles, style))
    if is_error:
        found.add_error((row + 1, position), value)


def _formula(found: SheetFacts, data: bytes, styles: tuple[CellStyle, ...]) -> None:
    row, position, style, kind, value, mark = struct.unpack_from("<HHHBxB3xH", data)
    is_number = mark != NO_NUMBER
    found.see((row + 1, position), _style(styles, style), is_number=is_number)
    if not is_number and kind == RESULT_ERROR:
        found.add_error((row + 1, position), value)
    else:
        found.add_formula(data[22:24])


def _merged(found: SheetFacts, data: bytes, _: tuple[CellStyle, ...]) -> None:
    count = struct.unpack_from("<H", data)[0]
    for top, bottom, left, right in struct.iter_unpack("<HHHH", data[2 : 2 + 8 * count]):
        found.facts.merged.append(Range(top + 1, left, bottom + 1, right))


def _filter(found: SheetFacts, *_: object) -> None:
    found.facts.is_filtered = True


TAKEN: Mapping[int, Callable[[SheetFacts, bytes, tuple[CellStyle, ...]], None]] = {
    0x0208: _row,
    0x007D: _columns,
    0x00FD: _filled,  # a text of the workbook's list
    0x0204: _filled,  # a text of its own
    0x0203: _number,
    0x027E: _number,
    0x00BD: _numbers,
    0x0205: _truth_or_error,
    0x0006: _formula,
    0x00E5: _merged,
    0x009B: _filter,
}
