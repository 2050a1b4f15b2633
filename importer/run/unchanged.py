"""Which rows are unchanged for sure: told in columns, by their stamps in the ledger, before any row is put together.

A row is, if all its records were confirmed with this content and nothing of them is under way, if the rows it points to
are the same records as then, and if all rows of its chain are unchanged as well, but for those that the check keeps out
and that no other can need: a bad item does not hold up its order.  Whatever cannot be told so is left to its
turn, which comes to the same result for these rows, only later: without a request, with nothing to note.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import Numbers
from importer.keys import hashed
from importer.model import CheckedSheet, Outcome, Status, Where
from importer.outcomes import EndedAlike
from importer.plan import WAVES, Grouped
from importer.plan.grouping import WAVE_OF, bystanders
from importer.plan.named import NOBODY
from importer.rows import Rows, in_columns
from importer.run.quantity import QUANTITY, records_by
from importer.run.remembered import NOWHERE, WORTH_IT, Marks, Memory, Remembered, joined_by_unit
from importer.run.row_keys import keys_of
from importer.run.stamps import Stamps
from schemas import entity_named
from schemas.entity import Entity, Field

ORDER = "order_id"
SHIPMENTS, ORDERS = "shipments", "orders"
BOARDING = "boarding_complete"
"""The link of an order whose boarding was completed without its sheet saying so."""

AT_ONCE = 16_384
"""So many rows are told together."""


class UnchangedRows:
    """The rows of a run that are unchanged; none, unless somebody looked for them."""

    def __init__(
        self,
        sheets: Sequence[CheckedSheet],
        groups: Grouped,
        stamps: Sequence[Stamps | None],
        memory: Memory,
        *,
        complete_boarding: bool,
    ) -> None:
        self._rows = [in_columns(sheet.rows) for sheet in sheets]
        self._entities = [sheet.entity.name if sheet.entity else "" for sheet in sheets]
        self._groups = groups
        self._stamps = stamps
        self._memory = memory
        self._completes = complete_boarding
        self._numbers: dict[int, Numbers] = {}
        """Of the sheets some of whose rows may be unchanged: what the spreadsheet shows beside each row."""
        self._starts = groups.book.starts
        self._are = np.zeros(self._starts[-1], np.bool_)
        """For every row, counted through all sheets, whether it is unchanged."""
        self._records = np.full(self._starts[-1], NOWHERE, np.int64)
        """Likewise, the place of its first record among those of its entity."""
        self._quantities: dict[int, npt.NDArray[np.int64]] = {}
        """Of the sheets that have some: how many records each row is."""
        if self._starts[-1] >= WORTH_IT:
            self._beside = bystanders(groups)
            for entities in WAVES:
                self._look(entities)

    @property
    def marks(self) -> tuple[Marks, ...]:
        """For each sheet, by the places of its rows, which of them are unchanged."""
        return tuple(self._are[self._of(sheet)] for sheet in range(len(self._rows)))

    def told(self, left_out: Sequence[Marks], *, with_numbers: bool) -> Iterator[EndedAlike]:
        """What is to be told of the rows that are *left_out* of the plan, some thousands at a time.

        Their numbers on the server are told *with_numbers* only.
        """
        for sheet, marks in enumerate(left_out):
            places = np.flatnonzero(marks)
            for first in range(0, len(places), AT_ONCE):
                yield self._told(sheet, places[first : first + AT_ONCE], with_numbers=with_numbers)

    def _told(self, sheet: int, places: Numbers, *, with_numbers: bool) -> EndedAlike:
        rows, known = self._rows[sheet], self._memory.of(self._entities[sheet])
        records = pa.array(self._records[self._starts[sheet] + places])
        server_ids = known.server_ids.take(records) if with_numbers else pa.array([""] * len(places), pa.large_string())
        if with_numbers and sheet in self._quantities:
            stamps, quantities = self._stamps[sheet], self._quantities[sheet][places]
            assert stamps is not None
            for unit in range(2, int(quantities.max(initial=1)) + 1):
                at = np.flatnonzero(quantities >= unit)
                further = known.server_ids.take(pa.array(known.with_stamps(stamps[places[at]], unit)))
                joined = joined_by_unit(server_ids.take(pa.array(at)), further)
                server_ids = pc.replace_with_mask(server_ids, pa.array(quantities >= unit), joined)
        numbers = self._numbers[sheet][places]
        keys = known.keys.take(records)
        return EndedAlike(Status.UNCHANGED, self._entities[sheet], rows.place, numbers, keys, server_ids)

    def _of(self, sheet: int) -> slice:
        return slice(self._starts[sheet], self._starts[sheet + 1])

    # --- wave by wave, since rows need those of earlier waves -----------------------------------------------

    def _look(self, entities: Sequence[str]) -> None:
        sheets = [sheet for sheet, entity in enumerate(self._entities) if entity in entities]
        for sheet in sheets:
            self._match(sheet)
        for sheet in sheets:
            self._compare_links(sheet)
        changed = np.zeros(self._groups.count, np.bool_)
        for sheet in sheets:
            open_rows = ~(self._are | self._beside)[self._of(sheet)]
            changed[self._groups.numbers[sheet][open_rows]] = True
        for sheet in sheets:
            self._are[self._of(sheet)] &= ~changed[self._groups.numbers[sheet]]

    def _match(self, sheet: int) -> None:
        """Find the records of the sheet's rows."""
        stamps, rows, known = self._stamps[sheet], self._rows[sheet], self._memory.of(self._entities[sheet])
        if stamps is None:
            return
        found = known.with_stamps(stamps)
        self._records[self._of(sheet)] = found
        self._numbers[sheet] = rows.all_numbers
        are = (found != NOWHERE) & ~rows.kept_out
        if rows.letters(QUANTITY):
            quantities = self._quantities[sheet] = records_by(_column(rows, QUANTITY))
            for unit in range(2, int(quantities.max(initial=1)) + 1):
                several = np.flatnonzero(are & (quantities >= unit))
                others = known.with_stamps(stamps[several], unit)
                same = others != NOWHERE
                same[same] = _equal(known.links, others[same], known.links, found[several[same]])
                are[several[~same]] = False
        self._are[self._of(sheet)] = are

    # --- what a row points to -------------------------------------------------------------------------------

    def _compare_links(self, sheet: int) -> None:
        """Leave those whose parents are unchanged, too, or known to the ledger, and the records they were linked to."""
        entity, rows, are = entity_named(self._entities[sheet]), self._rows[sheet], self._are[self._of(sheet)]
        if not are.any():
            return
        is_linked = np.zeros(len(rows), np.bool_)
        for field in entity.references:
            if field.name == ORDER and self._orders_are_here(sheet)[are].all():
                continue
            texts = _column(rows, field.name)
            points = np.flatnonzero(are & texts.is_valid().to_numpy(zero_copy_only=False))
            if len(points):
                are[points] = self._are_there(sheet, field, points, texts.take(pa.array(points)))
                is_linked[points] |= bool(field.reference and field.reference.sends_server_id)
        if self._completes and entity.name == ORDERS:
            self._compare_boarding(sheet, is_linked)
        known = self._memory.of(entity.name)
        alone = np.flatnonzero(are & ~is_linked)
        records = self._records[self._of(sheet)][alone]
        are[alone] = pc.binary_length(known.links).to_numpy()[records] == 0

    def _orders_are_here(self, sheet: int) -> Marks:
        """Whether each row's order is of this run: it is of the same chain then, which stands or falls together."""
        here: Marks = self._chains_with(ORDERS)[self._groups.numbers[sheet]]
        return here

    def _chains_with(self, entity: str) -> Marks:
        """By their numbers, which chains have rows of *entity*."""
        found = np.zeros(self._groups.count, np.bool_)
        for sheet, of in enumerate(self._entities):
            if of == entity:
                found[self._groups.numbers[sheet]] = True
        return found

    def _are_there(self, sheet: int, field: Field, points: Numbers, names: pa.Array) -> Marks:
        """Whether the parents of some rows are in, as they were, and the ones whose number was sent."""
        reference = field.reference
        assert reference is not None
        different = names.dictionary_encode()  # a million items name some thousand products
        named = self._groups.named.first(reference.entity, hashed(different.dictionary)).astype(np.int64)
        parents = named[different.indices.to_numpy()]
        here = parents != NOBODY
        are, records = np.zeros(len(points), np.bool_), np.full(len(points), NOWHERE, np.int64)
        are[here] = self._are[parents[here]] & self._go_before(sheet, points[here], reference.entity, parents[here])
        records[here] = self._records[parents[here]]
        known = self._memory.of(reference.entity)
        if not here.all():
            parent = entity_named(reference.entity)
            records[~here] = _by_name(known, parent, reference.fields, names.filter(pa.array(~here)))
            are[~here] = records[~here] != NOWHERE
        has_number = pc.binary_length(known.server_ids).to_numpy() > 0
        are[~here & are] = has_number[records[~here & are]]
        if reference.sends_server_id:
            ours = self._memory.of(self._entities[sheet])
            linked = self._records[self._of(sheet)][points[are]]
            are[are] = _equal(ours.links, linked, known.server_ids, records[are])
        return are

    def _go_before(self, sheet: int, points: Numbers, parent: str, parents: Numbers) -> Marks | np.bool_:
        """Whether the parents of some rows have their turns before these: those of other orders may not."""
        if WAVE_OF[parent] < WAVE_OF[self._entities[sheet]]:
            return np.True_
        chains = self._groups.of_rows
        before: Marks = chains[parents] == self._groups.numbers[sheet][points]
        return before

    def _compare_boarding(self, sheet: int, is_linked: Marks) -> None:
        """Leave those orders that were completed as they would be now."""
        rows, are = self._rows[sheet], self._are[self._of(sheet)]
        shipped = self._chains_with(SHIPMENTS)
        is_blank = pc.equal(pc.binary_length(_written(rows, BOARDING)), 0).to_numpy(zero_copy_only=False)
        # What was written there and yet means nothing may be a word for a blank, or for clearing it.
        are &= is_blank | _column(rows, BOARDING).is_valid().to_numpy(zero_copy_only=False)
        completed = np.flatnonzero(are & is_blank & shipped[self._groups.numbers[sheet]])
        links = self._memory.of(ORDERS).links.take(pa.array(self._records[self._of(sheet)][completed]))
        are[completed] = pc.equal(links, BOARDING).to_numpy(zero_copy_only=False)
        is_linked[completed] = True


