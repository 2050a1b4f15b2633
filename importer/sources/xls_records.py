"""The records of an .xls workbook, and how much room its sheets need.  Source: [MS-XLS].

The library that reads the values makes room for every blank cell between two filled ones before it gives any of them,
so that a single number in a damaged file could take more memory than there is.
"""

import struct
from collections.abc import Iterator

from importer.sources.ole import Container

WORKBOOK, BOOK = "Workbook", "Book"
"""Names of the stream: of Excel 97 and later, and of older ones."""

BOF, EOF = 0x0809, 0x000A
SHEET, DIMENSIONS, MANY = 0x0085, 0x0200, 0x00BD
CELLS = frozenset((0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406))
"""Records that begin with a row and a column; of many cells, the last column stands at the end."""

MOST_ROWS, MOST_COLUMNS = 65_536, 256


class TooFarApart(ValueError):
    """The cells of the sheets lie so far apart that there is no room for what is between them."""


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of the records from *at* on, to the end of the part that begins there.

    A chart on a sheet is a part of its own within it.
    """
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        depth += (kind == BOF) - (kind == EOF)
        if kind == EOF and depth <= 0:
            return
        at += 4 + length


def stream_in(container: Container, most_cells: int) -> tuple[bytes, bool]:
    """The records of the workbook, judged; and whether they are of the form that Excel 97 brought.

    Raises:
        TooFarApart: the rectangles that hold all cells of each sheet have more than *most_cells* together.
        ValueError: damaged.
    """
    stream, older = container.stream(WORKBOOK), container.stream(BOOK)
    found = stream if stream is not None else older
    if found is None:
        raise ValueError("no workbook")
    try:
        places = [struct.unpack_from("<I", data)[0] for kind, data in records(found, 0) if kind == SHEET]
        room = sum(_room(found, place) for place in places)
    except struct.error as error:
        raise ValueError("cut off") from error
    if room > most_cells:
        raise TooFarApart
    return found, stream is not None


def _room(stream: bytes, place: int) -> int:
    """How many cells the rectangle has that holds all of a sheet's."""
    rows = columns = 0
    for kind, data in records(stream, place):
        if kind in CELLS:
            row, column = struct.unpack_from("<HH", data)
            last = struct.unpack_from("<H", data, len(data) - 2)[0] if kind == MANY else column
            rows, columns = max(rows, row + 1), max(columns, column + 1, last + 1)
        elif kind == DIMENSIONS:
            _judge_dimensions(data)
    if columns > MOST_COLUMNS:
        raise ValueError("a column that no such sheet has")
    return rows * columns


def _judge_dimensions(data: bytes) -> None:
    """Raise where a sheet claims to be larger than one can be: room is made for that, too."""
    # Four bytes a row in Excel 97 and later, two before.
    form = "<IIHH" if len(data) >= struct.calcsize("<IIHH") + 2 else "<HHHH"
    first, last, left, right = struct.unpack_from(form, data)
    if last > MOST_ROWS or right > MOST_COLUMNS or first > last or left > right:
        raise ValueError("a sheet larger than one can be")
