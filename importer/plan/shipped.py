"""What an order's items, its shipments and itself say of one another."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import NONE, Finding, Numbers
from importer.keys import KeyIndex
from importer.model import Severity
from importer.plan.book import ALIKE, PLACE, SHEET, Book, Columns, Question, Said, filled, hashes
from importer.plan.references import ORDER, SHIPMENTS, Names
from schemas import entity_named
from schemas.screens import UNKNOWN, ZONES, Days, days

ITEMS = "order_items"
ORDERS = "orders"
PROMISED, LOCAL = "promised_delivery_date", "local_delivery"
PICKUP, ORDERED = "planned_pickup_datetime", "order_date"
CURRENCY = "currency"

Codes = npt.NDArray[np.int16]


class OfShipments(Question):
    """Shipments beside their orders: which pairs there are."""

    def __init__(self, book: Book, names: Names) -> None:
        self._book = book
        self._names = names
        self._of_orders = KeyIndex()

    def _pairs(self) -> tuple[Numbers, Numbers]:
        """Shipments that were asked about, in order, and for each its order; those whose order is not here left out."""
        found = list(self._names.index(ORDERS).found(self._of_orders))
        shipments = np.concatenate([NONE, *(rows for rows, _ in found)])
        orders = np.concatenate([NONE, *(orders for _, orders in found)])
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

    def look(self, entity: str, rows: Numbers, columns: Columns) -> None:  # noqa: ARG002 - of shipments
        """Keep the shipments that are delivered locally."""
        is_local = pc.fill_null(pc.equal(columns[LOCAL], "True"), fill_value=False).to_numpy(zero_copy_only=False)
        wanted = is_local & filled(columns, (ORDER,))
        self._of_orders.add(hashes(columns, (ORDER,), wanted), rows[wanted])

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """An error at the shipment where its order promises no date."""
        shipments, orders = self._pairs()
        is_blank = np.array([promised is None for promised in self._book.values(PROMISED, orders)], dtype=np.bool_)
        shipments, orders = shipments[is_blank], orders[is_blank]
        shipments = shipments[self._sure(shipments, orders)]
        field = entity_named(SHIPMENTS).field(LOCAL)
        said = Said("promised_date_missing", {})
        yield from self._book.findings(shipments, field, Severity.ERROR, lambda _: said, ALIKE)


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

    def look(self, entity: str, rows: Numbers, columns: Columns) -> None:  # noqa: ARG002 - of items
        """Keep which currency each item has, as a small number, and which order it is of."""
        wanted = filled(columns, (ORDER, CURRENCY))
        self._items.add(hashes(columns, (ORDER,), wanted), rows[wanted])
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
        items, orders = self._pairs()
        codes = _at(self._of_sheet, items)
        usual = _most_frequent(orders, codes)
        odd = np.flatnonzero(codes != usual)
        texts = list(self._codes)

        def said(at: int) -> Said:
            expected = texts[usual[odd[at]]]
            return Said("currency_mixed", {"expected": expected}, expected)

        field = entity_named(ITEMS).field(CURRENCY)
        yield from self._book.findings(items[odd], field, Severity.NOTE, said, usual[odd])

    def _pairs(self) -> tuple[Numbers, Numbers]:
        """All items, in order, and for each the first item of its order."""
        found = list(self._items.found(self._items))
        items = np.concatenate([NONE, *(items for items, _ in found)])
        firsts = np.concatenate([NONE, *(firsts for _, firsts in found)])
        order = np.argsort(items)
        return items[order], firsts[order]


def _at(codes: Mapping[int, list[Codes]], rows: Numbers) -> Codes:
    """The codes of some rows."""
    found = np.full(len(rows), -1, dtype=np.int16)
    for sheet, of_sheet in codes.items():
        is_of = rows >> SHEET == sheet
        found[is_of] = np.concatenate(of_sheet)[rows[is_of] & PLACE]
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

    def look(self, entity: str, rows: Numbers, columns: Columns) -> None:  # noqa: ARG002 - of shipments
        """Keep the shipments."""
        wanted = filled(columns, (ORDER,))
        self._of_orders.add(hashes(columns, (ORDER,), wanted), rows[wanted])

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """A note at the pick-up."""
        shipments, orders = self._pairs()
        if not len(shipments):
            return
        may_be = _may_be_before(
            _days(self._book, SHIPMENTS, PICKUP, shipments), _days(self._book, ORDERS, ORDERED, orders)
        )
        shipments, orders = shipments[may_be], orders[may_be]
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


def _days(book: Book, entity: str, name: str, rows: Numbers) -> Days:
    """The day that stands in a column, and the zone it is of, for some *rows*; UNKNOWN where it is written oddly."""
    found = np.full(len(rows), UNKNOWN, dtype=np.int32)
    for sheet, column in book.written(entity, name):
        is_of = rows >> SHEET == sheet
        of_parts = [days(texts) for texts in column.chunks]
        found[is_of] = np.concatenate([np.array([], dtype=np.int32), *of_parts])[rows[is_of] & PLACE]
    return found