def as_outcomes(those: EndedAlike, sheets: Sequence[CheckedSheet]) -> Iterator[Outcome]:
    """*those* one by one, for whoever wants the rows."""
    sheet = next(
        sheet for sheet in sheets if sheet.entity and sheet.entity.name == those.entity and _place(sheet) == those.sheet
    )
    rows = in_columns(sheet.rows)
    places = np.searchsorted(rows.all_numbers, those.rows)
    for row, numbers in zip(rows.some(places), those.server_ids.to_pylist(), strict=True):
        yield those.outcome(row, numbers)


def _place(sheet: CheckedSheet) -> Where:
    return in_columns(sheet.rows).place


def _column(rows: Rows, name: str) -> pa.Array:
    return pa.chunked_array((part[name] for part in rows.columns([name])), pa.large_string()).combine_chunks()


def _written(rows: Rows, name: str) -> pa.Array:
    return pa.chunked_array(rows.written(name), pa.large_string()).combine_chunks().fill_null("")


def _equal(some: pa.Array, at: Numbers, others: pa.Array, there: Numbers) -> Marks:
    same: Marks = pc.equal(some.take(pa.array(at)), others.take(pa.array(there))).to_numpy(zero_copy_only=False)
    return same


def _by_name(known: Remembered, entity: Entity, fields: Sequence[str], names: pa.Array) -> Numbers:
    """The records of *entity* whose key may be one of *names*; none where two may be."""
    found = np.full(len(names), NOWHERE, np.int64)
    for field in fields:
        records = known.with_keys(keys_of(entity, field, names))
        is_second = (found != NOWHERE) & (records != NOWHERE)
        found = np.where(is_second, NOWHERE, np.where(found == NOWHERE, records, found))
    return found
