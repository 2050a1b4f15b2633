"""What can be made to go wrong, as frozen values, and the short text for it.  Decides nothing: see `dial`.

A fault strikes the requests that its `match` names.  It is written as text, `POST /shipments:drop_after:times=2`, or as
a JSON object, `{"match": "POST /shipments", "kind": "drop_after", "times": 2}`; both are the fields of `Fault`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from re import fullmatch, split
from typing import Any, Literal, cast

ANY_KIND = ("match", "times", "probability", "skip")
"""Options that every kind takes."""

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "retry_after", "after_s", "body", "stored"),
    "drop_before": ("close",),
    "drop_after": ("close",),
    "cut_body": (),
    "not_json": (),
    "redirect": ("status", "location"),
    "latency": ("seconds", "each_s", "limit"),
    "slow_commit": ("seconds", "close"),
    "expire_tokens": (),
    "rate_limit": ("status", "retry_after", "after_s", "body", "rate", "burst"),
    "accepted_202": ("seconds",),
}
"""Kind -> the further options that it takes."""

PASSING = frozenset({"latency", "expire_tokens"})
"""Kinds after which the request is still carried out and may meet further faults; all others are its end."""

STATUSES: Mapping[str, int] = {"status": 503, "redirect": 307, "rate_limit": 429}
"""The status code that a kind answers unless it is told another."""

LEAST_STATUS, MOST_STATUS = 200, 599


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and when.

    Raises:
        ValueError: no such kind, an option that the kind does not take, or a value out of bounds.
    """

    kind: str
    """`status`        any answer with a status code of its own, such as 500
    `drop_before`   the connection is cut, nothing is stored
    `drop_after`    the request is carried out, then the connection is cut without an answer
    `cut_body`      the request is carried out, half of the reply's body arrives, then the connection is cut
    `not_json`      the request is carried out, the reply is a page of HTML under the right status
    `redirect`      the answer points elsewhere, nothing is stored
    `latency`       the request waits before it is carried out
    `slow_commit`   the connection is cut now, the request is carried out later
    `expire_tokens` all tokens handed out so far expire, then the request is carried out
    `rate_limit`    429 once there are more requests than `rate` allows
    `accepted_202`  the answer is 202 without a record, the request is carried out now or later
    """
    match: str = "*"
    """Method and path below /v2 with `*` for anything: `POST /orders`, `PUT /order_items/*`, `* /orders`, `*`."""
    times: int | None = None
    """How often it happens at most; None = for as long as it is there."""
    probability: float = 1.0
    """Share of the matching requests that it strikes; which ones, the seed decides."""
    skip: int = 0
    """So many matching requests pass before the first is struck."""
    status: int | None = None
    """Status code of the answer; None = 503, of a redirect 307, of the rate limit 429."""
    retry_after: Literal["none", "seconds", "date"] = "none"
    """The form of the Retry-After header, or none."""
    after_s: float | None = None
    """Seconds it asks to wait, rounded up; None = 1, of the rate limit as long as it takes."""
    body: Literal["json", "html", "empty"] = "json"
    """What stands in the answer: a problem as the API words it, a web server's error page, nothing."""
    stored: bool = False
    """The request is carried out before the false answer."""
    close: Literal["eof", "reset", "hang"] = "eof"
    """How the connection is cut: closed, reset, or left open without an answer until the client gives up."""
    seconds: float = 0.0
    """How long to wait."""
    each_s: float = 0.0
    """Further seconds for each request that is open at the same time beyond `limit`: a limit that nobody announces."""
    limit: int = 0
    rate: float = 0.0
    """Requests per second in the long run ..."""
    burst: int = 1
    """... and so many at once."""
    location: str = ""
    """Where the redirect points; "" = to the same address again."""

    def __post_init__(self) -> None:
        for complaint in _complaints(self):
            raise ValueError(complaint)

    @property
    def answer_status(self) -> int:
        """The status code that is answered."""
        return STATUSES.get(self.kind, 503) if self.status is None else self.status

    @property
    def members(self) -> dict[str, Any]:
        """The fault as a JSON object: its kind, and what differs from the defaults."""
        return {name: value for name, value in asdict(self).items() if value != DEFAULTS[name]}


DEFAULTS: Mapping[str, Any] = {
    field.name: None if field.default is MISSING else field.default for field in fields(Fault)
}


