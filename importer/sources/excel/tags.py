"""The tags of a piece of XML, found all at once, where it is written as plainly as spreadsheet programs write it.

A parser that tells every element by a call takes longer for a large sheet than everything else together.  Here the
bytes are looked at in columns: where tags begin and end, what they are called, and whether one may follow the other.
Whatever is not surely understood that way is left to a real parser by whoever asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Positions = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
Bytes = npt.NDArray[np.uint8]

LESS, GREATER, SLASH, SPACE = b"<>/ "
HARMLESS = frozenset(b"\t\n")
"""Control characters that mean themselves; what becomes of a carriage return is a parser's business."""

ENDS_NAME = np.zeros(256, dtype=bool)
ENDS_NAME[[GREATER, SLASH, SPACE]] = True

OPENS, IS_EMPTY, CLOSES = range(3)
"""The three ways to write a tag: <v>, <v/>, </v>."""

WAYS = 3
UNKNOWN = 255


class NotPlain(ValueError):
    """Perhaps sound XML, but not written so that it can be read in columns."""


class Grammar:
    """Elements, told apart by their first letter, and what may follow what.

    Each tag gets a code, `grammar.code("v", OPENS)`; text may only stand inside the elements in *with_text*.
    """

    def __init__(self, elements: Sequence[str], follows: Mapping[str, str], with_text: str) -> None:
        """*follows*: tag -> tags that may come next, such as `{"<v>": "</v>"}`, separated by blanks."""
        self._elements = tuple(elements)
        self._names = tuple(name.encode() for name in elements)
        first = np.full(256, UNKNOWN, dtype=np.uint8)
        first[[name[0] for name in self._names]] = np.arange(len(self._names), dtype=np.uint8)
        self._first = first
        self._lengths = np.array([len(name) for name in self._names], dtype=np.int64)
        self._may_follow = np.zeros((WAYS * len(elements),) * 2, dtype=bool)
        for tag, others in follows.items():
            self._may_follow[self._code_of(tag), [self._code_of(other) for other in others.split()]] = True
        self._has_text = np.zeros(WAYS * len(elements), dtype=bool)
        self._has_text[[self.code(name, OPENS) for name in with_text.split()]] = True

    def code(self, element: str, way: int) -> int:
        """The code of a tag."""
        return WAYS * self._elements.index(element) + way

    def _code_of(self, tag: str) -> int:
        """The code of a tag as it is written."""
        way = CLOSES if tag.startswith("</") else IS_EMPTY if tag.endswith("/>") else OPENS
        return self.code(tag.strip("</>"), way)

    def tags(self, xml: bytes) -> "Tags":
        """Every tag in *xml*, which consists of whole elements.

        Raises:
            NotPlain: an element we do not know, out of its place, or anything but elements.
        """
        letters = np.frombuffer(xml, dtype=np.uint8)
        if letters.min(initial=SPACE) < SPACE and not set(letters[letters < SPACE].tolist()) <= HARMLESS:
            raise NotPlain
        starts, ends = np.flatnonzero(letters == LESS), np.flatnonzero(letters == GREATER)
        if not len(starts) or len(starts) != len(ends):
            raise NotPlain
        if not ((starts < ends).all() and (ends[:-1] < starts[1:]).all() and ends[-1] == len(letters) - 1):
            raise NotPlain
        codes = self._codes(letters, starts, ends)
        between = starts[1:] - ends[:-1] != 1
        if starts[0] != 0 or (between & ~self._has_text[codes[:-1]]).any():
            raise NotPlain
        if not self._may_follow[codes[:-1], codes[1:]].all():
            raise NotPlain
        return Tags(xml, letters, starts, ends, codes)

    def _codes(self, letters: Bytes, starts: Positions, ends: Positions) -> Codes:
        closes = letters[starts + 1] == SLASH
        names_at = starts + 1 + closes
        elements = self._first[letters[names_at]]
        if (elements == UNKNOWN).any():
            raise NotPlain
        if not ENDS_NAME[letters[names_at + self._lengths[elements]]].all():
            raise NotPlain
        for element, name in enumerate(self._names):
            if len(name) > 1:
                of_this = names_at[elements == element]
                if any((letters[of_this + at] != letter).any() for at, letter in enumerate(name)):
                    raise NotPlain
        ways = np.where(closes, CLOSES, np.where(letters[ends - 1] == SLASH, IS_EMPTY, OPENS))
        codes: Codes = (WAYS * elements + ways).astype(np.uint8)
        return codes


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags in their order, each with its first and last position in `xml` and its code."""

    xml: bytes
    letters: Bytes
    """The same as numbers."""
    starts: Positions
    ends: Positions
    codes: Codes

    def where(self, *codes: int) -> Positions:
        """Which tags have one of *codes*, as positions among the tags."""
        return np.flatnonzero(np.isin(self.codes, codes))

    def texts(self, tags: Positions) -> pa.BinaryArray:
        """What stands between each of *tags* and the tag behind it."""
        return self.between(self.ends[tags] + 1, self.starts[tags + 1])

    def between(self, firsts: Positions, behind: Positions) -> pa.BinaryArray:
        """The bytes from each of *firsts* up to, not including, the one *behind* it; neither may overlap the next."""
        # Arrow takes texts that lie end to end; so do the wanted ones together with what lies between them.
        bounds = np.empty(2 * len(firsts), dtype=np.int32)
        bounds[0::2], bounds[1::2] = firsts, behind
        if not len(firsts):
            return pa.array([], pa.binary())
        buffers = [None, pa.py_buffer(bounds), pa.py_buffer(self.xml)]
        pieces = pa.Array.from_buffers(pa.binary(), len(bounds) - 1, buffers)
        return pieces.take(pa.array(np.arange(0, len(bounds) - 1, 2)))
