"""Collects the rows of one sheet and gives them as the frame of a `Table`."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.frames import TEXT

CHUNK = 10_000


class Rows:
    """Numbered rows of texts, packed away chunk by chunk as they come."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._waiting: list[list[str]] = []
        self._chunks: list[npt.NDArray[np.object_]] = []

    def add(self, number: int, texts: list[str]) -> None:
        """Put the row *number* below the others; rows may be of different width."""
        self._numbers.append(number)
        self._waiting.append(texts)
        if len(self._waiting) == CHUNK:
            self._pack()

    def frame(self, least_width: int) -> pd.DataFrame:
        """All rows, filled with "" to the widest one and to *least_width* at least; columns are 0, 1, ..."""
        self._pack()
        width = max([least_width, *(chunk.shape[1] for chunk in self._chunks)])
        columns = {at: pd.array(self._column(at), dtype=TEXT) for at in range(width)}
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
