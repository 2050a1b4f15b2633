"""Where bytes come from: a file on disk, or a member of an archive.  Knows nothing of what is in them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from importer.errors import Fact, UnreadableFile

LOCK_PREFIXES = ("~$", ".~lock.")
"""Excel and LibreOffice keep such a file beside a workbook as long as it is open."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Something that can be read from its beginning as often as needed."""

    path: Path
    """The file on disk."""
    name: str
    """What a person calls it: the file's name without folders; for a member of an archive, the member's."""
    open: Callable[[], BinaryIO]

    def start(self, length: int) -> bytes:
        """The first *length* bytes, fewer where there are no more."""
        with self.open() as stream:
            return stream.read(length)

    def unreadable(self, sentence: str, /, **facts: Fact) -> UnreadableFile:
        """The exception that says *sentence* of this origin, with its *facts*, without the origin's name."""
        return UnreadableFile(sentence, at=self.name, **facts)


def file(path: Path) -> Origin:
    """The file *path* itself."""
    # A name need not be valid Unicode on Linux, but reports are.
    name = path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Origin(path, name, lambda: path.open("rb"))


def state(path: Path) -> tuple[int, int]:
    """What changes when somebody writes the file: its size in bytes and the time of the last change, in nanoseconds."""
    now = path.stat()
    return now.st_size, now.st_mtime_ns


def is_lock(name: str) -> bool:
    """Whether a file of this *name* only says that another one is open."""
    return name.startswith(LOCK_PREFIXES)
