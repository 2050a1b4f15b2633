"""The requests of many chains of which the ledger knows nothing, counted in columns.

Comes to the same as going through them chain by chain, which takes a minute for a million rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import Numbers
from importer.keys import Shown, are_among, hashed
from importer.plan import Plan
from importer.plan.book import Counted, Hashes, Question
from importer.plan.named import NOBODY, Named
from importer.run.prices import Prices, Tally
from importer.run.quantity import QUANTITY, records_by
from importer.run.remembered import Memory
from importer.threads import THREADS
from schemas import entity_named
from schemas.entity import PART, Entity, Reference

BOARDING = "boarding_complete"
ORDERS, ITEMS, SHIPMENTS, PRODUCTS = "orders", "order_items", "shipments", "products"

ESCAPE = "\\"
"""Before what is of a part, though it looks like what stands between parts; see `schemas.entity.identity`."""

TURNS = 16
"""More than there are turns in a chain."""

Marks = npt.NDArray[np.bool_]


class NewRows:
    """The chains of a plan of which the ledger knows nothing, and what they take."""

    def __init__(self, plan: Plan, memory: Memory, prices: Prices) -> None:
        self._plan = plan
        self._prices = prices
        self._ledger = _InLedger(memory, plan.counts)
        chains = _KnownChains(plan, self._ledger)
        plan.groups.book.ask([chains])
        self.known = chains.known
        """For every chain by its number, whether the ledger may know something of it; those are not counted here."""

    def count(self, tally: Tally, asked: Collection[tuple[str, str]]) -> None:
        """Add what they take to *tally*; for parents outside of the files nothing, if they were *asked* for already."""
        rows = _Rows(self._plan, self._prices, self.known, tally)
        self._plan.groups.book.ask([rows])
        for reference, names, positions in rows.outside():
            before = pa.array([name for entity, name in asked if entity == reference.entity], pa.large_string())
            is_new = ~(self._ledger.has(reference.entity, names) | np.isin(names, hashed(before)))
            asking = np.bincount(positions[is_new] % TURNS, minlength=TURNS)
            for entity, turn in self._plan.steps.turn.items():
                tally.add(entity, self._prices.outside(reference), times=int(asking[int(turn)]))


# --- what the ledger knows ----------------------------------------------------------------------------------


class _InLedger:
    """What the ledger's records are called, or what they belong to: the first parts of their keys, as hashes."""

    def __init__(self, memory: Memory, entities: Iterable[str]) -> None:
        self._memory = memory
        wanted = [entity for entity in entities if entity]
        with ThreadPoolExecutor(THREADS, thread_name_prefix="quote") as threads:
            self._names = dict(zip(wanted, threads.map(self._read, wanted), strict=True))

    def has(self, entity: str, names: Hashes) -> Marks:
        """Whether there are records of *entity* with some *names*, as far as hashes tell."""
        return are_among(names, self.names(entity))

    def names(self, entity: str) -> Hashes:
        """All that there are, in order."""
        if entity not in self._names:
            self._names[entity] = self._read(entity)
        return self._names[entity]

    def _read(self, entity: str) -> Hashes:
        return np.sort(hashed(_first_parts(entity_named(entity), self._memory.keys(entity))))


def _first_parts(entity: Entity, keys: pa.Array) -> pa.Array:
    """The first parts of *keys* as cells have them; see `schemas.entity.identity`."""
    found = keys
    # Most keys have one part, or no sign that has to be told from others; to see that takes a tenth of the time.
    if _have(found, PART):
        found = pc.list_element(pc.split_pattern(found, PART, max_splits=1), 0)
    if _have(found, ESCAPE):
        found = pc.replace_substring_regex(found, r"(?s)\\(.)", r"\1")
    named = f"{entity.else_key[0]}=" if entity.else_key else ""
    return pc.replace_substring_regex(found, f"^{named}", "") if named and _have(found, named) else found


def _have(texts: pa.Array, sign: str) -> bool:
    return bool(pc.any(pc.match_substring(texts, sign)).as_py())


class _KnownChains(Question):
    """Finds the chains of which the ledger knows something, or something that belongs beside it."""

    def __init__(self, plan: Plan, ledger: _InLedger) -> None:
        self._groups = plan.groups
        self._ledger = ledger
        self.known = np.zeros(plan.groups.count, np.bool_)

    def columns(self, entity: str) -> Collection[str]:
        """The fields with which keys begin."""
        if not entity or not len(self._ledger.names(entity)):
            return ()
        return {names[0] for names in (entity_named(entity).key, entity_named(entity).else_key) if names}

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:
        """Mark the chains of rows that the ledger may know."""
        counted = self._groups.book.counted(rows)
        for name in self.columns(entity):
            wanted = columns.filled(name)
            known = self._ledger.has(entity, columns.hashes(wanted, name))
            self.known[self._groups.of_rows[counted[wanted][known]]] = True


# --- what rows take -----------------------------------------------------------------------------------------


