"""A server's words without the personal data of the row it speaks of.

Servers repeat what they refuse, as it was sent or a little changed.  What is looked for is what the row's private cells
say, whole and word by word, and whatever else looks like an e-mail address or an international phone number, since it
may be another person's; and access tokens.  What a server says in words of its own cannot be known to be personal.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from html import escape
from urllib.parse import quote, quote_plus

from importer.model import Row
from schemas import entity_named
from schemas.cells import CLEAR
from schemas.kinds import to_json

SHORTEST = 3
"""A shorter value is only taken out where it stands by itself, and only if it is no number: "Bo", but not the 7 of a
house."""
SHORTEST_WORD = 4
"""Shorter words of a value, such as "von", are in every sentence."""
SHORTEST_END = 4
"""So much of a value at the end of a text that was cut off is enough to take it out."""

EMAIL = r"[\w.+%-]+(?:@|%40|&#64;)[\w-]+(?:\.[\w-]+)+"
PHONE = r"\+\d(?:[\s()/.-]*\d){6,}"
LOG_IN = r"Bearer\s+[^\s\"',;<>]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
"""As the header has it, or a token of the usual make (JWT) wherever it stands."""
WORD = re.compile(r"[\w@.+-]*\w")
DIGITS = re.compile(r"\+?[\d\s()/.-]{7,}")


def without_private(text: str, row: Row) -> str:
    """*text* with the words of the row's private cells replaced by the names of their columns."""
    names = entity_named(row.entity).private_names
    cells = [(value, name) for name in sorted(names) if (value := _as_text(row, name))]
    words = [(word, name) for value, name in cells for word in _telling_words(value)]
    # In one pass and the longest first, so that what was put in is not searched again.
    longest_first = sorted({*cells, *words}, key=lambda word: (-len(word[0]), word))
    forms = [(form, f"[{name}]") for word, name in longest_first for form in _forms(word)]
    forms += [(LOG_IN, "[token]"), (EMAIL, "[e-mail]"), (PHONE, "[phone]")]
    anything = re.compile("|".join(f"({form})" for form, _ in forms), re.IGNORECASE)
    text = anything.sub(lambda found: forms[(found.lastindex or 1) - 1][1], unicodedata.normalize("NFC", text))
    for value, name in cells:
        text = _without_cut_end(text, value, name)
    return text


def _as_text(row: Row, name: str) -> str:
    """What is sent for the cell; "" where it is blank, or to be cleared."""
    value = row.values.get(name)
    return "" if value is None or value is CLEAR else unicodedata.normalize("NFC", str(to_json(value))).strip()


def _telling_words(value: str) -> Iterator[str]:
    """The words of *value* that are names or numbers: "Beispielweg" of "Am Beispielweg 1", nothing of "at the door"."""
    for word in WORD.findall(value):
        if len(word) >= SHORTEST_WORD and (not word.islower() or "@" in word):
            yield word
    if "@" in value:
        yield value.partition("@")[0]


def _forms(value: str) -> Iterator[str]:
    """Patterns, without groups, of what *value* may look like in a text: as JSON, HTML and addresses write it, too."""
    if len(value) < SHORTEST:
        if value.isalpha():
            yield rf"(?<!\w){re.escape(value)}(?!\w)"
        return
    if DIGITS.fullmatch(value):
        yield r"[\s()/.-]*".join(re.escape(digit) for digit in re.sub(r"[\s()/.-]", "", value))
    for form in dict.fromkeys((value, json.dumps(value)[1:-1], escape(value), quote(value), quote_plus(value))):
        yield r"\s+".join(map(re.escape, form.split()))


def _without_cut_end(text: str, value: str, name: str) -> str:
    """*text* without the beginning of *value* at its end: long complaints are cut off, anywhere."""
    for length in range(min(len(value) - 1, len(text)), SHORTEST_END - 1, -1):
        if text[-length:].casefold() == value[:length].casefold():
            return f"{text[:-length]}[{name}]"
    return text
