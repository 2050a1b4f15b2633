"""Bytes on their way from one file to another, some taken out and others put in; never more than a window is held."""

from collections.abc import Iterable
from typing import IO

Edit = tuple[int, int, bytes]
"""Begin, end, and what comes in place of the bytes between; places are counted from the beginning of the file."""


class Splicer:
    """Copies what is fed to it, as far as it is told, and makes the *edits* on its way."""

    def __init__(self, target: IO[bytes], edits: Iterable[Edit] = ()) -> None:
        self.window = b""
        """The bytes from where we are to what was fed last, perhaps with some before."""
        self.base = 0
        """The place of the first byte of the window."""
        self._target = target
        # From the last to the first, to be taken off the end.
        self._edits = sorted(edits, key=lambda edit: edit[:2])[::-1]
        self._at = 0

    def feed(self, chunk: bytes) -> None:
        """Take more bytes in."""
        self.window = self.window[self._at - self.base :] + chunk
        self.base = self._at

    def copy_to(self, at: int) -> None:
        """Copy up to the place *at*; what is to be put in right there, is not yet."""
        while self._edits and self._edits[-1][0] < at:
            begin, end, text = self._edits.pop()
            self._copy(begin)
            self._target.write(text)
            self._at = end
        self._copy(at)

    def skip_to(self, at: int) -> None:
        """Leave out what is before the place *at*."""
        self._at = at

    def write(self, text: bytes) -> None:
        """Put *text* in here."""
        self._target.write(text)

    def finish(self) -> None:
        """Copy the rest."""
        end = self.base + len(self.window)
        self.copy_to(end + 1)

    def _copy(self, at: int) -> None:
        if at > self._at:
            self._target.write(self.window[self._at - self.base : at - self.base])
            self._at = min(at, self.base + len(self.window))
