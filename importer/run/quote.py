"""What lies ahead of a run, before anything is sent: requests by entity, counted on the plan and the ledger, and time.

Sends nothing itself.  What only the server knows is not in it: rows that it has though the ledger does not know them,
and rows that it will refuse, with all that hangs on them.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from importer.ledger import Account, Record
from importer.plan import Chain, Need, Plan, Step, Wave
from importer.reports.quote import Quote, Range
from importer.run.knowledge import Known, known_of
from importer.run.needs import keys_of
from importer.run.new_rows import Marks, NewRows
from importer.run.prices import NONE, Prices, Span, Tally
from importer.run.quantity import records_of
from importer.run.rehearsal import Rehearsal
from importer.run.remembered import Memory
from importer.settings import Settings
from schemas import ENTITIES, entity_named
from schemas.entity import Entity

AT_ONCE = 500
"""So many chains are looked at together."""
FEW = 10_000
"""So many rows are looked at one by one; of more that the ledger may know, about so many ..."""
MANY = 100_000
"""... unless there are so many that all its keys are worth reading, to tell those that it does not know."""


def quoted(
    plan: Plan,
    account: Account | Rehearsal,
    memory: Memory,
    settings: Settings,
    *,
    few: int = FEW,
    many: int = MANY,
) -> Quote:
    """The requests that *plan* takes, as far as *account* and its *memory* can tell; without time.

    Up to *few* rows are looked at one by one.  Of more, those that the ledger does not know are counted in columns, if
    it knows none or if there are more than *many*; of the others a sample is looked at, and the quote is an estimate.

    Raises:
        LedgerTrouble: the ledger cannot be read.
    """
    rows = sum(plan.counts.values())
    if not rows:
        return Quote()
    prices, tally = Prices(settings), Tally()
    count = _Count(account, prices)
    in_columns = rows > many or (rows > few and not _knows_any(memory, plan))
    new = NewRows(plan, memory, prices) if in_columns else None
    waves, times = _some_of(plan, new.known if new else np.ones(plan.groups.count, np.bool_))
    for wave in waves:
        rest = iter(wave)
        while chains := tuple(islice(rest, AT_ONCE)):
            for entity, requests in count.requests(chains):
                tally.add(entity, requests, times=times)
    if new:
        new.count(tally, count.asked)
    return Quote({one.name: tally.of(one.name) for one in ENTITIES if tally.of(one.name).most})


def _some_of(plan: Plan, known: Marks) -> tuple[tuple[Wave, ...], int]:
    """The chains that are *known*, or every so manieth of them where they are many; and for how many each stands."""
    left_out = np.concatenate(plan.left_out)
    rows = np.count_nonzero(known[plan.groups.of_rows] & ~left_out)
    times = max(1, -(-int(rows) // FEW))
    return plan.waves_of(known & (np.arange(len(known)) % times == 0)), times


def _knows_any(memory: Memory, plan: Plan) -> bool:
    """Whether the ledger knows anything of the kind."""
    return any(len(memory.keys(entity)) for entity in plan.counts if entity)


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

    def __init__(self, account: Account | Rehearsal, prices: Prices) -> None:
        self._account = account
        self._prices = prices
        self.asked: set[tuple[str, str]] = set()
        """Parents outside of the files that were counted, by entity and name: each is asked for once."""

    def requests(self, chains: tuple[Chain, ...]) -> Iterator[tuple[str, Span]]:
        """Yield entity and requests, step by step."""
        known = known_of(chains, self._account)
        outside = self._outside(chains)
        for chain in chains:
            ships = any(row.entity == "shipments" and not row.is_rejected for row in chain.rows)
            first: set[tuple[str, str]] = set()
            for step in chain.steps:
                if not _is_kept_out(step):
                    yield step.row.entity, self._of_parents(step, outside)
                    yield (
                        step.row.entity,
                        self._of_step(step, known, is_second=(step.row.entity, step.row.key) in first, ships=ships),
                    )
                if not step.is_last:
                    first.add((step.row.entity, step.row.key))

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
            if need.parent is None and need.field.reference and at in outside and at not in self.asked:
                self.asked.add(at)
                few, many = self._prices.outside(need.field.reference)
                least += few
                most += many
        return least, most

    # --- the rows themselves --------------------------------------------------------------------------------

    def _of_step(self, step: Step, known: Known, *, is_second: bool, ships: bool) -> Span:
        row, entity = step.row, entity_named(step.row.entity)
        may_exist = self._prices.asks_first or _may_exist(entity, step, known)
        may_wait = any(need.parent is None for need in step.needs)
        least = most = 0
        for number in range(1, records_of(row) + 1):
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
        if record is None:
            return self._prices.new(entity.name, may_exist=may_exist)
        if record.state == "intended":
            return self._prices.in_doubt(entity.name)
        if not step.is_last or not entity.can_update:
            return NONE
        return 0, 1 if record.server_id else 1 + self._prices.look_up(entity.name)[1]


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
