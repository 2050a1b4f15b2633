"""From words as people write them to the one code they all mean.  Knows no codes itself; never guesses between two."""

import unicodedata
from collections.abc import Iterable

from schemas.languages import ORDER_LANGUAGES

# Babel's names of the languages whose words we understand: those of the orders, and their neighbours in Europe.
EUROPEAN = (*ORDER_LANGUAGES, *"be bs ca cy eu gl is lb mk nb nl nn sq sr sr_Latn tr".split())

# Curly quotation marks, and hyphens and dashes other than the one on the keyboard.
MARKS = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc", "'") | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"))


def folded(text: str) -> str:
    """*text* without what people leave out or vary: case, accents, typographic marks, surplus blanks."""
    if text.isascii():  # as most are, and then there is little to do
        return " ".join(text.casefold().split())
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.casefold().translate(MARKS).split())


def unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Folded word -> code, from (word, code) *pairs*; a word that stands for two codes is left out."""
    codes: dict[str, set[str]] = {}
    for word, code in pairs:
        codes.setdefault(folded(word), set()).add(code)
    return {word: found.pop() for word, found in codes.items() if len(found) == 1}
