"""What the account holds now, as rows of our templates: what the ledger knows, as the server shows it.

For sheets that are corrected and imported again; a row that nobody changed is not sent then.  Pictures cannot be read
back, so there are no rows of them.  Nothing is written, neither to the server nor to the ledger.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from importer.api import Api
from importer.errors import WrongSettings
from importer.ledger import Account, Ledger, Record
from importer.run.as_row import as_sent, values_of
from importer.run.connect import api_for
from importer.run.lookup import Answer, NotThere, There
from importer.run.preparation import conventions_of
from importer.run.read_back import Patience, ReadBack
from importer.settings import Settings
from schemas.cells import Conventions, Note, Value
from schemas.entity import Entity, Values, identity, named_by
from schemas.shipments import SHIPMENTS

PICTURES = "product_images"
OF_SHIPMENT = "shipment_reference"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is not among the rows, and why."""

    entity: str
    key: str
    """"" = none of the entity's records is."""
    reason: Note


@dataclass(frozen=True, slots=True)
class Current:
    """What the account holds."""

    rows: Mapping[str, tuple[Values, ...]]
    """By entity, in the order that was asked for; of each in the order in which they stood in their files."""
    left_out: tuple[LeftOut, ...]
    conventions: Conventions
    """By which the rows are to be written down, so that the importer reads them as they are."""
    changed: Mapping[str, int]
    """By entity, how many rows the server no longer holds as they were sent; imported as they are, they are sent."""


