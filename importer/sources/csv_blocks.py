"""Text tables from large CSV files: block after block in little memory, or in one.  The same as `csv` gives, quickly.

Arrow reads what there is only one way to read, in several threads; anything else is read as strictly as a small file.
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa

from importer.kept import Kept
from importer.model import Problem, Table, Where
from importer.sources.csv import Manner, filled, header, manner_of, records_of, table_of
from importer.sources.origin import Origin
from importer.sources.parts import Numbers, Part, Shape, part_of, plain_part, strict_part, up_to
from importer.sources.pieces import PIECE, Pieces, utf8
from importer.sources.separators import SEPARATORS
from importer.sources.wishes import USUAL, Wishes
from schemas.frames import TEXT

ROWS = 50_000
"""A block has at least so many rows, unless they are very long; and at most those of one piece more."""

BYTES = 32 * 1024 * 1024
"""A block of so many bytes is full, whatever the number of its rows."""

START = 64 * 1024
"""So many bytes are read strictly, for the sake of the header; small files are so as a whole."""

ODD = 8 * 1024
"""So many bytes, at first, are read strictly where a record is not plain, before the next one is looked at."""

WORKERS = min(4, os.cpu_count() or 1)
"""Threads; while they read, one more finds the pieces."""


def blocks(origin: Origin, wishes: Wishes = USUAL) -> Iterator[Table]:
    """The one table in *origin*, as consecutive tables of some 50,000 rows each; at least one, also without any row.

    All have the same header and notes; together they have the rows, problems and blank rows of the whole.

    Raises:
        UnreadableFile: as `csv.table` does; what is wrong far down in the file, only there.
    """
    manner = manner_of(origin, wishes)
    try:
        yield from _blocks(origin, manner)
    except (UnicodeDecodeError, pa.ArrowInvalid) as error:
        # A moment ago it was text from beginning to end.
        raise origin.unreadable("the file is still being written; wait until it is complete") from error


def table(origin: Origin, wishes: Wishes = USUAL) -> Table:
    """The one table in *origin*; what is much of it lies on disk.

    Raises:
        UnreadableFile: as `csv.table` does.
        NoRoom: there is none for temporary files.
    """
    kept, found = Kept(), list[Table]()
    for block in blocks(origin, wishes):
        kept.add(len(block.frame), [pa.array(block.frame[at], pa.large_string()) for at in block.frame])
        found.append(replace(block, frame=block.frame[[]]))
    return replace(
        found[0],
        frame=pd.DataFrame(
            {at: pd.array(column, dtype=TEXT) for at, column in enumerate(kept.columns())},
            index=found[0].frame.index.append([block.frame.index for block in found[1:]]),
        ),
        problems=tuple(problem for block in found for problem in block.problems),
        blank_rows=sum(block.blank_rows for block in found),
    )


def _blocks(origin: Origin, manner: Manner) -> Iterator[Table]:
    with closing(utf8(origin, manner.encoding.codec)) as portions:
        pieces = Pieces(portions, manner.separator)
        if manner.skipped:
            next(pieces.lines())
        shape, first = _start(origin, manner, pieces)
        last = shape.head.last
        for parts in _batches(_numbered(chain([first], _parts(pieces, shape)))):
            numbers = np.concatenate([part.numbers for part in parts])
            problems = [problem for part in parts for problem in part.problems]
            blank_rows = int(numbers[-1]) - last - len(numbers) if len(numbers) else 0
            last = int(numbers[-1]) if len(numbers) else last
            yield table_of(origin, manner, shape.head, _frame(parts, numbers), problems, blank_rows)


def _start(origin: Origin, manner: Manner, pieces: Pieces) -> tuple[Shape, Part]:
    """The header, and the first rows; they are numbered from the beginning of the file."""
    records = records_of(pieces.lines(), manner, name=origin.name, first_line=pieces.line)
    damaged: set[int] = set()
    rows = filled(records, damaged)
    head = header(origin, rows, damaged, manner.expected)
    shape = Shape(Where(origin.name), head, manner)
    part = part_of(chain(head.below, up_to(START, pieces, rows)), shape, damaged)
    problems = (*head.problems(shape.where), *part.problems)
    return shape, replace(part, count=max(part.count, head.last), problems=problems)


def _parts(pieces: Pieces, shape: Shape) -> Iterator[Part]:
    """All further rows, in their order."""
    waiting: deque[Future[Part]] = deque()
    # Escapes, and separators that only a line `sep=` or the user can tell, are rare.
    is_usual = shape.manner.separator in SEPARATORS and not shape.manner.escape
    odd = ODD
    with ThreadPoolExecutor(WORKERS) as pool:
        while not pieces.is_over:
            piece = pieces.plain() if is_usual else None
            if piece:
                waiting.append(pool.submit(plain_part, piece, shape))
            while waiting and (not piece or len(waiting) > WORKERS):
                yield waiting.popleft().result()
            if not piece:
                yield strict_part(pieces, shape, pieces.place + odd)
            # Where odd records follow one another closely, looking for the plain ones between them is no gain.
            odd = ODD if piece and len(piece) > odd else min(2 * odd, PIECE)
        while waiting:
            yield waiting.popleft().result()


def _numbered(parts: Iterator[Part]) -> Iterator[Part]:
    """*parts*, numbered from the beginning of the file."""
    above = 0
    for part in parts:
        problems = tuple(_moved(problem, above) for problem in part.problems) if above else part.problems
        yield replace(part, numbers=part.numbers + above, problems=problems)
        above += part.count


def _moved(problem: Problem, above: int) -> Problem:
    assert problem.where.row is not None
    return replace(problem, where=replace(problem.where, row=problem.where.row + above))


def _batches(parts: Iterator[Part]) -> Iterator[list[Part]]:
    """Neighbours together, so many that they make a block."""
    batch: list[Part] = []
    rows = size = 0
    is_first = True
    for part in parts:
        batch.append(part)
        rows += len(part.numbers)
        size += sum(column.nbytes for column in part.columns)
        if rows >= ROWS or size >= BYTES:
            yield batch
            batch, rows, size, is_first = [], 0, 0, False
    if rows or is_first:
        yield batch


def _frame(parts: list[Part], numbers: Numbers) -> pd.DataFrame:
    """The rows of *parts* as in `Table`; the texts stay where Arrow has put them."""
    columns = [pa.chunked_array(chunks) for chunks in zip(*(part.columns for part in parts), strict=True)]
    arrays = {at: pd.array(column, dtype=TEXT) for at, column in enumerate(columns)}
    first, count = (int(numbers[0]), len(numbers)) if len(numbers) else (0, 0)
    # A range takes no room.
    has_gaps = count and numbers[-1] - first != count - 1
    return pd.DataFrame(arrays, index=pd.Index(numbers) if has_gaps else pd.RangeIndex(first, first + count))
