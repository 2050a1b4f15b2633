"""What one cell may mean: text -> value -> JSON, with the dropdown and the Excel format that go with it.

A kind reads one cell and knows nothing of rows, sheets or files.  Trouble is a `CellError` with a stable code;
something understood but not written the way it is sent carries a `Note`.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from schemas import carriers, countries, currencies, languages, moments, numbers
from schemas.cells import CellError, Clear, Conventions, Form, Note, Reading, Tags, Value
from schemas.nearest import nearest

TEXT_FORMAT = "@"
WHOLE_FORMAT = "0"
DECIMAL_FORMAT = "0.00##"
MOMENT_FORMAT = "yyyy-mm-dd hh:mm"

Json = str | int | float | bool | dict[str, str] | None

# The words spreadsheets show for TRUE and FALSE in the languages of the shops served, plus common marks.
YES = frozenset(
    "true yes y 1 x ✓ ja wahr j oui vrai sì si vero sí verdadero sim tak prawda sand ano pravda kyllä".split()
)
NO = frozenset("false no n 0 nein falsch non faux falso não nao nee onwaar nie fałsz nej falsk ne ei epätosi".split())

# With a sign or decimals, as programs write numbers; `3E10` is an article number as good as any.
EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+[eE]\+?|[eE]\+)[0-9]{1,3}")
PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{3,28}")
WEB_ADDRESS = re.compile(r"https?://[^\s/?#.]+(?:\.[^\s/?#.]+)*(?::[0-9]+)?(?:[/?#]\S*)?", re.IGNORECASE)
LINE_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to read a cell.  `reader` raises `CellError`; everything else is what follows from the kind."""

    name: str
    """The word for it in documents, such as "country"."""

    json_type: str
    """string, number, integer, boolean, object or date-time, as the API's documentation names it."""

    reader: Callable[[str, Conventions], Reading]

    choices: Callable[[], tuple[str, ...]] = tuple
    """The values of the dropdown; empty = free text."""

    excel_format: str = TEXT_FORMAT
    """Number format of the template's column; "@" keeps leading zeros and long numbers."""

    limits: Mapping[str, int] | None = None
    """Bounds that documents and JSON Schema state, by their JSON Schema names."""

    form: Callable[[str], Form | None] | None = None
    """In which of several ways a cell is written, where that is a question of its whole column (`schemas.habits`)."""

    telling: str = ""
    """Is found (Python's `re`, or RE2) in every text that has such a form; "" = none has."""

    @property
    def has_choices(self) -> bool:
        """Only listed values are taken, so that there is a dropdown."""
        return self.choices is not tuple

    def read(self, text: str, conventions: Conventions) -> Reading:
        """Value of the non-blank cell *text*; raises `CellError`."""
        trimmed = text.strip()
        if UNPRINTABLE.search(trimmed):
            raise CellError("not_text")
        return self.reader(trimmed, conventions)


def to_json(value: Value) -> Json:
    """The JSON form of a cell's value.  Times go out in UTC, as the vendor advises; numbers as JSON numbers."""
    match value:
        case Clear():
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
    return Kind("text", "string", lambda cell, _: Reading(cell))


def line() -> Kind:
    """Free text on one line; the API forbids line breaks in addresses (shipment page), so they become ", "."""
    return Kind("one line of text", "string", _read_line)


def code() -> Kind:
    """An identifier: kept letter by letter, never taken for a number."""
    return Kind("code", "string", _read_code)


def integer(*, least: int, most: int) -> Kind:
    """A whole number within bounds, both included."""
    return Kind(
        "whole number",
        "integer",
        partial(_read_integer, least, most),
        excel_format=WHOLE_FORMAT,
        limits={"minimum": least, "maximum": most},
        form=numbers.form,
        telling=numbers.TELLING,
    )


