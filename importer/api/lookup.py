"""Asking the server whether it has a record: found, surely absent, or not to be known this way.

A server built as the vendor's is ignores a filter that it does not know and answers with the first page of everything.
So every record is compared with what was asked, and "absent" is said only where the answer shows that it was
understood.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from importer.api.answers import number_of
from importer.api.compare import member, same_moment, same_text
from importer.api.request import ApiSettings, Request, Sender, filled
from importer.errors import AnswerLost, RowRefused, TryLater
from importer.speech import english
from schemas.entity import Entity
from schemas.order_items import ORDER_ITEMS
from schemas.orders import ORDERS
from schemas.products import PRODUCTS
from schemas.shipments import SHIPMENTS

Record = Mapping[str, object]
PAGE = 10
"""A page is taken for full when it has so many records or a multiple (the framework's usual page has 30, that of 2017
had 20); then there may be another."""
MOST_PAGES = 100
IS_OFF = english("the look-up is off")


@dataclass(frozen=True, slots=True)
class Found:
    """Records that match what was asked; at least one."""

    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """The server surely has no such record, as of now."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The server could not say: the look-up is off, not there, or does not do what was asked."""

    reason: str


Answer = Found | Absent | Unknown
Values = Mapping[str, object]
"""Members of a payload that say which record is meant."""


class LookUp:
    """Finds records by the keys that the shop knows; shared by all threads."""

    def __init__(self, sender: Sender, settings: ApiSettings) -> None:
        self._sender = sender
        self._settings = settings
        self._ways: Mapping[str, Callable[[Values], Answer]] = {
            "products": self._product,
            "orders": self._order,
            "order_states": self._order_state,
            "order_items": self._order_items,
            "shipments": self._shipment,
            "shipment_events": self._shipment_event,
        }

    def find(self, entity: Entity, values: Values) -> Answer:
        """The server's records with the key in *values*; for order items, all of the order's.

        Whatever goes wrong with asking makes it `Unknown`; only what ends the run is raised.
        """
        way = self._ways.get(entity.name)
        return _asked(way, values) if way else Unknown("there is no look-up for it")

    # --- one way for each entity ----------------------------------------------------------------------------

    def _product(self, values: Values) -> Answer:
        return self._filtered(PRODUCTS, "sku", values["sku"]) if self._settings.lookups.products else Unknown(IS_OFF)

    def _order(self, values: Values) -> Answer:
        return self._filtered(ORDERS, "order_id", values["order_id"])

    def _order_items(self, values: Values) -> Answer:
        """All items of the order, or nothing: a part of them would look as if the others were missing."""
        if not self._settings.lookups.order_items:
            return Unknown(IS_OFF)
        path, order_id = self._settings.path(ORDER_ITEMS), values["order_id"]
        items: list[Record] = []
        for page in pages(self._sender, path, {"order_id": str(order_id)}):
            if not all(same_text(order_id, member(one, "order_id")) for one in page):
                return Unknown(f"GET {path} gives items of other orders, too")
            items += page
        return Found(tuple(items)) if items else Absent()

    def _shipment(self, values: Values) -> Answer:
        """Through the order, which lists its shipments; where it cannot tell, by the shipment's own numbers."""
        by_order = _asked(self._of_order, values) if "order_id" in values else Unknown(IS_OFF)
        if not isinstance(by_order, Unknown) or not self._settings.lookups.shipments:
            return by_order
        name = "reference_number" if values.get("reference_number") else "tracking_code"
        return self._filtered(SHIPMENTS, name, values[name])

    def _of_order(self, values: Values) -> Answer:
        order = self._order(values)
        if not isinstance(order, Found):
            # A shipment can be there without its order (page "Delivery Service (Minimum Requirement)").
            return Unknown("its order is not there") if isinstance(order, Absent) else order
        listed = order.records[0].get("shipments")
        if not isinstance(listed, list):
            return Unknown("the order does not list its shipments")
        verdicts = [(one, _is_shipment(one, values)) for one in listed if isinstance(one, Mapping)]
        alike = tuple(_numbered(one) for one, verdict in verdicts if verdict)
        if alike:
            return Found(alike)
        if len(verdicts) < len(listed) or any(verdict is None for _, verdict in verdicts):
            return Unknown("the order lists its shipments without their numbers")
        return Absent()

    def _order_state(self, values: Values) -> Answer:
        """From the order's history.  An order takes a state once, so its time does not matter."""
        order = self._order(values)
        if not isinstance(order, Found):
            return order
        history = order.records[0].get("states_history")
        if not isinstance(history, list):
            return Unknown("the order does not list its states")
        states = [one for one in history if isinstance(one, Mapping) and one.get("state") == values["state"]]
        # The history leaves the place out: taken to be as sent, or no state that has one would be known again.
        place = {"location": values["location"]} if "location" in values else {}
        return Found(tuple({**place, **one, "order_id": values["order_id"]} for one in states)) if states else Absent()

    def _shipment_event(self, values: Values) -> Answer:
        """By the reading path of 2017: `[{"event", "description", "creationDate"}]`."""
        if not self._settings.lookups.shipment_events:
            return Unknown(IS_OFF)
        body = self._sender.send(Request("GET", filled(self._settings.events_path, values))).body
        listed = records_in(body)
        if listed is None:
            return Unknown("the answer is no list of events")
        wanted = str(values["event"]).casefold()
        events = [
            {"id": values["id"], "event": values["event"], "datetime": one.get("datetime", one.get("creationDate"))}
            for one in listed
            if str(one.get("event", "")).casefold() == wanted
        ]
        alike = tuple(one for one in events if same_moment(values["datetime"], one["datetime"]))
        if alike or not events:
            return Found(alike) if alike else Absent()
        return Unknown("the shipment has this event, but at another time")

    # --- one collection -------------------------------------------------------------------------------------

    def _filtered(self, entity: Entity, name: str, value: object) -> Answer:
        """Records of the collection whose member *name*, of which there should be one, is *value*."""
        path = self._settings.path(entity)
        listed = records_in(self._sender.send(Request("GET", path, query={name: str(value)})).body)
        if listed is None:
            return Unknown(f"GET {path} does not answer with a list")
        alike = tuple(one for one in listed if same_text(value, member(one, name)))
        if alike or not listed:
            return Found(alike) if alike else Absent()
        return Unknown(f"GET {path} does not look for {name}")


