"""What has to be known of a sheet before its bytes are edited: what is where, and how far it reaches."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import IO

from importer.reports.checked.in_place.xml import MAIN, must_be_utf8, parser_for, prefix_at, tag_end
from importer.reports.checked.trouble import CannotMark

Range = tuple[int, int, int, int]
"""Left, top, right and bottom, counted from 1; all within."""

CHUNK = 256 * 1024
HEAD = 64 * 1024
RANGE = re.compile(r"([A-Z]{1,3})([0-9]+)(?::([A-Z]{1,3})([0-9]+))?")
RELATION_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"

# What may stand in a sheet before the drawing that its comments need; Excel takes a wrong order for damage.
BEFORE_DRAWING = frozenset(
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing".split()
)

YES = frozenset(("1", "true"))

PIXELS_PER_POINT = 4 / 3
PIXELS_PER_LETTER, CELL_EDGE = 7, 5
USUAL_WIDTH, USUAL_HEIGHT = 64, 20
"""Of a cell, in pixels."""


@dataclass(frozen=True, slots=True)
class Place:
    """A start tag of a sheet, and what it says."""

    begin: int
    end: int
    tag: bytes
    attributes: dict[str, str]


@dataclass(slots=True)
class Survey:
    """One sheet; columns and rows are counted from 1."""

    prefix: str = ""
    """What stands before the names of elements, such as "x:"; "" mostly."""
    last_column: int = 0
    """The last one with a filled or merged cell."""
    header_looks: dict[int, int] = field(default_factory=dict)
    """Column -> look of the filled cells of the header row."""
    columns: list[Place] = field(default_factory=list)
    """What is said of the width and look of columns, in their order."""
    columns_end: int | None = None
    """Where more could be said of columns; None = nothing is said of any."""
    data: int = 0
    """Where the rows begin."""
    extent: Place | None = None
    """What is said of the range of cells that are filled."""
    filter: Place | None = None
    """The arrows in the header row."""
    selected: list[Place] = field(default_factory=list)
    """Where the sheet is said to be one of those that are selected."""
    drawing: Place | None = None
    """The drawing that comments need ..."""
    drawing_at: int = 0
    """... or where it would stand."""
    merged: list[Range] = field(default_factory=list)
    """The ranges whose cells are merged into one."""
    heights: dict[int, int] = field(default_factory=dict)
    """Row -> height in pixels, where it is not the usual one."""
    widths: dict[int, float] = field(default_factory=dict)
    """Columns that will be added -> their width in letters."""
    usual_height: int = USUAL_HEIGHT
    usual_width: int = USUAL_WIDTH

    def is_covered(self, row: int, column: int) -> bool:
        """Whether the cell lies under the first one of a merged range, so that nothing in it is seen."""
        return any(
            top <= row <= bottom and left <= column <= right and (row, column) != (top, left)
            for left, top, right, bottom in self.merged
        )

    def said_of(self, column: int) -> Place | None:
        """What is said of *column*."""
        return next((one for one in self.columns if first(one) <= column <= last(one)), None)

    def look_of(self, column: int) -> int:
        """The look of cells of *column* that are not in the file."""
        said = self.said_of(column)
        return int(said.attributes.get("style", 0)) if said else 0

    def width_of(self, column: int) -> int:
        """In pixels."""
        said = self.said_of(column)
        width = self.widths.get(column)
        if width is None and said:
            width = 0 if is_on(said, "hidden") else float(said.attributes.get("width", 0))
        return self.usual_width if width is None else round(width * PIXELS_PER_LETTER) + (CELL_EDGE if width else 0)

    def height_of(self, row: int) -> int:
        """In pixels."""
        return self.heights.get(row, self.usual_height)


def surveyed(xml: IO[bytes], header_row: int) -> Survey:
    """What the sheet *xml* is like, whose header stands in this row.

    Raises:
        CannotMark: it is no sheet as Excel writes it.
    """
    return _Surveyor(header_row).survey(xml)


def first(columns: Place) -> int:
    """The first of *columns*."""
    return int(columns.attributes["min"])


def last(columns: Place) -> int:
    """The last of *columns*."""
    return int(columns.attributes["max"])


def is_on(place: Place, name: str) -> bool:
    """Whether the attribute *name* says yes."""
    return place.attributes.get(name) in YES


def column_of(cell: str) -> int:
    """The number of the column of a cell such as F17, from 1; 0 when it is not said."""
    return column_number(cell.rstrip("0123456789"))


@cache
def column_number(letters: str) -> int:
    """1 for A; 0 for none."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def range_of(reference: str) -> Range:
    """Left, top, right and bottom of a range such as A1:C3."""
    found = RANGE.fullmatch(reference)
    if found is None:
        raise CannotMark(f"a range {reference}")
    left, top, right, bottom = found.groups()
    return column_number(left), int(top), column_number(right or left), int(bottom or top)


