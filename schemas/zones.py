"""Time zones: which wall-clock times are surely there once, on every day.  Data from the zone database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

YEARS = range(1990, 2060)
"""Those that are looked at; days of orders and parcels lie in them."""

_DAY, _HOUR, _SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@cache
def changing_hours(zone: str) -> frozenset[int]:
    """The hours of the day, 0 to 23, of which on some day a part is skipped in *zone*, or comes twice.

    Any other time of those years is one instant and no other; 2 o'clock alone is left out in most of Europe.
    """
    return frozenset(hour for year in YEARS for hour in changing_hours_of(zone, year))


@cache
def changing_hours_of(zone: str, year: int) -> frozenset[int]:
    """The same of one *year*, which is all that a few dates ask for, and takes a hundredth of the time."""
    hours: set[int] = set()
    for moved_at, offsets in _changes(ZoneInfo(zone), year):
        earliest, latest = (moved_at + offset for offset in sorted(offsets))
        hour = earliest.replace(minute=0, second=0)
        while hour < latest and len(hours) < _DAY // _HOUR:
            hours.add(hour.hour)
            hour += _HOUR
    return frozenset(hours)


def _changes(place: ZoneInfo, year: int) -> Iterator[tuple[datetime, tuple[timedelta, timedelta]]]:
    """When the clock in *place* was moved or will be in *year*, in UTC, with its offsets before and after."""
    # No clock was ever moved twice between two midnights of UTC.
    midnight, last = datetime(year - 1, 12, 30, tzinfo=UTC), datetime(year + 1, 1, 3, tzinfo=UTC)
    offset = _offset(midnight, place)
    while midnight < last:
        following = midnight + _DAY
        later = _offset(following, place)
        if later != offset:
            yield _moved(midnight, following, place), (offset, later)
        midnight, offset = following, later


def _moved(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The second between *before* and *after* from which the later offset holds."""
    offset = _offset(before, place)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (middle, after) if _offset(middle, place) == offset else (before, middle)
    return after


def _offset(instant: datetime, place: ZoneInfo) -> timedelta:
    return instant.astimezone(place).utcoffset() or timedelta()
