"""What a cell of a workbook holds: the kind and the style that the file gives it, and the value as written -> text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from importer.sources.cell_text import CellValue, is_too_long, is_whole, number_text, text_of, unescaped
from importer.sources.excel.styles import PLAIN, Style
from importer.sources.excel.xml import StrangeSheet

SAFE_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is to be read in a cell."""

    text: str
    odd: str = ""
    """Code of what is odd about it; "" = nothing."""
    is_padded: bool = False
    """A number that is read with the leading zeros its format shows."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """Of the cells of one workbook."""

    strings: pa.StringArray
    """The texts that cells of the kind "s" point to."""
    styles: Mapping[str, Style]
    """By their number as written; the others are plain."""
    moment: Callable[[float, bool], CellValue]
    """What a day's number, or a duration, means; raises ValueError or OverflowError where it means nothing."""

    @property
    def struck(self) -> frozenset[str]:
        """The styles that strike a value through."""
        return frozenset(name for name, style in self.styles.items() if style.is_struck)

    def of(self, kind: str, style: str, value: str) -> Meaning:
        """What a cell of this kind and style says that holds the non-blank *value*.

        Raises:
            StrangeSheet, LookupError, ValueError: not as any program writes it.
        """
        match kind:
            case "s" if value[0] != "-":
                return Meaning(self.strings[int(value)].as_py())
            case "n":
                return self._number(self.styles.get(style, PLAIN), value)
            case "str" | "inlineStr":
                return Meaning(unescaped(value))
            case "b":
                return Meaning(text_of(value in {"1", "true"}))
            case "e":
                return Meaning(value, "error_cell")
            case "d":
                return Meaning(value)
        raise StrangeSheet(f"a cell of the kind {kind}")

    def _number(self, style: Style, value: str) -> Meaning:
        if style.is_plain and value.isdecimal() and value.isascii() and len(value) <= SAFE_DIGITS:
            return Meaning(value)
        number = int(value) if value.isdecimal() else float(value)
        if style.is_date:
            return self._date(number, style)
        text = number_text(number)
        if not is_whole(number):
            return Meaning(text)
        if is_too_long(number):
            # Digits are lost already, also where the column holds no codes: no quantity is so large.
            return Meaning(text, "code_damaged")
        if number >= 0 and len(text) < style.zeros:
            return Meaning(text.zfill(style.zeros), is_padded=True)
        return Meaning(text)

    def _date(self, number: float, style: Style) -> Meaning:
        try:
            return Meaning(text_of(self.moment(number, style.is_duration)))
        except (OverflowError, ValueError):
            # Before the first day or after the last one; Excel shows nothing but hash signs.
            return Meaning(number_text(number), "error_cell")