def current(
    settings: Settings, entities: Sequence[Entity], *, run_id: str = "", stop: threading.Event | None = None
) -> Current:
    """What the ledger knows of *entities*, as the server shows it; with *run_id*, what that run wrote last.

    Raises:
        WrongSettings: there is no such run.
        AccessDenied, Unreachable, LedgerTrouble: as they say.
    """
    stop = stop or threading.Event()
    with Ledger.open(settings.ledger_url) as ledger:
        if run_id and ledger.run(run_id) is None:
            raise WrongSettings("The ledger knows no run {run}; `importer runs` lists them.", run=run_id)
        account = ledger.account(
            settings.account_name,
            base_url=settings.wanted_base_url(),
            key_print=settings.key_print(),
            named=bool(settings.account),
        )
        api = api_for(settings, pace=account.shared_pace, stop=stop)
        conventions = conventions_of(settings)
        reader = _Reader(account, api, Patience(stop), conventions)
        found = {entity.name: reader.of_entity(entity, run_id, settings.workers) for entity in entities}
    rows = {name: [one for one in of_entity if isinstance(one, _Row)] for name, of_entity in found.items()}
    return Current(
        {name: tuple(row.values for row in of_entity) for name, of_entity in rows.items()},
        tuple(one for of_entity in found.values() for one in of_entity if isinstance(one, LeftOut)),
        conventions,
        Counter(name for name, of_entity in rows.items() for row in of_entity if row.is_changed),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, and where its like stood."""

    key: str
    place: tuple[str, str, int]
    values: Values
    is_changed: bool


class _Reader:
    """Asks the ledger and the server; shared by all threads."""

    def __init__(self, account: Account, api: Api, patience: Patience, conventions: Conventions) -> None:
        self._account = account
        self._api = api
        self._patience = patience
        self._conventions = conventions

    def of_entity(self, entity: Entity, run_id: str, workers: int) -> list[_Row | LeftOut]:
        """The rows of *entity*, in the order of their places, and what is left out."""
        if entity.name == PICTURES:
            return [LeftOut(entity.name, "", Note("current_no_pictures"))]
        known = self._account.settled(entity.name, run_id)
        by_key = [list(units) for _, units in groupby(known, key=lambda record: record.key)]
        # What a look-up of an order has shown is not asked for again for its next row.
        groups = [list(group) for _, group in groupby(by_key, key=lambda units: _first_name(entity, units[0].key))]
        if entity.name in {"order_items", "shipment_events"}:
            self._names_of_shipments  # noqa: B018 - read once, before the threads ask for it
        with ThreadPoolExecutor(workers, thread_name_prefix="current") as executor:
            found = list(executor.map(lambda group: list(self._of_group(entity, group)), groups))
        rows = [one for group in found for one in group if isinstance(one, _Row)]
        left_out = [one for group in found for one in group if isinstance(one, LeftOut)]
        return [*_in_order(entity, rows), *left_out]

    def _of_group(self, entity: Entity, group: Iterable[Sequence[Record]]) -> Iterator[_Row | LeftOut]:
        server = ReadBack(self._api, self._patience)
        for units in group:
            yield self._of_units(entity, units, server)

    def _of_units(self, entity: Entity, units: Sequence[Record], server: ReadBack) -> _Row | LeftOut:
        """The row that became *units*: one record, or as many as its quantity was."""
        first = units[0]
        rows = []
        for record in units:
            if record.state == "intended" or record.server_id is None:
                return LeftOut(entity.name, first.key, Note("verify_in_doubt"))
            match self._answer(entity, record, server):
                case There() as there:
                    rows.append(self._row(entity, record, there.record))
                case NotThere():
                    return LeftOut(entity.name, first.key, Note("current_gone"))
                case unknown:
                    return LeftOut(entity.name, first.key, Note("verify_unknown", {"reason": unknown.reason}))
        values = {**rows[0].values, **({"quantity": len(units)} if len(units) > 1 else {})}
        is_changed = any(row.is_changed or row.values != rows[0].values for row in rows)
        return _Row(first.key, (first.file, first.sheet, first.row or 0), values, is_changed)

    def _row(self, entity: Entity, record: Record, shown: Mapping[str, object]) -> _Row:
        shown_values = values_of(entity, shown, self._conventions)
        sent = as_sent(entity, shown_values, record.digest)
        values = dict(shown_values if sent is None else sent)
        if OF_SHIPMENT in values:
            values[OF_SHIPMENT] = self._names_of_shipments.get(str(values[OF_SHIPMENT]), values[OF_SHIPMENT])
        return _Row(record.key, ("", "", 0), {**_of_key(entity, record.key), **values}, sent is None)

    # --- the server's record --------------------------------------------------------------------------------

    def _answer(self, entity: Entity, record: Record, server: ReadBack) -> Answer:
        named, _ = named_by(entity, record.key)
        number = record.server_id or ""
        match entity.name:
            case "shipments":
                return server.shipment(named, number)
            case "shipment_events":
                return server.record(entity, {**named, "id": self._number_of_shipment(named[OF_SHIPMENT])}, number)
        return server.record(entity, dict(named), number)

    def _number_of_shipment(self, name: str) -> str:
        """The server's number of the shipment that a cell calls *name*; "" = the ledger does not know."""
        keys = [identity(SHIPMENTS, {field: name}) for field in ("reference_number", "tracking_code")]
        known = self._account.records(SHIPMENTS.name, keys)
        return next((record.server_id for record in known.values() if record.server_id), "")

    @cached_property
    def _names_of_shipments(self) -> Mapping[str, str]:
        """Number on the server -> what a cell calls the shipment."""
        return {
            record.server_id: next(iter(named_by(SHIPMENTS, record.key)[0].values()))
            for record in self._account.settled(SHIPMENTS.name)
            if record.server_id
        }


def _first_name(entity: Entity, key: str) -> str:
    return next(iter(named_by(entity, key)[0].values()))


def _of_key(entity: Entity, key: str) -> dict[str, Value]:
    """The cells that the key alone tells, as far as they are texts: the order's number, the line."""
    return {
        name: text for name, text in named_by(entity, key)[0].items() if entity.field(name).kind.json_type == "string"
    }


def _in_order(entity: Entity, rows: Iterable[_Row]) -> Iterator[_Row | LeftOut]:
    """*rows* by their places.

    Rows that share their order and article are told apart by counting, so they keep the order in which they were
    counted; behind one that is gone there can be none.
    """
    placed = sorted(rows, key=lambda row: row.place)
    named = {row.key: named_by(entity, row.key) for row in placed}
    counted: defaultdict[object, list[_Row]] = defaultdict(list)
    for row in sorted(placed, key=lambda row: named[row.key][1]):
        counted[tuple(named[row.key][0].items())].append(row)
    waiting = {alike: iter(enumerate(of_them, start=1)) for alike, of_them in counted.items()}
    for row in placed:
        number, next_one = next(waiting[tuple(named[row.key][0].items())])
        is_counted_so = named[next_one.key][1] == number
        yield next_one if is_counted_so else LeftOut(entity.name, next_one.key, Note("current_counted"))
