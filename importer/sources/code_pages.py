"""Which Windows code page an old text file is in: Western (1252) or Central European (1250).

The file does not say, and general detectors are wrong more often than right on short names and addresses.  So the words
are read both ways, and the way in which they look like words of some language wins.  Nothing is read from disk here.
"""

import re
from collections.abc import Iterable

WESTERN = "cp1252"
CENTRAL = "cp1250"

# The letters beyond a-z of the languages for which each page was made.
ALPHABETS = {
    WESTERN: (
        "äöüß",  # German
        "àâæçéèêëîïôœùûüÿ",  # French
        "áéíñóúü",  # Spanish
        "àáâãçéêíóôõúü",  # Portuguese
        "àèéìíîòóùú",  # Italian
        "éèëïöü",  # Dutch
        "åäöé",  # Swedish, Finnish
        "æøåéóô",  # Danish, Norwegian
        "àçèéíïòóúü",  # Catalan
        "áéíóúýþæöð",  # Icelandic
    ),
    CENTRAL: (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "čšž",  # Slovene
        "čćđšž",  # Croatian
        "ăâîşţ",  # Romanian
        "äöüß",  # German
    ),
}

# Letters, and any sign between two of them: the wrong page turns "Wacław" into "Wac³aw", but "m³" is right as it is.
LETTERS = r"[^\W\d_\xb2\xb3\xb9\xbc-\xbe]+"
WORD = re.compile(rf"{LETTERS}(?:[\xa1-\xbf\xd7\xf7\u02c7-\u02dd]{LETTERS})*")


def code_page_of(raw: bytes) -> str | None:
    """The code page, as Python calls it, in which *raw* reads like words; None when it is text in neither.

    In doubt Western, the more frequent one.
    """
    readings = {page: text for page in (WESTERN, CENTRAL) if (text := _decoded(raw, page)) is not None}
    if len(readings) < len(ALPHABETS):
        return next(iter(readings), None)
    oddness = {page: _oddness(_special_letters(text), ALPHABETS[page]) for page, text in readings.items()}
    return CENTRAL if oddness[CENTRAL] < oddness[WESTERN] else WESTERN


def _decoded(raw: bytes, page: str) -> str | None:
    try:
        return raw.decode(page)
    except UnicodeDecodeError:
        return None


def _special_letters(text: str) -> list[frozenset[str]]:
    """The letters beyond a-z of every word that has some; the case does not matter."""
    words = (frozenset(letter for letter in word.lower() if not letter.isascii()) for word in WORD.findall(text))
    return [letters for letters in words if letters]


def _oddness(words: list[frozenset[str]], alphabets: Iterable[str]) -> tuple[int, int]:
    """How many words fit none of *alphabets*, then how many do not fit the best one; less is more like text."""
    fitting = [[word <= set(alphabet) for word in words] for alphabet in alphabets]
    homeless = sum(not any(fits) for fits in zip(*fitting, strict=True))
    return homeless, len(words) - max(map(sum, fitting))
