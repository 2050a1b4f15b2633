"""Rows found by what other rows call them: sorted hashes, and their numbers; a few bytes for each name.

Equal hashes are equal names but for a chance, so whoever needs to be sure looks at the texts of the row that is found.
"""

from collections.abc import Collection

import numpy as np

from importer.findings import Numbers
from importer.keys import Shown
from importer.plan.book import Book, Counted, Hashes, Question
from schemas import ENTITIES

NOBODY = np.iinfo(np.uint32).max
"""In place of a row: there is none."""


class Named(Question):
    """What the rows are called that others of the same run may refer to: a shipment has two names, all others one."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._fields = {
            reference.entity: reference.fields
            for entity in ENTITIES
            if book.brings(entity.name)
            for reference in (field.reference for field in entity.references)
            if reference and book.brings(reference.entity)
        }
        self._waiting: dict[str, list[tuple[Hashes, Counted]]] = {entity: [] for entity in self._fields}
        self._sorted: dict[str, tuple[Hashes, Counted]] = {}

    def columns(self, entity: str) -> Collection[str]:
        """The fields whose values are names."""
        return self._fields.get(entity, ())

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:
        """Keep the hashes of names."""
        counted = self._book.counted(rows)
        for name in self._fields[entity]:
            wanted = columns.filled(name)
            self._waiting[entity].append((columns.hashes(wanted, name), counted[wanted]))

    def first(self, entity: str, names: Hashes) -> Counted:
        """For each of the *names* the first row of *entity* that has it, or `NOBODY`."""
        found = np.full(len(names), NOBODY, dtype=np.uint32)
        known, rows = self._of(entity)
        if len(known):
            # Looking up in order takes a fraction of the time of looking up in any order, sorting included.
            order = np.argsort(names)
            ordered = names[order]
            at = np.minimum(np.searchsorted(known, ordered), len(known) - 1)
            is_known = known[at] == ordered
            found[order[is_known]] = rows[at[is_known]]
        return found

    def all(self, entity: str, name: np.uint64) -> Counted:
        """The rows of *entity* that have the *name*, from the first to the last."""
        known, rows = self._of(entity)
        return rows[np.searchsorted(known, name) : np.searchsorted(known, name, side="right")]

    def _of(self, entity: str) -> tuple[Hashes, Counted]:
        """All names of an entity in the order of their hashes, those of one hash in the order of their rows."""
        if entity not in self._sorted:
            waiting = self._waiting.pop(entity, [])
            known = np.concatenate([np.array([], np.uint64), *(some for some, _ in waiting)])
            rows = np.concatenate([np.array([], np.uint32), *(some for _, some in waiting)])
            del waiting
            order = np.lexsort((rows, known))
            self._sorted[entity] = known[order], rows[order]
        return self._sorted[entity]
