"""The nearest known word, for "did you mean".  Only ever a suggestion: nothing is taken without the user's word."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.utils import default_process

LEAST_LIKENESS = 0.6


def nearest(text: str, words: Iterable[str]) -> str:
    """The word most like *text*, blind to case and punctuation; "" when none is near.

    Never a word of which two stand equally near: then there is nothing clear to suggest.
    """
    found = equally_near(text, words, most=2)
    return found[0] if len(found) == 1 else ""


def equally_near(text: str, words: Iterable[str], *, most: int | None = None) -> tuple[str, ...]:
    """The words most like *text*, all of them equally so; () when none is near.  No more than *most* are looked for."""
    found = process.extract(
        text,
        list(words),
        scorer=DamerauLevenshtein.normalized_similarity,
        processor=default_process,
        score_cutoff=LEAST_LIKENESS,
        limit=most,
    )
    return tuple(str(word) for word, likeness, _ in found if likeness == found[0][1])