class _Surveyor:
    def __init__(self, header_row: int) -> None:
        self._header_row = header_row
        self._found = Survey()
        self._parser = parser_for(self._start, self._end)
        self._window = b""
        self._base = 0
        self._depth = self._row = self._column = self._look = 0
        self._is_single = False
        inside = {
            "c": self._cell,
            "v": self._fill,
            "is": self._fill,
            "f": self._fill,
            "row": self._begin_row,
            "mergeCell": self._merge,
            "col": lambda said: self._found.columns.append(self._place(said)),
            "sheetView": self._view,
        }
        self._inside = {f"{MAIN} {name}": note for name, note in inside.items()}

    def survey(self, xml: IO[bytes]) -> Survey:
        beginning = xml.read(HEAD)
        must_be_utf8(beginning)
        chunk = beginning
        while chunk:
            # A start tag is looked at when its event comes, and may have begun in the chunk before.
            self._base += max(0, len(self._window) - HEAD)
            self._window = self._window[-HEAD:] + chunk
            self._parser.Parse(chunk)
            chunk = xml.read(CHUNK)
        self._parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position alone
        if not self._found.data:
            raise CannotMark("a sheet without rows")
        return self._found

    # --- elements -------------------------------------------------------------------------------------------

    def _start(self, tag: str, said: dict[str, str]) -> None:
        self._depth += 1
        if note := self._inside.get(tag):
            note(said)
        elif self._depth == 2:  # noqa: PLR2004 - right within the sheet
            place = self._place(said)
            self._is_single = place.tag.endswith(b"/>")
            self._child(tag.removeprefix(f"{MAIN} "), place)
        elif self._depth == 1:
            if tag != f"{MAIN} worksheet":
                raise CannotMark("not a worksheet")
            self._found.prefix = prefix_at(self._window, self._parser.CurrentByteIndex - self._base)

    def _child(self, name: str, place: Place) -> None:
        found = self._found
        match name:
            case "sheetData":
                found.data = place.begin
            case "dimension":
                found.extent = place
            case "autoFilter":
                found.filter = place
            case "legacyDrawing":
                found.drawing = place
            case "sheetFormatPr":
                _note_sizes(found, place.attributes)

    def _begin_row(self, said: dict[str, str]) -> None:
        self._row = int(said.get("r", self._row + 1))
        self._column = 0
        if said.get("hidden") in YES:
            self._found.heights[self._row] = 0
        elif "ht" in said:
            self._found.heights[self._row] = round(float(said["ht"]) * PIXELS_PER_POINT)

    def _cell(self, said: dict[str, str]) -> None:
        self._column = column_of(said.get("r", "")) or self._column + 1
        self._look = int(said.get("s", 0))

    def _fill(self, _: dict[str, str]) -> None:
        self._found.last_column = max(self._found.last_column, self._column)
        if self._row == self._header_row:
            self._found.header_looks[self._column] = self._look

    def _merge(self, said: dict[str, str]) -> None:
        self._found.merged.append(range_of(said["ref"]))
        self._found.last_column = max(self._found.last_column, self._found.merged[-1][2])

    def _view(self, said: dict[str, str]) -> None:
        if said.get("tabSelected") in YES:
            self._found.selected.append(self._place(said))

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._depth == 1:
            name = tag.removeprefix(f"{MAIN} ")
            at = self._parser.CurrentByteIndex
            if name == "cols":
                self._found.columns_end = at
            if name in BEFORE_DRAWING:
                self._found.drawing_at = self._behind(at)

    # --- places ---------------------------------------------------------------------------------------------

    def _place(self, attributes: dict[str, str]) -> Place:
        """The start tag that is being told."""
        begin = self._parser.CurrentByteIndex
        end = tag_end(self._window, begin - self._base)
        return Place(begin, self._base + end, self._window[begin - self._base : end], dict(attributes))

    def _behind(self, at: int) -> int:
        """Where the child of the sheet ends whose end is told *at*; of <a/>, that is there."""
        return at if self._is_single else self._base + tag_end(self._window, at - self._base)


def _note_sizes(found: Survey, attributes: dict[str, str]) -> None:
    if "defaultRowHeight" in attributes:
        found.usual_height = round(float(attributes["defaultRowHeight"]) * PIXELS_PER_POINT)
    if "defaultColWidth" in attributes:
        found.usual_width = round(float(attributes["defaultColWidth"]) * PIXELS_PER_LETTER) + CELL_EDGE
