"""What spreadsheet programs show for a date, and which codes they take for one.  Knows one text at a time.

`MAR-01` is taken for the first of March of the current year and shown as `1-Mar`, `01. Mrz` or `2026-03-01`; `MAR-32`
for March 1932, shown as `Mar-32`; `10-12` for a day in December or October, as the country has it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

MONTHS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar janv januari gen gennaio ene enero sty",
            "feb february februar févr febr februari febbraio febrero lut",
            "mar march märz mrz mär mars mrt maart marzo",
            "apr april avr avril aprile abr abril kwi",
            "may mai mei mag maggio mayo maj",
            "jun june juni juin giu giugno junio cze",
            "jul july juli juil lug luglio julio lip",
            "aug august août augustus ago agosto sie",
            "sep september sept set settembre septiembre wrz",
            "oct october okt oktober ott ottobre octubre paź",
            "nov november novembre noviembre lis",
            "dec december dez dezember déc dic dicembre diciembre gru",
        ),
        start=1,
    )
    for word in words.split()
}
"""The months as programs write and read them, in the languages of the countries served."""

MOST_DAYS, MOST_MONTHS = 31, 12
SURE_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""So many days has each month in every year."""
FEBRUARY, LEAP_DAY = 2, "29"
PIVOT = 30
"""A year of two digits below it is of this century, as spreadsheet programs have it."""
CENTURY = 2000

WORD = "|".join(sorted(MONTHS, key=len, reverse=True))
MIDNIGHT = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
YEAR = "(?:19|20)[0-9]{2}"
ANY_YEAR = f"(?:{YEAR}|[0-9]{{2}})"
WHOLE_DATE = rf"^(?:{YEAR}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-]{ANY_YEAR}){MIDNIGHT}$"
DAY_AND_MONTH = rf"^(?i:[0-9]{{1,2}}[.\- ]{{1,2}}(?:{WORD})\.?(?:[- ]{ANY_YEAR})?)$"
MONTH_AND_YEAR = rf"^(?i:(?:{WORD})\.?[.\- ]{{1,2}}{ANY_YEAR})$"
SHOWN = f"{WHOLE_DATE}|{DAY_AND_MONTH}|{MONTH_AND_YEAR}"
"""What a program shows for a date: with all its parts, with its month as a word, and without its day."""
TYPED = (
    rf"^(?i:(?:{WORD})[- ./]?[0-9]{{1,2}}|[0-9]{{1,2}}[- ./]?(?:{WORD})|[0-9]{{1,2}}[-./](?:[0-9]{{4}}|[0-9]{{1,2}}))$"
)
"""Codes that a program takes for a date."""

ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){MIDNIGHT}")
NUMBERS = re.compile(rf"([0-9]{{1,2}})([./-])([0-9]{{1,2}})\2([0-9]{{2,4}}){MIDNIGHT}")
DAY_AND_WORD = re.compile(r"([0-9]{1,2})([.\- ]{1,2})([^\W\d_]+)\.?(?:[- ]([0-9]{2,4}))?")
WORD_AND_YEAR = re.compile(r"([^\W\d_]+)\.?[.\- ]{1,2}([0-9]{2,4})")

WORD_FIRST = re.compile(r"([^\W\d_]+)([- ./]?)([0-9]{1,2})")
WORD_LAST = re.compile(r"([0-9]{1,2})([- ./]?)([^\W\d_]+)")
TWO_NUMBERS = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})")
NUMBER_AND_YEAR = re.compile(r"([0-9]{1,2})[-./]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a program shows or makes it of a code."""

    month: int
    day: int
    year: int | None = None
    """Only in the last century: any later one may be the year in which the code was entered."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a text that looks like a date says."""

    day: Day
    is_order_known: bool = True
    """False = day and month could be the other way round."""
    year_in_place_of_day: str = ""
    """The year's last two digits where the text has no day: `Mar-32`."""

    @property
    def days(self) -> Iterator[Day]:
        """The days that it can be."""
        yield self.day
        if not self.is_order_known and self.day.day <= MOST_MONTHS:
            yield replace(self.day, month=self.day.day, day=self.day.month)

    @property
    def number(self) -> int | None:
        """The number that was entered beside the month; None = not known: it may be the day, or part of a year."""
        if self.day.day == 1 and self.day.year is not None:
            return self.day.year % 100
        return None if self.year_in_place_of_day else self.day.day


def shown(text: str) -> Shown | None:
    """The date that *text* shows; None = it is none after all."""
    if found := ISO.fullmatch(text):
        return _shown(found[2], found[3], found[1])
    if found := NUMBERS.fullmatch(text):
        one, two = found[1], found[3]
        if found[2] == "." or int(one) > MOST_MONTHS:
            return _shown(two, one, found[4])
        return _shown(one, two, found[4], is_order_known=int(two) > MOST_MONTHS)
    if (found := DAY_AND_WORD.fullmatch(text)) and found[3].casefold() in MONTHS:
        return _shown(str(MONTHS[found[3].casefold()]), found[1], found[4] or "")
    if (found := WORD_AND_YEAR.fullmatch(text)) and found[1].casefold() in MONTHS:
        whole = _shown(str(MONTHS[found[1].casefold()]), "1", found[2])
        return replace(whole, year_in_place_of_day=found[2][-2:]) if whole else None
    return None


def _shown(month: str, day: str, year: str, *, is_order_known: bool = True) -> Shown | None:
    if not (1 <= int(month) <= MOST_MONTHS and 1 <= int(day) <= MOST_DAYS):
        return None
    # FEB-29 is a month of 2029, as FEB-01 will be when that is the current year.
    is_either = (int(month), int(day), year[-2:]) == (FEBRUARY, 1, LEAP_DAY)
    return Shown(Day(int(month), int(day), _old(year)), is_order_known, year[-2:] if is_either else "")


def _old(year: str) -> int | None:
    """The year if it is of the last century; of two digits, as programs read it."""
    if not year:
        return None
    whole = int(year) if len(year) > len("32") else int(year) + (CENTURY if int(year) < PIVOT else CENTURY - 100)
    return whole if whole < CENTURY else None


def days_of(code: str) -> Iterator[Day]:
    """The days that programs make of *code*, in whatever country they are; none where they leave it alone."""
    if found := WORD_FIRST.fullmatch(code):
        yield from _of_word(found[1], found[3])
    elif found := WORD_LAST.fullmatch(code):
        yield from _of_word(found[3], found[1])
    elif found := TWO_NUMBERS.fullmatch(code):
        one, two = found[1], found[3]
        yield from {day for pair in ((one, two), (two, one)) for day in _of_numbers(*pair)}
    elif (found := NUMBER_AND_YEAR.fullmatch(code)) and 1 <= int(found[1]) <= MOST_MONTHS:
        yield Day(int(found[1]), 1, _old(found[2]))


def _of_word(word: str, number: str) -> Iterator[Day]:
    if month := MONTHS.get(word.casefold()):
        yield from _of_numbers(str(month), number, most=SURE_DAYS[month - 1])


def _of_numbers(month: str, number: str, *, most: int = MOST_MONTHS) -> Iterator[Day]:
    """The day *number* of *month*; a number beyond *most* may be taken for a year, and the day is then the first."""
    if not 1 <= int(month) <= MOST_MONTHS:
        return
    if 1 <= int(number) <= MOST_DAYS:
        yield Day(int(month), int(number))
    if not 1 <= int(number) <= most:
        yield Day(int(month), 1, _old(number.zfill(2)))
