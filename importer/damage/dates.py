"""Codes and numbers that a program took for dates: `MAR-01` that now reads `1-Mar`, `01. Mrz` or 2026-03-01.

What was entered is proposed where another column knows the one code that becomes this date, or where the neighbours
show how such codes are written.  Of short dates that a column is full of nothing is said: they are its own way.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from importer.damage.calendar import (
    MOST_MONTHS,
    SHOWN,
    TWO_NUMBERS,
    TYPED,
    WORD_FIRST,
    WORD_LAST,
    Day,
    Shown,
    days_of,
    shown,
)
from importer.damage.columns import NO_CODES, NO_TEXTS, NUMBERS, Column, Kin, Texts, family, matching
from importer.damage.finding import Damage

ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
GERMAN = {3: "MRZ", 5: "MAI", 10: "OKT", 12: "DEZ"}
"""Where it is not as in English."""
IS_GERMAN = re.compile(r"\b(mrz|mai|okt|dez)\b|[0-9]\. ", re.IGNORECASE)
IN_CAPITALS = re.compile(r"[^\W\d_a-zäéûź]{3}")
ALIKE = r"^(?:[A-Za-z]{3,4}[- ./]?[0-9]{1,2}|[0-9]{1,2}[- ./]?[A-Za-z]{3,4}|[0-9]{1,2}[-./][0-9]{1,2})$"
"""Codes built like those of which a program makes a date, `RED-02` among them."""
THREE_NUMBERS = "^[0-9]+[-./][0-9]+[-./][0-9]+$"
SHORT_YEAR = re.compile("[0-9][./-][0-9]{2}$")
"""Programs seldom show a year in two digits, and codes are often written so."""
LEAST_ALIKE = 2
MOST_OF_A_COLUMN = 0.5

SERIAL = "^[34][0-9]{4}$"
"""The number that a date is to a spreadsheet, if it lies between 1982 and 2036."""
DAY_ZERO = date(1899, 12, 30)


def became_dates(column: Column, kin: Kin) -> Iterator[Damage]:
    """The texts of *column* that were no dates when they were entered."""
    if column.field.kind.name in NUMBERS or column.field.name in NO_CODES:
        # 2.5 and 2.05 become the same day, so nothing is proposed.
        yield from (Damage(column.field, text, "became_date") for text in _dates(column))
    elif column.is_code:
        yield from _of_codes(column, kin)
        yield from _of_serials(column, kin)


def _dates(column: Column) -> dict[str, Shown]:
    """The texts that a program shows for a date; it shows no month in capitals: MAR-01 is as it was entered."""
    found = (text for text in column.like(SHOWN) if not IN_CAPITALS.search(text))
    return {text: one for text in found if (one := shown(text))}


def _of_codes(column: Column, kin: Kin) -> Iterator[Damage]:
    dates = _dates(column)
    if not dates:
        return
    beside, known = _beside(column, dates), _by_day(kin.others(column))
    usual = beside.usual
    for text, one in dates.items():
        codes = {code for day in one.days for code in known.get(day, ())} - {text}
        if codes or not beside.has_its_like(text):
            repair = codes.pop() if len(codes) == 1 else usual.written(one, text) if usual and not codes else ""
            is_sure = bool(repair) or not (beside.are_few or SHORT_YEAR.search(text))
            yield Damage(column.field, text, "became_date", repair=repair, is_sure=is_sure)


def _of_serials(column: Column, kin: Kin) -> Iterator[Damage]:
    """`46082`, the number of a day, where another sheet has the code that becomes this day and no such number."""
    found = matching(column.unpadded, SERIAL).to_pylist()
    others = kin.others(column) if found else NO_TEXTS
    if not len(matching(others, TYPED)):
        return
    known, theirs = _by_day(others), set(matching(others, SERIAL).to_pylist())
    for text in found:
        day = DAY_ZERO + timedelta(days=int(text))
        codes = known.get(Day(day.month, day.day), set())
        if len(codes) == 1 and text not in theirs:
            yield Damage(column.field, text, "became_date", repair=next(iter(codes)), is_sure=False)


def _by_day(codes: Texts) -> Mapping[Day, set[str]]:
    """The day that a program would make of a code -> such codes, of which it may be several."""
    found: defaultdict[Day, set[str]] = defaultdict(set)
    for code in matching(codes, TYPED).to_pylist():
        for day in days_of(code):
            found[day].add(code)
    return found


# --- what stands beside the dates ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """What a column holds that is no date."""

    ways: "Counter[Way | None]"
    """In which ways codes are written that are built like those of which a program makes a date."""
    shapes: Counter[str]
    """Of codes of three numbers, `10-99-70` as 99-99-99."""
    are_few: bool
    """Most of the column are dates ..."""
    are_meant: bool
    """... and they may well be the column's own."""

    def has_its_like(self, text: str) -> bool:
        """Whether *text*, which looks like a date, is written as the column's codes are."""
        return self.are_meant or self.ways[_way(text)] >= LEAST_ALIKE or self.shapes[_shape(text)] > 0

    @property
    def usual(self) -> "Way | None":
        """The way most codes are written; None where there are too few, or several ways."""
        for way, count in self.ways.most_common(1):
            if count >= LEAST_ALIKE and count > self.ways.total() / 2:
                return way
        return None


