"""How the cells of each kind are read; `schemas.kinds` says which kinds there are.

A reader gets a cell that is cleaned and not blank, and gives its value or raises `CellError`.  What it understands in
another way than it is written, it notes.
"""

import json
import re
from functools import cache, lru_cache, partial

from schemas import carriers, countries, currencies, languages, numbers, yes_no
from schemas.cells import CellError, Conventions, Note, Reading, Tags
from schemas.nearest import LISTS, nearest

# A sign after the E or decimals before it: no code looks so, and 3E10 is an article number as good as any.
EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+[eE]\+?|[eE]\+)[0-9]{1,3}")
PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{3,28}")
WEB_ADDRESS = re.compile(r"https?://[^\s/?#.]+(?:\.[^\s/?#.]+)*(?::[0-9]+)?(?:[/?#]\S*)?", re.IGNORECASE)
MAIL_LINK = re.compile(r"(?i:mailto:)(?P<address>[^\s?]+)(?:\?\S*)?")
LINE_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")


def text(cell: str, _: Conventions) -> Reading:
    """*cell* as it is."""
    return Reading(cell)


def line(cell: str, _: Conventions) -> Reading:
    """*cell* on one line."""
    joined = LINE_BREAKS.sub(", ", cell)
    return Reading(cell) if joined == cell else Reading(joined, Note("line_break_removed", {"value": joined}))


def code(cell: str, _: Conventions) -> Reading:
    """*cell* letter by letter."""
    if EXPONENT.fullmatch(cell):
        raise CellError("code_damaged")
    if "\n" in cell or "\r" in cell:
        raise CellError("not_text")
    return Reading(cell)


def integer(least: int, most: int, cell: str, conventions: Conventions) -> Reading:
    """A whole number from *least* to *most*."""
    number = numbers.read(cell, conventions, example=str(least))
    if number != number.to_integral_value():
        raise CellError("not_whole")
    if not least <= number <= most:
        raise CellError("out_of_range", least=str(least), most=str(most))
    return Reading(int(number))


def decimal(least: int, places: int | None, cell: str, conventions: Conventions) -> Reading:
    """A number of at least *least* with at most *places* decimals."""
    number = numbers.read(cell, conventions, example="19.99")
    if number < least:
        raise CellError("too_small", least=str(least))
    if places is not None and number != round(number, places):
        raise CellError("too_many_decimals", places=str(places))
    return Reading(number)


def boolean(cell: str, _: Conventions) -> Reading:
    """Yes or no."""
    found = yes_no.meaning(cell)
    if found is None:
        raise CellError("not_a_boolean")
    return Reading(found)


def choice(words: tuple[str, ...], cell: str, _: Conventions) -> Reading:
    """One of *words*."""
    found = _same_but_for_case(cell, words)
    if found is None:
        raise CellError("not_a_choice", choices=", ".join(words), suggestion=partial(nearest, cell, words))
    return found


def country(cell: str, _: Conventions) -> Reading:
    """A country's code, or what people write instead."""
    if cell in countries.codes():
        return Reading(cell)
    meaning = countries.meaning(cell)
    if meaning is None:
        raise CellError("country_unknown", suggestion=partial(_near_country, cell))
    return _normalised(meaning)


def _near_country(cell: str) -> str:
    """The code whose English or German name is nearest to what was written."""
    return _countries().get(nearest(cell, _countries()), "")


@cache
def _countries() -> dict[str, str]:
    return {name: code for language in ("de", "en") for code, name in countries.names(language).items()}


def currency(cell: str, _: Conventions) -> Reading:
    """A currency's code, or what people write instead."""
    if cell in currencies.codes():
        return Reading(cell)
    meaning = currencies.meaning(cell)
    if meaning is None:
        raise CellError("currency_unknown", suggestion=partial(nearest, cell, currencies.codes()))
    return _normalised(meaning)


def language(cell: str, _: Conventions) -> Reading:
    """The code of one of the order languages."""
    offered = _same_but_for_case(cell, languages.ORDER_LANGUAGES)
    if offered is not None:
        return offered
    # nl, no and nb are served countries' languages and yet absent from the vendor's list: never mapped silently.
    if cell.casefold() in languages.names("en"):
        raise CellError("language_not_offered", language=cell)
    raise CellError("language_unknown", suggestion=partial(nearest, cell, languages.ORDER_LANGUAGES))


def carrier(cell: str, conventions: Conventions) -> Reading:
    """A carrier's code from the table in force."""
    names = carriers.names(conventions.carriers)
    found = _same_but_for_case(cell, names)
    if found is None:
        raise CellError("carrier_unknown", suggestion=partial(nearest, cell, names))
    return found


def email(cell: str, _: Conventions) -> Reading:
    """One e-mail address, also where a program has made a link of it."""
    # Loaded here because it costs more than all other kinds together and many commands read no cell.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    link = MAIL_LINK.fullmatch(cell)
    address = link["address"] if link else cell
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError as error:
        raise CellError("not_an_email") from error
    return _normalised(address) if link else Reading(cell)


def phone(cell: str, _: Conventions) -> Reading:
    """A phone number as people write it."""
    # A parenthesis in front, as in "(5) 555-4729", is how some countries write the area.
    if not PHONE.fullmatch(cell.removeprefix("(")):
        raise CellError("not_a_phone")
    return Reading(cell)


def web_address(cell: str, _: Conventions) -> Reading:
    """An http(s) address."""
    if not WEB_ADDRESS.fullmatch(cell):
        near = f"https://{cell}"
        raise CellError("not_a_web_address", suggestion=near if WEB_ADDRESS.fullmatch(near) and "." in cell else "")
    return Reading(cell)


def tags(cell: str, _: Conventions) -> Reading:
    """`key=value; key=value` or a JSON object of texts."""
    pairs = _tags_of_json(cell) if cell.startswith("{") else _tags_of_pairs(cell)
    if pairs is None:
        raise CellError("not_tags")
    return Reading(pairs)


def _tags_of_json(cell: str) -> Tags | None:
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
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
    alike = _by_letters(words).get(cell.casefold(), ())
    return _normalised(alike[0]) if len(alike) == 1 else None


@lru_cache(LISTS)
def _by_letters(words: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """*words* by what they are without regard to case."""
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        found[word.casefold()] = (*found.get(word.casefold(), ()), word)
    return found


def _normalised(value: str) -> Reading:
    return Reading(value, Note("normalised", {"value": value}))
