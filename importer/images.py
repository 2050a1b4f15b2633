"""The picture behind an image cell: found, looked at, and turned into what the API wants.

Only files in the spreadsheet's folder and addresses on the public internet are taken.  Nothing is fetched here: whoever
asks hands in the way to fetch.
"""

import base64
import io
import ipaddress
import math
import socket
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import unquote, urlsplit

from PIL import Image

from importer.speech import english
from schemas.cells import CellError, Note

Fetch = Callable[[str], bytes]
"""Gives what is behind an address.

It must not follow a redirection without asking `refuse_private` about the new address, and raises OSError, with a text
for a person, where nothing is to be had.
"""

FORMATS = ("JPEG", "PNG")
PNG_START = b"\x89PNG"
MOST_BYTES = 10 * 1024**2
MOST_PIXELS = 80_000_000
"""More than any camera in use takes; a PNG of a few kilobytes can claim a thousand times as many."""

LEAST_SIDE = 800
"""Source for this and the square form: the vendor's page on product images."""

# All that Pillow was seen to raise for files that are not what they claim.
DAMAGED = (OSError, SyntaxError, ValueError, LookupError, EOFError, OverflowError, TypeError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be sent."""

    content: bytes
    """JPEG or PNG, as found."""
    filename: str
    """The file's own name; for an address, the last part of its path."""
    notes: tuple[Note, ...] = ()
    """What would look better."""


def picture(text: str, folder: Path, *, fetch: Fetch, allow_private: bool = False) -> Picture:
    """The picture that the cell *text* names: a path below *folder*, or an http(s) address.

    Raises:
        CellError: one of the `image_` codes.
    """
    if is_address(text):
        refuse_private(text, allow_private=allow_private)
        content, filename = _fetched(text, fetch), PurePosixPath(unquote(urlsplit(text).path)).name
    else:
        content, filename = _read(text, folder)
    notes = _notes(*_size(content))
    return Picture(content, filename or ("image.png" if content.startswith(PNG_START) else "image.jpg"), notes)


def attachment(picture: Picture) -> str:
    """The picture as the API wants it: base64, without anything around it."""
    return base64.b64encode(picture.content).decode("ascii")


def is_address(text: str) -> bool:
    """Whether an image cell names a place on the web and not a file."""
    return text.strip().lower().startswith(("http://", "https://"))


def refuse_private(address: str, *, allow_private: bool = False) -> None:
    """Raise `CellError` if *address* leads into a private network, or nowhere.

    A spreadsheet comes from anywhere; what it names is not to be read from inside the company's network.  The name is
    looked up here and once more when it is fetched, so this is no guard against a name server that changes its answer.
    """
    host, port = _server(address)
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise CellError("image_not_fetched", reason=english("there is no such server")) from error
    if not allow_private and not all(_is_public(str(one)) for one in found):
        raise CellError("image_address_refused")


def _server(address: str) -> tuple[str, int]:
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise CellError("image_not_fetched", reason=english("this is no web address")) from error
    if not host:
        raise CellError("image_not_fetched", reason=english("the address names no server"))
    return host, port or (443 if parts.scheme.lower() == "https" else 80)


def _is_public(number: str) -> bool:
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        # Some IPv6 addresses are a way to write an IPv4 address.
        address = address.ipv4_mapped or address.sixtofour or address
    return address.is_global and not address.is_multicast


# --- bytes ----------------------------------------------------------------------------------------------------------


def _fetched(address: str, fetch: Fetch) -> bytes:
    try:
        content = fetch(address.strip())
    except OSError as error:
        raise CellError("image_not_fetched", reason=str(error) or type(error).__name__) from error
    _refuse_big(len(content))
    return content


def _read(text: str, folder: Path) -> tuple[bytes, str]:
    # Windows writes folders with a backslash, which no name of a picture holds.
    path = PurePosixPath(text.strip().replace("\\", "/"))
    if "\0" in text:
        raise CellError("image_not_found")
    try:
        inside, file = folder.resolve(), (folder / path).resolve()
        if not file.is_relative_to(inside) or PureWindowsPath(path).drive:
            raise CellError("image_outside")
        if not file.is_file():
            raise CellError("image_not_found")
        _refuse_big(file.stat().st_size)
        return file.read_bytes(), file.name
    except (OSError, RuntimeError) as error:  # a circle of links is a RuntimeError
        reason = getattr(error, "strerror", None) or english("unreadable")
        raise CellError("image_not_fetched", reason=reason) from error


def _refuse_big(size: int) -> None:
    if size > MOST_BYTES:
        # Rounded up, so that it never reads "10.0 MB, at most 10 MB are allowed".
        raise CellError("image_too_big", found=f"{math.ceil(size / 1024**2 * 10) / 10:.1f}")


# --- content --------------------------------------------------------------------------------------------------------


def _size(content: bytes) -> tuple[int, int]:
    """Width and height of a picture that can be decoded to its last row."""
    with _opened(content) as image:
        width, height = image.size
    if width * height > MOST_PIXELS:
        raise CellError("image_too_many_pixels", found=f"{width} x {height}")
    # The first finds wrong checksums and leaves the image unusable; the second finds what is cut off.
    with _opened(content) as image:
        image.verify()
    with _opened(content) as image:
        image.load()
    return width, height


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's about many pixels; they are judged here
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                yield image
    except Image.DecompressionBombError as error:
        raise CellError("image_too_many_pixels", found="far more") from error
    except DAMAGED as error:
        raise CellError("image_unreadable") from error


def _notes(width: int, height: int) -> tuple[Note, ...]:
    found = {"found": f"{width} x {height}"}
    small = (Note("image_small", found),) if min(width, height) < LEAST_SIDE else ()
    oblong = (Note("image_not_square", found),) if width != height else ()
    return small + oblong