def _beside(column: Column, dates: Mapping[str, Shown]) -> Beside:
    alike = [text for text in column.like(ALIKE) if text not in dates]
    # Sorted, since the first of equal ways is kept, and the fewest digits are wanted.
    ways = sorted((way for text in alike if (way := _way(text))), key=lambda way: way.digits)
    are_few = len(dates) > MOST_OF_A_COLUMN * len(column.distinct)
    could_be_codes = all(one.year_in_place_of_day for one in dates.values())
    return Beside(
        Counter(ways),
        Counter(_shape(text) for text in column.like(THREE_NUMBERS) if text not in dates),
        are_few,
        are_meant=are_few and (could_be_codes or not family(column.entity, column.field)),
    )


def _shape(text: str) -> str:
    return re.sub("[0-9]", "9", text)


# --- how such codes are written -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """How codes of a word and a number, or of two numbers, are written in a column: `MAR-01`, `01/mar`, `10-12`."""

    is_word_first: bool | None
    """None = there is no word: both are numbers."""
    between: str
    case: str
    """Of the word: upper, title or lower."""
    digits: int = field(default=1, compare=False)
    """At least so many has the number; 01 and 12 are written in one way."""

    def written(self, date: Shown, text: str) -> str:
        """The code of which a program made *date*, shown as *text*; "" where that could be more than one."""
        is_german = IS_GERMAN.search(text) is not None
        number = date.number
        if self.is_word_first is None:
            return self._of_numbers(date) if is_german else ""
        if number is None or len({*date.days}) > 1:
            return ""
        word = GERMAN.get(date.day.month, "") if is_german else ""
        word = getattr(word or ENGLISH[date.day.month - 1], self.case)()
        parts = (word, str(number).zfill(self.digits))
        return self.between.join(parts if self.is_word_first else reversed(parts))

    def _of_numbers(self, date: Shown) -> str:
        """As German programs read it: the day first, or a month and what is too much for one."""
        month = str(date.day.month).zfill(self.digits)
        year = date.year_in_place_of_day
        if year:
            return f"{month}{self.between}{year}" if int(year) > MOST_MONTHS else ""
        return f"{str(date.day.day).zfill(self.digits)}{self.between}{month}"


def _way(code: str) -> Way | None:
    if found := WORD_FIRST.fullmatch(code):
        return Way(is_word_first=True, between=found[2], case=_case(found[1]), digits=len(found[3]))
    if found := WORD_LAST.fullmatch(code):
        return Way(is_word_first=False, between=found[2], case=_case(found[3]), digits=len(found[1]))
    if found := TWO_NUMBERS.fullmatch(code):
        return Way(is_word_first=None, between=found[2], case="upper", digits=min(len(found[1]), len(found[3])))
    return None


def _case(word: str) -> str:
    return "upper" if word.isupper() else "title" if word.istitle() else "lower"
