"""What an order's items, its shipments and itself say of one another."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import NONE, Finding, Numbers
from importer.keys import KeyIndex, Shown
from importer.model import Severity
from importer.plan.book import ALIKE, PLACE, SHEET, Book, Question, Said
from importer.plan.references import ORDER, SHIPMENTS, Names
from schemas import entity_named
from schemas.screens import UNKNOWN, ZONES, Days, days

ITEMS = "order_items"
ORDERS = "orders"
PROMISED, LOCAL = "promised_delivery_date", "local_delivery"
PICKUP, ORDERED = "planned_pickup_datetime", "order_date"
CURRENCY = "currency"

Codes = npt.NDArray[np.int16]
Kept = TypeVar("Kept", Codes, Days)


class OfShipments(Question):
    """Shipments beside their orders: which pairs there are."""

    def __init__(self, book: Book, names: Names) -> None:
        self._book = book
        self._names = names
        self._of_orders = KeyIndex()

    def _suspects(self, may_be: Callable[[Numbers, Numbers], npt.NDArray[np.bool_]]) -> tuple[Numbers, Numbers]:
        """Shipments, in order, and for each its order, of which *may_be* so tells; those without their order left out.

        Some pairs at a time, since there may be millions.
        """
        found = [
            (shipments[suspect], orders[suspect])
            for shipments, orders in self._names.index(ORDERS).found(self._of_orders)
            for suspect in [may_be(shipments, orders)]
        ]
        shipments = np.concatenate([NONE, *(some for some, _ in found)])
        orders = np.concatenate([NONE, *(some for _, some in found)])
        order = np.argsort(shipments)
        return shipments[order], orders[order]

    def _sure(self, shipments: Numbers, orders: Numbers) -> npt.NDArray[np.bool_]:
        """Whether each pair is of one order by its number: hashes alone are not certain."""
        same = pc.equal(self._book.texts(ORDER, shipments), self._book.texts(ORDER, orders))
        sure: npt.NDArray[np.bool_] = same.fill_null(fill_value=False).to_numpy(zero_copy_only=False)
        return sure


class PromisedDates(OfShipments):
    """Same-day service makes the order's promised date mandatory.  Source: the vendor's page on shipments."""

    def columns(self, entity: str) -> Collection[str]:
        """The order, and whether the service is wanted."""
        return (ORDER, LOCAL) if entity == SHIPMENTS else ()

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:  # noqa: ARG002 - of shipments
        """Keep the shipments that are delivered locally."""
        is_local = pc.fill_null(pc.equal(columns[LOCAL], "True"), fill_value=False).to_numpy(zero_copy_only=False)
        wanted = is_local & columns.filled(ORDER)
        self._of_orders.add(columns.hashes(wanted, ORDER), rows[wanted])

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """An error at the shipment where its order promises no date."""
        shipments, orders = self._suspects(self._is_nothing_promised)
        shipments = shipments[self._sure(shipments, orders)]
        field = entity_named(SHIPMENTS).field(LOCAL)
        said = Said("promised_date_missing", {})
        yield from self._book.findings(shipments, field, Severity.ERROR, lambda _: said, ALIKE)

    def _is_nothing_promised(self, _: Numbers, orders: Numbers) -> npt.NDArray[np.bool_]:
        return np.array([promised is None for promised in self._book.values(PROMISED, orders)], dtype=np.bool_)


class OddCurrencies(Question):
    """Items that are priced in another currency than the others of their order."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._items = KeyIndex()
        self._codes: dict[str, int] = {}
        self._of_sheet: defaultdict[int, list[Codes]] = defaultdict(list)

    def columns(self, entity: str) -> Collection[str]:
        """Order and currency."""
        return (ORDER, CURRENCY) if entity == ITEMS else ()

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:  # noqa: ARG002 - of items
        """Keep which currency each item has, as a small number, and which order it is of."""
        wanted = columns.filled(ORDER, CURRENCY)
        self._items.add(columns.hashes(wanted, ORDER), rows[wanted])
        self._of_sheet[int(rows[0]) >> SHEET].append(self._numbered(columns[CURRENCY]))

    def _numbered(self, currencies: pa.Array) -> Codes:
        distinct = currencies.dictionary_encode()
        codes = [self._codes.setdefault(text, len(self._codes)) for text in distinct.dictionary.to_pylist()]
        at = distinct.indices.fill_null(len(codes)).to_numpy()
        numbered: Codes = np.array([*codes, -1], dtype=np.int16)[at]
        return numbered

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """A note at each item in an unusual currency; of two that are equally frequent, the first found is usual."""
        if len(self._codes) < 2:  # noqa: PLR2004 - all in one
            return
        items, usual = self._odd()
        texts = list(self._codes)

        def said(at: int) -> Said:
            expected = texts[usual[at]]
            return Said("currency_mixed", {"expected": expected}, expected)

        yield from self._book.findings(items, entity_named(ITEMS).field(CURRENCY), Severity.NOTE, said, usual)

    def _odd(self) -> tuple[Numbers, Codes]:
        """The items in another currency than is usual in their order, and the usual one; items in their order."""
        codes_of = {sheet: np.concatenate(codes) for sheet, codes in self._of_sheet.items()}
        odd, usual = [NONE], [np.array([], dtype=np.int16)]
        # All items of an order come in one portion.
        for some, firsts in self._items.found(self._items):
            # Nearly all orders are in one currency, which is that of their first item.
            is_other = _at(codes_of, some, -1) != _at(codes_of, firsts, -1)
            mixed = np.isin(firsts, firsts[is_other])
            some, firsts = some[mixed], firsts[mixed]  # noqa: PLW2901 - those of mixed orders
            in_order = np.argsort(some)
            items, orders = some[in_order], firsts[in_order]
            codes = _at(codes_of, items, -1)
            most = _most_frequent(orders, codes)
            odd.append(items[codes != most])
            usual.append(most[codes != most])
        items = np.concatenate(odd)
        in_order = np.argsort(items)
        return items[in_order], np.concatenate(usual)[in_order]


