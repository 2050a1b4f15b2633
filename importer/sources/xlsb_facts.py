"""What an .xlsb workbook knows of its sheets besides values.  Source: [MS-XLSB]."""

import posixpath
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from xml.parsers import expat

from importer.sources.binary_facts import PLAIN, STRUCK, BookFacts, CellStyle, SheetFacts, styles_of
from importer.sources.excel.xml import parser_for
from importer.sources.facts import Range

WORKBOOK, STYLES = "xl/workbook.bin", "xl/styles.bin"
RELATIONS = "xl/_rels/workbook.bin.rels"
MACROS, OTHER_BOOKS = "xl/vbaProject.bin", "xl/externalLinks/"

FONT, FORMAT, XF, BEGIN_XFS, END_XFS, SHEET, PROPERTIES = 43, 44, 47, 617, 618, 156, 153
ROW = 0
HIDDEN_ROW, HIDDEN_COLUMN = 0x10, 0x01
MOST_IDENTIFIER_BYTES, MOST_LENGTH_BYTES = 2, 4
CONTINUES = 0x80
NO_TEXT = 0xFFFFFFFF


def book_facts(content: bytes) -> BookFacts:
    """The facts of the workbook *content*, whose archive has been judged.

    Raises:
        ValueError: damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            parts = _parts(archive)
            styles = _styles(archive.read(STYLES)) if STYLES in names else ()
            book = archive.read(WORKBOOK)
            sheets = {
                name: _sheet(archive.read(parts[relation]), styles)
                for relation, name in _sheets(book)
                if parts.get(relation) in names
            }
            is_from_1904 = any(kind == PROPERTIES and data[0] & 1 for kind, data in _records(book))
    except (struct.error, IndexError, KeyError, zipfile.BadZipFile, expat.ExpatError) as error:
        raise ValueError("damaged") from error
    return BookFacts(sheets, is_from_1904, MACROS in names, any(name.startswith(OTHER_BOOKS) for name in names))


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The parts of the workbook by the names of their relations."""
    found: dict[str, str] = {}

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag.endswith(" Relationship"):
            target = attributes.get("Target", "")
            found[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    parser_for(start, lambda _: None).Parse(archive.read(RELATIONS), True)  # noqa: FBT003 - expat takes it so
    return found


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of all records."""
    at = 0
    while at < len(content):
        kind, at = _variable(content, at, MOST_IDENTIFIER_BYTES)
        length, at = _variable(content, at, MOST_LENGTH_BYTES)
        yield kind, content[at : at + length]
        at += length


def _variable(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, as long as the eighth is set; and where it ends."""
    number = 0
    for shift in range(most):
        byte = content[at]
        at += 1
        number |= (byte & 0x7F) << 7 * shift
        if not byte & CONTINUES:
            break
    return number, at


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """A text, and where it ends."""
    length = struct.unpack_from("<I", data, at)[0]
    if length == NO_TEXT:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _sheets(content: bytes) -> Iterator[tuple[str, str]]:
    """Relation and name of every sheet."""
    for kind, data in _records(content):
        if kind == SHEET:
            relation, end = _wide(data, 8)
            yield relation, _wide(data, end)[0]


def _styles(content: bytes) -> tuple[CellStyle, ...]:
    fonts: list[bool] = []
    formats: dict[int, str] = {}
    used: list[tuple[int, int]] = []
    is_inside = False
    for kind, data in _records(content):
        if kind == FONT:
            fonts.append(bool(struct.unpack_from("<H", data, 2)[0] & STRUCK))
        elif kind == FORMAT:
            formats[struct.unpack_from("<H", data)[0]] = _wide(data, 2)[0]
        elif kind in {BEGIN_XFS, END_XFS}:
            is_inside = kind == BEGIN_XFS
        elif kind == XF and is_inside:
            used.append(struct.unpack_from("<2xHH", data))
    struck = {at for at, is_struck in enumerate(fonts) if is_struck}
    return styles_of(((number, font in struck) for number, font in used), formats)


# --- one sheet ----------------------------------------------------------------------------------------------


def _sheet(content: bytes, styles: tuple[CellStyle, ...]) -> SheetFacts:
    found = SheetFacts()
    row = 0
    for kind, data in _records(content):
        if kind == ROW:
            row = struct.unpack_from("<I", data)[0] + 1
            if data[11] & HIDDEN_ROW:
                found.facts.hidden.add(row)
        elif kind in CELLS:
            position, style = struct.unpack_from("<II", data)
            style &= 0xFFFFFF
            CELLS[kind](found, (row, position), styles[style] if style < len(styles) else PLAIN, data[8:])
        elif kind in OTHERS:
            OTHERS[kind](found, data)
    return found


def _filled(found: SheetFacts, place: tuple[int, int], style: CellStyle, _: bytes) -> None:
    found.see(place, style)


def _number(found: SheetFacts, place: tuple[int, int], style: CellStyle, _: bytes) -> None:
    found.see(place, style, is_number=True)


def _error(found: SheetFacts, place: tuple[int, int], style: CellStyle, data: bytes) -> None:
    found.see(place, style)
    found.add_error(place, data[0])


def _text_of_formula(found: SheetFacts, place: tuple[int, int], style: CellStyle, data: bytes) -> None:
    found.see(place, style)
    found.add_formula(data[_wide(data, 0)[1] + 6 :][:2])


def _number_of_formula(found: SheetFacts, place: tuple[int, int], style: CellStyle, data: bytes) -> None:
    found.see(place, style, is_number=True)
    found.add_formula(data[14:16])


def _truth_of_formula(found: SheetFacts, place: tuple[int, int], style: CellStyle, data: bytes) -> None:
    found.see(place, style)
    found.add_formula(data[7:9])


CELLS: Mapping[int, Callable[[SheetFacts, tuple[int, int], CellStyle, bytes], None]] = {
    2: _number,
    3: _error,
    4: _filled,  # a truth
    5: _number,
    6: _filled,  # a text of its own
    7: _filled,  # a text of the workbook's list
    8: _text_of_formula,
    9: _number_of_formula,
    10: _truth_of_formula,
    11: _error,
}


def _columns(found: SheetFacts, data: bytes) -> None:
    first, last, flags = struct.unpack_from("<II8xH", data)
    if flags & HIDDEN_COLUMN:
        found.facts.hidden_columns.append((first, last))


def _merged(found: SheetFacts, data: bytes) -> None:
    top, bottom, left, right = struct.unpack_from("<IIII", data)
    found.facts.merged.append(Range(top + 1, left, bottom + 1, right))


def _filter(found: SheetFacts, _: bytes) -> None:
    found.facts.is_filtered = True


OTHERS: Mapping[int, Callable[[SheetFacts, bytes], None]] = {60: _columns, 176: _merged, 163: _filter}
