"""Why orders are not ready, in numbers: which kinds of reasons there are, and at which rows each is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from importer.findings import NONE, Numbers

OF_AN_ORDER = ("orders", "order_items", "shipments")
"""Entities of which an order has rows; the number of its first row, with the place of the entity here, is its own."""

RANK = 60
"""Above these bits stands that place."""
PLACE = (1 << RANK) - 1

BEFORE_ITEMS, AFTER_ITEMS = np.array([-1]), np.array([np.iinfo(np.int64).max])
"""In place of the item of which something is told: what is told of the order itself, before or after its items."""


class Kind(IntEnum):
    """What may be told of an order, in the order in which it is; from ITEM_LOST to BUNDLE_KEPT item by item."""

    ORDER_LOST = 0
    NO_LANGUAGE = 1
    NO_URL = 2
    NO_SHIPMENT = 3
    SHIPMENT_LOST = 4
    NO_EMAIL = 5
    NO_ITEMS = 6
    ITEM_LOST = 7
    PRODUCT_LOST = 8
    NO_PICTURE = 9
    PICTURE_LOST = 10
    NOT_LINKED = 11
    BUNDLE_NOT_LINKED = 12
    PARCEL_LOST = 13
    BUNDLE_KEPT = 14
    ALL_KEPT = 15


@dataclass(frozen=True, slots=True)
class Told:
    """How a kind of reason is told."""

    code: str
    entity: str
    """At a row of this entity, ..."""
    column: str = ""
    """... in this column; "" = at what keeps the row out."""


TOLD: Mapping[int, Told] = {
    Kind.ORDER_LOST: Told("portal_order_lost", "orders"),
    # Both choose what the portal shows; without either there is no mail (vendor's page on orders).
    Kind.NO_LANGUAGE: Told("portal_language_missing", "orders", "language"),
    Kind.NO_URL: Told("portal_url_missing", "orders", "order_url"),
    Kind.NO_SHIPMENT: Told("portal_no_shipment", "orders", "order_id"),
    Kind.SHIPMENT_LOST: Told("portal_shipment_lost", "shipments"),
    Kind.NO_EMAIL: Told("portal_email_missing", "shipments", "recipient_email"),
    Kind.NO_ITEMS: Told("portal_no_items", "orders", "order_id"),
    Kind.ITEM_LOST: Told("portal_item_lost", "order_items"),
    Kind.PRODUCT_LOST: Told("portal_product_lost", "products"),
    Kind.NO_PICTURE: Told("portal_no_picture", "products", "sku"),
    Kind.PICTURE_LOST: Told("portal_picture_lost", "product_images"),
    Kind.NOT_LINKED: Told("portal_item_not_linked", "order_items", "shipment_reference"),
    Kind.BUNDLE_NOT_LINKED: Told("portal_bundle_not_linked", "order_items", "shipment_reference"),
    Kind.PARCEL_LOST: Told("portal_shipment_lost", "shipments"),
    Kind.BUNDLE_KEPT: Told("portal_bundle_not_returnable", "order_items", "returnable"),
    Kind.ALL_KEPT: Told("portal_nothing_returnable", "order_items", "returnable"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """Reasons of orders: order by order, each in the order in which it is told."""

    orders: Numbers
    """For each reason the number of its order."""
    kinds: npt.NDArray[np.uint8]
    rows: Numbers
    """For each the number of the row at which it is told, among those of the kind's entity."""

    def __len__(self) -> int:
        return len(self.orders)


class Collected:
    """Reasons of some orders as they are found, in any order."""

    def __init__(self) -> None:
        self._found = [(NONE, NONE, np.array([], dtype=np.uint8), NONE)]

    def add(self, kind: Kind, orders: Numbers, rows: Numbers, items: Numbers) -> None:
        """A reason of this kind that *orders* are not ready, told of *items* at *rows*; all side by side."""
        kinds = np.full(len(orders), kind, dtype=np.uint8)
        self._found.append((orders, np.broadcast_to(items, len(orders)), kinds, rows))

    def in_order(self) -> Reasons:
        """All of them; what an order is told twice, such as that two items have no picture, is there once."""
        orders, items, kinds, rows = map(np.concatenate, zip(*self._found, strict=True))
        order = np.lexsort((kinds, items, orders))
        reasons = Reasons(orders[order], kinds[order], rows[order])
        return _taken(reasons, _firsts(reasons))


def _firsts(reasons: Reasons) -> Numbers:
    """Where those stand that are told of their order for the first time."""
    order = np.lexsort((reasons.rows, reasons.kinds, reasons.orders))
    is_new = np.ones(len(order), dtype=np.bool_)
    columns = (reasons.orders, reasons.kinds, reasons.rows)
    is_new[1:] = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
    return np.sort(order[is_new])


def together(parts: Iterable[Reasons]) -> Reasons:
    """The reasons of different orders in their order."""
    parts = list(parts)
    reasons = Reasons(
        np.concatenate([NONE, *(part.orders for part in parts)]),
        np.concatenate([np.array([], dtype=np.uint8), *(part.kinds for part in parts)]),
        np.concatenate([NONE, *(part.rows for part in parts)]),
    )
    return _taken(reasons, np.argsort(reasons.orders, kind="stable"))


def _taken(reasons: Reasons, at: Numbers) -> Reasons:
    return Reasons(reasons.orders[at], reasons.kinds[at], reasons.rows[at])
