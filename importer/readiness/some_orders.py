"""Some orders with all their rows: which of them are ready, and what is told of the others.

The consumer logs in with the order number and an e-mail of a parcel, sees the items and their pictures in the order's
language, chooses items that are returnable and belong to a parcel, and gets mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from importer.findings import Numbers
from importer.readiness.groups import Groups
from importer.readiness.items import Beside, Items
from importer.readiness.marks import Mark, Marks, Mask, has, unmarked
from importer.readiness.reasons import (
    AFTER_ITEMS,
    BEFORE_ITEMS,
    OF_AN_ORDER,
    PLACE,
    RANK,
    TOLD,
    Collected,
    Kind,
    Reasons,
)
from importer.readiness.rows_of import Hashes, RowsOf

ORDER, ITEM, SHIPMENT = range(len(OF_AN_ORDER))


@dataclass(frozen=True, slots=True)
class SortedOut:
    """What some orders came to."""

    ready: int
    untold: int
    reasons: Reasons
    """Of those that are not ready."""


class SomeOrders:
    """Orders by their rows, order by order: those that are the order itself, then its items, then its shipments.

    Of an order that has several rows of its own, the first counts.
    """

    def __init__(
        self, keys: Hashes, rows: Numbers, marks: Mapping[str, Marks], items: Items, files: Mapping[str, RowsOf]
    ) -> None:
        """*keys* are equal for the rows of one order; *marks* say what is known of each row, by its number."""
        self._orders, self._items, self._files = Groups(keys), items, files
        self._rows, ranks = rows & PLACE, rows >> RANK
        self._marks = unmarked(len(rows))
        for rank, name in enumerate(OF_AN_ORDER):
            self._marks[ranks == rank] = marks[name][self._rows[ranks == rank]]
        first = self._orders.starts
        self._called = rows[first]
        """By the number of its first row, for each order."""
        self._has_row = ranks[first] == ORDER
        self._is_lost = self._has_row & has(self._marks[first], Mark.LOST)
        self._is_item, self._is_shipment = ranks == ITEM, ranks == SHIPMENT
        self._is_shipped = self._orders.any(self._is_shipment)
        self._found = Collected()
        self._untold = ~self._has_row
        """Orders of which something is not in these files; the server may have it."""

    def sorted_out(self) -> SortedOut:
        """How many are ready, and why others are not."""
        lost = np.flatnonzero(self._is_lost)
        self._add(Kind.ORDER_LOST, lost, self._rows[self._orders.starts[lost]], BEFORE_ITEMS)
        self._look_at_localisation()
        self._look_at_log_in()
        self._look_at_choice()
        reasons = self._found.in_order()
        is_told = np.zeros(len(self._orders), dtype=np.bool_)
        is_told[reasons.orders] = True
        untold = int((self._untold & ~is_told).sum())
        ready = len(self._orders) - untold - int(is_told.sum())
        return SortedOut(ready, untold, replace(reasons, orders=self._called[reasons.orders]))

    # --- logs in, gets mail ---------------------------------------------------------------------------------

    def _look_at_localisation(self) -> None:
        first = self._orders.starts
        self._tell(Kind.NO_LANGUAGE, self._has_row & ~has(self._marks[first], Mark.LANGUAGE), first)
        self._tell(Kind.NO_URL, self._has_row & ~has(self._marks[first], Mark.URL), first)

    def _look_at_log_in(self) -> None:
        self._tell_absent(Kind.NO_SHIPMENT, ~self._is_shipped, "shipments")
        # One e-mail is enough; the other parcels matter to their items alone.
        is_closed = self._is_shipped & ~self._orders.any(self._is_shipment & has(self._marks, Mark.EMAIL))
        first = self._orders.first(self._is_shipment)
        is_lost = has(self._marks[first], Mark.LOST)
        self._tell(Kind.SHIPMENT_LOST, is_closed & is_lost, first)
        self._tell(Kind.NO_EMAIL, is_closed & ~is_lost, first)

    # --- sees the items, and can choose them ----------------------------------------------------------------

    def _look_at_choice(self) -> None:
        has_items = self._orders.any(self._is_item)
        self._tell_absent(Kind.NO_ITEMS, ~has_items, "order_items")
        at = np.flatnonzero(self._is_item)
        items = _ItemsOf(self._orders.of[at], self._rows[at], self._marks[at])
        self._look_at_items(items)
        self._look_at_links(items)
        self._tell_of(items, Kind.BUNDLE_KEPT, items.have(Mark.BUNDLE_RETURNABLE) & items.have(Mark.KEPT))
        # Some items may be kept out on purpose, such as underwear; an order of which nothing may come back is told.
        may_come_back = self._orders.any(self._is_item & ~has(self._marks, Mark.KEPT))
        self._tell(Kind.ALL_KEPT, has_items & ~may_come_back, self._orders.first(self._is_item), AFTER_ITEMS)

    def _look_at_items(self, items: "_ItemsOf") -> None:
        has_product, has_picture = items.have(Mark.PRODUCT_HERE), items.have(Mark.PICTURE_HERE)
        self._tell_of(items, Kind.ITEM_LOST, items.have(Mark.LOST))
        self._tell_of(items, Kind.PRODUCT_LOST, items.have(Mark.PRODUCT_LOST), self._items.products)
        if self._files["product_images"].is_brought:
            self._tell_of(items, Kind.NO_PICTURE, has_product & ~has_picture, self._items.products)
        self._tell_of(items, Kind.PICTURE_LOST, items.have(Mark.PICTURE_LOST), self._items.pictures)
        self._untold[items.orders[~has_product | ~has_picture]] = True

    def _look_at_links(self, items: "_ItemsOf") -> None:
        """Why items that may come back belong to no parcel."""
        is_wanted = self._is_shipped[items.orders] & items.have(Mark.RETURNABLE | Mark.BUNDLE_RETURNABLE)
        is_loose = is_wanted & ~items.have(Mark.LINKED)
        self._tell_of(items, Kind.NOT_LINKED, is_loose & ~items.have(Mark.BUNDLE_LINKED))
        self._tell_of(items, Kind.BUNDLE_NOT_LINKED, is_loose & items.have(Mark.BUNDLE_LINKED))
        self._tell_of(items, Kind.PARCEL_LOST, is_wanted & items.have(Mark.PARCEL_LOST), self._items.parcels)
        self._untold[items.orders[is_wanted & ~items.have(Mark.PARCEL_HERE)]] = True

    # --- what is told ---------------------------------------------------------------------------------------

    def _tell_absent(self, kind: Kind, orders: Mask, entity: str) -> None:
        """No row of *entity* belongs to these orders: a reason only where these files bring rows of both."""
        if self._files[entity].is_brought:
            self._tell(kind, orders & self._has_row, self._orders.starts)
        else:
            self._untold |= orders

    def _tell(self, kind: Kind, orders: Mask, at: Numbers, when: Numbers = BEFORE_ITEMS) -> None:
        """A reason of some *orders*; for each order, *at* says where the row stands at which it would be told."""
        # Nothing of a lost order gets in, and none of it is a reason of its own.
        told = np.flatnonzero(orders & ~self._is_lost)
        self._add(kind, told, self._rows[at[told]], when)

    def _tell_of(self, items: "_ItemsOf", kind: Kind, told: Mask, named: Beside | None = None) -> None:
        """A reason of some *items*, told at their rows, or at those that they name."""
        told = told & ~self._is_lost[items.orders]
        numbers = items.numbers[told]
        self._add(kind, items.orders[told], named.of(numbers) if named else numbers, numbers)

    def _add(self, kind: Kind, orders: Numbers, rows: Numbers, when: Numbers) -> None:
        told = TOLD[kind]
        self._found.add(kind, orders, rows if told.column else self._files[told.entity].told_at(rows), when)


@dataclass(frozen=True, slots=True, eq=False)
class _ItemsOf:
    """Items beside their orders."""

    orders: Numbers
    numbers: Numbers
    """Of the items themselves."""
    marks: Marks

    def have(self, mark: int) -> Mask:
        """Which of them have this mark, or one of several."""
        return has(self.marks, mark)
