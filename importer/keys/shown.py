"""Columns of some rows as several questions look at them: what two of them want to know is worked out once."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.keys.hashes import Hashes, beside, hashed

Mask = npt.NDArray[np.bool_]


class Shown(Mapping[str, pa.Array]):
    """Columns of some rows, by the names of their fields."""

    def __init__(self, columns: Mapping[str, pa.Array]) -> None:
        self._columns = columns
        self._filled: dict[str, Mask] = {}
        self._hashes: dict[str, Hashes] = {}

    def __getitem__(self, name: str) -> pa.Array:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def filled(self, *names: str) -> Mask:
        """Which rows have something in all columns of *names*."""
        together: Mask = np.logical_and.reduce([self._has(name) for name in names])
        return together

    def hashes(self, rows: Mask, *names: str) -> Hashes:
        """One number for what the columns *names* say together, for each of *rows*."""
        found = beside(*(self._hashes_of(name) for name in names))
        return found if rows.all() else found[rows]

    def _has(self, name: str) -> Mask:
        if name not in self._filled:
            self._filled[name] = self._columns[name].is_valid().to_numpy(zero_copy_only=False)
        return self._filled[name]

    def _hashes_of(self, name: str) -> Hashes:
        if name not in self._hashes:
            self._hashes[name] = hashed(self._columns[name])
        return self._hashes[name]
