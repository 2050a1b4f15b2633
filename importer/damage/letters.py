"""Letters that were read in a wrong character encoding (`MÃ¼ller`, `M├╝ller`) or got lost (`M�ller`, `M?ller`).

Knows one text at a time.  Nothing is called garbled unless its letters, taken as bytes, are UTF-8 of letters that
people in Europe write: `SÃO PAULO`, `SPÓŁKA` and `« café »` are right as they are.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

READ_AS = ("cp1252", "cp1250", "cp850", "mac_roman")
"""What UTF-8 is wrongly read as: Windows in Western and in Central Europe, the console, and old Macs."""

MOST_ROUNDS = 3
"""How often a text may have been garbled on its way to us."""

LOST = "\ufffd"
"""What a program writes for a letter that it could not read."""

QUOTES = frozenset("\u201c\u201d\u201e\u2018\u2019\u201a\u2039\u203a\u2026«»")
CLOSING = "\u201d"
"""The one that may stand at the end of a word in capitals, though none stands before it."""

WRITTEN = re.compile(
    "["
    "\u00a0-\u00ff"  # Western Europe
    # beyond: letters that are written in Europe today, and the commonest of Vietnam's
    "ʻʼĀāĂăĄąĆćĊċČčĎďĐđĒēĖėĘęĚěĞğĠġĢģĦħĨĩĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŨũŪūŮůŰűŲųŴŵŶŷŸŹźŻżŽžƠơƯưȘșȚțẞ"
    "\u1e00-\u1eff"  # the others of Vietnam's
    "\u2010-\u2026\u2030-\u205e\u20a0-\u20bf\u2100-\u214f\ufeff"  # punctuation, currencies and the like
    "\u2190-\u22ff\u2500-\u27bf\U0001f300-\U0001faff"  # arrows and pictures
    "\ufffd"
    "]"
)
FOREIGN = re.compile(
    "[\u0370-\u03ff\u0400-\u045f\u0490\u0491"  # Greek and Cyrillic
    "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"  # the Far East
)
"""Letters of other scripts; one alone, among letters of ours, could be chance."""

FIRST_OF = {2: range(0xC2, 0xE0), 3: range(0xE0, 0xF0), 4: range(0xF0, 0xF5)}
"""How many bytes a sign of UTF-8 has -> its first byte."""
FURTHER = range(0x80, 0xC0)

STRANDED = re.compile(r"(?<=[a-zäöüàéèêçñ])Ã(?=\s|$)")
"""`voilÃ`: an à whose second half looked like a blank and went with the blanks."""

UNREAD = re.compile(f"{LOST}+")
ASKED = re.compile(r"(?<=[^\W\d_])\?{1,2}(?=[^\W\d_])|(?<!\S)\?{1,2}(?=[^\W\d_]{2})")
"""A question mark within a word or before it."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A garbled text as it most likely was."""

    text: str
    is_sure: bool


@cache
def suspects() -> str:
    """A pattern that every text has in which `mended` or `has_lost` may find something; few others have it."""
    return "|".join([*map(_signs, READ_AS), r"Ã(?:\s|$)", LOST])


def mended(text: str) -> Mended | None:
    """*text* with its letters put right, also where they were garbled more than once; None = nothing is wrong."""
    found = text
    for _ in range(MOST_ROUNDS):
        better = _once(found)
        if better == found:
            break
        found = better
    whole = STRANDED.sub("à", found)
    return Mended(whole, is_sure=whole == found) if whole != text else None


def has_lost(text: str) -> bool:
    """Whether *text* has a sign for a letter that could not be read."""
    return LOST in text


def may_have_lost(text: str) -> bool:
    """Whether a question mark in *text* may stand for a letter; not in addresses of the web, where it has its place."""
    return "://" not in text and "=" not in text and ASKED.search(text) is not None


def found_again(text: str, others: Iterable[str]) -> str:
    """The one text among *others* that *text* is when its lost letters are put back; "" = none, or several."""
    parts = (UNREAD if has_lost(text) else ASKED).split(text.strip())
    pattern = re.compile(r"[^\x00-\x7f]{1,2}".join(map(re.escape, parts)))
    fitting = {other.strip() for other in others if pattern.fullmatch(other.strip())}
    return fitting.pop() if len(fitting) == 1 else ""


