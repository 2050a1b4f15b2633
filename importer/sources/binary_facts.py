"""What calamine does not tell of .xls and .xlsb workbooks: error cells, zeros that a format shows, what is hidden.

The values are calamine's; here the same records are gone through once more, for what it leaves out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from importer.sources.facts import Facts

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
ZEROS = re.compile(r"(?:\[\$-[0-9A-Fa-f]+\])?(0{2,})")
STRUCK = 0x0008
"""Bit of a font's flags."""

ATTRIBUTE, CHANGING = 0x19, 0x01
"""How the code of a formula begins that is calculated at every look."""

Place = tuple[int, int]
"""Number of the row, position of the column."""


@dataclass(slots=True)
class SheetFacts:
    """Of one sheet."""

    facts: Facts = field(default_factory=Facts)
    errors: dict[Place, str] = field(default_factory=dict)
    """Cells that show an error, and which."""
    zeros: dict[Place, int] = field(default_factory=dict)
    """Cells with a number that is shown with so many digits at least."""
    rows: int = 0
    columns: int = 0
    """The last row and column in which anything stands, counted."""

    def see(self, place: Place, style: "CellStyle", *, is_number: bool = False) -> None:
        """Take note of a filled cell."""
        row, position = place
        self.rows, self.columns = max(self.rows, row), max(self.columns, position + 1)
        if style.is_struck:
            self.facts.struck.add(row)
        if is_number and style.zeros:
            self.zeros[place] = style.zeros

    def add_error(self, place: Place, code: int) -> None:
        """Take note of a cell that shows the error *code*."""
        self.errors[place] = ERRORS.get(code, "#N/A")

    def add_formula(self, code: bytes) -> None:
        """Take note of a formula that has a result."""
        self.facts.formulas += 1
        self.facts.changing += len(code) > 1 and code[0] == ATTRIBUTE and bool(code[1] & CHANGING)


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What the style of a cell says."""

    zeros: int = 0
    is_struck: bool = False


PLAIN = CellStyle()


@dataclass(frozen=True, slots=True)
class BookFacts:
    """Of a whole workbook."""

    sheets: Mapping[str, SheetFacts]
    """By title."""
    is_from_1904: bool
    """Days are counted from 1904."""
    has_macros: bool
    has_other_books: bool
    """It refers to other workbooks."""


def styles_of(used: Iterable[tuple[int, bool]], formats: Mapping[int, str]) -> tuple[CellStyle, ...]:
    """The styles that are made of a number format and a font each; the latter is told by whether it is struck."""
    return tuple(CellStyle(_zeros(formats.get(number, "")), is_struck) for number, is_struck in used)


def _zeros(code: str) -> int:
    found = ZEROS.fullmatch(code)
    return len(found[1]) if found else 0
