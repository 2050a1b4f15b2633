"""The table in a large CSV file, read piece by piece and kept in little memory.  The same as `csv` gives, quickly.

Arrow reads what there is only one way to read, in several threads; anything else is read as strictly as a small file.
"""

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
from importer.threads import THREADS
from schemas.frames import TEXT

BLOCK = 1024 * 1024
"""Bytes.  Parts that are smaller are put together, so that a file of many odd records does not fall to pieces."""

START = 64 * 1024
"""So many bytes are read strictly, for the sake of the header; small files are so as a whole."""

ODD = 8 * 1024
"""So many bytes, at first, are read strictly where a record is not plain, before the next one is looked at."""


def table(origin: Origin, wishes: Wishes = USUAL) -> Table:
    """The one table in *origin*; what is much of it lies on disk.

    Raises:
        UnreadableFile: as `csv.table` does.
        NoRoom: there is none for temporary files.
    """
    manner = manner_of(origin, wishes)
    try:
        return _table(origin, manner)
    except (UnicodeDecodeError, pa.ArrowInvalid) as error:
        # A moment ago it was text from beginning to end.
        raise origin.unreadable("the file is still being written; wait until it is complete") from error


def _table(origin: Origin, manner: Manner) -> Table:
    kept, numbers, problems = Kept(), list[pd.Index](), list[Problem]()
    with closing(utf8(origin, manner.encoding.codec)) as portions:
        pieces = Pieces(portions, manner.separator)
        if manner.skipped:
            next(pieces.lines())
        shape, first = _start(origin, manner, pieces)
        for block in _blocks(_numbered(chain([first], _parts(pieces, shape)))):
            of_block = np.concatenate([part.numbers for part in block])
            by_column = zip(*(part.columns for part in block), strict=True)
            kept.add(len(of_block), [pa.chunked_array(chunks) for chunks in by_column])
            numbers.append(_index(of_block))
            problems += [problem for part in block for problem in part.problems]
    index = numbers[0].append(numbers[1:])
    columns = {at: pd.array(column, dtype=TEXT) for at, column in enumerate(kept.columns(shape.width))}
    blank_rows = int(index[-1]) - shape.head.last - len(index) if len(index) else 0
    return table_of(origin, manner, shape.head, pd.DataFrame(columns, index=index), problems, blank_rows)


def _index(numbers: Numbers) -> pd.Index:
    first, count = (int(numbers[0]), len(numbers)) if len(numbers) else (0, 0)
    # A range takes no room.
    has_gaps = count and numbers[-1] - first != count - 1
    return pd.Index(numbers) if has_gaps else pd.RangeIndex(first, first + count)


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
    with ThreadPoolExecutor(THREADS) as pool:
        while not pieces.is_over:
            piece = pieces.plain() if is_usual else None
            if piece:
                waiting.append(pool.submit(plain_part, piece, shape))
            while waiting and (not piece or len(waiting) > THREADS):
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


def _blocks(parts: Iterator[Part]) -> Iterator[list[Part]]:
    """Neighbours together, where they are small."""
    block: list[Part] = []
    size = 0
    for part in parts:
        block.append(part)
        size += sum(column.nbytes for column in part.columns)
        if size >= BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block
