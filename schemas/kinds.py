"""What one cell may mean: text -> value -> JSON, with the dropdown and the Excel format that go with it.

A kind reads one cell and knows nothing of rows, sheets or files.  Trouble is a `CellError` with a stable code;
something understood but not written the way it is sent carries a `Note`.  How each kind reads is told in `readers`,
what is taken off a cell before in `cleaning`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from schemas import carriers, cleaning, countries, currencies, languages, moments, no_value, numbers, plain, readers
from schemas.cells import CellError, Clear, Conventions, Form, Reading, Value
from schemas.cleaning import Cleaner

TEXT_FORMAT = "@"
WHOLE_FORMAT = "0"
DECIMAL_FORMAT = "0.00##"
MOMENT_FORMAT = "yyyy-mm-dd hh:mm"

Json = str | int | float | bool | dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to read a cell.  `reader` raises `CellError`; everything else is what follows from the kind."""

    name: str
    """The word for it in documents, such as "country"."""

    json_type: str
    """string, number, integer, boolean, object or date-time, as the API's documentation names it."""

    reader: Callable[[str, Conventions], Reading]

    cleaner: Cleaner = cleaning.as_typed
    """What takes off a cell that does not belong in it, before it is read."""

    choices: Callable[[], tuple[str, ...]] = tuple
    """The values of the dropdown; empty = free text."""

    excel_format: str = TEXT_FORMAT
    """Number format of the template's column; "@" keeps leading zeros and long numbers."""

    limits: Mapping[str, int] | None = None
    """Bounds that documents and JSON Schema state, by their JSON Schema names."""

    form: Callable[[str], Form | None] | None = None
    """In which of several ways a number or a date is written, where its whole column decides (`schemas.habits`)."""

    telling: str = ""
    """Is found (Python's `re.search`, or RE2) in every text that has such a form; "" = none has."""

    plain_form: Callable[[Conventions], str] | None = None
    """The pattern behind `plain`; None = no cell of this kind is plain."""

    blank_words: frozenset[str] = no_value.BLANK_WORDS
    """Words in lower case that stand for a blank, and cannot be a value of this kind or hardly so."""

    @property
    def has_choices(self) -> bool:
        """Only listed values are taken, so that there is a dropdown."""
        return self.choices is not tuple

    def read(self, text: str, conventions: Conventions) -> Reading:
        """Value of the cell *text*, which is neither blank nor a word for it; raises `CellError`."""
        bare = text.strip()
        # Each of these looks is at every cell of a file, so the dear ones come last.
        if not (bare.isascii() and bare.isprintable()) and cleaning.is_unprintable(bare):
            raise CellError("not_text")
        if bare.startswith(no_value.ERRORS_BEGIN) and no_value.is_error(bare):
            raise CellError("error_cell")
        cell, note = self.cleaner(bare)
        reading = self.reader(cell, conventions)
        return reading if note is None or reading.note is not None else Reading(reading.value, note)

    def plain(self, conventions: Conventions) -> str:
        """A pattern for cells that need no thought (`schemas.plain`); "" = every cell does.

        A text that it fits as a whole is read without a note, and where `json_type` is "string" it is its own value.
        """
        pattern = self.plain_form(conventions) if self.plain_form else ""
        word = conventions.clear_word
        is_taken = any(re.fullmatch(pattern, one) for one in (word, word.lower(), word.upper()))
        return "" if is_taken else pattern


def to_json(value: Value | None) -> Json:
    """The JSON form of a cell's value.  Times go out in UTC, as the vendor advises; numbers as JSON numbers."""
    match value:
        case None | Clear():
            return None
        case bool() | int() | str():
            return value
        case Decimal():
            return float(value)
        case datetime():
            instant = value.astimezone(UTC)
            precision = "milliseconds" if instant.microsecond else "seconds"
            return instant.isoformat(timespec=precision).replace("+00:00", "Z")
        case tuple():
            return dict(value)


# --- the kinds, each a function that gives a `Kind` ---------------------------------------------------------


def text() -> Kind:
    """Free text; line breaks are kept."""
    return Kind("text", "string", readers.text, cleaning.as_text, plain_form=lambda _: plain.TEXT)


def line() -> Kind:
    """Free text on one line; the API forbids line breaks in addresses (shipment page), so they become ", "."""
    return Kind("one line of text", "string", readers.line, cleaning.as_line, plain_form=lambda _: plain.LINE)