def _asked(way: Callable[[Values], Answer], values: Values) -> Answer:
    try:
        return way(values)
    except (TryLater, RowRefused, AnswerLost) as trouble:
        return Unknown(trouble.answer)


def pages(sender: Sender, path: str, query: Mapping[str, str]) -> Iterator[tuple[Record, ...]]:
    """The records of a collection, page by page; it ends with a page that is not full, or that has come before.

    Raises:
        RowRefused: the answer is no list, or the server has no such collection.
    """
    before: list[object] = []
    for number in range(1, MOST_PAGES + 1):
        asked = {**query, "page": str(number)} if before else query
        reply = sender.send(Request("GET", path, query=asked))
        page = records_in(reply.body)
        if page is None:
            raise RowRefused(f"GET {path} does not answer with a list", http_status=reply.http_status)
        names = [one.get("id", one) for one in page]
        if names == before:
            return
        yield page
        is_full = len(page) >= len(before) if before else len(page) % PAGE == 0
        if not page or not is_full:
            return
        before = names


def records_in(body: object) -> tuple[Record, ...] | None:
    """The records in a reply: a bare list, or as the framework's JSON-LD wraps it; None when it is no list."""
    if isinstance(body, Mapping):
        body = body.get("hydra:member", body.get("member"))
    if not isinstance(body, list) or not all(isinstance(one, Mapping) for one in body):
        return None
    return tuple(_numbered(one) for one in body)


def _numbered(record: Record) -> Record:
    """*record* with its number as `id`, also where only its address tells it."""
    number = number_of(record)
    return {**record, "id": number} if number and "id" not in record else record


def _is_shipment(record: Record, values: Values) -> bool | None:
    """Whether the record is the shipment meant; None when it does not tell.

    The reference number is unique by the vendor's word, the tracking code by one page's only.
    """
    names = [name for name in ("reference_number", "tracking_code") if values.get(name)]
    told = [name for name in names if record.get(name)]
    if told:
        return same_text(values[told[0]], record[told[0]])
    # It says that it has none of them; or it says nothing at all.
    return False if any(name in record for name in names) else None