def decimal(*, least: int = 0, places: int | None = None) -> Kind:
    """A number of at least *least* with at most *places* decimals (None = any)."""
    return Kind(
        "number",
        "number",
        partial(_read_decimal, least, places),
        excel_format=DECIMAL_FORMAT,
        limits={"minimum": least},
        form=numbers.form,
        telling=numbers.TELLING,
    )


def boolean() -> Kind:
    """Yes or no, in ten languages; a blank is neither."""
    return Kind("yes or no", "boolean", _read_boolean, choices=lambda: ("TRUE", "FALSE"))


def moment() -> Kind:
    """A date, with or without a time; without an offset it is local to `Conventions.timezone`."""
    return Kind(
        "date and time",
        "date-time",
        moments.read,
        excel_format=MOMENT_FORMAT,
        form=moments.form,
        telling=moments.TELLING,
    )


def choice(*words: str) -> Kind:
    """One of *words*; another case is understood and noted."""
    return Kind("choice", "string", partial(_read_choice, words), choices=lambda: words)


def country() -> Kind:
    """ISO 3166-1 alpha-2, upper case."""
    return Kind("country", "string", _read_country, choices=countries.codes)


def currency() -> Kind:
    """ISO 4217."""
    return Kind("currency", "string", _read_currency, choices=currencies.codes)


def language() -> Kind:
    """One of the 25 order languages, lower case."""
    return Kind("language", "string", _read_language, choices=lambda: languages.ORDER_LANGUAGES)


def carrier() -> Kind:
    """A carrier's code from the table in force; whether its country fits is a rule of the row."""
    return Kind("carrier", "string", _read_carrier, choices=_carrier_names)


def email() -> Kind:
    """One e-mail address, checked by its syntax alone."""
    return Kind("e-mail address", "string", _read_email)


def phone() -> Kind:
    """A phone number as people write it; whether it can be dialled from abroad is a hint of the row."""
    return Kind("phone number", "string", _read_phone)


def web_address() -> Kind:
    """An http(s) address."""
    return Kind("web address", "string", _read_web_address)


def tags() -> Kind:
    """`key=value; key=value` or a JSON object of texts."""
    return Kind("tags", "object", _read_tags)


def image() -> Kind:
    """Path or http(s) address of a JPEG or PNG; the file itself is looked at by the importer."""
    return Kind("image file", "string", lambda cell, _: Reading(cell))


# --- their readers, in the same order -----------------------------------------------------------------------


def _read_line(cell: str, _: Conventions) -> Reading:
    joined = LINE_BREAKS.sub(", ", cell)
    if joined == cell:
        return Reading(cell)
    return Reading(joined, Note("line_break_removed", {"value": joined}))


def _read_code(cell: str, _: Conventions) -> Reading:
    if EXPONENT.fullmatch(cell):
        raise CellError("code_damaged")
    if "\n" in cell or "\r" in cell:
        raise CellError("not_text")
    return Reading(cell)


def _read_integer(least: int, most: int, cell: str, conventions: Conventions) -> Reading:
    number = numbers.read(cell, conventions, example=str(least))
    if number != number.to_integral_value():
        raise CellError("not_whole")
    if not least <= number <= most:
        raise CellError("out_of_range", least=str(least), most=str(most))
    return Reading(int(number))


def _read_decimal(least: int, places: int | None, cell: str, conventions: Conventions) -> Reading:
    number = numbers.read(cell, conventions, example="19.99")
    if number < least:
        raise CellError("too_small", least=str(least))
    if places is not None and number != round(number, places):
        raise CellError("too_many_decimals", places=str(places))
    return Reading(number)


def _read_boolean(cell: str, _: Conventions) -> Reading:
    word = cell.casefold()
    if word in YES:
        return Reading(value=True)
    if word in NO:
        return Reading(value=False)
    raise CellError("not_a_boolean")


