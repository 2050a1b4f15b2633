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
    found = process.extract(
        text,
        list(words),
        scorer=DamerauLevenshtein.normalized_similarity,
        processor=default_process,
        score_cutoff=LEAST_LIKENESS,
        limit=2,
    )
    if not found or (len(found) == 2 and found[0][1] == found[1][1]):  # noqa: PLR2004 - two candidates
        return ""
    return str(found[0][0])
