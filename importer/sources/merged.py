"""Merged cells: their value stands in the first one alone.  In a header it counts for all, below only on request."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from importer.sources.facts import Range
from importer.sources.heads import Head
from schemas.frames import TEXT


def header_filled(head: Head, merged: Iterable[Range], frame: pd.DataFrame) -> tuple[str, ...]:
    """The titles of *head*, with the text of a merged cell above each of its columns that is used in *frame*."""
    titles = list(head.titles)
    for cells in merged:
        if cells.top <= head.row <= cells.bottom and cells.left < len(titles):
            for at in range(cells.left + 1, min(cells.right + 1, len(titles))):
                if not titles[at] and (frame[at] != "").any():
                    titles[at] = titles[cells.left]
    return tuple(titles)


def filled(frame: pd.DataFrame, merged: Iterable[Range]) -> pd.DataFrame:
    """*frame* with the value of each merged range in all its blank cells; rows that are not there stay away."""
    columns: dict[int, npt.NDArray[np.object_]] = {}
    numbers = frame.index.to_numpy()
    for cells in merged:
        first, end = numbers.searchsorted([cells.top, cells.bottom + 1])
        if first == end or numbers[first] != cells.top or cells.left >= frame.shape[1]:
            continue
        value = frame[cells.left].iloc[first]
        for at in range(cells.left, min(cells.right + 1, frame.shape[1])):
            if at not in columns:
                columns[at] = frame[at].to_numpy(dtype=object, copy=True)
            part = columns[at][first:end]
            part[part == ""] = value
    made = {at: pd.Series(texts, index=frame.index, dtype=TEXT) for at, texts in columns.items()}
    return pd.DataFrame({at: made.get(at, frame[at]) for at in range(frame.shape[1])}, index=frame.index)
