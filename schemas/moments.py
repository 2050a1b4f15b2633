"""Dates and times as people write them: a closed list of forms, nothing guessed.

Free parsers take `10`, `12,5` or `3.4` for dates and swap day and month cell by cell; hence a list.  Whether day or
month comes first in `03/04/2026` no cell can tell alone; its whole column often can (`schemas.habits`).
"""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from schemas.cells import CellError, Conventions, Form, Note, Reading

ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:T|[ \u00a0]+)(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?) ?"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
WRITTEN = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sign>[./-])(?P<two>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4}),?"
    r"(?:[ \u00a0]+(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?"
)
TELLING = r"^[ \u00a0]*[0-9]{1,2}[/-]"
"""Is found in every text that says something of its column, or needs its word; for RE2 as well."""
MONTHS = 12
DAYS = 31


def read(text: str, conventions: Conventions) -> Reading:
    """The aware moment in *text*; without an offset it is local to the zone, without a time it is midnight.

    Raises:
        CellError: `not_a_date`, `ambiguous_date` (`..._mixed`), or `no_such_time` in the hour that spring skips.
    """
    zone = conventions.timezone
    if match := ISO.fullmatch(text):
        local = _moment(match["year"], match["month"], match["day"], match["time"])
        return Reading(local.replace(tzinfo=_offset(match["offset"]))) if match["offset"] else _in_zone(local, zone)
    if match := WRITTEN.fullmatch(text):
        day, month = _day_and_month(match, conventions)
        return _in_zone(_moment(match["year"], month, day, match["time"]), zone)
    raise CellError("not_a_date")


def form(text: str) -> Form | None:
    """Whether day or month comes first in *text*; None where it is no date, or written so that it is no question."""
    match = WRITTEN.fullmatch(text.strip())
    return None if match is None else _form(match)


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


def _moment(year: str, month: str, day: str, time: str | None) -> datetime:
    hour, minute, second = ((time or "0:00").replace(",", ".") + ":0").split(":")[:3]
    seconds = float(second)
    try:
        start = datetime(int(year), int(month), int(day), int(hour), int(minute))  # noqa: DTZ001 - zone comes next
        return start.replace(second=int(seconds), microsecond=round(seconds % 1 * 1000) * 1000 % 1_000_000)
    except ValueError as error:
        raise CellError("not_a_date") from error


def _offset(written: str) -> tzinfo | None:
    """The fixed offset of an ISO time, left to the standard library to read."""
    if written == "Z":
        return UTC
    return datetime.fromisoformat(f"2000-01-01T00:00:00{written}").tzinfo


def _in_zone(local: datetime, zone: str) -> Reading:
    first = local.replace(tzinfo=ZoneInfo(zone))
    # A time that the clock skipped does not survive the way to UTC and back.
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise CellError("no_such_time", zone=zone)
    if first.replace(fold=1).utcoffset() != first.utcoffset():
        return Reading(first, Note("second_of_two_hours"))
    return Reading(first)
