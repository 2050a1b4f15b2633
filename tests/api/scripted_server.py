"""A server on loopback that answers each request with exactly the bytes a test says, and can break off at any point."""

import contextlib
import json
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self


@dataclass(frozen=True, slots=True)
class Turn:
    """What happens to one request."""

    data: bytes = b""
    then: Literal["keep", "close", "reset", "hang"] = "keep"
    """What becomes of the connection; `hang` leaves it open and says no more."""
    reads: bool = True
    """False = strike as soon as somebody connects."""


def answer(status: int, body: object = None, **headers: str) -> Turn:
    """A reply with a JSON body (none for None); `_` in the name of a header stands for `-`."""
    content = b"" if body is None else json.dumps(body).encode()
    return raw(status, content, "application/json", **headers)


def raw(status: int, content: bytes, kind: str = "text/plain", **headers: str) -> Turn:
    """A reply with any body."""
    lines = [f"HTTP/1.1 {status} Any reason", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Turn("\r\n".join([*lines, "", ""]).encode() + content)


CLOSES = Turn(then="close")
"""The request is read, then the connection is closed without an answer."""
RESETS = Turn(then="reset")
HANGS = Turn(then="hang")


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.body)


class Scripted:
    """Use as a context manager.  A request for which no turn is left has its connection closed."""

    def __init__(self, *turns: Turn, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Seen] = []
        self.connections = 0
        self._turns = deque(turns)
        self._tls = tls
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        """The base URL to give to the importer."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/v2"

    @property
    def asked(self) -> list[str]:
        """Method and target of all requests."""
        return [f"{one.method} {one.target}" for one in self.requests]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def hang_up(self) -> None:
        """Close all connections, as a server does with those that rest for long, and wait until the client can know."""
        while self._open:
            one = self._open.pop()
            one.shutdown(socket.SHUT_RDWR)
            one.close()
        time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for one in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._turns and not self._turns[0].reads:
                self._play(connection, self._turns.popleft())
                return
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._open.append(connection)
            while seen := _request(connection):
                with self._lock:
                    self.requests.append(seen)
                    turn = self._turns.popleft() if self._turns else CLOSES
                if not self._play(connection, turn):
                    return
            connection.close()

    def _play(self, connection: socket.socket, turn: Turn) -> bool:
        """Whether the connection goes on."""
        connection.sendall(turn.data)
        if turn.then == "keep":
            return True
        if turn.then == "hang":
            self._over.wait(30)
        if turn.then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        return False


def _request(connection: socket.socket) -> Seen | None:
    """The next request; None when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    method, target, _ = line.split(" ")
    return Seen(method, target, headers, body)
