"""What is known of every item: by itself, and by the product, the picture, the parcel and the bundle that it names."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import NONE, Numbers
from importer.keys import KeyIndex, Shown
from importer.readiness.groups import Groups
from importer.readiness.marks import Mark, Mask, has, unmarked
from importer.readiness.rows_of import RowsOf, keyed


class Items:
    """The items of a run, marked with what is known of them."""

    columns = ("sku", "shipment_reference", "returnable", "bundle_item")
    """Those that it has to look at, besides the order."""

    def __init__(self, rows: RowsOf) -> None:
        self._rows = rows
        self.marks = unmarked(len(rows))
        """By the number of the item."""
        self.products = Beside()
        """Of items whose product is lost, or has no picture."""
        self.pictures = Beside()
        """Of items whose picture is lost."""
        self.parcels = Beside()
        """Of items whose parcel is lost."""
        self._by_sku, self._by_reference, self._by_bundle = KeyIndex(), KeyIndex(), KeyIndex()

    def look(self, numbers: Numbers, columns: Shown) -> None:
        """Look at some items, which are never shown again."""
        self.marks[numbers] = (
            Mark.LOST * self._rows.are_lost(numbers, but_for_others=True)
            + Mark.RETURNABLE * _says(columns["returnable"], "True")
            + Mark.KEPT * _says(columns["returnable"], "False")
            + Mark.LINKED * columns.filled("shipment_reference")
        )
        self._by_sku.add(*keyed(numbers, columns, "sku"))
        self._by_reference.add(*keyed(numbers, columns, "shipment_reference"))
        self._by_bundle.add(*keyed(numbers, columns, "order_id", "bundle_item"))

    def settle(self, products: RowsOf, pictures: RowsOf, shipments: RowsOf) -> None:
        """Mark all items with what is known of the rows that they name, and of their bundles."""
        for items, named, lost in _found(pictures, ("sku",), self._by_sku, but_for_others=True):
            self._mark(items, Mark.PICTURE_HERE)
            self._mark(items[lost], Mark.PICTURE_LOST)
            self.pictures.add(items[lost], named[lost])
        for items, named, lost in _found(products, ("sku",), self._by_sku, but_for_others=True):
            self._mark(items, Mark.PRODUCT_HERE)
            self._mark(items[lost], Mark.PRODUCT_LOST)
            told = lost | (pictures.is_brought & ~has(self.marks[items], Mark.PICTURE_HERE))
            self.products.add(items[told], named[told])
        for items, named, lost in _found(shipments, ("reference_number", "tracking_code"), self._by_reference):
            self._mark(items, Mark.PARCEL_HERE)
            self._mark(items[lost], Mark.PARCEL_LOST)
            self.parcels.add(items[lost], named[lost])
        for keys, items in self._by_bundle.in_order():
            bundles, marks = Groups(keys), self.marks[items]
            self._mark(items[bundles.any(has(marks, Mark.RETURNABLE))[bundles.of]], Mark.BUNDLE_RETURNABLE)
            self._mark(items[bundles.any(has(marks, Mark.LINKED))[bundles.of]], Mark.BUNDLE_LINKED)
        for index in (self._by_sku, self._by_reference, self._by_bundle):
            index.close()

    def _mark(self, items: Numbers, mark: int) -> None:
        self.marks[items] |= mark


def _says(column: pa.Array, text: str) -> Mask:
    says: Mask = pc.fill_null(pc.equal(column, text), fill_value=False).to_numpy(zero_copy_only=False)
    return says


def _found(
    rows: RowsOf, names: Sequence[str], references: KeyIndex, *, but_for_others: bool = False
) -> Iterator[tuple[Numbers, Numbers, Mask]]:
    """In portions, the items that name some of *rows*, beside each the first row of that name, and whether it is lost.

    *names* are the columns by which the rows may be called.
    """
    if not len(references):
        return
    index, lost = KeyIndex(), np.zeros(len(rows), dtype=np.bool_)
    for numbers, columns in rows.columns(names):
        lost[numbers] = rows.are_lost(numbers, but_for_others=but_for_others)
        keys, named = map(np.concatenate, zip(*(keyed(numbers, columns, name) for name in names), strict=True))
        # The index knows the first row of a name by the order in which they come.
        order = np.argsort(named, kind="stable")
        index.add(keys[order], named[order])
    for items, named in index.found(references):
        yield items, named, lost[named]


class Beside:
    """Rows of one kind, and beside each one of another kind."""

    def __init__(self) -> None:
        self._pairs = [(NONE, NONE)]

    def add(self, rows: Numbers, others: Numbers) -> None:
        """Keep more of them."""
        self._pairs.append((rows, others))

    def of(self, rows: Numbers) -> Numbers:
        """What stands beside some of the rows."""
        known, others = self._in_order
        return others[np.searchsorted(known, rows)]

    @cached_property
    def _in_order(self) -> tuple[Numbers, Numbers]:
        rows, others = map(np.concatenate, zip(*self._pairs, strict=True))
        order = np.argsort(rows)
        return rows[order], others[order]
