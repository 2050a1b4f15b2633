"""Which field a column may be meant for whose title we do not know.  Only ever a suggestion, never taken in silence."""

from collections.abc import Iterable

from schemas.entity import Field, bare
from schemas.nearest import equally_near
from schemas.words import words_for


def likely_field(title: str, fields: Iterable[Field]) -> str:
    """The name of the one of *fields* whose name, title or alias is most like *title*; "" when none is near."""
    # In their bare form, so that a title and a name that differ in case alone are one word and no tie.
    words = {
        bare(word): field.name
        for field in fields
        for word in (*words_for(field.name), *field.aliases, field.titel, field.title, field.name)
    }
    meant = {words[word] for word in equally_near(bare(title), words)}
    return meant.pop() if len(meant) == 1 else ""
