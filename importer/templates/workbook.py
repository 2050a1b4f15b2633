"""A whole workbook as bytes: the instructions, the data sheets in upload order, the hidden lists, and its stamp."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from io import BytesIO

from xlsxwriter.workbook import Workbook

from importer.templates import instructions, lists, sheet
from importer.templates.content import Content
from importer.templates.styles import styles
from importer.templates.words import Words
from schemas import ENTITIES
from schemas.cells import Conventions

STAMP = "sevensenders-importer template"
"""Name of the document property that says which version of the template a workbook is."""

LAYOUT = 1
"""Counts changes of the sheets' make-up; what the entities say is in the version's second part."""

CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed date, so that equal templates are equal files


def data(contents: Sequence[Content], words: Words, conventions: Conventions) -> bytes:
    """The workbook with the sheets of *contents*; the same input gives the same bytes.

    Raises:
        WrongSettings: more rows, or longer texts, than Excel can hold.
    """
    entities = [content.entity for content in contents]
    file = BytesIO()
    # Cells are written by their type alone, so nothing is ever turned into a formula, a link or a number.
    book = Workbook(file, {"in_memory": True})
    book.set_properties({"title": words.title, "author": "", "created": CREATED})
    book.set_custom_property(STAMP, version(), "text")
    looks = styles(book)
    instructions.add(book, contents, looks, words, version())
    for content in contents:
        sheet.add(book, content, looks, words, conventions)
    lists.write(book, lists.lists(entities, conventions))
    book.close()
    return file.getvalue()


@cache
def version() -> str:
    """Such as "1-3f9a2c1d": the layout, and a fingerprint of all columns, whichever sheets a workbook has."""
    columns = [
        (entity.name, field.name, field.mandatory, field.recommended, field.kind.excel_format, field.kind.choices())
        for entity in ENTITIES
        for field in entity.fields
    ]
    return f"{LAYOUT}-{hashlib.sha256(repr(columns).encode()).hexdigest()[:8]}"
