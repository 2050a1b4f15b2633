"""Which orders the returns portal is ready for, worked out row by row as plainly as can be: the quick way's measure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from importer.model import CheckedSheet, NotReady, Outcome, Problem, Readiness, Row, Severity
from importer.outcomes import Outcomes

OF_AN_ORDER = ("orders", "order_items", "shipments")
NAMED_BY = {"products": ("sku",), "product_images": ("sku",), "shipments": ("reference_number", "tracking_code")}
"""Fields by which other rows call a row."""

LOCALISATION = (("language", "portal_language_missing"), ("order_url", "portal_url_missing"))
"""Both choose what the portal shows; without either there is no mail (vendor's page on orders)."""

CONSEQUENCE = "blocked"
"""Code of a row that waits for another one of these files, which is told of itself."""

Finding = Problem | None
"""A reason why an order is not ready; None = it cannot be told from these files."""


def readiness(sheets: Sequence[CheckedSheet], outcomes: Iterable[Outcome] | Outcomes = ()) -> Readiness:
    """The orders of *sheets*, which are those after the plan, sorted into ready, not ready and not to be told.

    With the *outcomes* of an upload, a row that is not in counts like one that was rejected.
    """
    book = _Book(sheets, Outcomes.of(outcomes))
    ready, untold, orders = 0, 0, []
    for order_id in book.order_ids:
        findings = tuple(book.findings(order_id))
        if reasons := _once(findings):
            orders.append(NotReady(order_id, reasons))
        elif None in findings:
            untold += 1
        else:
            ready += 1
    return Readiness(ready, untold, tuple(orders))


def _once(findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """The reasons among *findings*; two items of one product are the same trouble."""
    return tuple({(one.where, one.code): one for one in findings if one}.values())


class _Book:
    """The rows of a run by their order, and by what other rows call them."""

    def __init__(self, sheets: Sequence[CheckedSheet], outcomes: Outcomes) -> None:
        self._outcomes = outcomes
        self._given: set[str] = set()
        """Entities of which these files bring rows; an empty sheet of the template brings none."""
        self._by_order: dict[str, defaultdict[str, list[Row]]] = {name: defaultdict(list) for name in OF_AN_ORDER}
        self._by_name: dict[str, dict[str, Row]] = {name: {} for name in NAMED_BY}
        self._of_sku: dict[str, tuple[Finding, ...]] = {}
        for sheet in sheets:
            for row in sheet.rows:
                if not row.is_example:
                    self._add(row)
        self.order_ids = tuple(dict.fromkeys(one for rows in self._by_order.values() for one in rows))
        """Orders as their sheet has them, then those that only items and parcels speak of."""

    def _add(self, row: Row) -> None:
        self._given.add(row.entity)
        for name in NAMED_BY.get(row.entity, ()):
            if name in row.values:
                self._by_name[row.entity].setdefault(str(row.values[name]), row)
        if row.entity in OF_AN_ORDER and "order_id" in row.values:
            self._by_order[row.entity][str(row.values["order_id"])].append(row)

    def findings(self, order_id: str) -> Iterator[Finding]:
        """Everything that keeps the order from being ready."""
        orders, items, shipments = (self._by_order[name].get(order_id, []) for name in OF_AN_ORDER)
        order = orders[0] if orders else None
        if order and self._is_lost(order):
            yield self._loss(order, "portal_order_lost")
            return  # nothing of a lost order gets in, and none of it is a reason of its own
        yield from _localisation(order)
        yield from self._log_in(order, shipments)
        yield from self._choice(order, items, is_shipped=bool(shipments))

    def _absent(self, row: Row | None, column: str, entity: str, code: str) -> Finding:
        """No row of *entity* belongs to *row*: a reason only where these files bring rows of both."""
        return _at(row, column, code) if row and entity in self._given else None

    # --- logs in --------------------------------------------------------------------------------------------

    def _log_in(self, order: Row | None, shipments: Sequence[Row]) -> Iterator[Finding]:
        if not shipments:
            yield self._absent(order, "order_id", "shipments", "portal_no_shipment")
        # One e-mail is enough; the other parcels matter to their items alone.
        elif not any(self._has_e_mail(shipment) for shipment in shipments):
            first = shipments[0]
            if self._is_lost(first):
                yield self._loss(first, "portal_shipment_lost")
            else:
                yield _at(first, "recipient_email", "portal_email_missing")

    def _has_e_mail(self, shipment: Row) -> bool:
        return isinstance(shipment.values.get("recipient_email"), str) and not self._is_lost(shipment)

    # --- sees the items, and can choose them ----------------------------------------------------------------

    def _choice(self, order: Row | None, items: Sequence[Row], *, is_shipped: bool) -> Iterator[Finding]:
        if not items:
            yield self._absent(order, "order_id", "order_items", "portal_no_items")
            return
        bundles = _bundles(items)
        for item in items:
            bundle = bundles[str(item.values.get("bundle_item", ""))]
            if self._is_lost(item):
                yield from self._own_loss(item)
            yield from self._product(str(item.values.get("sku", "")))
            yield from self._link(item, bundle) if is_shipped else ()
            if bundle["returnable"] and item.values.get("returnable") is False:
                yield _at(item, "returnable", "portal_bundle_not_returnable")
        # Some items may be kept out on purpose, such as underwear; an order of which nothing may come back is told.
        if all(item.values.get("returnable") is False for item in items):
            yield _at(items[0], "returnable", "portal_nothing_returnable")

    def _product(self, sku: str) -> tuple[Finding, ...]:
        """What is wrong with a product and its picture; worked out once for all its items."""
        if sku not in self._of_sku:
            self._of_sku[sku] = tuple(self._product_findings(sku))
        return self._of_sku[sku]

    def _product_findings(self, sku: str) -> Iterator[Finding]:
        product, picture = (self._by_name[entity].get(sku) for entity in ("products", "product_images"))
        if product is None:
            yield None
        elif self._is_lost(product):
            yield from self._own_loss(product, "portal_product_lost")
        if picture is None:
            yield self._absent(product, "sku", "product_images", "portal_no_picture")
        elif self._is_lost(picture):
            yield from self._own_loss(picture, "portal_picture_lost")

    def _link(self, item: Row, bundle: Counter[str]) -> Iterator[Finding]:
        """Why an item that may come back belongs to no parcel."""
        if item.values.get("returnable") is not True and not bundle["returnable"]:
            return
        reference = item.values.get("shipment_reference")
        shipment = self._by_name["shipments"].get(str(reference))
        if not isinstance(reference, str):
            yield _at(item, "shipment_reference", _not_linked(bundle))
        elif shipment is None:
            yield None
        elif self._is_lost(shipment):
            yield self._loss(shipment, "portal_shipment_lost")

    # --- gets in --------------------------------------------------------------------------------------------

    def _is_lost(self, row: Row) -> bool:
        status = self._outcomes.status(row)
        return row.is_rejected or (status is not None and not status.is_in)

    def _own_loss(self, row: Row, code: str = "portal_item_lost") -> Iterator[Problem]:
        """*code* at what keeps *row* out, unless that is another row of these files."""
        if self._trouble(row).code != CONSEQUENCE:
            yield self._loss(row, code)

    def _loss(self, row: Row, code: str) -> Problem:
        """*code* at what keeps *row* out."""
        trouble = self._trouble(row)
        return Problem(trouble.where, code, column=trouble.column, severity=Severity.NOTE)

    def _trouble(self, row: Row) -> Problem:
        outcome = self._outcomes[row]
        return next(iter([*row.errors, *(outcome.problems if outcome else ())]), Problem(row.where, "not_sent"))


def _localisation(order: Row | None) -> Iterator[Finding]:
    if order is None:
        yield None
        return
    for name, code in LOCALISATION:
        if not isinstance(order.values.get(name), str):
            yield _at(order, name, code)


def _bundles(items: Iterable[Row]) -> Mapping[str, Counter[str]]:
    """Bundle -> how many of its items are returnable, and linked to a parcel; items without a bundle are in none."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        if isinstance(item.values.get("bundle_item"), str):
            bundle = found[str(item.values["bundle_item"])]
            bundle["returnable"] += item.values.get("returnable") is True
            bundle["linked"] += isinstance(item.values.get("shipment_reference"), str)
    return found


def _not_linked(bundle: Counter[str]) -> str:
    return "portal_bundle_not_linked" if bundle["linked"] else "portal_item_not_linked"


def _at(row: Row, column: str, code: str) -> Problem:
    """*code* at a cell of *row*; at the row where the sheet has no such column."""
    return Problem(row.cells.get(column, row.where), code, column=column, severity=Severity.NOTE)
