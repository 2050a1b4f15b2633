"""Which code page an old text file is in, such as that of Windows for Western Europe.

The file does not say, and general detectors are wrong more often than right on short names and addresses.  So its words
are read in every way that may be meant, and the way in which they look most like words of some language wins.  Where
another way looks nearly as good, nothing is decided.  Nothing is read from disk here.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from importer.sources.languages import CYRILLIC, GREEK, LETTERS, VOWELS

WESTERN = tuple(
    "German French Spanish Portuguese Italian Dutch Swedish Danish Norwegian Finnish Icelandic Catalan Estonian".split()
)
CENTRAL = tuple("Polish Czech Slovak Hungarian Slovene Croatian Romanian German".split())
TURKISH = ("Turkish", "German", "French")
BALTIC = ("Estonian", "Latvian", "Lithuanian", "German", "Polish", "Danish")


@dataclass(frozen=True, slots=True)
class CodePage:
    """A way to read bytes as letters."""

    codec: str
    """What Python calls it."""
    cost: float
    """How much less likely it is than the most frequent one, before anything is read."""
    languages: tuple[str, ...] = ()
    """Those for which it was made ..."""
    script: frozenset[str] = frozenset()
    """... or the letters of the script."""


# Costs are differences of logarithms: 2.3 for what is ten times less likely.
PAGES = (
    CodePage("cp1252", 0, WESTERN),
    CodePage("cp1250", 1, CENTRAL),
    CodePage("iso8859-15", 2, WESTERN),
    CodePage("iso8859-2", 3, CENTRAL),
    CodePage("mac-roman", 3, WESTERN),
    CodePage("mac-latin2", 7, CENTRAL),
    CodePage("cp850", 5, WESTERN),
    CodePage("cp852", 5, CENTRAL),
    CodePage("cp1254", 3, TURKISH),
    CodePage("cp1257", 5, BALTIC),
    CodePage("cp1253", 4, script=frozenset(GREEK)),
    CodePage("cp1251", 4, script=frozenset(CYRILLIC)),
)

CLEAR = 2.5
"""So much more must the next best way cost that gives another text."""
MOST_STRANGE = 0.1
"""Share of the words that may fit no language."""
UNLIKELY = 11.0
"""If a letter costs that much on average, the words are none."""
MOST_TOKENS = 400

USUAL, UNUSUAL = 0.7, 4.0
OTHER_LANGUAGE = 5.0
RARE_LANGUAGES: Mapping[str, float] = {"Icelandic": 5.0, "Catalan": 2.0, "Estonian": 2.0}
STRANGE_WORD, STRANGE_LETTER = 10.0, 7.0
CAPITAL_WITHIN = 7.0
LONE_LETTER = 6.0
OF_SCRIPT = 3.4

SIGN, RARE_SIGN, HARD_BLANK = 4.0, 9.0, 1.5
SIGN_WITHIN, APOSTROPHE_WITHIN, SIGN_ASTRAY, QUOTE_OPEN = 12.0, 6.0, 6.0, 4.0
QUOTES = "„“”\u201a\u2018’«»"
SIGNS = frozenset(f"{QUOTES}€£§°²³½¼¾–—•·…®©ºª")
APOSTROPHES = frozenset("’·")
BEFORE_WORDS, BEHIND_WORDS = frozenset("„\u201a«\u2018“£€§"), frozenset("“”’»°²³·®ºª")

LETTER = r"[^\W\d_\xaa\xb2\xb3\xb9\xba\xbc-\xbe]"
WORD = re.compile(f"{LETTER}+")
SIGN_RUN = re.compile(rf"(?:(?!{LETTER})[^\s\x00-\x7f])+")
ASCII = 128


def code_page_of(raw: bytes, present: bytes) -> str | None:
    """The code page, as Python calls it, in which *raw* reads like words; None where that is not clear.

    *present* are all bytes that occur in the file: the page must know each.
    """
    distinct = sorted({token for token in raw.split() if not token.isascii()})
    tokens = b" ".join(distinct[:: 1 + len(distinct) // MOST_TOKENS])
    found = []
    for page in PAGES:
        if _is_text(present, page.codec):
            text = tokens.decode(page.codec)
            words = [word for word in WORD.findall(text) if not word.isascii()]
            signs, astray = _of_signs(text)
            strange = astray + sum(not _fits(word.lower(), page) for word in words)
            of_words = _of_words(words, page)
            letters = sum(not letter.isascii() for word in words for letter in word)
            is_strange = strange > MOST_STRANGE * (astray + len(words)) or of_words > UNLIKELY * letters
            found.append((page.cost + signs + of_words, is_strange, page.codec, text))
    if not found:
        return None
    cost, is_strange, codec, text = min(found)
    is_clear = all(other[0] - cost >= CLEAR for other in found if other[3] != text)
    return codec if is_clear and not is_strange else None


def _is_text(present: bytes, codec: str) -> bool:
    """Whether *codec* has a letter or sign, and no control character, for every byte beyond ASCII."""
    try:
        letters = bytes(byte for byte in set(present) if byte >= ASCII).decode(codec)
    except UnicodeDecodeError:
        return False
    return not any("\x80" <= letter <= "\x9f" for letter in letters)


# --- words --------------------------------------------------------------------------------------------------


def _of_words(words: Sequence[str], page: CodePage) -> float:
    """How unlikely *words* are: most in one of the languages of *page*, some in others."""
    capitals = sum(map(_capitals, words))
    if page.script:
        return capitals + sum(_in_script(word.lower(), page) for word in words)
    by_language = [[_in_language(word.lower(), name) for name in page.languages] for word in words]
    return capitals + min(
        (
            RARE_LANGUAGES.get(name, 0.0) + sum(min(costs[at], OTHER_LANGUAGE + min(costs)) for costs in by_language)
            for at, name in enumerate(page.languages)
        ),
        default=0.0,
    )


def _fits(lower: str, page: CodePage) -> bool:
    if page.script:
        return page.script.issuperset(lower)
    return any(_letters(name).keys() >= _beyond_ascii(lower) for name in page.languages)


def _in_script(lower: str, page: CodePage) -> float:
    cost = OF_SCRIPT if page.script.issuperset(lower) else STRANGE_LETTER
    return cost * len(_beyond_ascii(lower)) + (0 if page.script.issuperset(lower) else STRANGE_WORD)


@lru_cache(maxsize=10_000)
def _in_language(lower: str, language: str) -> float:
    known = _letters(language)
    cost = 0.0
    for at, letter in enumerate(lower):
        if letter.isascii():
            continue
        if letter not in known:
            return STRANGE_WORD + STRANGE_LETTER * sum(not one.isascii() for one in lower)
        rarity, usual = known[letter]
        around = _kind(lower[at - 1 : at]) + _kind(lower[at + 1 : at + 2])
        cost += rarity + (USUAL if around in usual else UNUSUAL)
    return cost


def _kind(letter: str) -> str:
    """A vowel (v), a consonant (c), or nothing (-)."""
    return "-" if not letter else "v" if letter in VOWELS else "c"


def _capitals(word: str) -> float:
    """The cost of letters beyond ASCII that stand alone as a capital, or differ in case from what is around them."""
    if len(word) == 1:
        return LONE_LETTER if word.isupper() else 0.0
    if word.islower() or word.isupper() or (word[0].isupper() and word[1:].islower()):
        return 0.0
    # "McÉwan" is a word; "MŸller", "kÖln" and "öLN" are none.
    astray = sum(
        not letter.isascii() and letter.isupper() == (at > 0) for at, letter in enumerate(word) if letter.isalpha()
    )
    return CAPITAL_WITHIN * astray


def _beyond_ascii(lower: str) -> frozenset[str]:
    return frozenset(letter for letter in lower if not letter.isascii())


@cache
def _letters(language: str) -> Mapping[str, tuple[float, frozenset[str]]]:
    """The letters of *language* beyond a-z: the cost of each, and what usually stands around it."""
    return dict(_entries(LETTERS[language].split(", ")))


def _entries(written: Iterable[str]) -> Iterator[tuple[str, tuple[float, frozenset[str]]]]:
    for entry in written:
        first, *usual = entry.strip().split()
        letter = first.rstrip("0123456789")
        yield letter, (-math.log(int(first[len(letter) :]) / 100_000), frozenset(usual))


# --- signs --------------------------------------------------------------------------------------------------


def _of_signs(text: str) -> tuple[float, int]:
    """How unlikely the signs in *text* are, and where they stand; and how many stand where none should."""
    cost = HARD_BLANK * text.count("\xa0")
    cost += QUOTE_OPEN if sum(map(text.count, "„«")) != sum(map(text.count, "“”»")) else 0.0
    odd = 0
    for run in SIGN_RUN.finditer(text):
        first, last = run.span()
        before, after = WORD.match(text[first - 1 : first]), WORD.match(text[last : last + 1])
        if before and after:
            is_apostrophe = APOSTROPHES.issuperset(run[0])
            cost += APOSTROPHE_WITHIN if is_apostrophe else SIGN_WITHIN
            odd += not is_apostrophe
            continue
        for sign in run[0]:
            is_astray = (before and sign not in BEHIND_WORDS) or (after and sign not in BEFORE_WORDS)
            cost += (SIGN if sign in SIGNS else RARE_SIGN) + (SIGN_ASTRAY if is_astray else 0.0)
            odd += bool(is_astray)
    return cost, odd
