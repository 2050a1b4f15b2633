"""What lies ahead of a run, before anything is sent: requests by entity, counted on the plan and the ledger, and time.

Sends nothing itself.  What only the server knows is not in it: rows that it has though the ledger does not know them,
and rows that it will refuse, with all that hangs on them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from importer.ledger import Account, Record
from importer.model import Row
from importer.plan import Chain, Need, Plan, Step
from importer.reports.quote import Quote, Range
from importer.run.desk import Existing
from importer.run.knowledge import Known, known_of
from importer.run.needs import keys_of
from importer.run.rehearsal import Rehearsal
from importer.run.unit import PAUSE_S
from importer.settings import Settings
from schemas import ENTITIES, entity_named
from schemas.entity import Entity

AT_ONCE = 500
"""So many chains are looked at together."""
NONE = (0, 0)

Span = tuple[int, int]
"""Requests, from the least to the most."""


def quoted(plan: Plan, account: Account | Rehearsal, settings: Settings) -> Quote:
    """The requests that *plan* takes, as far as *account* can tell; without time.

    Raises:
        LedgerTrouble: the ledger cannot be read.
    """
    count = _Count(account, settings)
    least, most = Counter[str](), Counter[str]()
    for wave in plan.waves:
        rest = iter(wave)
        while chains := tuple(islice(rest, AT_ONCE)):
            for entity, (few, many) in count.requests(chains):
                least[entity] += few
                most[entity] += many
    return Quote({one.name: Range(least[one.name], most[one.name]) for one in ENTITIES if most[one.name]})


def seconds(requests: Range, *, workers: int, rate: float | None, latency_s: Range | None) -> Range | None:
    """How long *requests* take; None = that cannot be told.

    *rate* is the most requests a second, learned or set; *latency_s* the time of one answer.
    """
    by_rate = Range(requests.least / rate, requests.most / rate) if rate else None
    if latency_s is None:
        return by_rate
    least, most = (count * one_s / workers for count, one_s in zip(_ends(requests), _ends(latency_s), strict=True))
    return Range(max(least, by_rate.least), max(most, by_rate.most)) if by_rate else Range(least, most)


def _ends(span: Range) -> tuple[float, float]:
    return span.least, span.most


class _Count:
    """Counts chain by chain."""

    def __init__(self, account: Account | Rehearsal, settings: Settings) -> None:
        self._account = account
        self._asks_first = Existing(settings.existing) is not Existing.UPDATE
        self._doubts = round(settings.api.settle_s / PAUSE_S) + 2
        """So often at most the server is asked for a record in doubt."""
        lookups = settings.api.lookups
        self._look_up: dict[str, Span] = {
            "products": (int(lookups.products),) * 2,
            "orders": (1, 1),
            "order_states": (1, 1),
            "order_items": (1, 2) if lookups.order_items else NONE,
            "shipments": (1, 2) if lookups.shipments else (1, 1),
            "shipment_events": (int(lookups.shipment_events),) * 2,
        }
        """Requests that asking for a record takes."""
        self._asked: set[tuple[str, str]] = set()
        """Parents outside of the files that were counted: each is asked for once."""

    def requests(self, chains: tuple[Chain, ...]) -> Iterator[tuple[str, Span]]:
        """Yield entity and requests, step by step."""
        known = known_of(chains, self._account)
        outside = self._outside(chains)
        for chain in chains:
            ships = any(row.entity == "shipments" and not row.is_rejected for row in chain.rows)
            first: set[str] = set()
            for step in chain.steps:
                if not _is_kept_out(step):
                    yield step.row.entity, self._of_parents(step, outside)
                    yield step.row.entity, self._of_step(step, known, is_second=step.row.key in first, ships=ships)
                if not step.is_last:
                    first.add(step.row.key)

    # --- parents that are in no file ------------------------------------------------------------------------

    def _outside(self, chains: Iterable[Chain]) -> set[tuple[str, str]]:
        """Entity and name of the parents that neither the files nor the ledger know."""
        named: dict[tuple[str, str], frozenset[str]] = {}
        for need in (need for chain in chains for step in chain.steps for need in step.needs):
            if need.parent is None and need.field.reference:
                named[need.field.reference.entity, need.value] = keys_of(need)
        unknown = set(named)
        for entity in {entity for entity, _ in named}:
            wanted = sorted({key for (of, _), keys in named.items() if of == entity for key in keys})
            found = {key for key, _ in self._account.records(entity, wanted)}
            unknown -= {(of, name) for (of, name), keys in named.items() if of == entity and keys & found}
        return unknown

    def _of_parents(self, step: Step, outside: set[tuple[str, str]]) -> Span:
        least = most = 0
        for need in step.needs:
            at = _name(need)
            if need.parent is None and at in outside and at not in self._asked:
                self._asked.add(at)
                few, many = self._look_up[at[0]]
                least += few
                most += many * len(need.field.reference.fields if need.field.reference else ())
        return least, most

    # --- the rows themselves --------------------------------------------------------------------------------

    def _of_step(self, step: Step, known: Known, *, is_second: bool, ships: bool) -> Span:
        row, entity = step.row, entity_named(step.row.entity)
        may_exist = self._asks_first or _may_exist(entity, step, known)
        may_wait = any(need.parent is None for need in step.needs)
        least = most = 0
        for number in range(1, _quantity(row) + 1):
            record = known.get(row.entity, {}).get((row.key, number))
            if is_second:
                few, many = _second(step, record, may_exist=may_exist, ships=ships)
            else:
                few, many = self._first(step, entity, record, may_exist=may_exist)
            least += 0 if may_wait else few
            most += many
        return least, most

    def _first(self, step: Step, entity: Entity, record: Record | None, *, may_exist: bool) -> Span:
        """Requests of a row's first or only turn."""
        look_up = self._look_up.get(entity.name, NONE)
        if record is None:
            return (look_up[0], look_up[1] + 1) if may_exist else (1, 1)
        if record.state == "intended":
            return min(1, look_up[0]), self._doubts * max(1, look_up[1]) + 2
        if not step.is_last or not entity.can_update:
            return NONE
        return 0, 1 if record.server_id else 1 + look_up[1]


def _second(step: Step, record: Record | None, *, may_exist: bool, ships: bool) -> Span:
    """Requests of a row's second turn: an item's link, an order's completion."""
    changes = not step.completes or (ships and "boarding_complete" not in step.row.values)
    is_new = record is None and not may_exist
    return int(changes and is_new), int(changes or not is_new)


def _is_kept_out(step: Step) -> bool:
    """The row, or one that it needs, is not sent."""
    rows = (step.row, *(need.parent for need in step.needs if need.parent))
    return any(row.is_rejected or row.is_example for row in rows)


def _may_exist(entity: Entity, step: Step, known: Known) -> bool:
    """Below a parent that is not new the server may have rows that the ledger does not know, so it is asked first."""
    above = [need for need in step.needs if need.field.reference and need.field.reference.entity != "products"]
    return entity.method == "POST" and any(
        need.parent is None or (need.parent.key, 1) in known.get(need.parent.entity, {}) for need in above
    )


def _name(need: Need) -> tuple[str, str]:
    return (need.field.reference.entity if need.field.reference else "", need.value)


def _quantity(row: Row) -> int:
    quantity = row.values.get("quantity", 1)
    return quantity if isinstance(quantity, int) else 1
