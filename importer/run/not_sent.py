"""Rows whose turn did not come, since the run ended first: told in columns, before any of them is put together.

A row that the check keeps out is told as ever, for nothing else becomes of it in its turn.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from importer.findings import Numbers
from importer.model import Outcome, Status
from importer.outcomes import EndedAlike
from importer.plan import Chain, Step
from importer.plan.book import Book, Counted
from importer.run import chain as one_chain
from importer.run.desk import Desk
from importer.run.needs import Parents
from importer.run.row_keys import row_keys
from schemas import entity_named

WORTH_IT = 2_000
"""Fewer rows of a wave have their turns, in which each finds out for itself that the run has ended."""
AT_ONCE = 16_384
"""So many rows are told together."""
FEW = 500
"""So many that are kept out are put together at a time."""


def told(left: Counted, book: Book, desk: Desk, parents: Parents) -> Iterator[tuple[Outcome, ...] | EndedAlike]:
    """What becomes of the rows that are *left* of a run that has ended, counted through all sheets of *book*."""
    assert desk.stop.is_set() or not len(left)
    is_out = book.kept_out()[left]
    yield from _kept_out(np.sort(left[is_out]), book, desk, parents)
    waiting = np.sort(left[~is_out]).astype(np.int64)
    for sheet, (first, end) in enumerate(pairwise(book.starts)):
        places = waiting[(first <= waiting) & (waiting < end)] - first
        for at in range(0, len(places), AT_ONCE):
            yield _alike(book, sheet, places[at : at + AT_ONCE])


def _kept_out(rows: Counted, book: Book, desk: Desk, parents: Parents) -> Iterator[tuple[Outcome, ...]]:
    for at in range(0, len(rows), FEW):
        steps = tuple(Step(row) for row in book.some(rows[at : at + FEW]))
        yield tuple(one_chain.outcomes(Chain(steps), {}, desk, parents))


def _alike(book: Book, sheet: int, places: Numbers) -> EndedAlike:
    name, rows = book.sheet(sheet)
    nothing = pa.repeat(pa.scalar("", pa.large_string()), len(places))
    keys = row_keys(rows, entity_named(name), places)
    return EndedAlike(Status.NOT_SENT, name, rows.place, rows.numbers(places), keys, nothing, code="not_sent")
