"""What a cell looks like that needs no thought: patterns for the quick look that settles nearly all of a large file.

Whatever a pattern fits as a whole is surely readable, means just what stands there, and gives no note; a cell that it
does not fit may be as good, and has to be read.  The patterns hold for Python's `re.fullmatch` and for RE2: they look
neither ahead nor back.  Words for a blank, and errors of spreadsheets, fit none of them.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from schemas import zones
from schemas.cells import Conventions

# Latin, Greek and Cyrillic, each letter in one piece with its accents; then what stands between them, but for colons.
_LETTERS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"
)
_SIGNS = "!-/;-@\\x5b-\\x60{-~\u00a1-\u00ac\u00ae-\u00bf\u00d7\u00f7\u2013\u2014\u2018-\u201a\u201c-\u201e\u2026\u20ac"
_BEGIN = f"(?:[0-9{_LETTERS}][0-9{_LETTERS}'-]|[0-9{_LETTERS}] [0-9{_LETTERS}]{{3}})"
"""No word for a blank begins so."""
_ANY = f"[0-9{_LETTERS}{_SIGNS}]"

# A colon needs a blank behind it, since LibreOffice calls its errors Err:502.
TEXT = f"{_BEGIN}(?:[ \n]*{_ANY}|:[ \n]+{_ANY})*"
LINE = f"{_BEGIN}(?: ?{_ANY}|: {_ANY})*"

_IN_CODE = "[0-9A-Za-z._/#+-]"
# One digit and an E may be a number that was shortened.
CODE = (
    f"(?:[A-Za-z](?:[0-9A-Za-z]|[-_/#]?[0-9]){_IN_CODE}*|[0-9]+(?:[A-DF-Za-df-z_/#-]{_IN_CODE}*)?|[0-9]{{2,}}[Ee]{_IN_CODE}*)"
    f"(?: {_IN_CODE}+)*"
)

# Few letters of each part, so that none is too long, nor all of them together; and no domain that is none, as .test.
_LABEL = "[0-9A-Za-z]{1,20}(?:-[0-9A-Za-z]{1,20}){0,2}"
EMAIL = (
    f"[0-9A-Za-z_+-]{{1,20}}(?:\\.[0-9A-Za-z_+-]{{1,20}}){{0,3}}@(?:{_LABEL}\\.){{1,2}}"
    "(?:[a-z]{2}|com|net|org|info|biz|name|pro|edu|gov|app|dev|shop|store|online|email|cloud|berlin|hamburg|wien|swiss)"
)
PHONE = "\\+?[0-9]{2,5}(?:[ /-]?[0-9]{2,7}){1,3}"
_HOST = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)+"
WEB_ADDRESS = f"https?://{_HOST}(?:/[!-~]*)?"
IMAGE = f"https?://{_HOST}/[!-~]*|[0-9A-Za-z]{{2}}[0-9A-Za-z._/-]*(?: [0-9A-Za-z._/-]+)*"
BOOLEAN = "TRUE|FALSE"


def number(least: int, places: int | None) -> str:
    """Numbers of at least *least* with at most *places* decimals; three of them only where they are surely decimals."""
    if least > 0:
        return ""
    if places == 0:
        return "[0-9]{1,15}"
    small = "|0\\.[0-9]{1,9}" if places is None else f"|0\\.[0-9]{{1,{places}}}"
    return f"[0-9]{{1,15}}(?:\\.[0-9]{{1,{min(places or 2, 2)}}})?{small}"


def whole_number(least: int, most: int) -> str:
    """Whole numbers from *least* to *most*, where these are 1 and a row of nines."""
    return f"[1-9][0-9]{{0,{len(str(most)) - 1}}}" if least == 1 and set(str(most)) == {"9"} else ""


# --- dates and times ----------------------------------------------------------------------------------------

_YEAR = "(?:199[0-9]|20[0-5][0-9])"
"""Those of which `zones` knows the clocks."""
_MONTHS = (
    ("0[13578]|1[02]", "0[1-9]|[12][0-9]|3[01]"),
    ("0[469]|11", "0[1-9]|[12][0-9]|30"),
    ("02", "0[1-9]|1[0-9]|2[0-8]"),
)
"""Months, and their days; 29 February is for somebody who knows the years."""


def moment(conventions: Conventions) -> str:
    """Days that are there, at a time that was there once, in the forms of which the column leaves no doubt."""
    iso = "|".join(f"(?:{months})-(?:{days})" for months, days in _MONTHS)
    minutes = ":[0-5][0-9](?::[0-5][0-9])?"
    there = [hour for hour in range(24) if hour not in zones.changing_hours(conventions.timezone)]
    local = f"(?:{'|'.join(f'{hour:02}' for hour in there)}){minutes}"
    offset = "(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
    anywhere = f"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]{{3}})?)?{offset}"
    if 0 not in there:
        # Then a day without a time may lack its midnight.
        return f"{_YEAR}-(?:{iso})[T ](?:{local}|{anywhere})"
    days = f"{_YEAR}-(?:{iso})(?:[T ](?:{local}|{anywhere}))?"
    return f"{days}|(?:{'|'.join(_written(conventions))}){_YEAR}(?: {local})?"


def _written(conventions: Conventions) -> Iterator[str]:
    """Day and month before the year, in every order that is decided."""
    yield from (f"(?:{days})\\.(?:{months})\\." for months, days in _MONTHS)
    if conventions.mixed is None and conventions.day_first is not None:
        for months, days in _MONTHS:
            one, two = (days, months) if conventions.day_first else (months, days)
            yield f"(?:{one})/(?:{two})/"


def days(first: date, last: date) -> str:
    """Moments whose day, as written, lies from *first* to *last*, in two forms: year-month-day and day.month.year.

    A form alone; that there is such a day is for `moment` to say.
    """
    alternatives = list(_months(first, last))
    iso = "|".join(f"{year}-{_or_any(months)}-{_or_any(days)}" for year, months, days in alternatives)
    written = "|".join(f"{_or_any(days)}\\.{_or_any(months)}\\.{year}" for year, months, days in alternatives)
    return f"(?:{iso}|{written})(?:[T ][0-9:.Z+-]*)?"


def _months(first: date, last: date) -> Iterator[tuple[str, str, str]]:
    """Year, months and days, each as alternatives; "" for all months of the year, or all days of the month."""
    all_days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for year, of_year in groupby(all_days, key=lambda day: day.year):
        found = list(of_year)
        if found[0] == date(year, 1, 1) and found[-1] == date(year, 12, 31):
            yield str(year), "", ""
            continue
        for month, of_month in groupby(found, key=lambda day: day.month):
            here = [f"{day.day:02}" for day in of_month]
            is_whole = here[0] == "01" and (date(year, month, int(here[-1])) + timedelta(days=1)).day == 1
            yield str(year), f"{month:02}", "" if is_whole else "|".join(here)


def _or_any(alternatives: str) -> str:
    return f"(?:{alternatives})" if alternatives else "[0-9]{2}"
