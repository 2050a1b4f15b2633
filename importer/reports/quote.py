"""What lies ahead of a run: how many requests, for which sheets, and how long that takes; in words and for machines.

Counted on what the ledger knows: a row that the server has already, though the ledger does not know of it, takes one or
two requests more.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from importer.speech import Speech
from schemas import entity_named

MINUTE, HOUR = 60, 3600
LONG = 90 * MINUTE
"""From here on in hours."""


@dataclass(frozen=True, slots=True)
class Range:
    """From the least that it can be to the most."""

    least: float
    most: float

    def __add__(self, other: "Range") -> "Range":
        """Both together."""
        return Range(self.least + other.least, self.most + other.most)


NOTHING = Range(0, 0)


@dataclass(frozen=True, slots=True)
class Quote:
    """What lies ahead of a run, as far as it can be told."""

    requests: Mapping[str, Range] = field(default_factory=dict)
    """By entity, in the order of work; those without any are left out."""
    seconds: Range | None = None
    """None = cannot be told: nobody has measured the server yet."""

    @property
    def total(self) -> Range:
        """All requests."""
        return sum(self.requests.values(), NOTHING)


def quote_sentence(quote: Quote, speech: Speech) -> str:
    """Such as `About 4,980 requests (Products 77, Orders 830, Order Items 4,073): 4 to 6 minutes`, with a full stop."""
    total = quote.total
    if not total.most:
        return speech.say("There is nothing to send.")
    sheets = ", ".join(
        f"{speech.template(entity_named(name).sheet)} {_span(span, speech)}" for name, span in quote.requests.items()
    )
    facts = {"requests": _span(total, speech), "sheets": sheets}
    if total.least == total.most:
        said = speech.say("About {requests} requests ({sheets})", **facts)
    else:
        said = speech.say("{requests} requests ({sheets}), as much as is new or has changed", **facts)
    return f"{said}: {duration(quote.seconds, speech)}." if quote.seconds else f"{said}."


def duration(seconds: Range, speech: Speech) -> str:
    """`less than a minute`, `4 to 6 minutes`, `1.5 to 2 hours`."""
    if seconds.most <= MINUTE:
        return speech.say("less than a minute")
    if seconds.most < LONG:
        least, most = math.floor(seconds.least / MINUTE), math.ceil(seconds.most / MINUTE)
        if least in {most, most - 1} and most > 1:
            return speech.say("about {count} minutes", count=most)
        if not least:
            return speech.say("up to {count} minutes", count=most)
        return speech.say("{least} to {most} minutes", least=least, most=most)
    # In halves, as a number written the English way.
    least_h, most_h = f"{math.floor(seconds.least / HOUR * 2) / 2:g}", f"{math.ceil(seconds.most / HOUR * 2) / 2:g}"
    if least_h == most_h:
        return speech.say("about {count} hours", count=most_h)
    return speech.say("{least} to {most} hours", least=least_h, most=most_h)


def _span(span: Range, speech: Speech) -> str:
    least, most = round(span.least), round(span.most)
    return speech.number(least) if least == most else speech.say("{least} to {most}", least=least, most=most)


def quote_as_json(quote: Quote) -> dict[str, object]:
    """*quote* in JSON's types."""
    return {
        "requests": _as_json(quote.total),
        "by_entity": {name: _as_json(span) for name, span in quote.requests.items()},
        "seconds": _as_json(quote.seconds) if quote.seconds else None,
    }


def _as_json(span: Range) -> dict[str, float]:
    return {"least": round(span.least), "most": round(span.most)}
