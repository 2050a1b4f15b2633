"""From the value of a cell to what a file holds: text for CSV, and a typed cell for Excel where Excel can hold it.

Excel keeps 15 digits, knows no time zone and no day before 1900.  A value that would suffer is written as text, which
the importer reads just as well.
"""

import json
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from importer.errors import WrongSettings
from schemas.cells import Clear, Conventions, Value

MOST_CHARACTERS = 32_767
"""In one cell; Excel's limit, counted as UTF-16."""

# Excel takes 1900 for a leap year; from its March on, serial numbers are what everybody thinks they are.
FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 - Excel's clock has no zone


def text(value: Value, conventions: Conventions) -> str:
    """*value* as the importer reads it back: times with their offset, tags as JSON."""
    match value:
        case Clear():
            return conventions.clear_word
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | Decimal():
            return format(value, "f" if isinstance(value, Decimal) else "d")
        case datetime():
            return value.isoformat(" " if value.tzinfo is None else "T")
        case tuple():
            return json.dumps(dict(value), ensure_ascii=False)


def typed(value: Value, conventions: Conventions) -> str | float | datetime:
    """*value* as Excel should hold it: text, a number, or a time on the wall clock of the conventions' zone.

    Yes and no are text, as in the drop-down list: a Boolean cell shows WAHR in one country and TRUE in another.
    """
    written = text(value, conventions)
    if isinstance(value, datetime):
        local = _on_the_wall(value, conventions.timezone)
        return written if local is None or local < FIRST_DAY else local
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = float(value)
        return number if Decimal(repr(number)) == value else written
    return written


def put(sheet: Worksheet, row: int, column: int, value: str | float | datetime, style: Format) -> None:
    """Write *value* at a place, counted from 0.  Text is never taken for a formula, an address or mark-up.

    Raises:
        WrongSettings: longer than a cell may be; nothing is cut.
    """
    match value:
        case datetime():
            sheet.write_datetime(row, column, value, style)
        case str():
            _put_text(sheet, row, column, value, style)
        case _:
            sheet.write_number(row, column, value, style)


def _on_the_wall(value: datetime, zone: str) -> datetime | None:
    """*value* without its offset; None where the clock shows this time twice and this is the second."""
    if value.tzinfo is None:
        return value
    local = value.astimezone(ZoneInfo(zone))
    return None if local.fold else local.replace(tzinfo=None)


def _put_text(sheet: Worksheet, row: int, column: int, words: str, style: Format) -> None:
    length = len(words.encode("utf-16-le")) // 2
    if length > MOST_CHARACTERS:
        raise WrongSettings(
            f"{sheet.name}, row {row + 1}, column {column + 1}: a cell of Excel holds {MOST_CHARACTERS} characters and "
            f"this text has {length}; write CSV instead"
        )
    if words.startswith("<r>") and words.endswith("</r>"):
        # XlsxWriter hands such a text through as ready-made XML; in two parts it is written as what it is.
        sheet.write_rich_string(row, column, words[:1], style, words[1:], style)
    else:
        sheet.write_string(row, column, words, style)
