"""What every row says as 16 bytes, its stamp: rows whose stamps are equal lead to the same payload, but for their link.

A stamp is of the cells as they stand in the sheet, of how their columns are read, of the row's number among those that
share its key, and of the version that read them.  So the same content written in another way has another stamp, and it
takes a closer look to see that nothing has changed; the reverse would take two chances in 2^64 at once.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa

import importer
from importer.keys import hashed
from importer.model import CheckedSheet, Row
from importer.rows import Rows, in_columns
from schemas.cells import Conventions
from schemas.entity import Entity

FORM = 1
"""To be raised whenever the same cells lead to another payload, within a version."""

PICTURES = "product_images"
"""Its payload is a file's, which has to be looked at."""

Stamps = npt.NDArray[np.uint64]
"""Two numbers for every row."""

BYTES = np.dtype("<u8")
FIRST, SECOND = "one", "other"
HALF = np.uint64(32)


def stamps_of(sheet: CheckedSheet) -> Stamps | None:
    """The stamps of all rows of *sheet*, in its order; None = they cannot be told."""
    if sheet.entity is None or sheet.entity.name == PICTURES:
        return None
    rows = in_columns(sheet.rows)
    read_by = {name: rows.read_by(name) for name in sheet.columns}
    if not all(read_by.values()):
        return None
    seed = _seed(sheet.entity, {name: _told(found) for name, found in read_by.items() if found})
    stamps = np.tile(seed, (len(rows), 1))
    for place, number in rows.counted.items():
        stamps[place] += np.uint64(number - 1) * _weights("#")
    for first, behind, cells in _cells(rows, sorted(sheet.columns)):
        stamps[first:behind] += cells
    return stamps


def _cells(rows: Rows, names: Sequence[str]) -> Iterator[tuple[int, int, Stamps]]:
    """What the cells of some rows come to, those of a part together, and from where to where these rows are."""
    blank = hashed(pa.array([""], pa.large_string()))
    first = 0
    for part in zip(*(rows.written(name) for name in names), strict=True):
        found = np.zeros((len(part[0]), 2), np.uint64)
        for name, texts in zip(names, part, strict=True):
            # A blank cell adds nothing, so that it is the same as no column.
            of_cells = hashed(texts) - blank
            one, other = _weights(name)
            found[:, 0] += of_cells * one
            found[:, 1] += (of_cells ^ (of_cells >> HALF)) * other
        yield first, first + len(found), found
        first += len(found)


def _weights(name: str) -> Stamps:
    """Two odd numbers without a pattern, by which columns are told apart."""
    return hashed(pa.array([f"{name} {which}" for which in (FIRST, SECOND)], pa.large_string())) | np.uint64(1)


def _seed(entity: Entity, read_by: dict[str, object]) -> Stamps:
    fields = [(field.name, field.payload_name, field.kind.name, field.kind.json_type) for field in entity.fields]
    told = repr((FORM, importer.__version__, entity.name, entity.key, entity.else_key, fields, sorted(read_by.items())))
    return np.frombuffer(blake2b(told.encode("utf-8", "replace"), digest_size=16).digest(), BYTES).astype(np.uint64)


def _told(conventions: Conventions) -> object:
    """All of *conventions* that a value may depend on; the day on which cells are read decides notes alone."""
    carriers = sorted((conventions.carriers or {}).items())
    ordered = replace(conventions, today=None, carriers=None, decimals=frozenset())
    return repr((ordered, conventions.carriers is None, carriers, sorted(conventions.decimals)))


# --- row by row ---------------------------------------------------------------------------------------------


class StampOfRow:
    """The stamps of a run's rows, each to be had when its row is sent."""

    def __init__(self, sheets: Sequence[CheckedSheet], stamps: Sequence[Stamps | None]) -> None:
        self._sheets = sheets
        self._stamps = stamps
        self._lock = threading.Lock()

    def __call__(self, row: Row) -> bytes | None:
        """That of *row*; None = it has none."""
        with self._lock:
            by_number = self._by_number
        found = by_number.get((row.where.file, row.where.sheet))
        return found[row.where.row].tobytes() if found is not None else None

    @cached_property
    def _by_number(self) -> dict[tuple[str, str], npt.NDArray[np.uint64]]:
        """Made when the first row has its turn: in many a run none has."""
        return {
            (sheet.table.where.file, sheet.table.where.sheet): _by_number(in_columns(sheet.rows), of_sheet)
            for sheet, of_sheet in zip(self._sheets, self._stamps, strict=True)
            if of_sheet is not None
        }


def _by_number(rows: Rows, stamps: Stamps) -> npt.NDArray[np.uint64]:
    """*stamps* at the numbers of their rows."""
    numbers = rows.all_numbers
    found = np.zeros((int(numbers.max(initial=0)) + 1, 2), BYTES)
    found[numbers] = stamps
    return found
