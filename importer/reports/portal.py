"""For how many orders the returns portal is ready, and why not for the others: in sentences and for machines."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from importer.model import Problem, Readiness, Where
from importer.reports.causes import MOST_PLACES, Cause

MOST_ORDERS = 1_000
"""So many orders are named for machines; the rest is counted."""

ELSEWHERE = "what is not in these files may be on the server"


@dataclass(frozen=True, slots=True)
class PortalCause:
    """One reason that keeps orders from being ready."""

    orders: int
    """Orders that have it; some of them may have others as well."""
    cause: Cause
    """The reason and its cells; one cell, such as that of a picture, may hold up many orders."""

    def __str__(self) -> str:
        """`2 orders: without a language ... (june.xlsx › Orders!D5, D9)`."""
        return f"{_orders(self.orders)}: {self.cause.message} ({self.cause.at})"


def portal_sentence(readiness: Readiness) -> str:
    """`The returns portal is ready for 11 of 12 orders, not for 1.`; "" where there are no orders."""
    ready, total, not_ready = readiness.ready, readiness.total, len(readiness.orders)
    if not total:
        return ""
    unknown = f"cannot be told: {ELSEWHERE}."
    every, any_ = ("the only order",) * 2 if total == 1 else (f"all {total:,} orders", f"any of {total:,} orders")
    if ready == total:
        return f"The returns portal is ready for {every}."
    if not_ready == total:
        return f"The returns portal is not ready for {any_}."
    if readiness.untold == total:
        return f"Whether the returns portal is ready for {every} {unknown}"
    says_not = f", not for {not_ready:,}" if not_ready else ""
    said = f"The returns portal is ready for {ready:,} of {_orders(total)}{says_not}."
    return f"{said} For {readiness.untold:,} it {unknown}" if readiness.untold else said


def portal_causes(readiness: Readiness) -> tuple[PortalCause, ...]:
    """The reasons of all orders, grouped; that of the most orders first."""
    orders: Counter[str] = Counter()
    cells: defaultdict[str, dict[Where, Problem]] = defaultdict(dict)
    for order in readiness.orders:
        orders.update(dict.fromkeys((reason.code for reason in order.reasons), 1))
        for reason in order.reasons:
            cells[reason.code].setdefault(reason.where, reason)
    return tuple(PortalCause(count, _cause(tuple(cells[code].values()))) for code, count in orders.most_common())


def _cause(reasons: Sequence[Problem]) -> Cause:
    columns = {reason.column for reason in reasons}
    return Cause(
        count=len(reasons),
        severity=reasons[0].severity,
        code=reasons[0].code,
        column=columns.pop() if len(columns) == 1 else "",
        value="",
        message=reasons[0].discreet_message,
        suggestion="",
        places=tuple(reason.where for reason in reasons[:MOST_PLACES]),
    )


def portal_lines(readiness: Readiness, *, most: int) -> Iterator[str]:
    """The sentence, and under it the *most* frequent causes, a line each; nothing where there are no orders."""
    if not readiness.total:
        return
    yield portal_sentence(readiness)
    causes = portal_causes(readiness)
    yield from (f"  {cause}" for cause in causes[:most])
    if len(causes) > most:
        more = len(causes) - most
        yield f"  ... and for {more} more reason{'s' if more > 1 else ''}."


def portal_as_json(readiness: Readiness) -> dict[str, object]:
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
                "message": one.cause.message,
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


def _orders(count: int) -> str:
    return "1 order" if count == 1 else f"{count:,} orders"
