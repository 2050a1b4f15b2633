"""The value of a workbook's cell as the text a person reads in it; not what its number format makes of it.

A date is ISO text, a number has no thousands separators and no exponent, TRUE and FALSE are English.
"""

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

CellValue = str | bool | int | float | datetime | date | time | timedelta

SPREADSHEET_DIGITS = 15
"""So many digits does a spreadsheet program keep and show; what a float holds beyond is noise of the binary form."""

MOST_ZEROS = 30
"""A number so large or small that it needs more of them keeps its exponent."""

# How workbooks write characters that XML has no place for, such as _x000D_ for a carriage return; _x005F_ is "_".
ESCAPE = re.compile(r"_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")


def text_of(value: CellValue) -> str:
    """What is to be read in a cell that holds *value*."""
    match value:
        case str():
            return unescaped(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return number_text(value)
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec=_precision(value.microsecond))
        case timedelta():
            return _duration(value)


def unescaped(text: str) -> str:
    """*text* as it is read in the cell, without the escapes of the file."""
    return ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text) if "_x" in text else text


def number_text(number: float) -> str:
    """*number* with at most 15 digits that matter, without an exponent: `1067`, `24.9`, `0.00001`."""
    if isinstance(number, int):
        return str(number)
    short = f"{number:.{SPREADSHEET_DIGITS}g}"
    if "e" in short and 10**-MOST_ZEROS < abs(number) < 10**MOST_ZEROS:
        short = f"{Decimal(short):f}"
    return "0" if short == "-0" else short


def is_too_long(number: float) -> bool:
    """Whether *number* has more digits than a spreadsheet program keeps, so that it once was a longer code."""
    return math.isfinite(number) and abs(number) >= 10**SPREADSHEET_DIGITS


def is_whole(number: float) -> bool:
    """Whether *number* has no fraction."""
    return isinstance(number, int) or number.is_integer()


def _moment(value: datetime) -> str:
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(timespec=_precision(value.microsecond))


def _duration(value: timedelta) -> str:
    """Hours, minutes and seconds, as many hours as it takes."""
    seconds = round(abs(value.total_seconds()))
    sign = "-" if value < timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _precision(microsecond: int) -> str:
    return "milliseconds" if microsecond else "seconds"
