"""The months by the names that programs and people give them, in the languages of Europe.  Data from Babel (CLDR)."""

from collections.abc import Iterator
from functools import cache

from schemas.meanings import EUROPEAN, folded, unambiguous


def month(word: str) -> int | None:
    """The number of the month called *word*, in full or abbreviated; None where languages disagree (`listopad`)."""
    found = _months().get(folded(word).rstrip("."))
    return int(found) if found else None


@cache
def _months() -> dict[str, str]:
    return unambiguous((word.rstrip("."), number) for word, number in _spellings())


def _spellings() -> Iterator[tuple[str, str]]:
    # Loaded on first use: few columns of dates hold words.
    from babel import Locale  # noqa: PLC0415

    for lang in EUROPEAN:
        names = Locale.parse(lang).months
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, word in names[use][width].items():
                    # Where CLDR has no names it gives numbers.
                    if not any(letter.isdigit() for letter in word):
                        yield word, str(number)
    # What Excel and English accountants write, and Austria.
    for word, number in (("sept", 9), ("mrz", 3), ("jänner", 1), ("jän", 1), ("feber", 2)):
        yield word, str(number)
