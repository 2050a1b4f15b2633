"""The cells of one sheet in columns, block by block from its XML; equal to what `Sheet` reads row by row.

A block that is written plainly is read with a few operations on all its bytes; any other is handed to the parser of
`Sheet`, and so is everything before and behind the rows.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from importer.kept import Kept
from importer.sources.excel.meaning import Meanings
from importer.sources.excel.plain import MOST_COLUMNS, FilledCells, PlainBlock
from importer.sources.excel.rest import ROOT
from importer.sources.excel.sheet import BLANK_ROWS, Sheet, tail_of_blank
from importer.sources.excel.tags import NotPlain
from importer.sources.heads import Head, Numbered
from importer.sources.origin import Origin
from importer.sources.rows import MARGIN, MOST_CELLS, Body, notes_on_width, too_many_cells
from schemas.frames import TEXT

BLOCK = 4 * 1024 * 1024
MOST_BLOCKS_WITHOUT_ROW = 16
MOST_HEAD = 1024 * 1024
"""So much may stand before the first row: widths of columns, panes, the view."""

BEGIN, END, ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
FILLED = (b"<v", b"<f", b"<is")
"""What every cell with a value, a text of its own or a formula has, and no blank one."""

OTHER_MARKUP = (b"<!", b"<?")
OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"'](?!utf-8[\"'])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a sheet, with the cells in which something stands."""

    numbers: npt.NDArray[np.int64]
    """The rows in which something stands, ascending."""
    cells: FilledCells

    @property
    def widths(self) -> npt.NDArray[np.int64]:
        """For each row the number of its cells up to the last one that is filled."""
        widths = np.zeros(len(self.numbers), dtype=np.int64)
        np.maximum.at(widths, self.cells.rows, self.cells.positions + 1)
        return widths

    def column(self, at: int) -> pa.StringArray:
        """The texts in the column at this position; blank cells are ""."""
        here = np.flatnonzero(self.cells.positions == at)
        taken = np.full(len(self.numbers), -1, dtype=np.int64)
        taken[self.cells.rows[here]] = here
        return self.cells.texts.take(pa.array(taken, mask=taken < 0)).fill_null("")

    def rows(self) -> Iterator[Numbered]:
        """Number and texts of every row, each up to its last filled cell."""
        bounds = np.searchsorted(self.cells.rows, np.arange(len(self.numbers) + 1)).tolist()
        for at, number in enumerate(self.numbers.tolist()):
            positions = self.cells.positions[bounds[at] : bounds[at + 1]].tolist()
            texts = [""] * (positions[-1] + 1) if positions else []
            for position, text in zip(
                positions, self.cells.texts[bounds[at] : bounds[at + 1]].to_pylist(), strict=True
            ):
                texts[position] = text
            yield number, texts

    def only(self, kept: npt.NDArray[np.bool_]) -> "Block":
        """The rows that are *kept*."""
        if kept.all():
            return self
        which = np.flatnonzero(kept[self.cells.rows])
        rows = (np.cumsum(kept) - 1)[self.cells.rows[which]]
        cells = FilledCells(rows, self.cells.positions[which], self.cells.texts.take(pa.array(which)))
        return Block(self.numbers[kept], cells)


def blocks(xml: IO[bytes], sheet: Sheet, meanings: Meanings, *, size: int = BLOCK) -> Iterator[Block]:
    """The rows in *xml*, in blocks of about *size* bytes.

    What else the sheet says is in `sheet.facts` afterwards.  A block that is not well-formed in places which say
    nothing of its cells may pass.

    Raises:
        StrangeSheet: rows or cells out of their order, or of a kind we do not know.
        ExpatError, LookupError, ValueError: damaged.
    """
    return (block for block in _Reader(xml, sheet, meanings, size).blocks() if len(block.numbers))


