"""Dates and times as people write them: a closed list of forms, nothing guessed.

Free parsers take `10`, `12,5` or `3.4` for dates and swap day and month cell by cell; hence a list.  Whether day or
month comes first in `03/04/2026` no cell can tell alone; its whole column often can (`schemas.habits`).
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from schemas import months, zones
from schemas.cells import CellError, Conventions, Form, Note, Reading

SPACES = str.maketrans(
    dict.fromkeys("\t\u00a0\u2007\u2009\u202f", " ") | dict.fromkeys("\u2010\u2011\u2012\u2013", "-")
)
TIME = r"(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)"
ISO = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})|(?P<rest>[01][0-9][0-3][0-9]))"
    rf"(?:(?:T|[ ]+){TIME} ?(?P<offset>Z|UTC|GMT|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)?"
)
WRITTEN = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sign>[./-]) ?(?P<two>[0-9]{1,2})(?P=sign) ?(?P<year>[0-9]{4}|[0-9]{2}),?"
    rf"(?:[ ]+{TIME}(?: ?(?P<half>[AaPp])\.?[Mm]\.?| Uhr)?)?"
)
DAY = r"(?P<day>[0-9]{1,2})(?:\.|st|nd|rd|th)?"
WORD = r"(?P<month>[^\W\d_]{3,})"
NAMED = tuple(
    re.compile(rf"{order}(?:,? +{TIME}(?: ?(?P<half>[AaPp])\.?[Mm]\.?| Uhr)?)?")
    for order in (
        rf"{DAY}(?P<sign>-){WORD}-(?P<year>[0-9]{{4}}|[0-9]{{2}})",
        rf"{DAY} ?(?:de )?{WORD}\.?(?: de)?,? (?P<year>[0-9]{{4}})",
        rf"{WORD}\.? {DAY},? (?P<year>[0-9]{{4}})",
    )
)
"""31-Jan-26 as Excel has it, 31. Januar 2026, Jan 31, 2026."""
PLAIN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{3})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
"""What nearly every system writes, and the standard library reads by itself."""
SERIAL = re.compile(r"(?P<number>[2-7][0-9]{4}(?:[.,][0-9]+)?)")
"""The number behind a date of the years 1954 to 2119 in Excel."""
TIME_ALONE = re.compile(r"[0-9]{1,4}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp][Mm])?")
TELLING = "^[ \t\u00a0]*[0-9]{1,2}[/-]"
"""Is found in every text that has a form; for RE2 as well."""

MONTHS = 12
DAYS = 31
PIVOT = 70
"""The years 00 to 69 are of this century, 70 to 99 of the last one."""
EXCELS_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's clock has no zone


def read(text: str, conventions: Conventions) -> Reading:
    """The aware moment in *text*; without an offset it is local to the zone, without a time it is midnight.

    Raises:
        CellError: `not_a_date`, `ambiguous_date` (`..._mixed`), `date_serial`, `time_without_day`, or `no_such_time` in
            the hour that spring skips.
    """
    if PLAIN.fullmatch(text):
        return _plain(text, conventions.timezone)
    spaced = text.translate(SPACES)
    if match := ISO.fullmatch(spaced):
        return _of_iso(match, conventions.timezone)
    if match := WRITTEN.fullmatch(spaced):
        return _of_written(match, conventions)
    for order in NAMED:
        if match := order.fullmatch(spaced):
            return _of_named(match, conventions.timezone)
    if match := SERIAL.fullmatch(spaced):
        return _of_serial(match["number"], conventions)
    raise CellError("time_without_day" if TIME_ALONE.fullmatch(spaced) else "not_a_date")


def form(text: str) -> Form | None:
    """Whether day or month comes first in *text*; None where it is no date, or written so that it is no question."""
    match = WRITTEN.fullmatch(text.strip().translate(SPACES))
    return None if match is None or _is_backward(match) else _form(match)


# --- the forms ----------------------------------------------------------------------------------------------


def _plain(text: str, zone: str) -> Reading:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CellError("not_a_date") from error
    return _in_zone(found, zone) if found.tzinfo is None else _aware(found)


def _of_iso(iso: re.Match[str], zone: str) -> Reading:
    month, day = (iso["month"], iso["day"]) if iso["sign"] else (iso["rest"][:2], iso["rest"][2:])
    local = _moment(iso["year"], month, day, iso["time"])
    return _aware(local.replace(tzinfo=_offset(iso["offset"]))) if iso["offset"] else _in_zone(local, zone)


def _of_written(written: re.Match[str], conventions: Conventions) -> Reading:
    if _is_backward(written):
        raise CellError("not_a_date")
    day, month = _day_and_month(written, conventions)
    return _with_year(written, day, month, conventions.timezone)


def _of_named(named: re.Match[str], zone: str) -> Reading:
    number = months.month(named["month"])
    if number is None:
        raise CellError("not_a_date")
    return _with_year(named, named["day"], str(number), zone)


def _with_year(written: re.Match[str], day: str, month: str, zone: str) -> Reading:
    year, is_short = written["year"], len(written["year"]) == len("26")
    if is_short:
        year = f"{19 if int(year) >= PIVOT else 20}{year}"
    reading = _in_zone(_moment(year, month, day, written["time"], written["half"] or ""), zone)
    return Reading(reading.value, Note("year_of_two_digits", {"year": year})) if is_short else reading


def _of_serial(number: str, conventions: Conventions) -> Reading:
    moment = EXCELS_DAY_0 + timedelta(seconds=round(float(number.replace(",", ".")) * 86_400))
    meant = moment.isoformat(" ").removesuffix(" 00:00:00")
    if not conventions.accept_serial_dates:
        raise CellError("date_serial", suggestion=meant)
    return Reading(_in_zone(moment, conventions.timezone).value, Note("normalised", {"value": meant}))


# --- day and month ------------------------------------------------------------------------------------------


def _is_backward(written: re.Match[str]) -> bool:
    """26-01-31 may be somebody's 2026-01-31."""
    return written["sign"] == "-" and len(written["year"]) == len("26")


