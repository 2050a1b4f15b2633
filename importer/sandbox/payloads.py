"""Whether a payload is one that the API takes: its members, their types and values, as the server sees it.

Follows from the entities' description.  Looks at the payload alone: duplicates and records that are not there are the
business of `service`.  The wording is that of the vendor's framework.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from importer.errors import Violation
from importer.sandbox.options import SandboxOptions
from schemas import ENTITIES, carriers
from schemas.entity import Entity
from schemas.kinds import Kind

ALSO_MANDATORY = frozenset({("product_images", "filename")})
"""Mandatory on the server although a cell may be blank: the importer fills it in.  Source: Return Portal Pro page."""

BLANK = "This value should not be blank."
MISSING = object()

DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a payload; one inside an object has a path of two."""

    path: tuple[str, ...]
    kind: Kind
    is_mandatory: bool

    @property
    def name(self) -> str:
        """Dotted, as violations name it."""
        return ".".join(self.path)


def _members(entity: Entity) -> tuple[Member, ...]:
    return tuple(
        Member(
            tuple(field.payload_name.split(".")),
            field.kind,
            field.mandatory or (entity.name, field.payload_name) in ALSO_MANDATORY,
        )
        for field in entity.fields
        if field.payload_name is not None
    )


MEMBERS: Mapping[str, tuple[Member, ...]] = {entity.name: _members(entity) for entity in ENTITIES}
"""Entity's name -> the members of its payload, those inside objects one by one."""


def known_part(entity: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """*body* without the members that the API does not know."""
    known = {member.path[0] for member in MEMBERS[entity]}
    return {name: value for name, value in body.items() if name in known}


def violations(
    entity: str, body: Mapping[str, Any], options: SandboxOptions, *, is_partial: bool = False
) -> list[Violation]:
    """What is wrong with the payload *body*; [] = nothing.  A partial one may leave out whatever it does not change."""
    found = list(_member_violations(entity, body, options, is_partial=is_partial))
    if options.refuse_unknown_members:
        found += [
            Violation(name, "Extra attributes are not allowed.")
            for name in body
            if name not in known_part(entity, body)
        ]
    if entity == "shipments" and not found and not options.lenient_carriers and "carrier" in body:
        found += _carrier_violations(body["carrier"], options.carriers)
    return found


def _member_violations(
    entity: str, body: Mapping[str, Any], options: SandboxOptions, *, is_partial: bool
) -> Iterator[Violation]:
    wrong_objects = set()
    for member in MEMBERS[entity]:
        outer = member.path[0]
        value = body.get(outer, MISSING)
        if len(member.path) > 1 and value is not MISSING and value is not None:
            if not isinstance(value, dict):
                if outer not in wrong_objects:
                    yield Violation(outer, _not_of_type("object"))
                wrong_objects.add(outer)
                continue
            # An object that is there has to be complete: a carrier's name and country only go together.
            value = value.get(member.path[1])
        complaint = _complaint(member, value, options, is_partial=is_partial)
        if complaint:
            yield Violation(member.name, complaint)


def _complaint(member: Member, value: object, options: SandboxOptions, *, is_partial: bool) -> str | None:
    if value is MISSING:
        return BLANK if member.is_mandatory and not is_partial else None
    if value is None or value == "":
        is_blank_enough = value == "" and options.accept_blank
        return BLANK if member.is_mandatory and not is_blank_enough else None
    json_type = member.kind.json_type
    if not IS_OF_TYPE[json_type](value):
        return "This value is not a valid datetime." if json_type == "date-time" else _not_of_type(json_type)
    least = (member.kind.limits or {}).get("minimum")
    if least is not None and isinstance(value, int | float) and value < least:
        return f"This value should be greater than or equal to {least}."
    if member.name == "event" and options.any_event_case:
        return None if str(value).casefold() in map(str.casefold, member.kind.choices()) else NO_CHOICE
    return VALUE_COMPLAINT[member.kind.name](member.kind, value)


def _not_of_type(json_type: str) -> str:
    return f"This value should be of type {json_type}."


# --- types --------------------------------------------------------------------------------------------------


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str) or not DATE_TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_object_of_texts(value: object) -> bool:
    # The empty list is what PHP clients send for an empty object; it was accepted in production.
    if value == []:
        return True
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


IS_OF_TYPE: Mapping[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "date-time": _is_date_time,
    "object": _is_object_of_texts,
}

# --- values of the right type -------------------------------------------------------------------------------

NO_CHOICE = "The value you selected is not a valid choice."


def _anything(_: Kind, __: object) -> str | None:
    return None


def _one_line(_: Kind, value: object) -> str | None:
    # Forbidden in address fields (vendor's label and shipment pages).
    return "This value must not contain line breaks." if re.search(r"[\r\n]", str(value)) else None


def _country(kind: Kind, value: object) -> str | None:
    # The vendor's own example of a product's origin is in lower case, all others are not.
    return None if str(value).upper() in kind.choices() else "This value is not a valid country."


def _currency(kind: Kind, value: object) -> str | None:
    return None if value in kind.choices() else "This value is not a valid currency."


def _language(kind: Kind, value: object) -> str | None:
    return None if value in kind.choices() else "This value is not a valid language."


def _choice(kind: Kind, value: object) -> str | None:
    return None if value in kind.choices() else NO_CHOICE


def _e_mail(_: Kind, value: object) -> str | None:
    return None if E_MAIL.fullmatch(str(value)) else "This value is not a valid email address."


def _web_address(_: Kind, value: object) -> str | None:
    return None if WEB_ADDRESS.fullmatch(str(value)) else "This value is not a valid URL."


VALUE_COMPLAINT: Mapping[str, Callable[[Kind, object], str | None]] = {
    "text": _anything,
    "one line of text": _one_line,
    "code": _anything,
    "whole number": _anything,
    "number": _anything,
    "yes or no": _anything,
    "date and time": _anything,
    "choice": _choice,
    "country": _country,
    "currency": _currency,
    "language": _language,
    "carrier": _anything,  # together with its country, below
    "e-mail address": _e_mail,
    "phone number": _anything,
    "web address": _web_address,
    "tags": _anything,
    "image file": _anything,  # the picture itself: see `pictures`
}
"""Kind -> what the server says about a value of the right type; None = it is content."""


def _carrier_violations(carrier: Mapping[str, str], account: Mapping[str, tuple[str, ...]] | None) -> list[Violation]:
    # Codes are compared to the letter: a client that replaced "-" by "_" found no carrier any more.
    table = carriers.table() if account is None else account
    name, country = carrier["name"], carrier["country"]
    if country not in table:
        return [Violation("carrier.country", f'There is no carrier in "{country}".')]
    if name not in table[country]:
        return [Violation("carrier.name", f'The carrier "{name}" is not available in "{country}".')]
    return []
