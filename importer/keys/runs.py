"""Where hashes and row numbers wait until they are compared: in memory, and beyond a budget in a temporary file.

They are kept in partitions by the first byte of the hash, so that equal ones meet when one partition after another is
read.  The file has no name (on Windows it vanishes when it is closed), so that not even a crash leaves anything behind.
"""

import tempfile
from dataclasses import dataclass
from threading import Lock
from typing import IO

import numpy as np
import numpy.typing as npt

from importer.kept import no_room

Hashes = npt.NDArray[np.uint64]
RowIds = npt.NDArray[np.int64]

PARTITIONS = 256
FIRST_BYTE = np.uint64(56)
"""How far a hash is shifted to tell its partition."""

SIZE = 8
"""Bytes of a hash, and of a row's number."""


class Runs:
    """Runs of keys, each in the order of its partitions; those for which *budget* bytes do not suffice in a file."""

    def __init__(self, budget: int) -> None:
        self._left = budget
        self._runs: list[_Run] = []
        self._file: IO[bytes] | None = None
        self._at_file = Lock()
        """Whoever reads moves the place at which is read."""

    def add(self, hashes: Hashes, rows: RowIds) -> None:
        """Keep one more run.

        Raises:
            NoRoom: the temporary file cannot be made or written.
        """
        partitions = (hashes >> FIRST_BYTE).astype(np.uint8)
        order = np.argsort(partitions, kind="stable")
        bounds = np.concatenate([[0], np.cumsum(np.bincount(partitions, minlength=PARTITIONS))])
        run = _Held(bounds, hashes.take(order), rows.take(order))
        self._left -= 2 * SIZE * len(hashes)
        self._runs.append(run if self._left >= 0 else self._written(run))

    def part(self, first: int, last: int) -> tuple[Hashes, RowIds]:
        """All keys of the partitions from *first* up to *last*, without it; those of one hash as they came."""
        with self._at_file:
            found = [run.part(first, last) for run in self._runs]
        hashes = [np.empty(0, np.uint64), *(hashes for hashes, _ in found)]
        rows = [np.empty(0, np.int64), *(rows for _, rows in found)]
        return np.concatenate(hashes), np.concatenate(rows)

    def close(self) -> None:
        """Forget all."""
        self._runs.clear()
        if self._file:
            self._file.close()

    def _written(self, run: "_Held") -> "_Written":
        try:
            self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
            at = self._file.seek(0, 2)
            self._file.write(run.hashes.data)
            self._file.write(run.rows.data)
            self._file.flush()
        except OSError as error:
            raise no_room(error) from error
        return _Written(run.bounds, self._file, at)


@dataclass(frozen=True, slots=True)
class _Held:
    """A run in memory."""

    bounds: npt.NDArray[np.int64]
    """Where each partition begins, and where the last one ends."""
    hashes: Hashes
    rows: RowIds

    def part(self, first: int, last: int) -> tuple[Hashes, RowIds]:
        start, stop = self.bounds[first], self.bounds[last]
        return self.hashes[start:stop], self.rows[start:stop]


@dataclass(frozen=True, slots=True)
class _Written:
    """A run on disk: its hashes, then its rows' numbers."""

    bounds: npt.NDArray[np.int64]
    file: IO[bytes]
    at: int

    def part(self, first: int, last: int) -> tuple[Hashes, RowIds]:
        start, stop, count = self.bounds[[first, last, -1]].tolist()
        self.file.seek(self.at + SIZE * start)
        hashes = self.file.read(SIZE * (stop - start))
        self.file.seek(self.at + SIZE * (count + start))
        rows = self.file.read(SIZE * (stop - start))
        return np.frombuffer(hashes, np.uint64), np.frombuffer(rows, np.int64)


_Run = _Held | _Written