def _form(written: re.Match[str]) -> Form | None:
    # 31.01.2026 is day-first wherever points are used.
    one, two = int(written["one"]), int(written["two"])
    if written["sign"] == "." or one == two or not 0 < min(one, two) <= MONTHS or max(one, two) > DAYS:
        return None
    if max(one, two) <= MONTHS:
        return Form.EITHER_FIRST
    return Form.DAY_FIRST if one > MONTHS else Form.MONTH_FIRST


def _day_and_month(written: re.Match[str], conventions: Conventions) -> tuple[str, str]:
    one, two = written["one"], written["two"]
    match _form(written):
        case Form.MONTH_FIRST:
            return two, one
        case Form.EITHER_FIRST if conventions.mixed:
            day_first, month_first = map(str, conventions.mixed)
            raise CellError("ambiguous_date_mixed", day_first=day_first, month_first=month_first)
        case Form.EITHER_FIRST if conventions.day_first is None:
            raise CellError("ambiguous_date")
        case Form.EITHER_FIRST if not conventions.day_first:
            return two, one
    return one, two


# --- the moment ---------------------------------------------------------------------------------------------


def _moment(year: str, month: str, day: str, time: str | None, half: str = "") -> datetime:
    hour, minute, second = ((time or "0:00").replace(",", ".") + ":0").split(":")[:3]
    seconds = float(second)
    try:
        day_of_month = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - the zone comes next
        start = day_of_month.replace(hour=_hour(int(hour), half), minute=int(minute))
        return start.replace(second=int(seconds), microsecond=min(round(seconds % 1 * 1000), 999) * 1000)
    except ValueError as error:
        raise CellError("not_a_date") from error


def _hour(shown: int, half: str) -> int:
    """The hour of the day for one that a clock of twelve hours shows; after 12 AM comes 1 AM."""
    if not half:
        return shown
    if not 1 <= shown <= MONTHS:
        raise ValueError(shown)
    return shown % 12 + (12 if half in "pP" else 0)


def _offset(written: str) -> tzinfo | None:
    """The fixed offset of an ISO time, left to the standard library to read."""
    if not written.startswith(("+", "-")):
        return UTC
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00:00{written}").tzinfo
    except ValueError as error:
        raise CellError("not_a_date") from error


def _aware(moment: datetime) -> Reading:
    try:
        moment.astimezone(UTC)
    except OverflowError as error:
        raise CellError("not_a_date") from error
    return Reading(moment)


def _in_zone(local: datetime, zone: str) -> Reading:
    first = local.replace(tzinfo=ZoneInfo(zone))
    if local.year in zones.YEARS and local.hour not in zones.changing_hours_of(zone, local.year):
        return Reading(first)
    try:
        back = first.astimezone(UTC).astimezone(ZoneInfo(zone))
    except OverflowError as error:
        raise CellError("not_a_date") from error
    # A time that the clock skipped does not survive the way to UTC and back.
    if back.replace(tzinfo=None) != local:
        raise CellError("no_such_time", zone=zone)
    if first.replace(fold=1).utcoffset() != first.utcoffset():
        return Reading(first, Note("second_of_two_hours"))
    return Reading(first)
