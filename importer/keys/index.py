"""The hashes of any number of keys, and which of them are equal.  Sorts them part by part; what is much lies on disk.

A set or a database of ten million keys takes 50 to 100 bytes a key, most of it in memory, and several times as long:
they are asked key by key, in any order, while numbers in order are read one after another.
"""

from collections.abc import Iterator
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from importer.keys.runs import PARTITIONS, Hashes, RowIds, Runs

BUDGET = 8 * 1024**2
"""Bytes held in memory, enough for half a million keys; a run has up to a dozen of indexes."""

AT_ONCE = 64 * 1024
"""So many keys are put in order at a time, few enough for the processor's cache; more only beyond 16 million keys."""

FILTER = 1 << 16


class KeyIndex:
    """Keys by their hashes, each with the number of its row.

    Equal hashes mean equal keys almost always, but never surely: what is told of them is to be confirmed by looking up
    the texts of those few rows once more.  That a hash is *not* among others is certain.

    Once all have been added, several threads may ask.
    """

    def __init__(self, *, budget: int = BUDGET) -> None:
        """With *budget*, the bytes that may be held in memory; more than these go into a temporary file."""
        self._runs = Runs(budget)
        self._waiting: list[tuple[Hashes, RowIds]] = []
        self._count = 0
        self._packing = Lock()

    def __len__(self) -> int:
        return self._count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Forget all.  The temporary file vanishes with the process at the latest, however that ends."""
        self._waiting.clear()
        self._runs.close()

    def add(self, hashes: Hashes, rows: npt.ArrayLike) -> None:
        """Take in the *hashes* of some keys (see `hashed`), and for each the whole number that stands for its row.

        Raises:
            NoRoom: the temporary file cannot be made or written.
        """
        numbers = np.asarray(rows, dtype=np.int64)
        if len(numbers) != len(hashes):
            raise ValueError(f"{len(hashes)} hashes, but {len(numbers)} rows")
        self._waiting.append((hashes, numbers))
        self._count += len(hashes)
        if sum(len(waiting) for waiting, _ in self._waiting) >= AT_ONCE:
            self._pack()

    def duplicates(self) -> Iterator[RowIds]:
        """Groups of at least two rows whose hashes are equal, each in the order in which the rows came.

        The groups come in no order.
        """
        for first, last in _parts(len(self)):
            hashes, rows = self._part(first, last)
            found = _places(hashes, _repeated(hashes))
            order = found[np.argsort(hashes[found], kind="stable")]
            bounds = np.flatnonzero(np.diff(hashes[order])) + 1
            yield from np.split(rows[order], bounds) if len(order) else ()

    def in_order(self) -> Iterator[tuple[Hashes, RowIds]]:
        """All hashes from the lowest to the highest, and beside each its row; those of one hash as the rows came.

        In portions; equal hashes are never in two of them.
        """
        for first, last in _parts(len(self)):
            hashes, rows = self._part(first, last)
            order = np.argsort(hashes, kind="stable")
            yield hashes[order], rows[order]

    def missing(self, references: "KeyIndex") -> RowIds:
        """The rows of *references* whose hash is that of no key here, from the lowest number to the highest.

        A reference to a key that is not here is overlooked if it shares the hash of another: among ten million keys
        one of two million million such references.
        """
        absent = [np.empty(0, np.int64)]
        for first, last in _parts(max(len(self), len(references))):
            keys, _ = self._part(first, last)
            hashes, rows = references._part(first, last)  # noqa: SLF001 - one of us
            absent.append(rows[_places(hashes, _without(hashes, keys))])
        return np.sort(np.concatenate(absent))

    def found(self, references: "KeyIndex") -> Iterator[tuple[RowIds, RowIds]]:
        """The rows of *references* whose hash is here, and beside each the row of the first key that has it.

        In portions, in no order.
        """
        for first, last in _parts(max(len(self), len(references))):
            keys, key_rows = self._part(first, last)
            hashes, rows = references._part(first, last)  # noqa: SLF001 - one of us
            order = np.argsort(keys, kind="stable")
            at, is_here = _looked_up(hashes, keys[order])
            yield rows[is_here], key_rows[order][at[is_here]]

    def _part(self, first: int, last: int) -> tuple[Hashes, RowIds]:
        with self._packing:
            self._pack()
        return self._runs.part(first, last)

    def _pack(self) -> None:
        if self._waiting:
            hashes, rows = zip(*self._waiting, strict=True)
            self._waiting = []
            self._runs.add(np.concatenate(hashes), np.concatenate(rows))


def _parts(count: int) -> Iterator[tuple[int, int]]:
    """Partitions that are looked at together, where there are *count* keys in all: from the first, without the last."""
    step = max(1, PARTITIONS * AT_ONCE // max(count, AT_ONCE))
    return ((first, min(first + step, PARTITIONS)) for first in range(0, PARTITIONS, step))


# --- hashes in order, each list of different ones -----------------------------------------------------------


def _repeated(hashes: Hashes) -> Hashes:
    """Those that occur more than once."""
    ordered = np.sort(hashes)
    return _different(ordered[1:][ordered[1:] == ordered[:-1]])


def _without(hashes: Hashes, others: Hashes) -> Hashes:
    """Those that are not among *others*."""
    # Looking up in order takes a twentieth of the time of looking up in any order, sorting included.
    ordered = _different(np.sort(hashes))
    _, is_there = _looked_up(ordered, np.sort(others))
    return ordered[~is_there]


def _different(ordered: Hashes) -> Hashes:
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def are_among(hashes: Hashes, ordered: Hashes) -> npt.NDArray[np.bool_]:
    """Which of *hashes* are among others that are in order."""
    found = np.zeros(len(hashes), np.bool_)
    # As above.
    order = np.argsort(hashes)
    found[order] = _looked_up(hashes[order], ordered)[1]
    return found


def _looked_up(hashes: Hashes, ordered: Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The first place of each of *hashes* in *ordered*, and whether it is there at all."""
    if not len(ordered):
        return np.zeros(len(hashes), np.int64), np.zeros(len(hashes), np.bool_)
    at = np.minimum(np.searchsorted(ordered, hashes), len(ordered) - 1)
    return at, ordered[at] == hashes


def _places(hashes: Hashes, wanted: Hashes) -> npt.NDArray[np.int64]:
    """Where in *hashes* those stand that are *wanted*, which are in order and few, as a rule."""
    # Nearly all that are not wanted differ from them in their last two bytes, which is quickly seen.
    may_be = np.zeros(FILTER, np.bool_)
    may_be[wanted.astype(np.uint16)] = True
    candidates = np.flatnonzero(may_be[hashes.astype(np.uint16)])
    _, is_wanted = _looked_up(hashes[candidates], wanted)
    return candidates[is_wanted]
