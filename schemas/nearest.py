"""The nearest known word, for "did you mean".  Only ever a suggestion: nothing is taken without the user's word."""

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.utils import default_process

LEAST_LIKENESS = 0.6
LISTS = 64
"""So many lists of words are kept ready; the same few are asked again and again."""


def nearest(text: str, words: Iterable[str]) -> str:
    """The word most like *text*, blind to case and punctuation; "" when none is near.

    Never a word of which two stand equally near: then there is nothing clear to suggest.
    """
    found = equally_near(text, words, most=2)
    return found[0] if len(found) == 1 else ""


def equally_near(text: str, words: Iterable[str], *, most: int | None = None) -> tuple[str, ...]:
    """The words most like *text*, all of them equally so; () when none is near.  No more than *most* are looked for."""
    known = tuple(words)
    found = process.extract(
        default_process(text),
        _folded(known),
        # Letters changed, left out, added, or swapped with their neighbour.
        scorer=OSA.normalized_similarity,
        score_cutoff=LEAST_LIKENESS,
        limit=most,
    )
    return tuple(known[at] for _, likeness, at in found if likeness == found[0][1])


@lru_cache(LISTS)
def _folded(words: tuple[str, ...]) -> list[str]:
    return list(map(default_process, words))
