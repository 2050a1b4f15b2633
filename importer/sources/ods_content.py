"""The rows of all sheets of an .ods workbook from its XML, and what is odd about some cells.

Comments, drawings and what a cell used to hold (tracked changes) are no texts of a sheet, nor is what a merged cell
hides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from importer.sources.excel.xml import StrangeSheet, parser_for
from importer.sources.facts import MOST_LINKS, Facts, Odd, Range
from importer.sources.ods_values import OFFICE, TABLE, cell_text

TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
XLINK = "http://www.w3.org/1999/xlink"

SKIPPED = frozenset(
    (
        f"{OFFICE} annotation",
        f"{OFFICE} forms",
        f"{TABLE} shapes",
        f"{TABLE} tracked-changes",
        f"{TABLE} detective",
        f"{TEXT} ruby-text",
    )
)
CHUNK = 256 * 1024
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_REPEATED = 5_000_000
"""Filled cells that are there because a row or cell is said to be repeated; a sheet of people has a few."""

OF_OTHER_BOOKS = "ta_extref"
"""Style of the sheets in which LibreOffice keeps what it once read from other workbooks."""

Attributes = Mapping[str, str]


@dataclass(slots=True)
class OdsSheet:
    """One sheet."""

    name: str
    is_visible: bool
    facts: Facts = field(default_factory=Facts)


@dataclass(slots=True)
class _Row:
    """The row that is being read."""

    repeated: int
    is_hidden: bool
    texts: list[str] = field(default_factory=list)
    blanks: int = 0
    """Blank cells that count only if another cell follows."""
    odd: list[Odd] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    padded: list[int] = field(default_factory=list)
    is_struck: bool = False

    @property
    def position(self) -> int:
        """Of the next cell."""
        return len(self.texts) + self.blanks


class Content:
    """Reads the part `content.xml`, once."""

    def __init__(self) -> None:
        self.sheets: list[OdsSheet] = []
        self.has_other_books = False
        self._parser = parser_for(self._start, self._end)
        self._parser.CharacterDataHandler = self._characters
        self._starts: dict[str, Callable[[Attributes], None]] = {
            f"{STYLE} style": self._start_style,
            f"{STYLE} text-properties": self._text_properties,
            f"{STYLE} table-properties": self._table_properties,
            f"{TABLE} table": self._start_table,
            f"{TABLE} table-column": self._column,
            f"{TABLE} table-row": self._start_row,
            f"{TABLE} table-cell": self._start_cell,
            f"{TABLE} covered-table-cell": self._start_covered,
            f"{TEXT} p": self._start_paragraph,
            f"{TEXT} s": self._blanks,
            f"{TEXT} tab": lambda _: self._pieces.append("\t"),
            f"{TEXT} line-break": lambda _: self._pieces.append("\n"),
            f"{TEXT} a": self._link,
        }
        self._ends: dict[str, Callable[[], None]] = {
            f"{TABLE} table": self._end_table,
            f"{TABLE} table-row": self._end_row,
            f"{TABLE} table-cell": self._end_cell,
            f"{TABLE} covered-table-cell": self._end_covered,
            f"{TEXT} p": self._end_paragraph,
        }
        self._skipped = 0
        self._style = ""
        self._struck: set[str] = set()
        self._unseen: set[str] = set()
        self._sheet: OdsSheet | None = None
        self._row_number = self._column_at = 0
        self._row: _Row | None = None
        self._cell: Attributes | None = None
        self._paragraphs: list[str] = []
        self._pieces: list[str] = []
        self._is_in_paragraph = False
        self._target = ""
        self._room = MOST_REPEATED
        self._done: list[tuple[int, int, list[str]]] = []

    def rows(self, xml: IO[bytes]) -> Iterator[tuple[int, int, list[str]]]:
        """Sheet (by its place in `sheets`), number and texts of every row of a visible sheet that has a text.

        Raises:
            StrangeSheet: more rows or columns than a sheet has, or more repetitions than anybody means.
            ExpatError, LookupError, ValueError: damaged.
        """
        while chunk := xml.read(CHUNK):
            self._parser.Parse(chunk)
            yield from self._done
            self._done.clear()
        self._parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position alone

    # --- elements ----------------------------------------------------------------------------------------------

    def _start(self, tag: str, attributes: Attributes) -> None:
        if self._skipped or tag in SKIPPED or tag.startswith(DRAW):
            self._skipped += 1
        elif tag in self._starts:
            self._starts[tag](attributes)

    def _end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif tag in self._ends:
            self._ends[tag]()

    def _characters(self, text: str) -> None:
        if self._is_in_paragraph and not self._skipped:
            self._pieces.append(text)

    # --- styles ------------------------------------------------------------------------------------------------

    def _start_style(self, attributes: Attributes) -> None:
        self._style = attributes.get(f"{STYLE} name", "")

    def _text_properties(self, attributes: Attributes) -> None:
        if attributes.get(f"{STYLE} text-line-through-style", "none") != "none":
            self._struck.add(self._style)

    def _table_properties(self, attributes: Attributes) -> None:
        if attributes.get(f"{TABLE} display") == "false":
            self._unseen.add(self._style)

    # --- sheets and rows ---------------------------------------------------------------------------------------

    def _start_table(self, attributes: Attributes) -> None:
        if self._sheet:
            # A table within a cell, as text documents have them.
            self._skipped = 1
            return
        style = attributes.get(f"{TABLE} style-name", "")
        self._sheet = OdsSheet(attributes.get(f"{TABLE} name", ""), style not in self._unseen)
        self._row_number = self._column_at = 0
        if style == OF_OTHER_BOOKS:
            self.has_other_books = True
            self._sheet.is_visible = False
        else:
            self.sheets.append(self._sheet)

    def _end_table(self) -> None:
        self._sheet = None

    def _column(self, attributes: Attributes) -> None:
        first = self._column_at
        self._column_at += _count(attributes, f"{TABLE} number-columns-repeated")
        if self._sheet and attributes.get(f"{TABLE} visibility") in {"collapse", "filter"}:
            self._sheet.facts.hidden_columns.append((first, min(self._column_at, MOST_COLUMNS) - 1))

    def _start_row(self, attributes: Attributes) -> None:
        visibility = attributes.get(f"{TABLE} visibility")
        self._row = _Row(_count(attributes, f"{TABLE} number-rows-repeated"), visibility in {"collapse", "filter"})
        if self._sheet and visibility == "filter":
            self._sheet.facts.is_filtered = True

    def _end_row(self) -> None:
        row, sheet = self._row, self._sheet
        if row is None or sheet is None:
            return
        first = self._row_number + 1
        self._row_number += row.repeated
        self._row = None
        if not sheet.is_visible or not (row.odd or any(map(str.strip, row.texts))):
            return
        if self._row_number > MOST_ROWS:
            raise StrangeSheet("more rows than a sheet has")
        self._use_up((row.repeated - 1) * len(row.texts))
        for number in range(first, self._row_number + 1):
            self._done.append((len(self.sheets) - 1, number, row.texts))
            self._remember(sheet.facts, row, number)

    def _remember(self, facts: Facts, row: _Row, number: int) -> None:
        facts.odd.extend(Odd(number, odd.position, odd.code, odd.text) for odd in row.odd)
        facts.padded.update(row.padded)
        for formula in row.formulas:
            facts.add_formula(formula)
        if row.is_hidden:
            facts.hidden.add(number)
        if row.is_struck:
            facts.struck.add(number)

    def _use_up(self, cells: int) -> None:
        self._room -= cells
        if self._room < 0:
            raise StrangeSheet("more repetitions than anybody means")

    # --- cells -------------------------------------------------------------------------------------------------

    def _start_cell(self, attributes: Attributes) -> None:
        self._cell = attributes
        self._paragraphs = []
        self._target = ""

    def _start_covered(self, attributes: Attributes) -> None:
        self._start_cell(attributes)

    def _end_covered(self) -> None:
        if self._row and self._cell is not None:
            self._row.blanks += _count(self._cell, f"{TABLE} number-columns-repeated")
        self._cell = None

    def _end_cell(self) -> None:
        row, cell = self._row, self._cell
        self._cell = None
        if row is None or cell is None or self._sheet is None:
            return
        position = row.position
        self._merge(self._sheet.facts, cell, position)
        found = cell_text(cell, "\n".join(self._paragraphs))
        repeated = _count(cell, f"{TABLE} number-columns-repeated")
        if not found.text and not found.odd:
            row.blanks += repeated
            return
        if position + repeated > MOST_COLUMNS:
            raise StrangeSheet("more columns than a sheet has")
        self._use_up(repeated - 1)
        row.texts.extend([""] * row.blanks)
        row.blanks = 0
        row.texts.extend([found.text] * repeated)
        places = range(position, position + repeated)
        if found.odd:
            row.odd.extend(Odd(0, place, found.odd, found.text) for place in places)
        if found.is_padded:
            row.padded.extend(places)
        if found.is_decimal:
            self._sheet.facts.add_number(found.text)
        if found.formula and not found.odd:
            row.formulas.extend([found.formula] * repeated)
        row.is_struck |= bool(found.text.strip()) and cell.get(f"{TABLE} style-name", "") in self._struck
        if self._target and len(self._sheet.facts.links) < MOST_LINKS:
            number = self._row_number + 1
            self._sheet.facts.links.append((Range(number, position, number, position), self._target))

    def _merge(self, facts: Facts, cell: Attributes, position: int) -> None:
        down = _count(cell, f"{TABLE} number-rows-spanned")
        right = _count(cell, f"{TABLE} number-columns-spanned")
        if down > 1 or right > 1:
            top = self._row_number + 1
            facts.merged.append(Range(top, position, top + down - 1, position + right - 1))

    # --- texts -------------------------------------------------------------------------------------------------

    def _start_paragraph(self, _: Attributes) -> None:
        self._is_in_paragraph = self._cell is not None
        self._pieces = []

    def _end_paragraph(self) -> None:
        self._is_in_paragraph = False
        self._paragraphs.append("".join(self._pieces))

    def _blanks(self, attributes: Attributes) -> None:
        count = _count(attributes, f"{TEXT} c")
        self._use_up(count)
        self._pieces.append(" " * count)

    def _link(self, attributes: Attributes) -> None:
        self._target = attributes.get(f"{XLINK} href", "")


def _count(attributes: Attributes, name: str) -> int:
    """How often something is there; once where it is not said."""
    count = int(attributes.get(name, 1))
    if not 0 < count <= MOST_ROWS * 2:
        raise StrangeSheet("a count that cannot be")
    return count
