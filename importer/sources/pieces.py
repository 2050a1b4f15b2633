"""The bytes of a CSV file, cut into pieces of whole records; and which of the pieces every reader understands alike.

A piece is *plain* when each quotation mark in it begins a cell, ends one, or is one of two that stand for one.  Then a
line that ends after an even number of them ends a record, and there is only one way to read the piece.  Anything else
is for the strict reader, line by line.  Both can take turns, since what one has taken the other never sees.
"""

import codecs
from collections.abc import Generator, Iterator

import numpy as np
import numpy.typing as npt

from importer.sources.origin import Origin

PIECE = 4 * 1024 * 1024
"""Bytes.  Longer pieces are read no quicker and take more memory."""

LONGEST = 64 * 1024 * 1024
"""Bytes.  The end of a record is looked for no further: the strict reader takes no longer cell, and says so."""

QUOTE, LINE_FEED, RETURN = b'"\n\r'

SAME_BYTES = ("ascii", "utf-8", "utf-8-sig")
"""Encodings that need no translation, as `codecs` calls them."""

Letters = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


def utf8(origin: Origin, codec: str) -> Generator[bytes]:
    """All of *origin*, which is text in *codec*, in UTF-8 and without a mark; in portions."""
    decoder = codecs.getincrementaldecoder(codec)()
    has_same_bytes = codecs.lookup(codec).name in SAME_BYTES
    with origin.open() as stream:
        if codecs.lookup(codec).name == "utf-8-sig":
            yield stream.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
        while portion := stream.read(PIECE):
            yield portion if has_same_bytes else decoder.decode(portion).encode()
    yield decoder.decode(b"", final=True).encode()


class Pieces:
    """A text in UTF-8 that is taken from its beginning to its end, piece by piece or line by line."""

    def __init__(self, portions: Iterator[bytes], separator: str) -> None:
        self._portions = portions
        self._held = b""
        self._is_last = False
        self._begin = 0
        self._at = 0
        self._bounds = np.zeros(256, np.bool_)
        self._bounds[[QUOTE, LINE_FEED, RETURN, *separator.encode()]] = True
        self.line = 1
        """Number of the line that comes next."""

    @property
    def place(self) -> int:
        """How many bytes were taken."""
        return self._begin + self._at

    @property
    def is_over(self) -> bool:
        """Whether all was taken."""
        self._hold(1)
        return not self._held

    def plain(self) -> memoryview | None:
        """The next piece; None, and nothing is taken, if not even the next record is plain."""
        end, quotes = self._end()
        in_place = self._in_place(np.frombuffer(self._held, np.uint8)[:end], quotes[: np.searchsorted(quotes, end)])
        if in_place < np.searchsorted(quotes, end):
            end = _record_end(self._held, quotes, int(quotes[in_place]))
        if not 0 < end <= LONGEST:
            return None
        self._at = end
        self.line += _line_ends(self._held, end)
        return memoryview(self._held)[:end]

    def lines(self) -> Iterator[str]:
        """The next lines.  Each is taken when it is given; ask for new ones after anything else was taken."""
        while not self.is_over:
            end = len(self._held) if self._is_last else _last_line_end(self._held, len(self._held))
            if not end:
                self._hold(2 * len(self._held))
                continue
            for line in self._held[:end].splitlines(keepends=True):
                self._at += len(line)
                self.line += 1
                yield line.decode()

    def _hold(self, length: int) -> None:
        """Hold *length* bytes that were not taken yet, more or less; fewer only at the end."""
        if self._at:
            self._begin += self._at
            self._held, self._at = self._held[self._at :], 0
        found = [self._held]
        while not self._is_last and sum(map(len, found)) < length:
            portion = next(self._portions, None)
            self._is_last = portion is None
            found.append(portion or b"")
        self._held = b"".join(found)

    def _end(self) -> tuple[int, Places]:
        """Where the last whole record ends in what is held, 0 = nowhere; and where the quotation marks are."""
        length = PIECE
        while True:
            self._hold(length)
            quotes = np.flatnonzero(np.frombuffer(self._held, np.uint8) == QUOTE)
            end = len(self._held) if self._is_last else _record_end(self._held, quotes, len(self._held))
            if end or self._is_last or length >= LONGEST:
                return end, quotes
            length = 2 * len(self._held)

    def _in_place(self, letters: Letters, quotes: Places) -> int:
        """How many *quotes*, which are all those among *letters*, there are before the first cell with one amiss."""
        begins, ends = quotes[0::2], quotes[1::2]
        # The mark itself stands for what is beyond the first and the last byte.
        before = self._bounds[letters[np.maximum(begins[: len(ends)] - 1, 0)]]
        after = self._bounds[letters[np.minimum(ends + 1, len(letters) - 1)]]
        amiss = np.flatnonzero(~(before & after))
        return 2 * int(amiss[0] if len(amiss) else len(ends))


def _last_line_end(held: bytes, stop: int) -> int:
    """Where the last whole line before *stop* ends; a line feed may follow a return that is the last byte."""
    return max(held.rfind(b"\n", 0, stop), held.rfind(b"\r", 0, max(stop - 1, 0))) + 1


def _record_end(held: bytes, quotes: Places, stop: int) -> int:
    """Where the last whole record before *stop* ends; 0 = nowhere."""
    end = _last_line_end(held, stop)
    if np.searchsorted(quotes, end) % 2 == 0:
        return end
    # That line ends inside of a cell, which is rare enough to look at all of them.
    letters = np.frombuffer(held, np.uint8)[:end]
    ends = np.flatnonzero((letters == LINE_FEED) | (letters == RETURN))
    outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def _line_ends(held: bytes, stop: int) -> int:
    """How many lines end before *stop*."""
    letters = np.frombuffer(held, np.uint8)[:stop]
    feeds = letters == LINE_FEED
    count = int(np.count_nonzero(feeds))
    if held.find(RETURN, 0, stop) >= 0:
        returns = letters == RETURN
        count += int(np.count_nonzero(returns) - np.count_nonzero(returns[:-1] & feeds[1:]))
    return count