class _Rows(Question):
    """Counts the requests of all rows in chains that are not *known*; and, without their price, parents elsewhere."""

    def __init__(self, plan: Plan, prices: Prices, known: Marks, tally: Tally) -> None:
        self._groups, self._steps = plan.groups, plan.steps
        self._prices = prices
        self._tally = tally
        self._kept_out = self._groups.book.kept_out()
        left_out = np.concatenate([np.zeros(0, np.bool_), *plan.left_out])
        self._sent = ~(self._kept_out | left_out | known[self._groups.of_rows])
        self._ships = np.zeros(self._groups.count, np.bool_)
        """For every chain, whether it has a shipment that is not rejected."""
        for first, end in self._groups.book.spans((SHIPMENTS,)):
            self._ships[self._groups.of_rows[first:end][~self._kept_out[first:end]]] = True
        self._outside: defaultdict[Reference, list[tuple[Hashes, Numbers]]] = defaultdict(list)

    def columns(self, entity: str) -> Collection[str]:
        """What rows point to, and what makes them several records or gives them another turn."""
        if not entity:
            return ()
        known = entity_named(entity)
        more = {QUANTITY, BOARDING} if self._steps.completes else {QUANTITY}
        return {known.key[0], *(field.name for field in known.references), *(more & {*known.names})}

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:
        """Count the requests of *rows*."""
        counted = self._groups.book.counted(rows)
        sent = self._sent[counted]
        may_exist = np.full(len(rows), self._prices.asks_first)
        may_wait, links = np.zeros((2, len(rows)), np.bool_)
        pointing = [
            _Pointing(field.name, field.reference, columns, self._groups.named)
            for field in entity_named(entity).references
            if field.reference
        ]
        for one in pointing:
            sent[one.is_here] &= ~self._kept_out[one.parents[one.is_here]]
            may_wait |= one.is_outside
            may_exist |= one.is_outside & (entity_named(entity).method == "POST" and one.entity != PRODUCTS)
            links |= one.is_here & (self._steps.links_later and (entity, one.entity) == (ITEMS, SHIPMENTS))
        for one in pointing:
            self._note_outside(entity, one, counted, sent & one.is_outside)
        least, most = self._of_turns(entity, may_exist, links, self._completing(entity, counted, columns))
        least[may_wait] = 0
        quantities = records_by(columns[QUANTITY]) if QUANTITY in columns else 1
        records = np.where(sent, quantities, 0)
        self._tally.add(entity, (int(least @ records), int(most @ records)))

    def _completing(self, entity: str, counted: Counted, columns: Shown) -> Marks | None:
        """Whether orders are changed by their completion; None = there is no such turn."""
        if entity != ORDERS or not self._steps.completes:
            return None
        return self._ships[self._groups.of_rows[counted]] & ~columns.filled(BOARDING)

    def _of_turns(
        self, entity: str, may_exist: Marks, links: Marks, completing: Marks | None
    ) -> tuple[Numbers, Numbers]:
        """The requests that one record of each row takes, at least and at most."""
        perhaps, new = (self._prices.new(entity, may_exist=may) for may in (True, False))
        least, most = (np.where(may_exist, *ends) for ends in zip(perhaps, new, strict=True))
        if completing is not None:
            return least + (completing & ~may_exist), most + (completing | may_exist)
        return least + (links & ~may_exist), most + links

    # --- parents outside of the files -----------------------------------------------------------------------

    def _note_outside(self, entity: str, one: "_Pointing", counted: Counted, asking: Marks) -> None:
        positions = self._groups.of_rows[counted[asking]].astype(np.int64) * TURNS + int(self._steps.turn[entity])
        self._outside[one.reference].append(_first_of_each(one.names[asking], positions))

    def outside(self) -> Iterator[tuple[Reference, Hashes, Numbers]]:
        """By the reference that leads to them, parents by their names, and the chain and turn that asks first for each.

        Both in one number: the chain's, times `TURNS`, and the turn's.
        """
        for reference, some in self._outside.items():
            names, positions = map(np.concatenate, zip(*some, strict=True))
            yield reference, *_first_of_each(names, positions)


class _Pointing:
    """Where the rows of some columns point to by one field."""

    def __init__(self, name: str, reference: Reference, columns: Shown, named: Named) -> None:
        self.reference, self.entity = reference, reference.entity
        is_said = columns.filled(name)
        self.names = np.zeros(len(is_said), np.uint64)
        """What they call the parent, as hashes."""
        self.names[is_said] = columns.hashes(is_said, name)
        self.parents = np.full(len(is_said), NOBODY, np.uint32)
        """The parent's row, if it has one in this run."""
        self.parents[is_said] = named.first(reference.entity, self.names[is_said])
        self.is_here = self.parents != NOBODY
        self.is_outside = is_said & ~self.is_here


def _first_of_each(names: Hashes, positions: Numbers) -> tuple[Hashes, Numbers]:
    """Every name once, with the first of its *positions*."""
    order = np.lexsort((positions, names))
    names, positions = names[order], positions[order]
    is_first = np.ones(len(names), np.bool_)
    is_first[1:] = names[1:] != names[:-1]
    return names[is_first], positions[is_first]
