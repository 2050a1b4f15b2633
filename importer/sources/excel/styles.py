"""What the number formats of a workbook say about the values of its cells.

Read here and not by openpyxl, which refuses whole workbooks for a colour it does not know.
"""

import re
from dataclasses import dataclass
from typing import IO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from importer.sources.excel.xml import MAIN, parser_for

FORMAT = f"{MAIN} numFmt"
CELL_STYLES = f"{MAIN} cellXfs"
STYLE = f"{MAIN} xf"
FONTS = f"{MAIN} fonts"
FONT = f"{MAIN} font"
STRIKE = f"{MAIN} strike"

# Formats that a file names by number alone and that mean dates in Chinese, Japanese and Korean editions of Excel.
DATES_BY_NUMBER = frozenset({*range(27, 37), *range(50, 59)})

# The format that shows 1067 as 01067; Excel's own for German postcodes has a language in front.
ZEROS = re.compile(r"(?:\[\$-[0-9A-Fa-f]+\])?(0{2,})")


@dataclass(frozen=True, slots=True)
class Style:
    """What the number format of a cell says about its value."""

    is_date: bool = False
    is_duration: bool = False
    zeros: int = 0
    """So many digits are shown at least, filled up with zeros."""
    is_struck: bool = False
    """The value is struck through."""

    @property
    def is_plain(self) -> bool:
        """The value is shown as it is."""
        return not (self.is_date or self.is_duration or self.zeros)


PLAIN = Style()


def cell_styles(xml: IO[bytes]) -> dict[str, Style]:
    """The styles in the part *xml* that say something, by their number as cells write it; the others are plain."""
    formats = dict(BUILTIN_FORMATS)
    used: list[tuple[int, int]] = []
    is_struck: list[bool] = []
    inside = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == FORMAT:
            formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag in {CELL_STYLES, FONTS}:
            inside = tag
        elif tag == STYLE and inside == CELL_STYLES:
            used.append((int(attributes.get("numFmtId", 0)), int(attributes.get("fontId", 0))))
        elif tag == FONT and inside == FONTS:
            is_struck.append(False)
        elif tag == STRIKE and inside == FONTS:
            is_struck[-1] = attributes.get("val") not in {"0", "false"}

    def end(tag: str) -> None:
        nonlocal inside
        if tag == inside:
            inside = ""

    parser_for(start, end).ParseFile(xml)
    struck = {at for at, one in enumerate(is_struck) if one}
    styles = {
        str(at): _style(number, formats.get(number, ""), is_struck=font in struck)
        for at, (number, font) in enumerate(used)
    }
    return {at: style for at, style in styles.items() if style != PLAIN}


def _style(number: int, code: str, *, is_struck: bool) -> Style:
    zeros = ZEROS.fullmatch(code)
    return Style(
        is_date=is_date_format(code) or number in DATES_BY_NUMBER,
        is_duration=is_timedelta_format(code),
        zeros=len(zeros[1]) if zeros else 0,
        is_struck=is_struck,
    )
