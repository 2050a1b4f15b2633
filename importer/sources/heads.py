"""Where the header of a sheet is: in row 1, below titles, in two lines, with a line of units beneath.

Titles that we know are the only evidence.  Nothing is decided between two rows that look equally like a header: that is
told.  Lines that belong to the header are no rows of the table, so each of them is named in a note.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import itemgetter

from importer.errors import UnreadableFile
from importer.model import Problem, Where
from importer.sources.origin import Origin
from schemas import ENTITIES
from schemas.cells import Note
from schemas.entity import bare
from schemas.naming import Expected

WINDOW = 20
"""The header is one of so many rows, counted from the first that is filled."""

LEAST_KNOWN = 2
"""A row with fewer titles that we know is no rival of another, and no second line of a header."""

Numbered = tuple[int, list[str]]
"""A row of texts and its number in the sheet."""


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a sheet."""

    titles: tuple[str, ...]
    """By position; "" where blank."""
    row: int
    """The number of its row; of two lines, the lower one."""
    last: int
    """The number of the last row that belongs to it."""
    below: tuple[Numbered, ...]
    """Rows that were read in search of it and come after it."""
    rival: int | None = None
    """Another row that looks as much like a header and says something else."""
    notes: tuple[Note, ...] = ()
    """What of this the user might not expect."""

    def problems(self, sheet: Where) -> tuple[Problem, ...]:
        """Why no row of *sheet* can be imported: nobody knows which row is the header."""
        if self.rival is None:
            return ()
        return (Problem(sheet, "header_ambiguous", {"row": str(self.row), "second": str(self.rival)}),)


def head(rows: Iterator[Numbered], expected: Expected) -> Head | None:
    """The header on top of *rows*, which are in their order; None when there is none.

    As many of *rows* are taken as it needs, and blank ones above it are left out.  Where no row has a title that we
    know, the first is the header.
    """
    first = _first(rows, expected.row or 0)
    if not first:
        return None
    lines = [_Line(number, texts, [bare(text) for text in texts]) for number, texts in first]
    if expected.row:
        return next((_head(lines, at, expected) for at, line in enumerate(lines) if line.number == expected.row), None)
    best, *rivals = _best(lines, expected)
    two = _two_lines(lines, _count(lines[best], expected), expected)
    if two:
        at, titles = two
        return _head([*lines[: at + 1], titles, *lines[at + 2 :]], at + 1, expected, upper=lines[at].number)
    others = [lines[at].number for at in rivals if not _says_the_same(lines[best], lines[at], expected)]
    return _head(lines, best, expected, rival=next(iter(others), None))


def _first(rows: Iterator[Numbered], least: int) -> list[Numbered]:
    """The rows among which the header is; up to the row *least* at least."""
    first: list[Numbered] = []
    for number, texts in rows:
        if first or any(map(str.strip, texts)):
            first.append((number, texts))
        if first and number >= max(first[0][0] + WINDOW - 1, least):
            break
    return first


def not_there(origin: Origin, expected: Expected) -> UnreadableFile:
    """What is wrong when there is no header."""
    if expected.row:
        return origin.unreadable(
            "row {row} is blank or not there, and it is said to be the header", row=str(expected.row)
        )
    return origin.unreadable("the file is empty")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    texts: list[str]
    bare: list[str]


def _head(
    lines: Sequence[_Line], at: int, expected: Expected, *, upper: int | None = None, rival: int | None = None
) -> Head:
    """The header in the line *at*, its upper line being the row *upper*; and what of this is to be said."""
    header = lines[at]
    notes = []
    if upper:
        notes.append(Note("header_in_two_rows", {"row": str(upper), "second": str(header.number)}))
    elif header.number > 1:
        notes.append(Note("header_found", {"row": str(header.number)}))
    explaining = _explaining(header, lines[at + 1 :], expected)
    notes.extend(Note("header_explained", {"row": str(row)}) for row in explaining)
    below = tuple((line.number, line.texts) for line in lines[at + 1 + len(explaining) :])
    return Head(tuple(header.texts), header.number, header.number + len(explaining), below, rival, tuple(notes))


# --- the best row -------------------------------------------------------------------------------------------


def _best(lines: Sequence[_Line], expected: Expected) -> list[int]:
    """Positions of the rows with the most titles that we know; the first row alone where that is not telling."""
    in_reach = [line for line in lines if line.number < lines[0].number + WINDOW]
    known = [_count(line, expected) for line in in_reach]
    most = max(known)
    best = [at for at, count in enumerate(known) if count == most]
    if most >= LEAST_KNOWN:
        return best
    # A single word that we know is not much: titles above the header are shorter than it, rows of data are not.
    widths = [sum(map(bool, line.bare)) for line in in_reach]
    is_telling = most and len(best) == 1 and widths[best[0]] > max(widths[: best[0]], default=0)
    return best if is_telling else [0]


def _count(line: _Line, expected: Expected) -> int:
    """How many different columns *line* names, of whatever the sheet holds."""
    return max(len(set(_named(line.bare, titles).values())) for titles in expected.titles)


