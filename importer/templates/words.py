"""What the templates say to people.  Field names and codes are the same in every language.

English stands here; German comes from the catalogue, but for the titles of sheets and columns, which are the entities'
own, since they are read as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from importer.speech import Language, Speech
from schemas.cells import Conventions
from schemas.entity import Entity, Field

Lines = tuple[tuple[str, str], ...]
"""A term and what is to be said about it."""

_AS_SET = Conventions()


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a workbook says in one language."""

    language: Language

    instructions: str
    """Title of the first sheet."""
    title: str
    lead: str
    steps_heading: str
    steps: Lines
    sheets_heading: str
    known_by: str
    """What is said above the fields of the keys."""
    joined_by_or: str
    colours_heading: str
    mandatory: tuple[str, str]
    """A word for the note, a sentence for the legend; likewise the next two."""
    recommended: tuple[str, str]
    optional: tuple[str, str]
    cells_heading: str
    example_row: tuple[str, str]
    """First of the lines below, where there is such a row."""
    cells: Lines
    version: str

    example: str
    allowed: str
    reference: str
    """{sheet}: where the value is explained."""
    refused_title: str
    refused: str
    asked_title: str
    asked: str
    hints: Mapping[str, str]
    """Name of a kind -> how to write it; kinds that need no hint are absent."""

    def name_of(self, column: Field) -> str:
        """The column's title."""
        return column.titel if self.language == "de" else column.title

    def meaning(self, column: Field) -> str:
        """The sentence on the column."""
        return Speech(self.language).template(column.meaning)

    def sheet(self, entity: Entity) -> str:
        """The sheet's title."""
        return entity.blatt if self.language == "de" else entity.sheet

    def about(self, entity: Entity) -> str:
        """What the sheet holds."""
        return Speech(self.language).template(entity.meaning)

    def need(self, column: Field) -> str:
        """Mandatory, recommended or optional, in one word."""
        if column.mandatory:
            return self.mandatory[0]
        return self.recommended[0] if column.recommended else self.optional[0]


ENGLISH = Words(
    language="en",
    instructions="Instructions",
    title="Import template for Seven Senders",
    lead="Fill in the sheets, check the file, upload it. Checking sends nothing, and rows with errors are never sent.",
    steps_heading="How to go about it",
    steps=(
        ("1", "Fill in the sheets from left to right, one record per row. Leave out what you have nothing for."),
        (
            "2",
            "Keep the names in row 1. Columns may change places, and optional ones may be deleted.",
        ),
        ("3", "Paste with Paste Special > Values, so that formats and drop-down lists stay."),
        ("4", "Save as .xlsx and check the file:  importer check FILE"),
        ("5", "Upload it:  importer upload FILE    Repeating this is safe: what is already there is not sent again."),
    ),
    sheets_heading="The sheets, in the order in which they are uploaded",
    known_by="A row is known by",
    joined_by_or="or",
    colours_heading="The colours in row 1",
    mandatory=("Mandatory", "Mandatory: dark, with an asterisk. A row without it is not imported."),
    recommended=(
        "Recommended",
        "Recommended: medium blue. The row is imported without it, but something useful is lost.",
    ),
    optional=("Optional", "Optional: light grey. Leave it blank if you do not need it."),
    cells_heading="What to write into the cells",
    example_row=(
        "Example row",
        "Row 2, in grey. Its key begins with EXAMPLE-, so it is never imported. Keep it or delete it.",
    ),
    cells=(
        ("Help on a column", "Point at its name in row 1: the note says what it means and shows an example."),
        ("Blank cell", "Nothing is sent for it. What the server already has stays as it is."),
        (
            _AS_SET.clear_word,
            "Removes what the server has, when an existing record is updated. Not for mandatory columns.",
        ),
        (
            "Dates",
            f"2026-01-31 or 2026-01-31 10:00. Times are those of {_AS_SET.timezone}, unless set otherwise.",
        ),
        ("Numbers", "Without currency sign and unit. Weights are in kilograms."),
        ("Codes", "Order numbers, postcodes and tracking codes are text: leading zeros and long numbers stay."),
        ("Drop-down lists", "Cells with an arrow take what the list offers. Carriers depend on carrier_country."),
        ("Your own columns", "Columns and sheets with other names are not imported; the check says which."),
    ),
    version="Template version",
    example="Example",
    allowed="Allowed",
    reference="As it stands on the sheet {sheet}.",
    refused_title="Not in the list",
    refused="Please choose one of the values in the list.",
    asked_title="Not in the list for this country",
    asked="This carrier is not in the list for the country in carrier_country. "
    "The list is as old as this file; keep the value only if you know better.",
    hints={
        "whole number": "A whole number.",
        "number": "A number, without currency sign or unit.",
        "yes or no": "TRUE or FALSE; a blank cell is neither.",
        "date and time": "A date, with or without a time: 2026-01-31 or 2026-01-31 10:00.",
        "choice": "One of the values in the list.",
        "country": "A country code of two letters (ISO 3166).",
        "currency": "A currency code of three letters (ISO 4217).",
        "language": "A language code of two small letters.",
        "carrier": "The list follows the country in carrier_country; fill that in first.",
        "e-mail address": "One e-mail address.",
        "phone number": "With + and country code.",
        "web address": "Begins with https:// or http://.",
        "tags": "key=value; key=value",
        "image file": "A JPEG or PNG of at most 10 MB.",
    },
)


def words(language: Language) -> Words:
    """What a workbook says in *language*."""
    speech = Speech(language)
    said = {field.name: _said(getattr(ENGLISH, field.name), speech) for field in fields(Words)}
    return Words(**said | {"language": language})


def _said(text: Any, speech: Speech) -> Any:
    """*text*, which is a sentence, or several in the form of a tuple or a mapping, in the language."""
    match text:
        case str():
            return speech.template(text)
        case tuple():
            return tuple(_said(one, speech) for one in text)
        case _:
            return {name: speech.template(one) for name, one in text.items()}