def _at(of_sheets: Mapping[int, Kept], rows: Numbers, other: int) -> Kept:
    """What is kept of some rows; *other* for those of sheets of which nothing is."""
    found = np.full(len(rows), other, dtype=np.result_type(*of_sheets.values()) if of_sheets else np.int32)
    for sheet, of_sheet in of_sheets.items():
        is_of = rows >> SHEET == sheet
        found[is_of] = of_sheet[rows[is_of] & PLACE]
    return found


def _most_frequent(groups: Numbers, codes: Codes) -> Codes:
    """For every item the code that is most frequent in its group; of equally frequent ones that of the first item."""
    _, group = np.unique(groups, return_inverse=True)
    _, firsts, counts = np.unique(
        group * (int(codes.max(initial=0)) + 1) + codes, return_index=True, return_counts=True
    )
    order = np.lexsort((firsts, -counts, group[firsts]))
    best = order[np.append(True, np.diff(group[firsts][order]) != 0)[: len(order)]]
    usual: Codes = codes[firsts[best]][group]
    return usual


# --- days ---------------------------------------------------------------------------------------------------


class EarlyPickups(OfShipments):
    """Shipments that are picked up on a day before that of their order: the usual slip of January."""

    def columns(self, entity: str) -> Collection[str]:
        """Order and pick-up."""
        return (ORDER,) if entity == SHIPMENTS else ()

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:  # noqa: ARG002 - of shipments
        """Keep the shipments."""
        wanted = columns.filled(ORDER)
        self._of_orders.add(columns.hashes(wanted, ORDER), rows[wanted])

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """A note at the pick-up."""
        if not len(self._of_orders):
            return
        pickups, ordered = _days(self._book, SHIPMENTS, PICKUP), _days(self._book, ORDERS, ORDERED)
        shipments, orders = self._suspects(
            lambda some, others: _may_be_before(_at(pickups, some, UNKNOWN), _at(ordered, others, UNKNOWN))
        )
        pairs = zip(self._book.values(PICKUP, shipments), self._book.values(ORDERED, orders), strict=True)
        is_before = np.array([_is_day_before(pickup, ordered) for pickup, ordered in pairs], dtype=np.bool_)
        shipments, orders = shipments[is_before], orders[is_before]
        shipments = shipments[self._sure(shipments, orders)]
        field = entity_named(SHIPMENTS).field(PICKUP)
        said = Said("pickup_before_order", {})
        yield from self._book.findings(shipments, field, Severity.NOTE, lambda _: said, ALIKE)


def _is_day_before(moment: object, other: object) -> bool:
    """Whether the day of *moment* is over when that of *other* begins, both told where *other* was written."""
    if not isinstance(moment, datetime) or not isinstance(other, datetime):
        return False
    return moment.astimezone(other.tzinfo).date() < other.date()


def _may_be_before(some: Days, others: Days) -> npt.NDArray[np.bool_]:
    """Where a day may be before another; elsewhere it surely is not."""
    is_unknown = (some == UNKNOWN) | (others == UNKNOWN)
    one, other = some // ZONES, others // ZONES
    # Told in different zones, a day may be that before or behind it.
    may_be: npt.NDArray[np.bool_] = is_unknown | (one < other) | ((one == other) & (some != others))
    return may_be


def _days(book: Book, entity: str, name: str) -> dict[int, Days]:
    """By sheet, for all its rows, the day that stands in a column and the zone it is of; UNKNOWN where it is odd."""
    found: defaultdict[int, list[Days]] = defaultdict(list)
    for sheet, texts in book.written(entity, name):
        found[sheet].append(days(texts))
    return {sheet: np.concatenate(of_sheet) for sheet, of_sheet in found.items()}
