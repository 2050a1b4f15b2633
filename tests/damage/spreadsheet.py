"""What spreadsheet programs make of what is entered, told apart from how the importer finds it out.

After Excel's and LibreOffice's behaviour in cells of the format General: a text that looks like a number is one, one
that looks like a date is one, and a number of more than eleven digits is shown with an exponent.
"""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal

THIS_YEAR = 2026
ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
GERMAN = "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez".split()


def number_shown(text: str, *, comma: bool = False) -> str:
    """A column of long digits after opening and saving a CSV file: 4.01235E+12."""
    shown = f"{Decimal(text):.5E}" if len(text.lstrip("0")) > 11 else text.lstrip("0")
    mantissa, e, exponent = shown.partition("E+")
    if e:
        shown = f"{mantissa.rstrip('0').rstrip('.')}E+{exponent.zfill(2)}"
    return shown.replace(".", ",") if comma else shown


def number_with_format_0(text: str) -> str:
    """The same column once somebody has set its format to a plain number: 15 digits, and then zeros."""
    digits = text.lstrip("0")
    return digits[:15] + "0" * (len(digits) - 15) if len(digits) > 15 else digits


def day_of(text: str, *, german: bool) -> date | None:
    """The day that a program takes *text* for; None = it leaves it alone."""
    names = [name.casefold() for name in (GERMAN if german else ENGLISH)]
    if found := re.fullmatch(r"([A-Za-zä]{3,9})[- ./]?(\d{1,2})", text):
        word = found[1].casefold()[:3]
        if word not in names or (len(found[1]) > 3 and found[1].casefold() not in {"sept", "march", "april", "june"}):
            return None
        return _day(names.index(word) + 1, int(found[2]))
    if found := re.fullmatch(r"(\d{1,2})[- .]?([A-Za-zä]{3})", text):
        word = found[2].casefold()
        return _day(names.index(word) + 1, int(found[1])) if word in names else None
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})", text):
        one, two = int(found[1]), int(found[2])
        if "." in text and not german:
            return None
        day, month = (one, two) if german else (two, one)
        if 1 <= month <= 12 and 1 <= day <= monthrange(THIS_YEAR, month)[1]:
            return date(THIS_YEAR, month, day)
        return _day(one, two) if 1 <= one <= 12 else None
    return None


def _day(month: int, number: int) -> date:
    """The day *number* of *month*, or the first of that month in the year *number*."""
    if 1 <= number <= monthrange(THIS_YEAR, month)[1]:
        return date(THIS_YEAR, month, number)
    return date(1900 + number if number >= 30 else 2000 + number, month, 1)


def shown_short(text: str, *, german: bool) -> str:
    """The day as a CSV file has it afterwards: 1-Mar, Mar-32, 01. Mrz, Mrz 32."""
    day = day_of(text, german=german)
    assert day, text
    name = (GERMAN if german else ENGLISH)[day.month - 1]
    if day.year != THIS_YEAR:
        return f"{name} {day:%y}" if german else f"{name}-{day:%y}"
    return f"{day.day:02}. {name}" if german else f"{day.day}-{name}"


def shown_in_full(text: str, *, german: bool, form: str = "%Y-%m-%d") -> str:
    """The day as a workbook's cell is read, or as a column formatted as dates is saved."""
    day = day_of(text, german=german)
    assert day, text
    return f"{day:{form}}"


def read_wrongly(text: str, code_page: str, times: int = 1) -> str:
    """UTF-8 opened in *code_page*, and saved as UTF-8 again; that as often as *times*."""
    for _ in range(times):
        text = "".join(bytes([byte]).decode(code_page, "ignore") or chr(byte) for byte in text.encode())
    return text
