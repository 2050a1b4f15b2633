"""A piece of a CSV file -> its rows: by Arrow where the piece is plain, by the strict reader where it is not.

Both give the same, to the last character.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from importer import safe_text
from importer.model import Problem, Where
from importer.sources.csv import Manner, filled, fitted, records_of
from importer.sources.heads import Head, Numbered
from importer.sources.pieces import LINE_FEED, QUOTE, RETURN, Pieces
from importer.sources.rows import is_blank

TEXT = pa.large_string()
"""What pandas keeps texts in; of any other kind it would make a copy."""

MARK = ord("'")
SPACE = ord(" ")
BEYOND_ASCII = 0x80

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shape:
    """What all rows of a file have in common."""

    where: Where
    head: Head
    manner: Manner

    @property
    def width(self) -> int:
        """How many cells a row is to have."""
        return len(self.head.titles)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that follow one another; their numbers count from what came before, so that the first has 1."""

    count: int
    """Of the rows, blank ones included."""
    numbers: Numbers
    """Of those that are filled."""
    columns: tuple[pa.Array, ...]
    """Their cells."""
    problems: tuple[Problem, ...] = ()


# --- strictly -----------------------------------------------------------------------------------------------


def strict_part(pieces: Pieces, shape: Shape, until: int) -> Part:
    """The next rows, up to the place *until* at least.

    Raises:
        UnreadableFile: a quotation mark that is never closed.
    """
    records = records_of(pieces.lines(), shape.manner, name=shape.where.file, first_line=pieces.line)
    damaged: set[int] = set()
    return part_of(up_to(until, pieces, filled(records, damaged)), shape, damaged)


def up_to(until: int, pieces: Pieces, rows: Iterator[Numbered]) -> Iterator[Numbered]:
    """As many *rows* of those in *pieces* as it takes to come to the place *until*."""
    while pieces.place < until and (row := next(rows, None)):
        yield row


def part_of(rows: Iterable[Numbered], shape: Shape, damaged: set[int]) -> Part:
    """The *rows*, some of which are *damaged*, as a part."""
    problems: list[Problem] = []
    even = list(fitted(shape.where, shape.head, rows, damaged, problems))
    numbers = np.array([number for number, _ in even], dtype=np.int64)
    columns = zip(*(texts + [""] * (shape.width - len(texts)) for _, texts in even), strict=True)
    arrays = [pa.array(column, TEXT) for column in columns] or [pa.array([], TEXT)] * shape.width
    return Part(even[-1][0] if even else 0, numbers, tuple(arrays), tuple(problems))


# --- by Arrow -----------------------------------------------------------------------------------------------


def plain_part(piece: memoryview, shape: Shape) -> Part:
    """The rows of a *piece* that is plain."""
    columns, others = _parsed(piece, shape)
    if _may_be_marked(np.frombuffer(piece, np.uint8), shape.manner.separator):
        columns = [_unmarked(column) for column in columns]
    count = len(columns[0]) + len(others)
    numbers = np.delete(np.arange(1, count + 1), [number - 1 for number, _ in others])
    blank = _blank(columns)
    if len(blank):
        kept = np.delete(np.arange(len(numbers)), blank)
        numbers, columns = numbers[kept], [column.take(pa.array(kept)) for column in columns]
    regular = Part(count, numbers, tuple(columns))
    return _together(regular, _ragged_part(others, shape)) if others else regular


def _parsed(piece: memoryview, shape: Shape) -> tuple[list[pa.Array], list[tuple[int, str]]]:
    """The columns of all rows that have as many cells as the header; the others as text, with their numbers."""
    others: list[tuple[int, str]] = []

    def put_aside(row: arrow_csv.InvalidRow) -> str:
        others.append((row.number, row.text))
        return "skip"

    names = [str(at) for at in range(shape.width)]
    table = arrow_csv.read_csv(
        pa.BufferReader(piece),
        # With threads, rows that are put aside have no numbers.  A piece is one block, so that no cell is cut in two.
        arrow_csv.ReadOptions(column_names=names, block_size=len(piece) + 1, use_threads=False),
        # A blank line is a row of blank cells.
        arrow_csv.ParseOptions(
            delimiter=shape.manner.separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=put_aside,
        ),
        # Without types Arrow would make numbers of texts; texts it takes as they are, "NA" and "null" included.
        arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, TEXT)),
    )
    return [_in_one(column) for column in table.columns], others


def _in_one(column: pa.ChunkedArray) -> pa.Array:
    # Masks and buffers are of arrays, not of chunked ones.  There is one chunk, or none if all rows were put aside.
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays([pa.array([], TEXT), *column.chunks])


def _may_be_marked(letters: npt.NDArray[np.uint8], separator: str) -> bool:
    """Whether a cell may begin with an apostrophe."""
    marks = np.flatnonzero(letters == MARK)
    if not len(marks):
        return False
    before = np.zeros(256, np.bool_)
    before[[ord(separator), LINE_FEED, RETURN, QUOTE]] = True
    return bool(marks[0] == 0 or before[letters[marks - 1]].any())


def _unmarked(column: pa.Array) -> pa.Array:
    """The cells of *column* without the apostrophe that keeps a spreadsheet program from running them."""
    marked = pc.starts_with(column, "'")
    if not pc.any(marked).as_py():
        return column
    texts = [safe_text.read(text) for text in column.filter(marked).to_pylist()]
    return pc.replace_with_mask(column, marked, pa.array(texts, TEXT))


def _blank(columns: list[pa.Array]) -> Numbers:
    """Where the rows are without any filled cell."""
    rows: npt.NDArray[np.int64] = np.arange(len(columns[0]))
    is_empty = np.ones(len(rows), np.bool_)
    for column in columns:
        _, places, content = column.buffers()
        ends = np.frombuffer(places, np.int64)[column.offset :]
        letters = np.frombuffer(content, np.uint8) if content and content.size else np.full(1, SPACE, np.uint8)
        starts, lengths = ends[rows], ends[rows + 1] - ends[rows]
        first = letters[np.minimum(starts, len(letters) - 1)]
        # Nearly every row is sorted out by the first letter of its first cell.
        may_be = (lengths == 0) | (first <= SPACE) | (first >= BEYOND_ASCII)
        rows, is_empty = rows[may_be], is_empty[may_be] & (lengths == 0)[may_be]
        if not len(rows):
            return rows
    unsure = [row for row in rows[~is_empty].tolist() if not is_blank([column[row].as_py() for column in columns])]
    return np.setdiff1d(rows, unsure)


def _ragged_part(others: list[tuple[int, str]], shape: Shape) -> Part:
    """The rows that Arrow has put aside, as the strict reader understands them."""
    lines = io.StringIO("\n".join(text for _, text in others), newline="")
    records = records_of(lines, shape.manner, name=shape.where.file)
    rows = [(others[number - 1][0], cells) for number, cells in filled(records, set())]
    return part_of(rows, shape, set())


def _together(regular: Part, ragged: Part) -> Part:
    """Both parts, in the order of the numbers."""
    numbers = np.concatenate([regular.numbers, ragged.numbers])
    order = np.argsort(numbers)
    pairs = zip(regular.columns, ragged.columns, strict=True)
    columns = tuple(pa.concat_arrays(pair).take(pa.array(order)) for pair in pairs)
    return Part(regular.count, numbers[order], columns, ragged.problems)
