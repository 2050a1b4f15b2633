"""The rows of one sheet, straight from its XML: texts, and what is odd about some cells.

openpyxl's own reader of cells takes several times as long, passes over rows that are out of order, and cannot tell a
formula that was never calculated from a blank cell.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from importer.sources.cell_text import CellValue, is_too_long, is_whole, number_text, text_of, unescaped
from importer.sources.excel.styles import PLAIN, Style
from importer.sources.excel.xml import MAIN, StrangeSheet, parser_for
from importer.sources.rows import is_blank

ROW = f"{MAIN} row"
CELL = f"{MAIN} c"
VALUE = f"{MAIN} v"
FORMULA = f"{MAIN} f"
TEXT = f"{MAIN} t"
PHONETIC = f"{MAIN} rPh"
MERGED = f"{MAIN} mergeCell"

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
CHUNK = 256 * 1024
BLANK_ROWS = 1_000
"""After so many it is worth looking whether there is anything below; often a sheet is formatted down to its end."""
OVERLAP = 4096
FILLED = re.compile(rb"<(?:[\w.-]+:)?(?:v|is|f)[\s/>]")
"""What every cell with a value, a text of its own or a formula has, and no blank one."""

DIGITS = "0123456789"
SAFE_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that cannot be taken as it is."""

    row: int
    position: int
    code: str
    text: str = ""


