"""Does the server's record hold what we would send?  Only members that we send are looked at."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from schemas.entity import Payload

Difference = tuple[str, object, object]
"""Dotted name, our value, the server's."""


def differences(body: Payload, record: Mapping[str, object]) -> tuple[Difference, ...]:
    """Where *record* differs from *body*: times are compared as instants, numbers by value, codes blind to case."""
    return tuple(_differences("", body, record))


def _differences(prefix: str, ours: Mapping[str, object], theirs: Mapping[str, object]) -> Iterator[Difference]:
    for name, value in ours.items():
        other = theirs.get(name)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            yield from _differences(f"{prefix}{name}.", value, other)
        elif not _same(value, other):
            yield f"{prefix}{name}", value, other


def _same(ours: object, theirs: object) -> bool:
    if ours == theirs:
        return True
    if isinstance(ours, bool) or isinstance(theirs, bool) or ours is None or theirs is None:
        return False
    if isinstance(ours, (int, float)) or isinstance(theirs, (int, float)):
        return _number(ours) == _number(theirs) is not None
    return isinstance(ours, str) and isinstance(theirs, str) and _same_text(ours, theirs)


def _same_text(ours: str, theirs: str) -> bool:
    # Some replies give countries in lower case (carrier and warehouse pages of 2017); two letters are a code.
    if len(ours) <= 2 and ours.casefold() == theirs.casefold():  # noqa: PLR2004
        return True
    instant = _instant(ours)
    return instant is not None and instant == _instant(theirs)


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _instant(text: str) -> datetime | None:
    if len(text) < len("2026-01-31T10:00") or not text[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