def fault_of(text: str) -> Fault:
    """The fault written as `MATCH:KIND:option=value:option=value`; without MATCH it strikes every request.

    Options are separated by ":" or ",".

    Raises:
        ValueError: what is wrong with it and what was wanted, in one sentence.
    """
    head, *options = split(r"[:,](?=[a-z_]+=)", text.strip())
    match, colon, kind = head.rpartition(":")
    members: dict[str, Any] = {"kind": kind.strip(), "match": match.strip() or "*"}
    if colon and not match.strip():
        raise ValueError(
            f'fault "{text}": nothing stands before the first ":"; wanted is such as POST /orders:drop_after'
        )
    for option in options:
        name, _, value = option.partition("=")
        members[name] = _read(name, value.strip(), text)
    return fault_from(members)


def fault_from(members: object) -> Fault:
    """The fault that a JSON value describes: an object with the fields of `Fault`, or its text.

    Raises:
        ValueError: as `Fault` and `fault_of` do.
    """
    if isinstance(members, str):
        return fault_of(members)
    if not isinstance(members, Mapping):
        raise ValueError('a fault is an object such as {"match": "POST /orders", "kind": "drop_after"}, or its text')
    for name in members:
        if name not in DEFAULTS:
            raise ValueError(f'a fault has no option "{name}"; there are: {", ".join(DEFAULTS)}')
    if not isinstance(members.get("kind"), str):
        raise ValueError(f"a fault needs its kind, one of: {', '.join(OPTIONS)}")
    return Fault(**cast("dict[str, Any]", members))


# --- what may stand in a fault ------------------------------------------------------------------------------


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def _is_match(value: object) -> bool:
    return isinstance(value, str) and fullmatch(r"\*|(?:\*|[A-Z]+) (?:\*|/\S*)", value) is not None


def _is_status(value: object) -> bool:
    return _is_whole(value) and LEAST_STATUS <= cast("int", value) <= MOST_STATUS


BOUNDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "match": (_is_match, "a method and a path, such as POST /orders, or *"),
    "times": (lambda value: value is None or _is_whole(value), "a whole number"),
    "probability": (lambda value: _is_number(value) and cast("float", value) <= 1, "a number from 0 to 1"),
    "skip": (_is_whole, "a whole number"),
    "status": (lambda value: value is None or _is_status(value), "a status code from 200 to 599"),
    "retry_after": (lambda value: value in ("none", "seconds", "date"), "none, seconds or date"),
    "after_s": (lambda value: value is None or _is_number(value), "a number of seconds"),
    "body": (lambda value: value in ("json", "html", "empty"), "json, html or empty"),
    "stored": (lambda value: isinstance(value, bool), "true or false"),
    "close": (lambda value: value in ("eof", "reset", "hang"), "eof, reset or hang"),
    "seconds": (_is_number, "a number of seconds"),
    "each_s": (_is_number, "a number of seconds"),
    "limit": (_is_whole, "a whole number"),
    "rate": (_is_number, "a number of requests per second"),
    "burst": (lambda value: _is_whole(value) and value != 0, "a whole number from 1"),
    "location": (lambda value: isinstance(value, str), "an address"),
}


def _complaints(fault: Fault) -> list[str]:
    """What is wrong with *fault*; [] = nothing."""
    if fault.kind not in OPTIONS:
        return [f'there is no fault of kind "{fault.kind}"; there are: {", ".join(OPTIONS)}']
    taken = (*ANY_KIND, *OPTIONS[fault.kind])
    found = []
    for name, (is_right, wanted) in BOUNDS.items():
        value = getattr(fault, name)
        if not is_right(value):
            found.append(f'fault {fault.kind}: {name} is "{value}"; wanted is {wanted}')
        elif value != DEFAULTS[name] and name not in taken:
            found.append(f"fault {fault.kind}: it takes no {name}, only {', '.join(taken)}")
    if fault.kind == "rate_limit" and not found and fault.rate == 0:
        found.append("fault rate_limit: wanted is rate, a number of requests per second above 0")
    return found


READERS: Mapping[str, Callable[[str], object]] = {
    "times": int,
    "probability": float,
    "skip": int,
    "status": int,
    "after_s": float,
    "stored": {"true": True, "false": False}.__getitem__,
    "seconds": float,
    "each_s": float,
    "limit": int,
    "rate": float,
    "burst": int,
}


def _read(name: str, value: str, text: str) -> object:
    try:
        return READERS.get(name, str)(value)
    except (ValueError, KeyError) as error:
        raise ValueError(f'fault "{text}": {name} is "{value}"; wanted is {BOUNDS[name][1]}') from error