class Sheet:
    """Reads one sheet, once; what it remembers is complete when `rows` is through."""

    def __init__(
        self,
        strings: Sequence[str],
        styles: Mapping[str, Style],
        moment: Callable[[float, bool], CellValue],
    ) -> None:
        """*styles* by their number as written; *moment* turns a day's number (or a duration) into what it means."""
        self.odd: list[Odd] = []
        self.hidden: list[int] = []
        """Rows that a filter or the user has hidden."""
        self.merged: list[str] = []
        """Ranges of merged cells, such as "A3:A7"."""
        self.padded: Counter[int] = Counter()
        """Position of a column -> how many of its numbers were read with leading zeros."""
        self._strings = strings
        self._styles = styles
        self._moment = moment
        self._parser = parser_for(self._start, self._end)
        self._done: list[tuple[int, list[str]]] = []
        self._row_number = self._last_filled = 0
        self._texts: list[str] = []
        self._cell: Mapping[str, str] = {}
        self._has_formula = False
        self._value: str | None = None
        self._pieces: list[str] = []
        self._is_phonetic = False
        self._positions: dict[str, int] = {}

    def rows(self, xml: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        """Number and texts of every row in *xml* that has a text or something odd; up to its last filled cell.

        Raises:
            StrangeSheet: rows or cells out of their order, or of a kind we do not know.
            ExpatError, LookupError, ValueError: damaged.
        """
        may_end = True
        while chunk := xml.read(CHUNK):
            self._parser.Parse(chunk)
            yield from self._done
            self._done.clear()
            if may_end and self._is_in_blank_area():
                may_end = _holds_nothing_more(xml, chunk[-OVERLAP:])
                if may_end:
                    return
        self._parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position alone

    def _is_in_blank_area(self) -> bool:
        """Whether the last filled row is far above, and the row begun has nothing in it so far."""
        is_listening = self._parser.CharacterDataHandler is not None
        return self._row_number - self._last_filled > BLANK_ROWS and not any(self._texts) and not is_listening

    # --- elements ----------------------------------------------------------------------------------------------

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == CELL:
            self._cell = attributes
            self._value = None
            self._has_formula = False
        elif tag in {VALUE, TEXT} and not self._is_phonetic:
            self._pieces.clear()
            self._parser.CharacterDataHandler = self._pieces.append
        elif tag == FORMULA:
            self._has_formula = True
        elif tag == ROW:
            self._start_row(attributes)
        elif tag == PHONETIC:
            self._is_phonetic = True
        elif tag == MERGED:
            self.merged.append(attributes.get("ref", ""))

    def _end(self, tag: str) -> None:
        if tag == CELL:
            self._end_cell()
        elif tag in {VALUE, TEXT} and not self._is_phonetic:
            # An inline text may come in several formatted pieces.
            self._value = (self._value or "") + "".join(self._pieces)
            self._parser.CharacterDataHandler = None
        elif tag == ROW:
            self._end_row()
        elif tag == PHONETIC:
            self._is_phonetic = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._row_number + 1))
        if not self._row_number < number <= MOST_ROWS:
            raise StrangeSheet("rows out of order")
        self._row_number = number
        self._texts = []
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden.append(number)

    def _end_row(self) -> None:
        texts = self._texts
        while texts and not texts[-1]:
            texts.pop()
        is_odd = bool(self.odd) and self.odd[-1].row == self._row_number
        if is_odd or not is_blank(texts):
            self._done.append((self._row_number, texts))
            self._last_filled = self._row_number

    # --- cells -------------------------------------------------------------------------------------------------

    def _end_cell(self) -> None:
        position = self._position()
        texts = self._texts
        if position < len(texts):
            raise StrangeSheet("cells out of order")
        if position > len(texts):
            texts.extend([""] * (position - len(texts)))
        texts.append(self._text(position))

    def _position(self) -> int:
        reference = self._cell.get("r")
        if reference is None:
            return len(self._texts)
        letters = reference.rstrip(DIGITS)
        if letters not in self._positions:
            self._positions[letters] = _position_of(letters)
        return self._positions[letters]

    def _text(self, position: int) -> str:
        kind, value = self._cell.get("t", "n"), self._value
        if not value:
            # An empty text is a result; an empty number is none.
            if self._has_formula and (value is None or kind != "str"):
                self._remember(position, "formula_without_value")
            return ""
        match kind:
            case "s" if value[0] != "-":
                return self._strings[int(value)]
            case "n":
                return self._number(position, value)
            case "str" | "inlineStr":
                return unescaped(value)
            case "b":
                return text_of(value in {"1", "true"})
            case "e":
                return self._remember(position, "error_cell", value)
            case "d":
                return value
        raise StrangeSheet(f"a cell of the kind {kind}")

    def _number(self, position: int, value: str) -> str:
        style = self._styles.get(self._cell.get("s", "0"), PLAIN)
        if style is PLAIN and value.isdecimal() and value.isascii() and len(value) <= SAFE_DIGITS:
            return value
        number = int(value) if value.isdecimal() else float(value)
        if style.is_date:
            return self._date(position, number, style)
        text = number_text(number)
        if not is_whole(number):
            return text
        if is_too_long(number):
            # Digits are lost already, also where the column holds no codes: no quantity is so large.
            return self._remember(position, "code_damaged", text)
        if number >= 0 and len(text) < style.zeros:
            self.padded[position] += 1
            return text.zfill(style.zeros)
        return text

    def _date(self, position: int, number: float, style: Style) -> str:
        try:
            return text_of(self._moment(number, style.is_duration))
        except (OverflowError, ValueError):
            # Before the first day or after the last one; Excel shows nothing but hash signs.
            return self._remember(position, "error_cell", number_text(number))

    def _remember(self, position: int, code: str, text: str = "") -> str:
        self.odd.append(Odd(self._row_number, position, code, text))
        return text


def _holds_nothing_more(xml: IO[bytes], before: bytes) -> bool:
    """Whether no cell is filled from here on; if one is, *xml* stands where it stood.

    *before* are the last bytes read, in which a cell may begin.
    """
    here = xml.tell()
    while chunk := xml.read(CHUNK):
        if FILLED.search(before + chunk):
            xml.seek(here)
            return False
        before = chunk[-OVERLAP:]
    return True


def _position_of(letters: str) -> int:
    """The position of the column *letters*, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    if not 0 < number <= MOST_COLUMNS:
        raise StrangeSheet(f"a column {letters}")
    return number - 1