class Blocks:
    """The rows of a sheet in blocks, read once; see `importer.sources.sheets.Rows`."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._begun: list[Block] = []

    def __iter__(self) -> Iterator[Numbered]:
        for block in self._blocks:
            # Kept whole, since all but its first rows may be data.
            self._begun.append(block)
            yield from block.rows()

    def body(self, origin: Origin, head: Head, left_out: Collection[int]) -> Body:
        """All rows below *head*, those in *left_out* apart."""
        return _body(origin, head, chain(self._begun, self._blocks), left_out)


def _body(origin: Origin, head: Head, found: Iterable[Block], left_out: Collection[int]) -> Body:
    """The rows below *head*, as `importer.sources.rows.body` gives them.

    Raises:
        UnreadableFile: more cells than any sheet of ours has.
    """
    most = len(head.titles) + MARGIN
    last, filled, beyond = head.last, 0, 0
    kept, numbers = Kept(), [np.array([], dtype=np.int64)]
    for block in found:
        below = block.only(block.numbers > head.last)
        last, filled = int(below.numbers.max(initial=last)), filled + len(below.numbers)
        if left_out:
            below = below.only(~np.isin(below.numbers, list(left_out)))
        widths = below.widths
        width = min(most, int(widths.max(initial=0)))
        if filled * max(width, len(head.titles)) > MOST_CELLS:
            raise too_many_cells(origin)
        if (widths > most).any():
            beyond = int(widths[widths > most].min(initial=beyond or MOST_COLUMNS))
        kept.add(len(below.numbers), [below.column(at) for at in range(width)])
        numbers.append(below.numbers)
    columns = {at: pd.array(column, dtype=TEXT) for at, column in enumerate(kept.columns(len(head.titles)))}
    frame = pd.DataFrame(columns, index=pd.Index(np.concatenate(numbers)))
    return Body(frame, last - head.last - filled, last, notes_on_width(beyond))


class _Reader:
    """Cuts the XML of a sheet into blocks of whole rows."""

    def __init__(self, xml: IO[bytes], sheet: Sheet, meanings: Meanings, size: int) -> None:
        self._xml = xml
        self._sheet = sheet
        self._meanings = meanings
        self._size = size
        self._is_plain = True
        """Rows may still be read in columns."""
        self._root = b""
        """The tag with which the sheet begins."""

    def blocks(self) -> Iterator[Block]:
        waiting = self._head()
        while self._is_plain and END not in waiting:
            chunk = self._xml.read(self._size)
            waiting += chunk
            cut = waiting.rfind(ROW_END) + len(ROW_END)
            if not chunk or any(mark in waiting for mark in OTHER_MARKUP):
                self._is_plain = False
            elif cut >= len(ROW_END):
                block, waiting = waiting[:cut], waiting[cut:]
                yield self._block(block)
                if self._is_below_everything(block, waiting) and self._jumped_to_the_end(waiting):
                    return
            elif len(waiting) > MOST_BLOCKS_WITHOUT_ROW * self._size:
                self._is_plain = False
        rows, end, rest = waiting.partition(END)
        if self._is_plain:
            cut = rows.rfind(ROW_END) + len(ROW_END) if ROW_END in rows else 0
            yield self._block(rows[:cut])
            yield _in_columns(self._sheet.fed(rows[cut:] + end + rest))
        else:
            yield _in_columns(self._sheet.fed(waiting))
        yield from self._strictly_to_the_end()

    def _head(self) -> bytes:
        """Read up to the first row and give what was read beyond."""
        head = self._xml.read(MOST_HEAD)
        root = ROOT.search(head)
        self._root = root[0] if root else b""
        before, begin, behind = head.partition(BEGIN)
        if not begin or OTHER_ENCODING.match(head):
            self._is_plain = False
            return head
        self._sheet.fed(before + begin)
        # Another program may give the same name to something else.
        self._is_plain = self._sheet.is_in_rows
        return behind

    def _strictly_to_the_end(self) -> Iterator[Block]:
        may_jump = True
        while chunk := self._xml.read(self._size):
            yield _in_columns(self._sheet.fed(chunk))
            if may_jump and self._sheet.is_in_blank_area:
                may_jump = self._jumped_to_the_end(chunk)
                if may_jump:
                    return
        self._sheet.end()

    def _jumped_to_the_end(self, before: bytes) -> bool:
        """Whether no cell is filled from here on; then what stands behind the rows is read, too.

        Often a sheet is formatted down to its last row.  *before* are the last bytes read.
        """
        tail = tail_of_blank(self._xml, before) if self._root else None
        if tail is not None:
            self._sheet.rest.read(self._root, tail)
        return tail is not None

    def _block(self, xml: bytes) -> Block:
        if not xml:
            return _in_columns([])
        try:
            block = PlainBlock(xml, self._meanings, above=self._sheet.row_number)
        except (NotPlain, pa.ArrowInvalid, pa.ArrowIndexError):
            return _in_columns(self._sheet.fed(xml))
        self._sheet.pass_over(block)
        self._sheet.facts.add(block.facts)
        return Block(block.numbers, block.cells)

    def _is_below_everything(self, block: bytes, waiting: bytes) -> bool:
        """Whether so many rows are blank here that it is worth looking whether anything is below."""
        return block.count(ROW_END) >= BLANK_ROWS and not any(mark in block or mark in waiting for mark in FILLED)


def _in_columns(rows: Sequence[Numbered]) -> Block:
    filled = [(row, at, text) for row, (_, texts) in enumerate(rows) for at, text in enumerate(texts) if text]
    places, positions, texts = zip(*filled, strict=True) if filled else ((), (), ())
    cells = FilledCells(
        np.array(places, dtype=np.int64), np.array(positions, dtype=np.int64), pa.array(texts, pa.string())
    )
    return Block(np.array([number for number, _ in rows], dtype=np.int64), cells)