def code() -> Kind:
    """An identifier: kept letter by letter, never taken for a number."""
    return Kind("code", "string", readers.code, cleaning.as_code, plain_form=lambda _: plain.CODE)


def integer(*, least: int, most: int) -> Kind:
    """A whole number within bounds, both included."""
    return Kind(
        "whole number",
        "integer",
        partial(readers.integer, least, most),
        cleaning.as_number,
        excel_format=WHOLE_FORMAT,
        limits={"minimum": least, "maximum": most},
        form=numbers.form,
        telling=numbers.TELLING,
        plain_form=lambda _: plain.whole_number(least, most),
    )


def decimal(*, least: int = 0, places: int | None = None) -> Kind:
    """A number of at least *least* with at most *places* decimals (None = any)."""
    return Kind(
        "number",
        "number",
        partial(readers.decimal, least, places),
        cleaning.as_number,
        excel_format=DECIMAL_FORMAT,
        limits={"minimum": least},
        form=numbers.form,
        telling=numbers.TELLING,
        plain_form=lambda _: plain.number(least, places),
    )


def boolean() -> Kind:
    """Yes or no, in the languages of the shops served; a blank is neither."""
    return Kind(
        "yes or no",
        "boolean",
        readers.boolean,
        choices=lambda: ("TRUE", "FALSE"),
        plain_form=lambda _: plain.BOOLEAN,
    )


def moment() -> Kind:
    """A date, with or without a time; without an offset it is local to `Conventions.timezone`."""
    return Kind(
        "date and time",
        "date-time",
        moments.read,
        cleaning.as_number,
        excel_format=MOMENT_FORMAT,
        form=moments.form,
        telling=moments.TELLING,
        plain_form=plain.moment,
        blank_words=no_value.BLANK_WORDS | no_value.ZERO_DAYS,
    )


def choice(*words: str) -> Kind:
    """One of *words*; another case is understood and noted."""
    return _listed("choice", partial(readers.choice, words), lambda: words)


def country() -> Kind:
    """ISO 3166-1 alpha-2, upper case."""
    return _listed("country", readers.country, countries.codes)


def currency() -> Kind:
    """ISO 4217."""
    return _listed("currency", readers.currency, currencies.codes)


def language() -> Kind:
    """One of the 25 order languages, lower case."""
    return _listed("language", readers.language, lambda: languages.ORDER_LANGUAGES)


def carrier() -> Kind:
    """A carrier's code from the table in force; whether its country fits is a rule of the row."""
    return _listed("carrier", readers.carrier, carriers.names)


def email() -> Kind:
    """One e-mail address, checked by its syntax alone."""
    return _contact("e-mail address", readers.email, plain.EMAIL)


def phone() -> Kind:
    """A phone number as people write it; whether it can be dialled from abroad is a hint of the row."""
    return _contact("phone number", readers.phone, plain.PHONE)


def web_address() -> Kind:
    """An http(s) address."""
    return Kind(
        "web address",
        "string",
        readers.web_address,
        plain_form=lambda _: plain.WEB_ADDRESS,
        blank_words=no_value.BLANK_WORDS | no_value.ZERO,
    )


def tags() -> Kind:
    """`key=value; key=value` or a JSON object of texts."""
    return Kind("tags", "object", readers.tags, cleaning.as_line)


def image() -> Kind:
    """Path or http(s) address of a JPEG or PNG; the file itself is looked at by the importer."""
    return Kind("image file", "string", readers.text, cleaning.as_it_is, plain_form=lambda _: plain.IMAGE)


def _listed(name: str, reader: Callable[[str, Conventions], Reading], choices: Callable[[], tuple[str, ...]]) -> Kind:
    """A kind with a dropdown; its few values are read once each, so none needs to be plain."""
    return Kind(name, "string", reader, choices=choices, blank_words=no_value.BLANK_WORDS | no_value.ZERO)


def _contact(name: str, reader: Callable[[str, Conventions], Reading], pattern: str) -> Kind:
    return Kind(
        name,
        "string",
        reader,
        cleaning.as_code,
        plain_form=lambda _: pattern,
        blank_words=no_value.BLANK_WORDS | no_value.ZERO,
    )
