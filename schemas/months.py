"""The months by the names that programs and people give them, in the languages of Europe.  Data from Babel (CLDR)."""

from collections.abc import Iterator

from schemas import european
from schemas.meanings import EUROPEAN, folded


def month(word: str) -> int | None:
    """The number of the month called *word*, in full or abbreviated; None where languages disagree (`listopad`)."""
    found = european.meaning("months", folded(word).rstrip("."))
    return int(found) if found else None


def spellings() -> Iterator[tuple[str, str]]:
    """Words with the numbers of the months that they may stand for; they are slow to get, see `european`."""
    from babel import Locale  # noqa: PLC0415 - takes a while itself

    for lang in EUROPEAN:
        names = Locale.parse(lang).months
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, word in names[use][width].items():
                    # Where CLDR has no names it gives numbers.
                    if not any(letter.isdigit() for letter in word):
                        yield word.rstrip("."), str(number)
    # What Excel and English accountants write, and Austria.
    for word, number in (("sept", 9), ("mrz", 3), ("jänner", 1), ("jän", 1), ("feber", 2)):
        yield word, str(number)
