"""Rows that name rows of other sheets: whether these are there, and whether it is clear which one is meant."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from importer.findings import NONE, Finding, Numbers
from importer.keys import KeyIndex, Shown, hashed
from importer.model import Problem, Severity
from importer.plan.book import ALIKE, SHEET, Book, Question, Said
from schemas import ENTITIES, entity_named
from schemas.entity import Entity, Field
from schemas.nearest import nearest

MOST_NAMES_TO_COMPARE = 5_000
"""A near name for a missing parent is only looked for among so many; it is a courtesy, not a check."""

SHIPMENTS = "shipments"
ORDER = "order_id"


class Names(Question):
    """What the rows that others refer to are called: each by the values of one field, a shipment by two."""

    def __init__(self, book: Book) -> None:
        self._book = book
        references = [field.reference for entity in ENTITIES for field in entity.references if field.reference]
        self._fields = {reference.entity: reference.fields for reference in references}
        self._indexes = {entity: KeyIndex() for entity in self._fields}
        self._few: dict[str, dict[str, None]] = {entity: {} for entity in self._fields}
        self._ambiguous: dict[str, dict[str, Numbers]] = {}
        self._near: dict[tuple[str, str], str] = {}

    def columns(self, entity: str) -> Collection[str]:
        """The fields whose values are names."""
        return self._fields.get(entity, ())

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:
        """Keep the hashes of names; the names themselves while they are few."""
        for name in self._fields[entity]:
            wanted = columns.filled(name)
            self._indexes[entity].add(columns.hashes(wanted, name), rows[wanted])
            if self._are_few:
                self._few[entity].update(dict.fromkeys(columns[name].drop_null().to_pylist()))

    @property
    def _are_few(self) -> bool:
        return sum(map(len, self._few.values())) <= MOST_NAMES_TO_COMPARE

    def index(self, entity: str) -> KeyIndex:
        """The rows of *entity* by the hashes of their names."""
        return self._indexes[entity]

    def nearest(self, entity: str, name: str) -> str:
        """A name that may have been meant; "" = none is near, or there are too many to look."""
        if not self._are_few:
            return ""
        if (entity, name) not in self._near:
            self._near[entity, name] = nearest(name, self._few[entity])
        return self._near[entity, name]

    def ambiguous(self, entity: str) -> Mapping[str, Numbers]:
        """The names that rows of *entity* with different keys share, and these rows."""
        if entity not in self._ambiguous:
            self._ambiguous[entity] = dict(self._shared(entity_named(entity)))
        return self._ambiguous[entity]

    def _shared(self, entity: Entity) -> Iterator[tuple[str, Numbers]]:
        alike = list(self._indexes[entity.name].duplicates())
        if not alike:
            return
        rows = np.unique(np.concatenate(alike))
        names = zip(*(self._book.texts(field, rows).to_pylist() for field in self._fields[entity.name]), strict=True)
        called: defaultdict[str, list[int]] = defaultdict(list)
        for at, of_row in enumerate(names):
            for name in dict.fromkeys(of_row):
                if name is not None:
                    called[name].append(at)
        keys = self._book.keys(entity, rows)
        for name, those in called.items():
            if len({keys[at] for at in those}) > 1:
                yield name, rows[those]


class References(Question):
    """Rows that name rows of another entity in one of their fields."""

    def __init__(self, book: Book, names: Names, entity: Entity, field: Field) -> None:
        assert field.reference is not None
        self._book = book
        self._names = names
        self._entity = entity
        self._field = field
        self._parent = entity_named(field.reference.entity)
        self._is_brought = book.brings(self._parent.name)
        self._named = KeyIndex()
        self._elsewhere: defaultdict[int, int] = defaultdict(int)
        """Sheet -> rows that name one of the entity, of which no row is here."""

    def columns(self, entity: str) -> Collection[str]:
        """The field."""
        return (self._field.name,) if entity == self._entity.name else ()

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:  # noqa: ARG002 - of one entity
        """Keep the hashes of the names."""
        wanted = columns.filled(self._field.name)
        if self._is_brought:
            self._named.add(columns.hashes(wanted, self._field.name), rows[wanted])
        elif wanted.any():
            self._elsewhere[int(rows[0]) >> SHEET] += int(wanted.sum())

    def notes(self) -> Iterator[tuple[int, Problem]]:
        """One note for each sheet whose rows all name what is in none of these files."""
        for sheet, count in self._elsewhere.items():
            where = replace(self._book.place(sheet), column=self._book.letters(sheet, self._field.name))
            facts = {"entity": self._parent.sheet, "count": f"{count:,}"}
            yield sheet, Problem(where, "all_references_elsewhere", facts, self._field.name, severity=Severity.NOTE)

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """A note where there is no such row here, an error where two have that name."""
        if self._is_brought:
            yield from self._not_here()
            yield from self._ambiguous()

    def _not_here(self) -> Iterator[tuple[int, Finding]]:
        rows = self._names.index(self._parent.name).missing(self._named)
        texts = self._book.texts(self._field.name, rows)

        def said(at: int) -> Said:
            name = texts[at].as_py()
            facts = {"entity": self._parent.sheet, "value": name}
            return Said("reference_not_here", facts, self._names.nearest(self._parent.name, name))

        yield from self._book.findings(rows, self._field, Severity.NOTE, said, ALIKE)

    def _ambiguous(self) -> Iterator[tuple[int, Finding]]:
        shared = self._names.ambiguous(self._parent.name)
        rows = named_by(self._named, list(shared))
        texts = self._book.texts(self._field.name, rows).to_pylist()
        sure = np.flatnonzero([text in shared for text in texts])

        def said(at: int) -> Said:
            name = str(texts[sure[at]])
            return Said("reference_ambiguous", {"value": name, "others": self._book.places(shared[name])})

        yield from self._book.findings(rows[sure], self._field, Severity.ERROR, said, ALIKE)


def named_by(references: KeyIndex, names: Sequence[str]) -> Numbers:
    """The rows of *references* that name one of *names*, but for a chance; in order."""
    if not names:
        return NONE
    index = KeyIndex()
    index.add(hashed(pa.array(names, pa.large_string())), np.arange(len(names)))
    return np.sort(np.concatenate([NONE, *(rows for rows, _ in index.found(references))]))


class OtherOrders(Question):
    """Rows of an order that name a shipment of another order."""

    def __init__(self, book: Book, names: Names, entity: Entity, field: Field) -> None:
        self._book = book
        self._names = names
        self._entity = entity
        self._field = field
        self._named = KeyIndex()
        self._shipped = KeyIndex()

    def columns(self, entity: str) -> Collection[str]:
        """The order and what the shipment is called, on both sides; nothing where there is only one."""
        if not self._book.brings(SHIPMENTS):
            return ()
        if entity == self._entity.name:
            return (self._field.name, ORDER)
        return (*self._called, ORDER) if entity == SHIPMENTS else ()

    @property
    def _called(self) -> tuple[str, ...]:
        assert self._field.reference is not None
        return self._field.reference.fields

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:
        """Keep the hashes of a shipment's name and its order together."""
        is_shipment = entity == SHIPMENTS
        for name in self._called if is_shipment else (self._field.name,):
            wanted = columns.filled(name, ORDER)
            index = self._shipped if is_shipment else self._named
            index.add(columns.hashes(wanted, name, ORDER), rows[wanted])

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """An error that names the shipment's order."""
        rows, parents = self._candidates()
        name, ours = (self._book.texts(field, rows).to_pylist() for field in (self._field.name, ORDER))
        theirs = self._book.texts(ORDER, parents).to_pylist()
        called = list(zip(*(self._book.texts(field, parents).to_pylist() for field in self._called), strict=True))
        shared = self._names.ambiguous(SHIPMENTS)
        sure = np.flatnonzero([
            name[at] in called[at] and name[at] not in shared and theirs[at] not in {None, ours[at]}
            for at in range(len(rows))
        ])  # fmt: skip

        def said(at: int) -> Said:
            return Said("shipment_of_other_order", {"other": str(theirs[sure[at]])})

        yield from self._book.findings(rows[sure], self._field, Severity.ERROR, said)

    def _candidates(self) -> tuple[Numbers, Numbers]:
        """Rows whose shipment is here, though not with their order, and that shipment; few, as a rule."""
        others = self._shipped.missing(self._named)
        index = KeyIndex()
        index.add(hashed(self._book.texts(self._field.name, others)), others)
        found = list(self._names.index(SHIPMENTS).found(index))
        rows = np.concatenate([NONE, *(rows for rows, _ in found)])
        parents = np.concatenate([NONE, *(parents for _, parents in found)])
        order = np.argsort(rows)
        return rows[order], parents[order]