def _read_choice(words: tuple[str, ...], cell: str, _: Conventions) -> Reading:
    found = _same_but_for_case(cell, words)
    if found is None:
        raise CellError("not_a_choice", choices=", ".join(words), suggestion=nearest(cell, words))
    return found


def _read_country(cell: str, _: Conventions) -> Reading:
    if cell in countries.codes():
        return Reading(cell)
    meaning = countries.meaning(cell)
    if meaning is None:
        raise CellError("country_unknown", suggestion=_near_country(cell))
    return _normalised(meaning)


def _near_country(cell: str) -> str:
    """The code whose English or German name is nearest to what was written."""
    by_name = {name: code for language in ("de", "en") for code, name in countries.names(language).items()}
    return by_name.get(nearest(cell, by_name), "")


def _read_currency(cell: str, _: Conventions) -> Reading:
    if cell in currencies.codes():
        return Reading(cell)
    meaning = currencies.meaning(cell)
    if meaning is None:
        raise CellError("currency_unknown", suggestion=nearest(cell, currencies.codes()))
    return _normalised(meaning)


def _read_language(cell: str, _: Conventions) -> Reading:
    offered = _same_but_for_case(cell, languages.ORDER_LANGUAGES)
    if offered is not None:
        return offered
    # nl, no and nb are served countries' languages and yet absent from the vendor's list: never mapped silently.
    if cell.casefold() in languages.names("en"):
        raise CellError("language_not_offered", language=cell)
    raise CellError("language_unknown", suggestion=nearest(cell, languages.ORDER_LANGUAGES))


def _read_carrier(cell: str, conventions: Conventions) -> Reading:
    names = _carrier_names(conventions.carriers)
    found = _same_but_for_case(cell, names)
    if found is None:
        raise CellError("carrier_unknown", suggestion=nearest(cell, names))
    return found


def _carrier_names(table: Mapping[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    table = carriers.table() if table is None else table
    return tuple(sorted({name for names in table.values() for name in names}))


def _read_email(cell: str, _: Conventions) -> Reading:
    # Loaded here because it costs more than all other kinds together and many commands read no cell.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        validate_email(cell, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError as error:
        raise CellError("not_an_email") from error
    return Reading(cell)


def _read_phone(cell: str, _: Conventions) -> Reading:
    # A parenthesis in front, as in "(5) 555-4729", is how some countries write the area.
    if not PHONE.fullmatch(cell.removeprefix("(")):
        raise CellError("not_a_phone")
    return Reading(cell)


def _read_web_address(cell: str, _: Conventions) -> Reading:
    if not WEB_ADDRESS.fullmatch(cell):
        near = f"https://{cell}"
        raise CellError("not_a_web_address", suggestion=near if WEB_ADDRESS.fullmatch(near) and "." in cell else "")
    return Reading(cell)


def _read_tags(cell: str, _: Conventions) -> Reading:
    pairs = _tags_of_json(cell) if cell.startswith("{") else _tags_of_pairs(cell)
    if pairs is None:
        raise CellError("not_tags")
    return Reading(pairs)


def _tags_of_json(cell: str) -> Tags | None:
    try:
        found = json.loads(cell)
    except ValueError:
        return None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        return None
    return tuple(sorted(found.items()))


def _tags_of_pairs(cell: str) -> Tags | None:
    pairs = [part.partition("=") for part in cell.split(";") if part.strip()]
    found = {name.strip(): text.strip() for name, equals, text in pairs if name.strip() and equals}
    return tuple(sorted(found.items())) if len(found) == len(pairs) else None


def _same_but_for_case(cell: str, words: tuple[str, ...]) -> Reading | None:
    """*cell* as it stands in *words*, or in the one other case it has there; None when it is not there."""
    if cell in words:
        return Reading(cell)
    alike = [word for word in words if word.casefold() == cell.casefold()]
    return _normalised(alike[0]) if len(alike) == 1 else None


def _normalised(value: str) -> Reading:
    return Reading(value, Note("normalised", {"value": value}))
