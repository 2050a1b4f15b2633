"""Does the server's record hold what we would send?  Only members that we send are looked at."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from importer.api.answers import number_of

Difference = tuple[str, object, object]
"""Dotted name, our value, the server's."""

MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
COUNTRY = re.compile(r"(.*[._])?country(_iso2)?")
BLANK: tuple[object, ...] = (None, "", [], {})
"""What a server may give for a member that has no value."""


def differences(body: Mapping[str, object], record: Mapping[str, object]) -> tuple[Difference, ...]:
    """Where *record* differs from *body*, member by member.

    Times are compared as instants in any ISO form, numbers by value, countries blind to case; a missing member is as
    good as null.  Members that only the server knows do not count.
    """
    return tuple(_differences("", body, record))


def member(record: Mapping[str, object], name: str) -> object:
    """The record's value for a member of ours; None where it does not tell.

    What we send as `order_id` or `shipment_id` may come back as a record of its own, or as its address.
    """
    if name in record or not name.endswith("_id"):
        return record.get(name)
    linked = record.get(name.removesuffix("_id"))
    if isinstance(linked, Mapping) and name in linked:
        return linked[name]
    # The number of an order is the server's own and not the shop's `order_id`.
    return None if name == "order_id" or linked is None else number_of(linked, str(linked)) or None


def same_text(ours: object, theirs: object) -> bool:
    """Whether two codes are the same, written as text or as a number."""
    return theirs is not None and str(ours) == str(theirs)


def same_moment(ours: object, theirs: object) -> bool:
    """Whether two ISO times name one instant.

    A server that keeps whole seconds cuts the fraction off; one that names no zone means UTC, as the vendor advises.
    """
    one, other = _instant(ours), _instant(theirs)
    if one is None or other is None:
        return False
    if not (one.microsecond and other.microsecond):
        one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    return one == other


def _differences(prefix: str, ours: Mapping[str, object], theirs: Mapping[str, object]) -> Iterator[Difference]:
    for name, value in ours.items():
        path, other = f"{prefix}{name}", member(theirs, name)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            yield from _differences(f"{path}.", value, other)
        elif not _same(path, value, other):
            yield path, value, other


def _same(path: str, ours: object, theirs: object) -> bool:
    if ours == theirs or (ours in BLANK and theirs in BLANK):
        return True
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return str(ours).casefold() == str(theirs).casefold()
    if isinstance(ours, (int, float)) or isinstance(theirs, (int, float)):
        return _number(ours) == _number(theirs) is not None
    if isinstance(ours, str) and isinstance(theirs, str) and COUNTRY.fullmatch(path):
        return ours.casefold() == theirs.casefold()
    return same_moment(ours, theirs)


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _instant(value: object) -> datetime | None:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
