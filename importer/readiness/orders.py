"""The rows of all orders, gathered by their order: how many orders are ready, and what is told of the others."""

from collections.abc import Iterator, Mapping

from importer.findings import Numbers
from importer.keys import KeyIndex, Shown
from importer.readiness.items import Items
from importer.readiness.marks import Mark, Marks, unmarked
from importer.readiness.reasons import OF_AN_ORDER, RANK
from importer.readiness.rows_of import RowsOf, keyed
from importer.readiness.some_orders import SomeOrders
from importer.threads import ahead

ORDER, ITEM, SHIPMENT = OF_AN_ORDER


class Orders:
    """All orders that some rows speak of, with what is known of these rows."""

    def __init__(self, rows: Mapping[str, RowsOf]) -> None:
        self._rows = rows
        self._by_order = KeyIndex()
        self._items = Items(rows[ITEM])
        self._marks = {ORDER: self._look_at_orders(), ITEM: self._look_at_items(), SHIPMENT: self._look_at_shipments()}
        self._items.settle(rows["products"], rows["product_images"], rows[SHIPMENT])

    def some(self) -> Iterator[SomeOrders]:
        """All of them, some at a time."""
        for keys, rows in ahead(self._by_order.in_order()):
            yield SomeOrders(keys, rows, self._marks, self._items, self._rows)

    # --- every row, once; those of orders first, since an order is called by its first row -------------------

    def _look_at_orders(self) -> Marks:
        marks = unmarked(len(self._rows[ORDER]))
        for numbers, columns in ahead(self._of(ORDER, ("language", "order_url"))):
            marks[numbers] = (
                Mark.LOST * self._rows[ORDER].are_lost(numbers)
                + Mark.LANGUAGE * columns.filled("language")
                + Mark.URL * columns.filled("order_url")
            )
        return marks

    def _look_at_items(self) -> Marks:
        for numbers, columns in ahead(self._of(ITEM, self._items.columns)):
            self._items.look(numbers, columns)
        return self._items.marks

    def _look_at_shipments(self) -> Marks:
        marks = unmarked(len(self._rows[SHIPMENT]))
        for numbers, columns in ahead(self._of(SHIPMENT, ("recipient_email",))):
            is_lost = self._rows[SHIPMENT].are_lost(numbers)
            marks[numbers] = Mark.LOST * is_lost + Mark.EMAIL * (columns.filled("recipient_email") & ~is_lost)
        return marks

    def _of(self, entity: str, names: tuple[str, ...]) -> Iterator[tuple[Numbers, Shown]]:
        """The columns *names* of all rows of *entity*, which are gathered by their order on the way."""
        first = OF_AN_ORDER.index(entity) << RANK
        for numbers, columns in self._rows[entity].columns(("order_id", *names)):
            keys, rows = keyed(numbers, columns, "order_id")
            self._by_order.add(keys, rows + first)
            yield numbers, columns
