"""What a server says about a request it refuses -> violations.  Shows no markup and nothing it cannot read.

The API's error bodies are not documented.  Understood is what its framework sends in all its versions, what its log-in
sends, and what other servers on the way may send.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from importer.errors import Violation

MOST_WORDS = 500
"""Characters of one complaint that are kept."""
MOST_COMPLAINTS = 50

PLACE = ("propertyPath", "property_path", "property", "field", "path", "pointer", "name")
WORDS = ("message", "detail", "title", "description", "error", "msg")
SENTENCES = (
    "hydra:description", "detail", "message", "error_description", "error", "description", "hydra:title", "title",
)  # fmt: skip
"""Members that hold the whole complaint as text, the most telling first."""

FIELD_FIRST = re.compile(r"([a-z][\w.\[\]]*): (\S.*)")
"""How the framework writes its violations into one text: `order_date: This value should not be blank.`"""
TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


def complaints(content: bytes | None) -> tuple[Violation, ...]:
    """What *content*, the body of a refusal, complains of, in the server's words; () when it says nothing readable."""
    if not content:
        return ()
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return _plain(content)
    found = (Violation(path, _clean(words)) for path, words in _of(said))
    return tuple(islice((violation for violation in found if violation.message), MOST_COMPLAINTS))


def _of(said: object) -> Iterator[tuple[str, str]]:
    """Place and words of each complaint in decoded JSON."""
    if isinstance(said, str):
        yield "", said
    elif isinstance(said, list):
        for one in said:
            yield from _one(one)
    elif isinstance(said, Mapping):
        listed = [*_listed(said.get("violations")), *_listed(said.get("errors"))]
        yield from listed or _sentence(said)


def _listed(complaints: object) -> Iterator[tuple[str, str]]:
    """From `[{"propertyPath", "message"}, ...]`, or from `{"order_date": ["...", "..."]}`."""
    if isinstance(complaints, Mapping):
        for name, words in complaints.items():
            for one in words if isinstance(words, list) else [words]:
                yield str(name), one if isinstance(one, str) else _text_in(one)
    elif isinstance(complaints, list):
        for one in complaints:
            yield from _one(one)


def _one(complaint: object) -> Iterator[tuple[str, str]]:
    if isinstance(complaint, Mapping):
        place = next((complaint[name] for name in PLACE if isinstance(complaint.get(name), str)), "")
        yield str(place), _text_in(complaint)
    elif isinstance(complaint, str):
        yield "", complaint


def _text_in(complaint: object) -> str:
    if not isinstance(complaint, Mapping):
        return ""
    return next((complaint[name] for name in WORDS if isinstance(complaint.get(name), str)), "")


def _sentence(said: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """From a body with one text; the framework's text has a line for each member, led by its name."""
    for name in SENTENCES:
        text = said.get(name)
        text = _text_in(text) if isinstance(text, Mapping) else text
        if isinstance(text, str) and text.strip():
            for line in filter(str.strip, text.splitlines()):
                field = FIELD_FIRST.fullmatch(line.strip())
                yield (field[1], field[2]) if field else ("", line)
            return


def _plain(content: bytes) -> tuple[Violation, ...]:
    """The words of a body that is no JSON, unless it is a page made for browsers or no text at all."""
    text = content[: MOST_WORDS * 8].decode("utf-8", "replace").strip()
    if TAG.search(text) or "\ufffd" in text[:-1]:
        return ()
    words = _clean(text)
    return (Violation("", words),) if words else ()


def _clean(words: str) -> str:
    """One line of printable text without markup."""
    bare = TAG.sub(" ", words)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in bare).split())[:MOST_WORDS]
