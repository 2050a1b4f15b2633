"""Characters that came into a cell by copying, by typing aids or from another system, and the cell without them.

Nobody sees a zero-width space, and to a computer it makes another code.  What is taken away or exchanged depends on
what the cell is for: a typographic dash is right in a name and wrong in an article number.  Every change is a note,
but for blanks around the cell and for accents that stand apart from their letters: those are a habit of the whole
column, and said there (`schemas.habits`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from schemas.cells import Note

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
"""For a class of a regular expression: zero-width and direction marks, byte order marks, soft hyphens and the like."""

BLANKS = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Likewise: what looks like a space and is another character."""

FULL_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
"""Signs as wide as a Chinese letter -> those of a keyboard."""

KEYBOARD = FULL_WIDTH | str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-")
)
"""These, and typographic and non-breaking signs -> those of a keyboard."""

LOOK_LATIN = frozenset("АВЕЅІЈКМНОРСТУХҮԌԚԜаеорсухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳο")
"""Cyrillic and Greek letters that look like Latin ones."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_HIDDEN_IN_A_LINE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WORD = re.compile(r"[^\W\d_]+")
_DOUBTFUL = re.compile(f"[{INVISIBLE}{BLANKS}]|  ")
_SURPLUS_BLANKS = re.compile(f"[ {BLANKS}]{{2,}}|[{BLANKS}]")


Cleaned = tuple[str, Note | None]
"""A cell without what does not belong in it, and the change that matters most; no note where a person sees none."""

Cleaner = Callable[[str], Cleaned]


def is_unprintable(text: str) -> bool:
    """Whether *text* holds characters that no keyboard gives."""
    return _UNPRINTABLE.search(text) is not None


def is_nothing(text: str) -> bool:
    """Whether *text* shows as a blank cell."""
    return not text.isascii() and not _INVISIBLE.sub("", text).strip()


def as_code(text: str) -> Cleaned:
    """*text* as a code is typed: nothing invisible, keyboard signs, single blanks, no apostrophe in front."""
    cleaned = as_typed(text)
    found = () if cleaned[0].isascii() else _foreign_letters(cleaned[0])
    return (cleaned[0], Note("letters_look_latin", {"characters": _named(found)})) if found else cleaned


def as_typed(text: str) -> Cleaned:
    """The same for what is no code: an entry of a list, a yes, a web address."""
    if text.isascii() and "  " not in text and "\t" not in text and not text.startswith("'"):
        return text, None
    seen, note = _without(_INVISIBLE, text)
    typed = seen.translate(KEYBOARD)
    if typed.startswith("'"):
        typed = typed[1:].removesuffix("'") or typed
    if typed == seen:
        return _spaced(seen, note)
    single = _SURPLUS_BLANKS.sub(" ", typed)
    return single, Note("normalised", {"value": single})


def as_number(text: str) -> Cleaned:
    """*text* as a number or a date is typed; blanks and dashes of every sort are left to those who read them."""
    if text.isascii() and not text.startswith("'"):
        return text, None
    seen, note = _without(_INVISIBLE, text)
    plain = seen.translate(FULL_WIDTH).removeprefix("'")
    return (seen, note) if plain == seen else (plain, Note("normalised", {"value": plain}))


def as_line(text: str) -> Cleaned:
    """*text* as a name or an address: nothing invisible, single blanks; quotes and dashes as they are."""
    if _is_clean(text):
        return text, None
    return _spaced(*_turned(*_without(_HIDDEN_IN_A_LINE, text)))


def as_text(text: str) -> Cleaned:
    """*text* as free text: blanks as they are as well, since a French one has them before its colons."""
    return (text, None) if _is_clean(text) else _turned(*_without(_ZERO_WIDTH, text))


def as_it_is(text: str) -> Cleaned:
    """*text* to the letter: the name of a file is what the disk says."""
    return text, None


def _is_clean(text: str) -> bool:
    """Whether no cleaner would change *text*, signs of the keyboard apart; the quick answer for nearly every cell."""
    if text.isascii():
        return "  " not in text and "\t" not in text
    return unicodedata.is_normalized("NFC", text) and not _DOUBTFUL.search(text)


def _without(characters: re.Pattern[str], text: str) -> Cleaned:
    composed = unicodedata.normalize("NFC", text)
    found = characters.findall(composed)
    if not found:
        return composed, None
    return characters.sub("", composed).strip(), Note("invisible_removed", {"characters": _named(found)})


def _turned(seen: str, note: Note | None) -> Cleaned:
    """Marks that turn the direction of reading are right in Hebrew and Arabic, and a trap elsewhere: only noted."""
    found = _TURNING.findall(seen)
    return seen, Note("direction_marks", {"characters": _named(found)}) if found else note


def _spaced(seen: str, note: Note | None) -> Cleaned:
    single = _SURPLUS_BLANKS.sub(" ", seen)
    return (seen, note) if single == seen else (single, note or Note("blanks_made_single"))


def _foreign_letters(code: str) -> list[str]:
    """Letters in *code* that look Latin and are not: in a word with Latin ones, or where no letter tells them apart."""
    is_told = any(letter.isalpha() and not letter.isascii() and letter not in LOOK_LATIN for letter in code)
    return [
        letter
        for word in _WORD.findall(code)
        if any(one.isascii() for one in word) or (not is_told and LOOK_LATIN.issuperset(word))
        for letter in word
        if letter in LOOK_LATIN
    ]


def _named(characters: Iterable[str]) -> str:
    """Such as "U+200B ZERO WIDTH SPACE", each once."""
    return ", ".join(f"U+{ord(one):04X} {unicodedata.name(one, 'no name')}" for one in dict.fromkeys(characters))
