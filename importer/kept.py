"""The cells of a large table in columns: in memory while they are few, then in a temporary file looked at like memory.

The file has no name (on Windows it vanishes when it is closed), so that not even a crash leaves anything of it behind.
"""

import mmap
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from weakref import WeakSet

import pandas as pd
import pyarrow as pa

from importer.errors import NoRoom

TEXT = pa.large_string()
"""What pandas keeps texts in; of any other kind it would make a copy."""

BUDGET = 64 * 1024**2
"""Bytes of one table that stay in memory."""

ALIGNED = 64
"""Buffers begin at multiples of this, as Arrow recommends."""

_views: WeakSet[mmap.mmap] = WeakSet()


def chunks_of(column: pa.Array | pa.ChunkedArray | pd.Series) -> list[pa.Array]:
    """The texts of *column* in the pieces in which they are, without a copy."""
    texts = pa.array(column, TEXT) if isinstance(column, pd.Series) else column
    return texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]


def let_go() -> None:
    """Give back the memory through which temporary files were looked at; whoever looks again gets it again.

    The system takes it back by itself, but only where there is no other; until then the process seems to need it.
    """
    for view in list(_views):
        if hasattr(view, "madvise"):  # not on Windows
            view.madvise(mmap.MADV_DONTNEED)


class Kept:
    """Collects a table block by block, each in columns; a block may have fewer columns than others."""

    def __init__(self, budget: int = BUDGET) -> None:
        """With *budget*, the bytes that may stay in memory."""
        self._left = budget
        self._lengths: list[int] = []
        self._blocks: list[list[_Column]] = []
        self._file: IO[bytes] | None = None

    def add(self, count: int, columns: Sequence[pa.Array | pa.ChunkedArray]) -> None:
        """Put *count* rows below the others; no cell is null.

        Raises:
            NoRoom: the temporary file cannot be made or written.
        """
        self._lengths.append(count)
        self._blocks.append([_Held(_in_one(column)) for column in columns])
        self._left -= sum(column.nbytes for column in columns)
        if self._left < 0:
            self._put_away()

    def columns(self, least: int = 0) -> list[pa.ChunkedArray]:
        """All columns, *least* at least; cells that a block did not have are blank."""
        file = memoryview(b"")
        if self._file:
            view = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            _views.add(view)
            file = memoryview(view)
        width = max([least, *map(len, self._blocks)])
        found = []
        for at in range(width):
            found.append(pa.chunked_array(self._chunks(at, pa.py_buffer(file)), TEXT))
            let_go()
        return found

    def _chunks(self, at: int, file: pa.Buffer) -> list[pa.Array]:
        pairs = zip(self._lengths, self._blocks, strict=True)
        return [block[at].array(file) if at < len(block) else pa.repeat(BLANK, count) for count, block in pairs]

    def _put_away(self) -> None:
        """Write whatever is still in memory."""
        try:
            file = self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115 - as long as the columns live
            self._blocks = [[column.written(file) for column in block] for block in self._blocks]
            file.flush()
        except OSError as error:
            raise no_room(error) from error


def no_room(error: OSError) -> NoRoom:
    """The exception for temporary files that cannot be written because of *error*."""
    return NoRoom(
        "there are more rows than fit into memory, and the folder for temporary files cannot be written "
        "({why}); make room there, or name another folder in the environment variable TMPDIR",
        why=error.strerror or "no reason given",
    )


BLANK = pa.scalar("", TEXT)


def _in_one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """*column* as one array that has all its buffers to itself."""
    chunks = chunks_of(column)
    if len(chunks) == 1 and not chunks[0].offset:
        return chunks[0].cast(TEXT)
    return pa.concat_arrays([chunk.cast(TEXT) for chunk in chunks] or [pa.array([], TEXT)])


@dataclass(frozen=True, slots=True)
class _Held:
    """Some cells of a column, in memory."""

    texts: pa.Array

    def array(self, _: pa.Buffer) -> pa.Array:
        return self.texts

    def written(self, file: IO[bytes]) -> "_Written":
        _, places, letters = self.texts.buffers()
        return _Written(len(self.texts), _put(file, places), _put(file, letters))


@dataclass(frozen=True, slots=True)
class _Written:
    """The same on disk: where in the file its buffers begin and end, the places of the texts and their letters."""

    count: int
    places: tuple[int, int]
    letters: tuple[int, int]

    def array(self, file: pa.Buffer) -> pa.Array:
        buffers = [None, *(file.slice(start, end - start) for start, end in (self.places, self.letters))]
        return pa.Array.from_buffers(TEXT, self.count, buffers)

    def written(self, _: IO[bytes]) -> "_Written":
        return self


_Column = _Held | _Written


def _put(file: IO[bytes], buffer: pa.Buffer | None) -> tuple[int, int]:
    start = file.tell()
    if buffer is not None:
        file.write(buffer)
    end = file.tell()
    file.write(bytes(-end % ALIGNED))
    return start, end
