"""One answer of HTTP/1.1 read off a connection that stands: status, headers, body.

What `http.client` does in a quarter of its time, since it reads headers as if they were mail (85 of 117 us an
exchange).  Opening a connection, TLS and proxies are left to the library; see `line`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from typing import Protocol

AT_ONCE = 64 * 1024
LONGEST_HEAD = 64 * 1024
"""In bytes; `http.client` takes a line of this length, and ..."""
MOST_HEADERS = 100
"""... as many headers."""
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
STATUS_LINE = re.compile(r"(HTTP/\S*) +([1-9][0-9]{2})(?: |$)")
FINAL = 200
"""Statuses below only announce another."""
WITHOUT_BODY = frozenset({204, 304})


class Socket(Protocol):
    """What is needed of a socket, plain or within TLS."""

    def recv(self, most: int, /) -> bytes:
        """Some of what has come; b"" = nothing more will."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes | None
    """As sent, so perhaps packed; None = it broke off before its end."""
    is_last: bool
    """The connection can carry no further request."""


def answer(socket: Socket) -> Answer:
    """The answer to a request that is neither HEAD nor CONNECT.

    Raises:
        OSError: the connection broke, or nothing came in time, before the head was whole.
        HTTPException: what came is no answer.
    """
    incoming = _Incoming(socket)
    version, status, headers = _head(incoming.head())
    while status < FINAL:
        version, status, headers = _head(incoming.head())
    try:
        body, ends_it = _body(incoming, status, headers)
    except (OSError, HTTPException, ValueError):
        return Answer(status, headers, None, is_last=True)
    ends_it = ends_it or version != "HTTP/1.1" or "close" in headers.get("connection", "").lower()
    # What stands behind the answer belongs to no request of ours.
    return Answer(status, headers, body, is_last=ends_it or incoming.has_more)


# --- head ---------------------------------------------------------------------------------------------------


def _head(head: str) -> tuple[str, int, dict[str, str]]:
    """Version, status and headers."""
    first, *lines = head.split("\n")
    status = STATUS_LINE.match(first.rstrip("\r"))
    if not status:
        raise BadStatusLine(repr(first[:40]))
    if len(lines) > MOST_HEADERS:
        raise HTTPException(f"more than {MOST_HEADERS} headers")
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        value = line
        if not line.startswith((" ", "\t")):
            name, _, value = line.partition(":")
            name = name.lower()
        value = value.strip(" \t\r")
        # A header that comes twice, or that goes on in the next line, is one list.
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return status[1], int(status[2]), headers


# --- body ---------------------------------------------------------------------------------------------------


def _body(incoming: "_Incoming", status: int, headers: Mapping[str, str]) -> tuple[bytes, bool]:
    """The body, and whether it ended with the connection."""
    if status in WITHOUT_BODY:
        return b"", False
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _chunks(incoming), False
    length = headers.get("content-length")
    if length is None:
        return incoming.to_the_end(), True
    if not length.isdecimal():
        raise HTTPException("a length that is none")
    return incoming.exactly(int(length)), False


def _chunks(incoming: "_Incoming") -> bytes:
    parts = []
    while size := int(incoming.line().partition(b";")[0], 16):
        if size < 0:
            raise HTTPException("a length that is none")
        parts.append(incoming.exactly(size))
        incoming.line()
    while incoming.line():
        pass  # headers behind the body
    return b"".join(parts)


class _Incoming:
    """What comes in, read off in pieces."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._seen = bytearray()
        self._at = 0
        """So much of it was read off."""

    @property
    def has_more(self) -> bool:
        """Something came that was not read off."""
        return self._at < len(self._seen)

    def head(self) -> str:
        """All up to the next blank line."""
        while not (end := END_OF_HEAD.search(self._seen, self._at)):
            if len(self._seen) - self._at > LONGEST_HEAD:
                raise HTTPException("a head without end")
            self._receive()
        head = self._seen[self._at : end.start()].decode("latin-1")
        self._at = end.end()
        return head

    def line(self) -> bytes:
        """The next line without its end."""
        while (end := self._seen.find(b"\n", self._at)) < 0:
            if len(self._seen) - self._at > LONGEST_HEAD:
                raise HTTPException("a line without end")
            self._receive()
        line = bytes(self._seen[self._at : end])
        self._at = end + 1
        return line.removesuffix(b"\r")

    def exactly(self, length: int) -> bytes:
        """So many bytes."""
        end = self._at + length
        while len(self._seen) < end:
            self._receive()
        found = bytes(self._seen[self._at : end])
        self._at = end
        return found

    def to_the_end(self) -> bytes:
        """All that comes until the connection is closed."""
        try:
            while True:
                self._receive()
        except IncompleteRead:
            return self.exactly(len(self._seen) - self._at)

    def _receive(self) -> None:
        received = self._socket.recv(AT_ONCE)
        if not received:
            if not self._seen:
                raise RemoteDisconnected("closed without an answer")
            raise IncompleteRead(b"")
        self._seen += received
