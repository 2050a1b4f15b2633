"""For how many orders the returns portal is ready, and why not for the others: in sentences and for machines."""

from collections.abc import Iterator
from dataclasses import dataclass

from importer.hindrances import Hindrance, hindrances
from importer.model import Readiness
from importer.reports.causes import MOST_PLACES, Cause
from importer.speech import ENGLISH, Speech
from schemas import messages

MOST_ORDERS = 1_000
"""So many orders are named for machines; the rest is counted."""


@dataclass(frozen=True, slots=True)
class PortalCause:
    """One reason that keeps orders from being ready."""

    orders: int
    """Orders that have it; some of them may have others as well."""
    cause: Cause
    """The reason and its cells; one cell, such as that of a picture, may hold up many orders."""

    def line(self, speech: Speech = ENGLISH) -> str:
        """`2 orders: without a language ... (june.xlsx › Orders!D5, D9)`."""
        orders = speech.counted("1 order", "{count} orders", self.orders)
        return f"{orders}: {self.cause.message(speech)} ({self.cause.at(speech)})"


def portal_sentence(readiness: Readiness, speech: Speech = ENGLISH) -> str:
    """`The returns portal is ready for 11 of 12 orders, not for 1.`; "" where there are no orders."""
    ready, total, not_ready = readiness.ready, readiness.total, len(readiness.orders)
    if not total:
        return ""
    if ready == total:
        return speech.counted(
            "The returns portal is ready for the only order.",
            "The returns portal is ready for all {count} orders.",
            total,
        )
    if not_ready == total:
        return speech.counted(
            "The returns portal is not ready for the only order.",
            "The returns portal is not ready for any of {count} orders.",
            total,
        )
    if readiness.untold == total:
        return speech.counted(
            "Whether the returns portal is ready for the only order cannot be told: "
            "what is not in these files may be on the server.",
            "Whether the returns portal is ready for all {count} orders cannot be told: "
            "what is not in these files may be on the server.",
            total,
        )
    return _in_part(ready, not_ready, total, readiness.untold, speech)


def _in_part(ready: int, not_ready: int, total: int, untold: int, speech: Speech) -> str:
    if not_ready:
        said = speech.say(
            "The returns portal is ready for {ready} of {total} orders, not for {count}.",
            ready=ready,
            total=total,
            count=not_ready,
        )
    else:
        said = speech.say("The returns portal is ready for {ready} of {total} orders.", ready=ready, total=total)
    if not untold:
        return said
    unknown = speech.say(
        "For {count} it cannot be told: what is not in these files may be on the server.", count=untold
    )
    return f"{said} {unknown}"


def portal_causes(readiness: Readiness) -> tuple[PortalCause, ...]:
    """The reasons of all orders, grouped; that of the most orders first."""
    return tuple(PortalCause(one.orders, _cause(one)) for one in hindrances(readiness.orders, MOST_PLACES))


def _cause(hindrance: Hindrance) -> Cause:
    first = hindrance.first
    return Cause(
        count=hindrance.cells,
        severity=first.severity,
        code=first.code,
        column=hindrance.column,
        value="",
        suggestion="",
        places=hindrance.places,
        facts=messages.discreet_facts(first.facts) if first.private else first.facts,
    )


def portal_lines(readiness: Readiness, speech: Speech = ENGLISH, *, most: int) -> Iterator[str]:
    """The sentence, and under it the *most* frequent causes, a line each; nothing where there are no orders."""
    if not readiness.total:
        return
    yield portal_sentence(readiness, speech)
    causes = portal_causes(readiness)
    yield from (f"  {cause.line(speech)}" for cause in causes[:most])
    if len(causes) > most:
        more = speech.counted("... and for 1 more reason.", "... and for {count} more reasons.", len(causes) - most)
        yield f"  {more}"


def portal_as_json(readiness: Readiness, speech: Speech = ENGLISH) -> dict[str, object]:
    """*readiness* in JSON's types."""
    return {
        "orders": readiness.total,
        "ready": readiness.ready,
        "not_ready": len(readiness.orders),
        "untold": readiness.untold,
        "causes": [
            {
                "orders": one.orders,
                "code": one.cause.code,
                "column": one.cause.column,
                "message": one.cause.message(speech),
                "cells": one.cause.count,
                "places": [str(place) for place in one.cause.places],
            }
            for one in portal_causes(readiness)
        ],
        "orders_not_ready": [
            {
                "order_id": order.order_id,
                "reasons": [{"code": reason.code, "place": str(reason.where)} for reason in order.reasons],
            }
            for order in readiness.orders[:MOST_ORDERS]
        ],
    }
