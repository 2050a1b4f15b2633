"""The API in the importer's words: create, update, find.  Everything below (token, pace, patience) is stacked here."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from importer.api.compare import differences
from importer.api.http import Http
from importer.api.pace import Pacer
from importer.api.request import ApiSettings, Request
from importer.api.retry import persistent
from importer.api.token import UNAUTHORIZED, Tokens
from importer.errors import AccessDenied, RowRefused, TryLater
from importer.model import Reply
from schemas.entity import Entity, Payload

Record = Mapping[str, object]
MOST_PAGES = 100
PAGE_FROM = 10
"""A shorter page is the last one; the framework's usual page has 30 records."""
THROTTLED = frozenset({429, 503})


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


@dataclass(frozen=True, slots=True)
class Counters:
    """What was sent so far."""

    requests: int = 0
    """Look-ups and repeats included."""
    retries: int = 0
    throttled: int = 0
    """Answers that told us to wait (429, 503)."""


class Api:
    """One account of the API; shared by all threads."""

    def __init__(
        self,
        settings: ApiSettings,
        http: Http,
        tokens: Tokens,
        pacer: Pacer,
        *,
        stop: threading.Event,
        dry_run: bool = False,
    ) -> None:
        self._settings = settings
        self._http = http
        self._tokens = tokens
        self._pacer = pacer
        self._stop = stop
        self._dry_run = dry_run
        self._pretended = count(1)
        self._here = threading.local()
        self._lock = threading.Lock()
        self._counters = Counters()

    # --- writing --------------------------------------------------------------------------------------------

    def create(self, entity: Entity, body: Payload) -> Reply:
        """Send a new record; raises as `importer.errors` says."""
        if self._dry_run:
            return Reply(201, {"id": f"new-{next(self._pretended)}"})
        return self._send(Request(entity.method, self._settings.path(entity.name), body))

    def update(self, entity: Entity, server_id: str, body: Payload) -> Reply:
        """Bring a record up to date.  The whole record is sent: whether PUT merges or replaces is not documented."""
        path = self._settings.path(entity.name)
        if self._dry_run:
            return Reply(200, {"id": server_id})
        return self._send(Request("PUT", path if entity.method == "PUT" else f"{path}/{server_id}", body))

    # --- reading --------------------------------------------------------------------------------------------

    def find(self, entity: Entity, values: Mapping[str, object]) -> Found | Absent | Unknown:
        """The server's records with the key in *values*, which are members of a payload.

        For order items, all of the order's.  A server may ignore a filter it does not know and answer with anything, so
        every record is compared with what was asked: `Absent` is only said where the answer shows that it understood.
        """
        match entity.name:
            case "orders":
                return self._find_order(str(values["order_id"]))
            case "products":
                return self._listed("products", "sku", str(values["sku"]), is_on=self._settings.lookups.products)
            case "order_items":
                is_on = self._settings.lookups.order_items
                return self._listed("order_items", "order_id", str(values["order_id"]), is_on=is_on)
            case "shipments":
                return self._find_shipment(values)
            case "order_states":
                return self._find_state(values)
            case "shipment_events":
                return self._find_event(values)
            case _:
                return Unknown("there is no look-up for it")

    def carriers(self) -> object:
        """The body of `GET /carriers`."""
        return self._send(Request("GET", "/carriers")).body

    def fetch(self, address: str) -> bytes:
        """The bytes behind a picture's address."""
        return self._http.fetch(address)

    def _find_order(self, order_id: str) -> Found | Absent | Unknown:
        return self._listed("orders", "order_id", order_id, is_on=True)

    def _find_shipment(self, values: Mapping[str, object]) -> Found | Absent | Unknown:
        """Through the order, whose reply lists its shipments; else by the reference number."""
        names = {name: str(values[name]) for name in ("reference_number", "tracking_code") if values.get(name)}
        if "order_id" in values:
            order = self._find_order(str(values["order_id"]))
            if not isinstance(order, Found):
                return order
            shipments = order.records[0].get("shipments")
            if isinstance(shipments, list):
                # The reference number is unique by the vendor's word, the tracking code by one page's only.
                name, value = next(iter(names.items()))
                alike = tuple(one for one in shipments if isinstance(one, Mapping) and _text(one, name) == value)
                return Found(alike) if alike else Absent()
        is_on = self._settings.lookups.shipments
        answers = [self._listed("shipments", name, value, is_on=is_on) for name, value in names.items()]
        return next((one for one in answers if not isinstance(one, Absent)), Absent())

    def _find_state(self, values: Mapping[str, object]) -> Found | Absent | Unknown:
        order = self._find_order(str(values["order_id"]))
        if not isinstance(order, Found):
            return order
        history = order.records[0].get("states_history")
        if not isinstance(history, list):
            return Unknown("the order does not list its states")
        alike = tuple(one for one in history if isinstance(one, Mapping) and _text(one, "state") == values["state"])
        return Found(tuple({**one, "order_id": values["order_id"]} for one in alike)) if alike else Absent()

    def _find_event(self, values: Mapping[str, object]) -> Found | Absent | Unknown:
        """By the reading path of 2017: `[{"event", "description", "creationDate"}]`."""
        if not self._settings.lookups.shipment_events:
            return Unknown("the look-up is off")
        try:
            body = self._send(Request("GET", f"/shipment/events/{values['id']}")).body
        except RowRefused as refusal:
            return Unknown(refusal.answer)
        if not isinstance(body, list):
            return Unknown("the answer is no list")
        events = [
            {"id": values["id"], "event": one.get("event"), "datetime": one.get("creationDate", one.get("datetime"))}
            for one in body
            if isinstance(one, Mapping)
        ]
        alike = tuple(one for one in events if not differences(dict(values), one))
        return Found(alike) if alike else Absent()

    def _listed(self, entity: str, name: str, value: str, *, is_on: bool) -> Found | Absent | Unknown:
        """All records of the collection whose member *name* is *value*, page by page."""
        if not is_on:
            return Unknown("the look-up is off")
        found: dict[str, Record] = {}
        for page in range(1, MOST_PAGES + 1):
            query = {name: value} if page == 1 else {name: value, "page": str(page)}
            try:
                body = self._send(Request("GET", self._settings.path(entity), query=query)).body
            except RowRefused as refusal:
                return Unknown(refusal.answer)
            records = _records(body)
            if records is None:
                return Unknown("the answer is no list")
            alike = {_text(one, "id"): one for one in records if _text(one, name) == value}
            is_news = bool(set(alike) - set(found))
            found |= alike
            if len(alike) < len(records):
                # The filter is not understood: what is not on this page may be on any other.
                return Found(tuple(found.values())) if found and entity != "order_items" else Unknown("filter ignored")
            if len(records) < PAGE_FROM or not is_news:
                break
        return Found(tuple(found.values())) if found else Absent()

    # --- one request ----------------------------------------------------------------------------------------

    @property
    def counters(self) -> Counters:
        """What was sent so far, by all threads."""
        return self._counters

    def sent_here(self) -> int:
        """Requests sent by this thread so far."""
        return getattr(self._here, "sent", 0)

    def _send(self, request: Request) -> Reply:
        return persistent(
            lambda: self._once(request),
            tries=self._settings.tries,
            patience_s=self._settings.patience_s,
            stop=self._stop,
            on_retry=lambda: self._count(retries=1),
        )

    def _once(self, request: Request) -> Reply:
        token = self._tokens.current()
        status, answer = self._paced(request, token)
        if status == UNAUTHORIZED:
            status, answer = self._paced(request, self._tokens.renewed(token))
        if status == UNAUTHORIZED:
            raise AccessDenied("The API does not accept a token that it has just given out (HTTP 401).")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _paced(self, request: Request, token: str) -> tuple[int, Reply | Exception]:
        self._pacer.turn()
        self._here.sent = self.sent_here() + 1
        self._count(requests=1)
        status, answer = self._http.send(request, f"Bearer {token}")
        if isinstance(answer, TryLater) and status in THROTTLED:
            self._count(throttled=1)
            self._pacer.refused(answer.after_s)
        elif isinstance(answer, (Reply, RowRefused)):
            self._pacer.accepted()
        return status, answer

    def _count(self, *, requests: int = 0, retries: int = 0, throttled: int = 0) -> None:
        with self._lock:
            now = self._counters
            self._counters = Counters(now.requests + requests, now.retries + retries, now.throttled + throttled)


def _records(body: object) -> list[Record] | None:
    """The list in a reply, bare or as hydra wraps it; None when there is none."""
    listed = body.get("hydra:member") if isinstance(body, Mapping) else body
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else None


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    return "" if value is None else str(value)
