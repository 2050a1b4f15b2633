"""Collects the rows of one sheet below its header and gives them as the frame of a `Table`."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from importer.errors import UnreadableFile
from importer.model import column_letters
from importer.sources.heads import Head, Numbered
from importer.sources.origin import Origin
from schemas.cells import Note
from schemas.frames import TEXT

CHUNK = 10_000

MARGIN = 100
"""So many columns without a title are read beyond the last that has one; what is further away is told, not kept."""

MOST_CELLS = 100_000_000
"""In one sheet, blank ones included: five times a full sheet of twenty columns, and some gigabytes of memory."""


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below the header of a sheet."""

    frame: pd.DataFrame
    """As in `Table`."""
    blank_rows: int
    """Rows left out because they are blank, between filled ones."""
    last: int
    """Number of the last filled row; of the header's where there is none."""
    notes: tuple[Note, ...]


def body(origin: Origin, head: Head, numbered: Iterable[Numbered], left_out: Container[int] = ()) -> Body:
    """The rows *numbered*, which are all those below *head*; without those whose number is in *left_out*.

    Raises:
        UnreadableFile: more cells than any sheet of ours has.
    """
    rows, last, blank_rows, beyond = Rows(), head.last, 0, 0
    most = len(head.titles) + MARGIN
    for number, texts in numbered:
        blank_rows += number - last - 1
        last = number
        if number in left_out:
            continue
        if len(texts) > most:
            beyond = min(beyond or len(texts), len(texts))
        if not rows.add(number, texts[:most]):
            raise too_many_cells(origin)
    return Body(rows.frame(len(head.titles)), blank_rows, last, notes_on_width(beyond))


def too_many_cells(origin: Origin) -> UnreadableFile:
    """The exception for a sheet of more cells than any of ours has."""
    return origin.unreadable("the sheet has more than {count} cells; split it, or take columns away", count=MOST_CELLS)


def notes_on_width(beyond: int) -> tuple[Note, ...]:
    """What is to be said of a row with *beyond* cells, further right than cells are kept; 0 = there is none."""
    return (Note("cells_far_right", {"letters": column_letters(beyond - 1)}),) if beyond else ()


class Rows:
    """Numbered rows of texts, packed away chunk by chunk as they come."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._waiting: list[list[str]] = []
        self._chunks: list[npt.NDArray[np.object_]] = []
        self._width = 0

    def add(self, number: int, texts: list[str]) -> bool:
        """Put the row *number* below the others, of whatever width it is; False when there is no more room."""
        self._numbers.append(number)
        self._waiting.append(texts)
        self._width = max(self._width, len(texts))
        if len(self._waiting) == CHUNK:
            self._pack()
        return len(self._numbers) * self._width <= MOST_CELLS

    def frame(self, least_width: int) -> pd.DataFrame:
        """All rows, filled with "" to the widest one and to *least_width* at least; columns are 0, 1, ..."""
        self._pack()
        columns = {at: pd.array(self._column(at), dtype=TEXT) for at in range(max(least_width, self._width))}
        return pd.DataFrame(columns, index=pd.Index(self._numbers, dtype="int64"))

    def _pack(self) -> None:
        if not self._waiting:
            return
        width = max(map(len, self._waiting))
        even = [row if len(row) == width else row + [""] * (width - len(row)) for row in self._waiting]
        self._chunks.append(np.array(even, dtype=object).reshape(len(even), width))
        self._waiting = []

    def _column(self, at: int) -> npt.NDArray[np.object_]:
        parts = [
            chunk[:, at] if at < chunk.shape[1] else np.full(len(chunk), "", dtype=object) for chunk in self._chunks
        ]
        return np.concatenate(parts) if parts else np.array([], dtype=object)


def is_blank(texts: list[str]) -> bool:
    """Whether no cell of a row shows anything."""
    return not any(map(str.strip, texts))