# --- from letters back to bytes -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _CodePage:
    """A code page as the way back: letter -> byte, and a pattern of what signs of UTF-8 look like when read by it."""

    bytes: dict[str, int]
    signs: re.Pattern[str]


@cache
def _code_page(name: str) -> _CodePage:
    return _CodePage(_letters(name), re.compile(_signs(name)))


def _signs(name: str) -> str:
    known = _letters(name)

    def one_of(wanted: range) -> str:
        return "[" + "".join(letter for letter, byte in known.items() if byte in wanted) + "]"

    signs = "|".join(one_of(first) + one_of(FURTHER) * (size - 1) for size, first in FIRST_OF.items())
    return f"(?:{signs})+"


def _letters(name: str) -> dict[str, int]:
    known = {}
    for byte in range(0x80, 0x100):
        # Where a code page has no letter, programs keep the byte as a control character.
        letter = bytes([byte]).decode(name, errors="ignore") or chr(byte)
        known[letter] = byte
        if name == "cp1252" and byte in range(0x80, 0xA0):
            known.setdefault(chr(byte), byte)
    return known


def _once(text: str) -> str:
    """*text* with wrong reading taken back, by the code page that explains most of it."""
    pages = [page for name in READ_AS if (page := _code_page(name)).signs.search(text)]
    return min([text, *(better for page in pages for better in _by(text, page))], key=len)


def _by(text: str, page: _CodePage) -> Iterator[str]:
    """*text* taken back by *page* once, and twice: half-way back it need not be anything that people write."""
    yield _likely(text, page)
    half_way = _taken_back(text, page, lambda _signs, _found: True)
    if page.signs.search(half_way):
        whole = _likely(half_way, page)
        if whole != half_way:
            yield whole


def _likely(text: str, page: _CodePage) -> str:
    """*text* taken back by *page* wherever that gives what people write."""
    has_quotes = not QUOTES.isdisjoint(page.signs.sub("", text))

    def is_likely(signs: str, found: re.Match[str], *, is_foreign: bool = False) -> bool:
        return not _is_quoted(found, has_quotes=has_quotes) and _fits(signs, found, is_foreign=is_foreign)

    whole = _taken_back(text, page, is_likely)
    if whole != text and FOREIGN.search(whole):
        # Where words of another script stand, so do its words of one letter.
        return _taken_back(whole, page, partial(is_likely, is_foreign=True))
    return whole


def _taken_back(text: str, page: _CodePage, is_wanted: Callable[[str, re.Match[str]], bool]) -> str:
    def taken_back(found: re.Match[str]) -> str:
        try:
            signs = bytes(page.bytes[letter] for letter in found[0]).decode("utf-8")
        except UnicodeDecodeError:
            return found[0]
        return signs if is_wanted(signs, found) else found[0]

    return page.signs.sub(taken_back, text)


def _is_quoted(found: re.Match[str], *, has_quotes: bool) -> bool:
    """Whether the last letter looks like a quotation mark, and most likely is one."""
    if found[0][-1] not in QUOTES:
        return False
    before, after = _around(found)
    return has_quotes or (found[0][-1] == CLOSING and before.isupper() and not after.isalnum())


def _fits(signs: str, found: re.Match[str], *, is_foreign: bool) -> bool:
    """Whether people write *signs* in the place of what was *found*."""
    if not all(_is_written(sign, is_foreign=is_foreign or len(signs) > 1) for sign in signs):
        return False
    # `ORĂŞTIE` is no `ORêTIE`, and `RÂŞNOV` no `RªNOV`.
    before, after = _around(found)
    return not (before.isupper() and after.isupper() and any(sign.islower() for sign in signs))


def _around(found: re.Match[str]) -> tuple[str, str]:
    """The letters before and after what was *found*; "" at the ends of the text."""
    return found.string[: found.start()][-1:], found.string[found.end() :][:1]


def _is_written(sign: str, *, is_foreign: bool) -> bool:
    return WRITTEN.match(sign) is not None or (is_foreign and FOREIGN.match(sign) is not None and sign.isalpha())
