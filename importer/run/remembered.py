"""What the ledger remembers, in columns: its stamped records found by stamp or by key, any number at once."""

from collections.abc import Iterable
from concurrent.futures import Executor, Future
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.findings import Numbers
from importer.keys import hashed
from importer.ledger import Account, Stamped
from importer.run.stamps import BYTES, Stamps

NOWHERE = -1
"""In place of a record: there is none."""

WORTH_IT = 2_000
"""Fewer rows have had their turns before all stamps of a large ledger are read."""

NOTHING_OR_BLANK = (pa.scalar("", pa.large_string()), pa.scalar(" ", pa.large_string()))

Hashes = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.bool_]


class Memory:
    """All that the ledger of an account remembers, entity by entity; each is read once, when somebody asks for it."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._found: dict[str, Future[Remembered]] = {}

    def of(self, entity: str) -> "Remembered":
        """What it remembers of *entity*."""
        if entity not in self._found:
            found = self._found[entity] = Future()
            found.set_result(self._read(entity))
        return self._found[entity].result()

    def look_up(self, entities: Iterable[str], threads: Executor) -> None:
        """Read what is remembered of *entities* before somebody asks."""
        for entity in entities:
            self._found[entity] = threads.submit(self._read, entity)

    def keys(self, entity: str) -> pa.Array:
        """The keys of all records of *entity*, and perhaps of some that were forgotten since."""
        others = pa.array(self._account.unstamped_keys(entity), pa.large_string())
        return pa.concat_arrays([self.of(entity).keys, others])

    def _read(self, entity: str) -> "Remembered":
        return Remembered(self._account.stamped(entity))


class Remembered:
    """The stamped records of one entity, each with a place of its own."""

    def __init__(self, stamped: Stamped) -> None:
        packs = stamped.packs
        self._stamps: Stamps = np.concatenate([_two_words(pack.stamps) for pack in packs])
        self._units = np.concatenate([_numbers(pack.units) for pack in packs])
        self.keys = _texts([(pack.count, pack.keys) for pack in packs])
        self.server_ids = _texts([(pack.count, pack.server_ids) for pack in packs])
        """Number on the server; "" = none is known."""
        self.links = _texts([(pack.count, pack.links) for pack in packs])
        self._hold = self._holding(stamped)
        self._of_unit: dict[int, Numbers] = {}

    def _holding(self, stamped: Stamped) -> Marks:
        """Which of them still hold."""
        hold = np.ones(len(self.keys), np.bool_)
        if not stamped.void:
            return hold
        of_pack = np.repeat([pack.number for pack in stamped.packs], [pack.count for pack in stamped.packs])
        may_be = np.isin(self._key_hashes, hashed(pa.array([key for key, _ in stamped.void], pa.large_string())))
        for at in np.flatnonzero(may_be).tolist():
            record = (self.keys[at].as_py(), int(self._units[at]))
            hold[at] = of_pack[at] > stamped.void.get(record, 0)
        return hold

    @cached_property
    def _key_hashes(self) -> Hashes:
        return hashed(self.keys)

    def with_stamps(self, stamps: Stamps, unit: int = 1) -> Numbers:
        """For each of *stamps* the place of the record of that *unit* that has it, or `NOWHERE`."""
        found = _looked_up(stamps[:, 0], self._stamps[:, 0], self._places(unit))
        known = found != NOWHERE
        known[known] = self._stamps[found[known], 1] == stamps[known, 1]
        return np.where(known, found, NOWHERE)

    def with_keys(self, keys: pa.Array) -> Numbers:
        """For each of *keys* the place of its first unit, or `NOWHERE`; equal hashes are taken for equal keys."""
        return _looked_up(hashed(keys), self._key_hashes, self._places(1))

    def _places(self, unit: int) -> Numbers:
        """The records of that *unit* that still hold."""
        if unit not in self._of_unit:
            self._of_unit[unit] = np.flatnonzero(self._hold & (self._units == unit))
        return self._of_unit[unit]


def _looked_up(hashes: Hashes, known: Hashes, places: Numbers) -> Numbers:
    """For each of *hashes* the first of *places* at which it is *known*, or `NOWHERE`."""
    found = np.full(len(hashes), NOWHERE, np.int64)
    if len(places):
        # Two orders and one walk through both take half the time of a table of hashes.
        by_hash, order = places[np.argsort(known[places], kind="stable")], np.argsort(hashes)
        ordered = known[by_hash]
        at = np.minimum(np.searchsorted(ordered, hashes[order]), len(ordered) - 1)
        is_known = ordered[at] == hashes[order]
        found[order[is_known]] = by_hash[at[is_known]]
    return found


# --- out of packs -------------------------------------------------------------------------------------------


def _two_words(stamps: bytes) -> Stamps:
    return np.frombuffer(stamps, BYTES).reshape(-1, 2).astype(np.uint64)


def _numbers(numbers: bytes) -> npt.NDArray[np.int32]:
    return np.frombuffer(numbers, np.dtype("<i4")).astype(np.int32)


def _texts(packed: list[tuple[int, bytes]]) -> pa.Array:
    chunks = []
    for count, texts in packed:
        lengths = np.frombuffer(texts, np.dtype("<i4"), count)
        bounds = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        letters = pa.py_buffer(texts).slice(count * lengths.itemsize)
        chunks.append(pa.LargeStringArray.from_buffers(count, pa.py_buffer(bounds), letters))
    return pa.chunked_array(chunks, pa.large_string()).combine_chunks()


def joined_by_unit(first: pa.Array, further: pa.Array) -> pa.Array:
    """Numbers on the server side by side, those that are "" left out."""
    is_alone = pc.or_(pc.equal(pc.binary_length(first), 0), pc.equal(pc.binary_length(further), 0))
    return pc.binary_join_element_wise(first, further, pc.if_else(is_alone, *NOTHING_OR_BLANK))
