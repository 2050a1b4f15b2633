"""What a column says about itself: the note at its header and the prompt at its cells."""

from importer.templates.words import Words
from schemas import entity_named
from schemas.entity import Field

MOST_LISTED = 30
"""Longer lists of values are left to the drop-down."""

MOST_IN_PROMPT = 255
MOST_IN_TITLE = 32
"""Characters; Excel's limits."""

WIDTH = 340
CHARACTERS_PER_LINE = 52
LINE_HEIGHT = 15
"""Of a note: pixels, characters that surely fit into one line, pixels."""


def note(field: Field, words: Words) -> str:
    """Title, meaning, how to write it, allowed values and the example, each on its own lines."""
    choices = field.kind.choices()
    lines = (
        f"{words.name_of(field)} ({words.need(field)})",
        words.meaning(field),
        hint(field, words),
        f"{words.allowed}: {', '.join(choices)}" if 0 < len(choices) <= MOST_LISTED else "",
        _example(field, words),
    )
    # How to write it may be all there is to say of what it means.
    return "\n".join(dict.fromkeys(line for line in lines if line))


def note_size(text: str) -> dict[str, int]:
    """Width and height in pixels at which *text* can be read without scrolling."""
    lines = sum(1 + len(line) // CHARACTERS_PER_LINE for line in text.splitlines())
    return {"width": WIDTH, "height": (lines + 1) * LINE_HEIGHT}


def prompt(field: Field, words: Words) -> tuple[str, str]:
    """Title and text of what appears at a selected cell; ("", "") for plain text, which needs no help."""
    about = hint(field, words)
    if not about:
        return "", ""
    text = "\n".join(line for line in (about, _example(field, words)) if line)
    return words.name_of(field)[:MOST_IN_TITLE], text[:MOST_IN_PROMPT]


def hint(field: Field, words: Words) -> str:
    """How to write the value, or where it is taken from; "" for plain text."""
    if field.reference:
        return words.reference.format(sheet=words.sheet(entity_named(field.reference.entity)))
    return words.hints.get(field.kind.name, "")


def _example(field: Field, words: Words) -> str:
    return f"{words.example}: {field.example}" if field.example else ""
