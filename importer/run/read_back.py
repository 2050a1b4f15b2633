"""The server's records of one chain, by their numbers; what a look-up has shown is not asked for again.

An order's reply shows the order, its shipments and its states, a second look-up all of its items.  So an order costs
two look-ups however many rows it has; an event costs one of its own, and a product, too.
"""

import json
import threading
from collections.abc import Mapping, Sequence

from importer.api import Absent, Api, Found, Unknown, differences
from importer.errors import RequestTrouble, Unreachable
from importer.model import Row
from importer.plan import Need
from importer.run.desk import TROUBLES_IN_A_ROW
from importer.run.lookup import Answer, NotThere, There, look_up_parent
from importer.speech import english
from schemas.entity import Entity, Payload
from schemas.order_items import ORDER_ITEMS
from schemas.orders import ORDERS
from schemas.shipments import SHIPMENTS

Record = Mapping[str, object]

SHIPMENT_NAMES = ("reference_number", "tracking_code")


class Patience:
    """Gives up on a server that answers nothing any more; shared by all threads."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._in_a_row = 0
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        """Nothing more is to be asked."""
        return self._stop.is_set()

    def note_answer(self) -> None:
        """The server answers."""
        with self._lock:
            self._in_a_row = 0

    def note_trouble(self, trouble: RequestTrouble) -> None:
        """It did not, however often it was asked.

        Raises:
            Unreachable: nor before that.
        """
        with self._lock:
            self._in_a_row += 1
            is_enough = self._in_a_row >= TROUBLES_IN_A_ROW
        if is_enough and not self.is_over:
            raise Unreachable("The server does not answer any more ({answer}). Try again later.", answer=trouble.answer)


class ReadBack:
    """Looks up the records of one chain."""

    def __init__(self, api: Api, patience: Patience) -> None:
        self._api = api
        self._patience = patience
        self._answers: dict[tuple[str, str], Found | Absent | Unknown] = {}

    def record(self, entity: Entity, body: Payload, number: str) -> Answer:
        """What the server holds for *body*, which it once had under *number*.

        Raises:
            AccessDenied, Unreachable: it cannot be asked.
        """
        match entity.name:
            case "order_items":
                return _numbered(self._found(ORDER_ITEMS, {"order_id": body["order_id"]}), number)
            case "shipments":
                return self._shipment(body, number)
            case "order_states":
                return self._state(body)
            case "orders" | "products":
                return _first(self._found(entity, {name: body[name] for name in entity.key}))
            case _:
                return _first(self._found(entity, body))

    def shipment(self, names: Record, number: str) -> Answer:
        """The shipment with this *number* that bears one of *names*, whichever order it belongs to."""
        return _numbered(self._found(SHIPMENTS, names), number)

    def number_of_parent(self, row: Row, need: Need) -> str:
        """The number of a shipment that only the server knows; "" = it does not say."""
        try:
            found = look_up_parent(self._api, row, need)
        except RequestTrouble as trouble:
            self._patience.note_trouble(trouble)
            return ""
        return found.server_id if isinstance(found, There) else ""

    def _shipment(self, body: Payload, number: str) -> Answer:
        """Among those that its order lists; else by its own names, where that look-up is on."""
        order = self._order(body)
        if isinstance(order, Found):
            listed = order.records[0].get("shipments")
            if isinstance(listed, list) and all(isinstance(one, Mapping) for one in listed):
                return _with_number(listed, number)
        if isinstance(order, Absent):
            return NotThere()
        names = {name: body[name] for name in SHIPMENT_NAMES if body.get(name)}
        return _numbered(self._found(SHIPMENTS, names), number)

    def _state(self, body: Payload) -> Answer:
        """In its order's history, which gives no numbers; an order may come to a state twice."""
        order = self._order(body)
        if not isinstance(order, Found):
            return _first(order)
        history = order.records[0].get("states_history")
        if not isinstance(history, list):
            return Unknown(english("the order does not list its states"))
        alike = [
            {"order_id": body["order_id"], **one}
            for one in history
            if isinstance(one, Mapping) and one.get("state") == body["state"]
        ]
        nearest = sorted(alike, key=lambda one: len(differences(body, one)))
        return There("", nearest[0]) if nearest else NotThere()

    def _order(self, body: Payload) -> Found | Absent | Unknown:
        return self._found(ORDERS, {"order_id": body["order_id"]})

    def _found(self, entity: Entity, values: Record) -> Found | Absent | Unknown:
        """The answer to a look-up, asked for once."""
        key = entity.name, json.dumps(values, sort_keys=True)
        if key not in self._answers:
            self._answers[key] = self._asked(entity, values)
        return self._answers[key]

    def _asked(self, entity: Entity, values: Record) -> Found | Absent | Unknown:
        if self._patience.is_over:
            return Unknown(english("interrupted"))
        try:
            answer = self._api.find(entity, values)
        except RequestTrouble as trouble:
            self._patience.note_trouble(trouble)
            return Unknown(trouble.answer)
        self._patience.note_answer()
        return answer


def _first(answer: Found | Absent | Unknown) -> Answer:
    match answer:
        case Found():
            return There(_number(answer.records[0]), answer.records[0])
        case Absent():
            return NotThere()
        case Unknown():
            return answer


def _numbered(answer: Found | Absent | Unknown, number: str) -> Answer:
    return _with_number(answer.records, number) if isinstance(answer, Found) else _first(answer)


def _with_number(records: Sequence[Record], number: str) -> Answer:
    if not number:
        return Unknown(english("the server never told its number"))
    alike = next((record for record in records if _number(record) == number), None)
    return NotThere() if alike is None else There(number, alike)


def _number(record: Record) -> str:
    number = record.get("id")
    return "" if number is None else str(number)
