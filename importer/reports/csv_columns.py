"""Lines of CSV files put together in columns: letter by letter those that the csv module makes of the same cells."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from importer.safe_text import shown

TEXT = pa.large_string()
LINE_END = "\r\n"
AT_ONCE = 16_384
"""So many rows are written together."""

Numbers = NDArray[np.int64]


def line(cells: Iterable[object], separator: str = ",") -> str:
    """One line of *cells*, with its end."""
    made: list[str] = []
    csv.writer(SimpleNamespace(write=made.append), delimiter=separator).writerow(cells)
    return made[0]


def cells(texts: pa.Array, mark: Callable[[str], str], separator: str = ",") -> pa.Array:
    """*texts* as they stand in a file: what *mark* of `importer.safe_text` makes of each, quoted where it has to be."""
    if pc.all(pc.ascii_is_alnum(texts)).as_py():
        return texts
    # What other programs separate cells by may need a mark where a file is only looked at.
    special = re.escape(separator) + (";|" if mark is shown else "")
    plain = rf'\A(?:[\pL\pN][^"\t\r\n{special}]*)?\z'
    odd = np.flatnonzero(~pc.match_substring_regex(texts, plain).to_numpy(zero_copy_only=False))
    if not len(odd):
        return texts
    mask = np.zeros(len(texts), np.bool_)
    mask[odd] = True
    distinct = texts.take(pa.array(odd)).dictionary_encode()
    written = pa.array([cell(mark(text), separator) for text in distinct.dictionary.to_pylist()], TEXT)
    return pc.replace_with_mask(texts, pa.array(mask), written.take(distinct.indices))


def cell(text: str, separator: str = ",") -> str:
    """*text* with the quotation marks that it needs between two others."""
    return line((text, ""), separator).removesuffix(f"{separator}{LINE_END}")


def lines(columns: Sequence[str | pa.Array], separator: str = ",") -> pa.Array:
    """The lines, with their ends, of *columns* whose cells are as they stand in a file; a text is that of all lines."""
    parts: list[pa.Array | pa.Scalar] = []
    waiting = ""
    for column in columns:
        if isinstance(column, str):
            waiting += column + separator
        else:
            # What stands between two columns is one text, since each takes its time.
            parts += [pa.scalar(waiting, TEXT), column]
            waiting = separator
    ended = pa.scalar(waiting.removesuffix(separator) + LINE_END, TEXT)
    return pc.binary_join_element_wise(*parts, ended, pa.scalar("", TEXT))


def in_order(
    alone: Iterable[tuple[int, str]], together: Numbers, lines_of: Callable[[Numbers], pa.Array]
) -> Iterator[str]:
    """Lines by the numbers of their rows: those that come *alone*, and those of the rows that are told *together*.

    Both are in order already.
    """
    rest = iter(alone)
    waiting = next(rest, None)
    for first in range(0, len(together), AT_ONCE):
        some = together[first : first + AT_ONCE]
        between: list[tuple[int, str]] = []
        while waiting and waiting[0] < some[-1]:
            between.append(waiting)
            waiting = next(rest, None)
        places = np.searchsorted(some, np.array([number for number, _ in between], np.int64))
        yield from np.insert(lines_of(some).to_numpy(zero_copy_only=False), places, [text for _, text in between])
    while waiting:
        yield waiting[1]
        waiting = next(rest, None)
