"""The rows that other rows point to, found when these have their turn."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from importer.keys import hashed
from importer.model import Row
from importer.plan.book import Book, Counted, Hashes
from importer.plan.named import NOBODY, Named
from schemas import ENTITIES
from schemas.cells import CLEAR
from schemas.entity import Field

MOST_KEPT = 5_000
"""So many rows of other chains are kept, for many rows in turn need the same: products, as a rule."""

Name = tuple[str, str]
"""An entity, and what rows call one of its rows."""

POINTING = {
    entity.name: tuple((field, field.name, field.reference.entity) for field in entity.references if field.reference)
    for entity in ENTITIES
}
NAMES = {
    field.reference.entity: field.reference.fields
    for entity in ENTITIES
    for field in entity.references
    if field.reference
}


def names_in(row: Row) -> Iterator[tuple[Field, Name]]:
    """The fields in which *row* points to others, and to which; a cell to be cleared points nowhere."""
    for field, column, entity in POINTING[row.entity]:
        value = row.values.get(column)
        if value is not None and value is not CLEAR:
            yield field, (entity, str(value))


class ParentRows:
    """Finds them among all rows of a run."""

    def __init__(self, book: Book, named: Named) -> None:
        self._book = book
        self._named = named
        self._kept: dict[Name, Row] = {}

    def of(self, rows: Sequence[Row], counted: Counted) -> Mapping[Name, Row | None]:
        """For every name in *rows*, whose numbers are *counted*, the first row that has it; None = no such row."""
        here = dict(zip(counted.tolist(), rows, strict=True))
        wanted = dict.fromkeys(name for row in rows for _, name in names_in(row))
        found: dict[Name, Row | None] = {name: self._kept[name] for name in wanted if name in self._kept}
        for entity in NAMES:
            names = [name for of, name in wanted if of == entity and (of, name) not in found]
            found |= self._found(entity, names, here) if names else {}
        return found

    def _found(self, entity: str, names: Sequence[str], here: Mapping[int, Row]) -> Iterator[tuple[Name, Row | None]]:
        """The rows of *entity* with some *names*: those that are *here*, or else got from their sheets."""
        numbers = self._named.first(entity, _hashes(names))
        elsewhere = np.array([at for at in np.unique(numbers).tolist() if at != NOBODY and at not in here], np.uint32)
        known = dict(zip(elsewhere.tolist(), self._book.some(elsewhere), strict=True))
        for name, number in zip(names, numbers.tolist(), strict=True):
            row = here.get(number) or known.get(number)
            if row is not None and not _is_called(row, name):
                row = self._with_that_hash(entity, name)
            if row is not None and number not in here:
                self._keep((entity, name), row)
            yield (entity, name), row

    def _with_that_hash(self, entity: str, name: str) -> Row | None:
        """The first row with the *name* itself, where another one shares its hash."""
        rows = self._book.some(self._named.all(entity, _hashes([name])[0]))
        return next((row for row in rows if _is_called(row, name)), None)

    def _keep(self, name: Name, row: Row) -> None:
        if len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[name] = row


def _hashes(names: Sequence[str]) -> Hashes:
    return hashed(pa.array(names, pa.large_string()))


def _is_called(row: Row, name: str) -> bool:
    values = (row.values.get(field) for field in NAMES[row.entity])
    return any(value is not None and value is not CLEAR and str(value) == name for value in values)
