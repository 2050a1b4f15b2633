"""The rows of one sheet, straight from its XML: texts, and what is odd about some cells.

openpyxl's own reader of cells takes several times as long, passes over rows that are out of order, and cannot tell a
formula that was never calculated from a blank cell.
"""

import re
from collections.abc import Iterator, Mapping
from typing import IO

from importer.sources.excel.meaning import Meanings
from importer.sources.excel.plain import PlainBlock
from importer.sources.excel.rest import TAGS, TRUE, Rest, position_of
from importer.sources.excel.xml import MAIN, StrangeSheet, parser_for
from importer.sources.facts import Facts, Odd
from importer.sources.rows import is_blank

ROWS = f"{MAIN} sheetData"
ROW = f"{MAIN} row"
CELL = f"{MAIN} c"
VALUE = f"{MAIN} v"
FORMULA = f"{MAIN} f"
TEXT = f"{MAIN} t"
PHONETIC = f"{MAIN} rPh"

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
CHUNK = 256 * 1024
BLANK_ROWS = 1_000
"""After so many it is worth looking whether there is anything below; often a sheet is formatted down to its end."""
OVERLAP = 4096
FILLED = re.compile(rb"<(?:[\w.-]+:)?(?:v|is|f)[\s/>]")
"""What every cell with a value, a text of its own or a formula has, and no blank one."""

ROWS_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\s*/>")

DIGITS = "0123456789"


class Sheet:
    """Reads one sheet, once; what it remembers is complete when `rows` is through."""

    def __init__(self, meanings: Meanings) -> None:
        self.facts = Facts()
        self.rest = Rest(self.facts)
        """What stands around the rows."""
        self.row_number = 0
        """The last row begun."""
        self.is_in_rows = False
        """The rows have begun."""
        self._meanings = meanings
        self._parser = parser_for(self._start, self._end)
        self._done: list[tuple[int, list[str]]] = []
        self._last_filled = 0
        self._texts: list[str] = []
        self._cell: Mapping[str, str] = {}
        self._has_formula = False
        self._formula: list[str] = []
        self._value: str | None = None
        self._pieces: list[str] = []
        self._is_phonetic = False
        self._struck = meanings.struck
        self._positions: dict[str, int] = {}

    def rows(self, xml: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        """Number and texts of every row in *xml* that has a text or something odd; up to its last filled cell.

        Raises:
            StrangeSheet: rows or cells out of their order, or of a kind we do not know.
            ExpatError, LookupError, ValueError: damaged.
        """
        while chunk := xml.read(CHUNK):
            yield from self.fed(chunk)
        self.end()

    def fed(self, xml: bytes) -> list[tuple[int, list[str]]]:
        """Read on; the rows that ended in *xml*, as `rows` gives them."""
        self._parser.Parse(xml)
        done, self._done = self._done, []
        return done

    def end(self) -> None:
        """There is no more; raises ExpatError where there should be."""
        self._parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by position alone

    def pass_over(self, block: PlainBlock) -> None:
        """Go on below *block*, which is read already and has told its facts."""
        self.row_number = block.last_number
        self._last_filled = int(block.numbers[-1]) if len(block.numbers) else self._last_filled

    @property
    def is_in_blank_area(self) -> bool:
        """Whether the last filled row is far above, and the row begun has nothing in it so far."""
        is_listening = self._parser.CharacterDataHandler is not None
        return self.row_number - self._last_filled > BLANK_ROWS and not any(self._texts) and not is_listening

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
            self._formula.clear()
            self._parser.CharacterDataHandler = self._formula.append
        elif tag == ROW:
            self._start_row(attributes)
        elif tag == PHONETIC:
            self._is_phonetic = True
        elif tag == ROWS:
            self.is_in_rows = True
        elif tag in TAGS:
            self.rest.start(tag, attributes)

    def _end(self, tag: str) -> None:
        if tag == CELL:
            self._end_cell()
        elif tag in {VALUE, TEXT} and not self._is_phonetic:
            # An inline text may come in several formatted pieces.
            self._value = (self._value or "") + "".join(self._pieces)
            self._parser.CharacterDataHandler = None
        elif tag == FORMULA:
            self._parser.CharacterDataHandler = None
        elif tag == ROW:
            self._end_row()
        elif tag == PHONETIC:
            self._is_phonetic = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.row_number + 1))
        if not self.row_number < number <= MOST_ROWS:
            raise StrangeSheet("rows out of order")
        self.row_number = number
        self._texts = []
        if attributes.get("hidden") in TRUE:
            self.facts.hidden.add(number)

    def _end_row(self) -> None:
        texts = self._texts
        while texts and not texts[-1]:
            texts.pop()
        is_odd = bool(self.facts.odd) and self.facts.odd[-1].row == self.row_number
        if is_odd or not is_blank(texts):
            self._done.append((self.row_number, texts))
            self._last_filled = self.row_number

    # --- cells -------------------------------------------------------------------------------------------------

    def _end_cell(self) -> None:
        position = self._position()
        texts = self._texts
        if position < len(texts):
            raise StrangeSheet("cells out of order")
        if position > len(texts):
            texts.extend([""] * (position - len(texts)))
        texts.append(self._text(position))
        if self._struck and self._cell.get("s") in self._struck and texts[-1].strip():
            self.facts.struck.add(self.row_number)

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
                self.facts.odd.append(Odd(self.row_number, position, "formula_without_value"))
            return ""
        if self._has_formula:
            self.facts.add_formula("".join(self._formula))
        meaning = self._meanings.of(kind, self._cell.get("s", "0"), value)
        if meaning.odd:
            self.facts.odd.append(Odd(self.row_number, position, meaning.odd, meaning.text))
        if meaning.is_padded:
            self.facts.padded[position] += 1
        if kind == "n":
            self.facts.add_number(meaning.text)
        return meaning.text


def tail_of_blank(xml: IO[bytes], before: bytes) -> bytes | None:
    """What stands behind the last row if no cell is filled from here on; if one is, None, and *xml* is where it was.

    *before* are the last bytes read, in which a cell may begin.
    """
    before = before[-OVERLAP:]
    here = xml.tell()
    while chunk := xml.read(CHUNK):
        whole = before + chunk
        end = ROWS_END.search(whole)
        if FILLED.search(whole, 0, end.start() if end else len(whole)):
            break
        if end:
            return whole[end.end() :] + xml.read()
        before = chunk[-OVERLAP:]
    xml.seek(here)
    return None


def _position_of(letters: str) -> int:
    """The position of the column *letters*, from 0."""
    position = position_of(letters)
    if not 0 <= position < MOST_COLUMNS:
        raise StrangeSheet(f"a column {letters}")
    return position
