"""Which rows go one after another: every row of a run gets the number of its chain, in columns and without any row.

Rows of one order have one number, for they must never race; the steps of a chain are `importer.plan.order`'s business.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from importer.findings import NONE, Numbers
from importer.keys import KeyIndex, Shown
from importer.model import CheckedSheet
from importer.plan.book import Book, Counted, Hashes, Question
from importer.plan.named import NOBODY, Named
from importer.plan.references import ORDER, SHIPMENTS
from schemas import ENTITIES

WAVES = (("products",), ("product_images",), ("orders", "order_states", "order_items", "shipments", "shipment_events"))
WAVE_OF = {entity: at for at, entities in enumerate(WAVES) for entity in entities}

SKU, SHIPMENT = "sku", "shipment_reference"
EVENTS = "shipment_events"

TOGETHER = {
    entity.name: (SHIPMENT,) if entity.name == EVENTS else tuple(name for name in (ORDER, SKU) if name in entity.names)
    for entity in ENTITIES
}
"""What keeps the rows of an entity beside others, the first that is filled: an event goes with its shipment."""

LEAVES = frozenset(entity.name for entity in ENTITIES) - {
    field.reference.entity for entity in ENTITIES for field in entity.references if field.reference
}
"""Entities to whose rows no others point."""

APART = dict(zip((ORDER, SKU, SHIPMENT), np.array([0, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64), strict=True))
"""What hashes are mixed with, so that an order is not taken for the product of that name."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """The chains of a run, numbered in the order of work: wave by wave, in each as their first rows stand."""

    of_rows: Counted
    """The number of every row's chain, counted through all sheets; equal numbers mean one chain.

    By a chance of hashes two orders may share one; their texts part them when the chain's rows are put together.
    """
    waves: tuple[range, ...]
    """The numbers of each wave's chains."""
    book: Book = field(repr=False)
    named: Named = field(repr=False)
    """The rows by what others call them."""

    @property
    def count(self) -> int:
        """How many chains there are."""
        return sum(map(len, self.waves))

    @property
    def numbers(self) -> tuple[Counted, ...]:
        """The same for each sheet, by the places of its rows."""
        return tuple(self.of_rows[first:end] for first, end in pairwise(self.book.starts))


def grouped(sheets: Sequence[CheckedSheet]) -> Grouped:
    """The chains of all rows of *sheets*; a row that has no order and no product is one by itself."""
    book = Book(sheets)
    named, speakers = Named(book), _Speakers(book)
    book.ask([named, speakers])
    return Grouped(*_numbered(book, *speakers.of_all(named)), book, named)


def bystanders(groups: Grouped) -> npt.NDArray[np.bool_]:
    """For every row, counted through all sheets, whether it is kept out and no other row can need it.

    What becomes of the others of its chain is the same as without it.
    """
    kept_out, found = groups.book.kept_out(), np.zeros(len(groups.of_rows), np.bool_)
    for first, end in groups.book.spans(LEAVES):
        found[first:end] = kept_out[first:end]
    return found


class _Speakers(Question):
    """Finds for every row one that speaks for its chain."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._indexes = [KeyIndex() for _ in WAVES]
        self._events: list[tuple[Hashes, Counted]] = [(np.array([], np.uint64), np.array([], np.uint32))]

    def columns(self, entity: str) -> Collection[str]:
        """What keeps its rows together."""
        return TOGETHER.get(entity, ())

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:
        """Keep the hashes."""
        counted, left = self._book.counted(rows), np.ones(len(rows), np.bool_)
        for name in TOGETHER[entity]:
            wanted = left & columns.filled(name)
            found = columns.hashes(wanted, name), counted[wanted]
            if name == SHIPMENT:
                self._events.append(found)
            else:
                self._keep(entity, name, *found)
            left &= ~wanted

    def _keep(self, entity: str, name: str, texts: Hashes, rows: Counted) -> None:
        self._indexes[WAVE_OF[entity]].add(texts ^ APART[name], rows)

    def of_all(self, named: Named) -> tuple[Counted, Counted]:
        """For every row one that speaks for its chain, and where the first of those stands for which it speaks."""
        texts, events = map(np.concatenate, zip(*self._events, strict=True))
        shipments = named.first(SHIPMENTS, texts)
        is_here = shipments != NOBODY
        self._keep(EVENTS, SHIPMENT, texts[~is_here], events[~is_here])
        speaker = np.arange(self._book.starts[-1], dtype=np.uint32)
        for index in self._indexes:
            with index:
                for rows, first in index.found(index):
                    speaker[rows] = first
        speaker[events[is_here]] = speaker[shipments[is_here]]
        earliest = np.arange(len(speaker), dtype=np.uint32)
        np.minimum.at(earliest, speaker[events], events)
        return speaker, earliest


def _numbered(book: Book, speaker: Counted, earliest: Counted) -> tuple[Counted, tuple[range, ...]]:
    """The number of every row's chain, and which numbers are those of each wave."""
    speaks = speaker == np.arange(len(speaker), dtype=np.uint32)
    numbers, waves, count = np.empty(len(speaker), np.uint32), [], 0
    for entities in WAVES:
        spans = (first + np.flatnonzero(speaks[first:end]) for first, end in book.spans(entities))
        those = np.concatenate([NONE, *spans])
        those = those[np.argsort(earliest[those], kind="stable")]
        waves.append(range(count, count + len(those)))
        numbers[those] = np.arange(count, count + len(those))
        count += len(those)
    return numbers[speaker], tuple(waves)