def _named(words: Sequence[str], titles: Mapping[str, str]) -> dict[int, str]:
    """Position -> the column that the word there names."""
    return {at: titles[word] for at, word in enumerate(words) if word in titles}


def _says_the_same(one: _Line, other: _Line, expected: Expected) -> bool:
    """Whether both rows name the same columns at the same positions, perhaps in other words."""
    words, others = (dict(filter(itemgetter(1), enumerate(line.bare))) for line in (one, other))
    if words == others and len(words) >= LEAST_KNOWN:
        return True
    known = (_named(one.bare, titles) for titles in expected.titles)
    return any(
        named == _named(other.bare, titles)
        for named, titles in zip(known, expected.titles, strict=True)
        if len(named) >= LEAST_KNOWN
    )


# --- two lines ----------------------------------------------------------------------------------------------


def _two_lines(lines: Sequence[_Line], least: int, expected: Expected) -> tuple[int, _Line] | None:
    """Where a header begins whose upper line names groups of columns, and both lines as one.

    None where one line names as many columns as two do, which are *least*.
    """
    found: list[tuple[int, int, list[str]]] = []
    for at, (upper, lower) in enumerate(pairwise(lines)):
        if lower.number != upper.number + 1:
            continue
        for titles in expected.titles:
            together = _together(upper.texts, lower.texts, titles)
            named = _named([bare(text) for text in together], titles)
            from_below = sum(bool(word) and place in named for place, word in enumerate(lower.bare))
            # A row of data may hold a word that we know; the second line of a header holds hardly anything else.
            if from_below >= max(LEAST_KNOWN, sum(map(bool, lower.bare)) / 2):
                found.append((len(set(named.values())), at, together))
    count, at, texts = max(found, key=itemgetter(0), default=(0, 0, []))
    return (at, _Line(lines[at + 1].number, texts, [bare(text) for text in texts])) if count > least else None


def _together(upper: list[str], lower: list[str], titles: Mapping[str, str]) -> list[str]:
    """The titles that two lines make: "Recipient" over "City" is "Recipient City", unless "City" alone says more."""
    group, result = "", []
    for at in range(max(len(upper), len(lower))):
        above = upper[at].strip() if at < len(upper) else ""
        below = lower[at].strip() if at < len(lower) else ""
        # A merged cell has its text at its left end.
        group = above or group
        both = f"{group} {below}"
        if not below:
            result.append(above)
        else:
            result.append(below if bare(both) not in titles and (bare(below) in titles or not group) else both)
    return result


# --- lines beneath ------------------------------------------------------------------------------------------

UNITS = frozenset("kg g mg t lb lbs oz cm mm m km in inch % € $ £ EUR USD GBP CHF PLN pcs Stk Stk. Stück St.".split())
KINDS = frozenset(
    "text string str char varchar alphanumeric alphanumerisch integer int number numeric decimal float double boolean "
    "bool date datetime timestamp time zahl ganzzahl dezimalzahl datum uhrzeit zeichenkette code url e-mail email "
    "required optional mandatory recommended pflicht pflichtfeld muss kann empfohlen erforderlich obligatoire "
    "facultatif unit einheit type typ format beschreibung description".split()
)
OF_DATES = "(?:yyyy|jjjj|yy|jj|mm|dd|tt|hh|ss)"
EXPLANATION = re.compile(
    r"\(.+\)|\[.+\]|<.+>"
    r"|(?:e\.\s?g\.|z\.\s?b\.|example:|beispiel:|m(?:ax|in)\.?\s+[0-9]|format:|iso[\s-]?[0-9]{3,5}\b).*"
    rf"|{OF_DATES}(?:[-./: t]+{OF_DATES})+(?:[+z].*)?",
    re.IGNORECASE | re.DOTALL,
)


def _explaining(header: _Line, below: Sequence[_Line], expected: Expected) -> list[int]:
    """Numbers of the rows right beneath the header that explain it, or say it once more."""
    found: list[int] = []
    for number, line in enumerate(below, start=header.number + 1):
        if line.number != number or not (_says_the_same(header, line, expected) or _explains(line.texts)):
            break
        found.append(number)
    return found


def _explains(texts: Sequence[str]) -> bool:
    """Whether a row holds nothing but units, kinds of values, formats, and descriptions of our columns."""
    filled = [text.strip() for text in texts if text.strip()]
    # A letter or sign alone may be a size as well as a unit.
    is_telling = any(len(text) > 1 for text in filled)
    return is_telling and len(filled) >= LEAST_KNOWN and all(map(_is_explanation, filled))


def _is_explanation(text: str) -> bool:
    is_word = text in UNITS or text.casefold().strip("*") in KINDS
    return is_word or EXPLANATION.fullmatch(text) is not None or text in _meanings()


@cache
def _meanings() -> frozenset[str]:
    return frozenset(field.meaning for entity in ENTITIES for field in entity.fields)
