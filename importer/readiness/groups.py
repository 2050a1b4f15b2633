"""Rows that stand group by group, such as those of one order after another, and what is true of each group."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from importer.findings import Numbers
from importer.readiness.marks import Mask


class Groups:
    """The groups of rows whose *hashes*, which are in order, are equal.

    Equal hashes are equal texts but for a chance: among ten million orders, two are taken for one in one of 400,000
    runs, and a sentence counts one too few.  Nothing is rejected or sent by it.
    """

    def __init__(self, hashes: npt.NDArray[np.uint64]) -> None:
        begins = np.ones(len(hashes), dtype=np.bool_)
        begins[1:] = hashes[1:] != hashes[:-1]
        self.starts: Numbers = np.flatnonzero(begins)
        """Where each begins."""
        self._begins = begins

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def of(self) -> Numbers:
        """The group of each row."""
        of: Numbers = np.cumsum(self._begins) - 1
        return of

    def any(self, rows: Mask) -> Mask:
        """Which groups have some of *rows*."""
        found = np.zeros(len(self), dtype=np.bool_)
        found[self.of[rows]] = True
        return found

    def first(self, rows: Mask) -> Numbers:
        """For each group where the first of *rows* stands; for one that has none of them, anything."""
        at = np.flatnonzero(rows)[::-1]
        found = self.starts.copy()
        found[self.of[at]] = at
        return found
