"""The streams inside of an OLE file, the container of Excel up to 2003.  Knows nothing of what is in them.

Source: [MS-CFB], Compound File Binary File Format.
"""

import struct
from collections.abc import Iterator, Sequence

FREE = 0xFFFFFFFA
"""Numbers from here on are no sectors: the end of a chain, or nothing."""

IN_HEADER = 109
"""So many sectors of the allocation table are named in the header itself."""

ENTRY = 128
STREAM, ROOT = 2, 5


class Container:
    """An OLE file in memory.

    Raises:
        ValueError: damaged; also from its methods.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size, self._small_size = 1 << _word(content, 30), 1 << _word(content, 32)
        self._least = _number(content, 56)
        self._table = self._allocation()
        self._small_table = _numbers(self._joined(_number(content, 60)))
        self._entries = tuple(self._directory(self._joined(_number(content, 48))))
        root = [(start, size) for _, kind, start, size in self._entries if kind == ROOT]
        self._small = self._joined(root[0][0])[: root[0][1]] if root else b""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all streams and storages, wherever they stand."""
        return tuple(name for name, *_ in self._entries)

    def stream(self, name: str) -> bytes | None:
        """The content of the stream called *name*; None where there is none."""
        for found, kind, start, size in self._entries:
            if found == name and kind == STREAM:
                return self._joined_small(start)[:size] if size < self._least else self._joined(start)[:size]
        return None

    def _allocation(self) -> Sequence[int]:
        """For every sector the one that follows it."""
        sectors = list(_numbers(self._content[76 : 76 + 4 * IN_HEADER]))
        more = _number(self._content, 68)
        seen = 0
        while more < FREE:
            numbers = _numbers(self._sector(more))
            sectors.extend(numbers[:-1])
            more = numbers[-1]
            seen += 1
            if seen * self._size > len(self._content):
                raise ValueError("a chain without an end")
        return _numbers(b"".join(self._sector(number) for number in sectors if number < FREE))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._content):
            raise ValueError("a sector outside of the file")
        return self._content[start : start + self._size].ljust(self._size, b"\0")

    def _joined(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _chain(start, self._table))

    def _joined_small(self, start: int) -> bytes:
        size = self._small_size
        return b"".join(self._small[at * size : (at + 1) * size] for at in _chain(start, self._small_table))

    def _directory(self, content: bytes) -> Iterator[tuple[str, int, int, int]]:
        """Name, kind, first sector and size of every entry."""
        for at in range(0, len(content), ENTRY):
            length = _word(content, at + 64)
            name = content[at : at + max(0, length - 2)].decode("utf-16-le", "replace").partition("\0")[0]
            yield name, content[at + 66], _number(content, at + 116), _number(content, at + 120)


def _chain(start: int, table: Sequence[int]) -> Iterator[int]:
    seen = 0
    while start < FREE:
        if start >= len(table) or seen > len(table):
            raise ValueError("a chain without an end")
        yield start
        start = table[start]
        seen += 1


def _word(content: bytes, at: int) -> int:
    return _unpacked("<H", content, at)


def _number(content: bytes, at: int) -> int:
    return _unpacked("<I", content, at)


def _unpacked(form: str, content: bytes, at: int) -> int:
    try:
        found: int = struct.unpack_from(form, content, at)[0]
    except struct.error as error:
        raise ValueError("cut off") from error
    return found


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])
