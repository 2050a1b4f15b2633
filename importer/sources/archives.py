"""What is inside zip and gzip files, within limits; nothing is ever unpacked to disk.

A few kilobytes can hold gigabytes of zeros.  Python never reads more of a zip's member than the zip's directory says,
so the directory is judged before anything is read; a gzip has none, so its bytes are counted.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO

from importer.sources.origin import Origin, is_lock
from importer.speech import english

MOST_MEMBERS = 10_000
MOST_BYTES = 2 * 1024**3
"""Unpacked, all together.  A full sheet of 20 columns has about half of it."""

MOST_RATIO = 200
HARMLESS_BYTES = 10 * 1024**2
"""A member of at most this size may be packed as tightly as it likes; healthy sheets are packed about 10:1."""

MARK = 4
READ_BACK_AND_FORTH = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
"""The first bytes of zip files, which all new workbooks are, and of old workbooks."""

ENCRYPTED = 0x1
"""Bit of a member's flags."""

DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError)
BROKEN = english("the file is damaged or not complete; save or copy it again")
TOO_MUCH = english("unpacked it would be implausibly large; nothing of it was read")


@contextmanager
def opened(origin: Origin) -> Iterator[zipfile.ZipFile]:
    """The zip file *origin*, with its directory judged.

    Raises:
        UnreadableFile: damaged, locked by a password, or too much when unpacked.
    """
    with origin.open() as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                _judge(origin, archive.infolist())
                yield archive
        except (*DAMAGED, UnicodeDecodeError) as error:
            raise origin.unreadable(BROKEN) from error


def _judge(origin: Origin, members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise origin.unreadable("the archive has a password; give it without one")
    too_tight = any(member.file_size > max(HARMLESS_BYTES, MOST_RATIO * member.compress_size) for member in members)
    too_big = sum(member.file_size for member in members) > MOST_BYTES
    if too_tight or too_big or len(members) > MOST_MEMBERS:
        raise origin.unreadable(TOO_MUCH)


def members(origin: Origin) -> tuple[Origin, ...]:
    """The files in the zip *origin*, sorted by name; without those that programs keep for themselves."""
    with opened(origin) as archive:
        # Not `is_dir()`: it fails on a name that damage has made blank.
        names = [info.filename for info in archive.infolist() if info.filename and not info.filename.endswith("/")]
    astray = [name for name in names if ".." in name.replace("\\", "/").split("/")]
    if astray:
        raise origin.unreadable(
            "the archive has a file that is to lie outside of it ({file}); pack it anew", file=astray[0]
        )
    return tuple(_member(origin, name) for name in sorted(names) if not _is_housekeeping(PurePosixPath(name)))


def _is_housekeeping(name: PurePosixPath) -> bool:
    return is_lock(name.name) or any(part.startswith((".", "__MACOSX")) for part in name.parts)


def _member(origin: Origin, name: str) -> Origin:
    def unpacked() -> BinaryIO:
        with ExitStack() as held:
            archive = held.enter_context(opened(origin))
            stream = held.enter_context(archive.open(name))
            return _as_needed(io.BufferedReader(_Unpacked(origin, stream, MOST_BYTES, held.pop_all())))

    return Origin(origin.path, name, unpacked)


def unpacked(origin: Origin) -> Origin:
    """What is inside the gzip file *origin*, under the same name."""
    most = min(MOST_BYTES, max(HARMLESS_BYTES, MOST_RATIO * origin.path.stat().st_size))

    def unpacked() -> BinaryIO:
        with ExitStack() as held:
            stream = held.enter_context(gzip.GzipFile(fileobj=held.enter_context(origin.open())))
            return _as_needed(io.BufferedReader(_Unpacked(origin, stream, most, held.pop_all())))

    return Origin(origin.path, origin.name, unpacked)


def _as_needed(stream: io.BufferedReader) -> BinaryIO:
    """*stream*; or all of it in memory, if it is a workbook, which is read back and forth, not only to its end."""
    with ExitStack() as held:
        held.enter_context(stream)
        if stream.peek(MARK)[:MARK] in READ_BACK_AND_FORTH:
            return io.BytesIO(stream.read())
        held.pop_all()
        return stream


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of *stream*, up to a limit; its damage is told in our words."""

    def __init__(self, origin: Origin, stream: gzip.GzipFile | IO[bytes], most: int, held: ExitStack) -> None:
        """With *held*, what is to be closed at the end."""
        self._origin = origin
        self._stream = stream
        self._left = most
        self._held = held

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any, /) -> int:
        room = memoryview(target).cast("B")
        try:
            found = self._stream.read(len(room))
        except DAMAGED as error:
            raise self._origin.unreadable(BROKEN) from error
        self._left -= len(found)
        if self._left < 0:
            raise self._origin.unreadable(TOO_MUCH)
        room[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._held.close()
        super().close()
