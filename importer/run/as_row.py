"""A record of the server as the row it was sent from, as far as the two can be told to be the same.

A server shows more than it was sent: what a member is when nobody says.  A row with all of it would be another content,
and be sent again.  The digest of what was sent tells which members belong in the row.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import chain, combinations

from importer.api import member
from importer.run.unit import digest
from schemas.cells import CellError, Conventions, Value
from schemas.entity import Entity, Field, Values, payload

Record = Mapping[str, object]

MOST_ADDED = 10
"""Members that the server may have added by itself; every choice of so many is tried: 1,024."""
ADDED = frozenset(("boolean", "number", "integer"))
"""Types of what servers add, besides one of several words."""


def values_of(entity: Entity, record: Record, conventions: Conventions) -> dict[str, Value]:
    """The cells that *record* fills; what is null or blank there is not in it, nor what our sheets have no column for.

    A cell that names a shipment holds the number that the server gave it.
    """
    found = {}
    for field in entity.fields:
        value = _value(field, _shown(field.payload_name, record), conventions) if field.payload_name else None
        if value is not None:
            found[field.name] = value
    return found


def as_sent(entity: Entity, values: Values, sent: str | None) -> Values | None:
    """*values* without those that the server added; None when no choice of them has the digest *sent*."""
    added = [field.name for field in entity.fields if field.name in values and _may_be_added(field)][:MOST_ADDED]
    for left_out in chain.from_iterable(combinations(added, count) for count in range(len(added) + 1)):
        kept = {name: value for name, value in values.items() if name not in left_out}
        if digest(payload(entity, kept, is_update=True)) == sent:
            return kept
    return None


def _may_be_added(field: Field) -> bool:
    is_one_of_several = field.kind.has_choices and field.kind.json_type == "string"
    return not field.mandatory and (field.kind.json_type in ADDED or is_one_of_several)


def _shown(name: str, record: Record) -> object:
    """The record's value for the member of the dotted *name*; None where it does not tell."""
    *outer, last = name.split(".")
    for part in outer:
        inner = record.get(part)
        if not isinstance(inner, Mapping):
            return None
        record = inner
    return member(record, last)


def _value(field: Field, shown: object, conventions: Conventions) -> Value | None:
    """What a cell would hold that was sent as *shown*; None for none, and for what no cell of the column can mean."""
    match shown:
        case None | "" | []:
            return None
        case Mapping():
            return tuple(sorted((str(name), str(text)) for name, text in shown.items())) or None
    try:
        return _read(field, shown, conventions)
    except (CellError, ValueError, InvalidOperation):
        return None


def _read(field: Field, shown: object, conventions: Conventions) -> Value | None:
    match field.kind.json_type:
        case "boolean":
            return str(shown).casefold() == "true"
        case "number":
            return Decimal(str(shown))
        case "integer":
            return int(str(shown))
        case "date-time":
            moment = datetime.fromisoformat(str(shown))
            return moment if moment.tzinfo else field.kind.read(f"{shown}Z", conventions).value
    # A country may be shown in small letters; a text is what it is.
    return field.kind.read(str(shown), conventions).value if field.kind.has_choices else str(shown)
