"""A server for measuring clients, in a process of its own: it stores nothing and is quicker than any of them.

It answers every POST with a new number, GET with an empty list, and counts.  `GET /_counts` says how much it took and
when; a limit shows itself by 429 alone, as the vendor's would.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.request import urlopen

HOST = "127.0.0.1"
BURST = 20
"""So many requests at once are let through before the limit bites."""
END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Counts:
    """What the server has seen of requests that write; moments are seconds of its own clock."""

    taken: int
    refused: int
    first_at: float
    last_at: float
    taken_at: tuple[float, ...]
    """The moments of those taken."""

    @property
    def rate(self) -> float:
        """Requests a second from the first to the last that was taken."""
        return (self.taken - 1) / max(self.last_at - self.first_at, 1e-9)


@dataclass(frozen=True, slots=True)
class MeasuringServer:
    """A running server."""

    port: int

    @property
    def base_url(self) -> str:
        """What the importer's setting base_url is to be."""
        return f"http://{HOST}:{self.port}/v2"

    def fresh(self) -> None:
        """Count from zero again."""
        self._ask("/_fresh")

    def counts(self) -> Counts:
        """What was seen since `fresh`."""
        seen = json.loads(self._ask("/_counts"))
        moments = seen["taken_at"] or [0.0]
        return Counts(len(seen["taken_at"]), seen["refused"], moments[0], moments[-1], tuple(seen["taken_at"]))

    @property
    def taken(self) -> int:
        """How many requests were taken since `fresh`; to be asked often, which would hold up the server else."""
        return int(self._ask("/_taken"))

    def _ask(self, path: str) -> bytes:
        with urlopen(f"http://{HOST}:{self.port}{path}", timeout=10) as answer:
            return bytes(answer.read())


@contextmanager
def measuring(*, latency_s: float = 0.0, rate: float = 0.0) -> Iterator[MeasuringServer]:
    """Start the server in another process; it ends with the block.

    Each answer takes *latency_s*; *rate* is the most requests a second that are taken, 0 = all.
    """
    command = [sys.executable, "-m", "bench.server", "--latency", str(latency_s), "--rate", str(rate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield MeasuringServer(int(process.stdout.readline()))
        finally:
            process.terminate()


# --- in the other process -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _State:
    latency_s: float
    rate: float
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    taken_at: list[float] = field(default_factory=list)
    refused: int = 0
    allowance: float = BURST
    looked_at: float = field(default_factory=time.monotonic)

    def answer(self, method: bytes, path: bytes) -> tuple[bytes, bytes]:
        """Status line with special headers, and body."""
        if path.startswith(b"/_"):
            return b"200 OK", self._control(path)
        if method == b"GET":
            return b"200 OK", b"[]"
        if path.endswith(b"/token"):
            return b"200 OK", b'{"token": "measuring"}'
        if self._is_too_much():
            self.refused += 1
            return b"429 Too Many Requests", b""
        self.taken_at.append(time.monotonic())
        return (b"201 Created" if method == b"POST" else b"200 OK"), b'{"id": %d}' % next(self.numbers)

    def _is_too_much(self) -> bool:
        if not self.rate:
            return False
        now = time.monotonic()
        self.allowance = min(BURST, self.allowance + (now - self.looked_at) * self.rate)
        self.looked_at = now
        if self.allowance < 1:
            return True
        self.allowance -= 1
        return False

    def _control(self, path: bytes) -> bytes:
        if path == b"/_fresh":
            self.taken_at.clear()
            self.refused, self.allowance = 0, BURST
        if path == b"/_taken":
            return b"%d" % len(self.taken_at)
        return json.dumps({"taken_at": self.taken_at, "refused": self.refused}).encode()


class _Exchange(asyncio.Protocol):
    """One connection; requests one after another."""

    def __init__(self, state: _State) -> None:
        self._state = state
        self._loop = asyncio.get_running_loop()
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, found, rest = self._seen.partition(END_OF_HEAD)
        if not found:
            return
        length = _length(head)
        if len(rest) < length:
            return
        self._seen = rest[length:]
        method, path, _ = head.split(b" ", 2)
        status, body = self._state.answer(method, path)
        headers = b"Content-Type: application/json\r\nContent-Length: %d" % len(body)
        answer = b"HTTP/1.1 %b\r\n%b\r\n\r\n%b" % (status, headers, body)
        if self._state.latency_s and not path.startswith(b"/_"):
            self._loop.call_later(self._state.latency_s, self._transport.write, answer)
        else:
            self._transport.write(answer)


def _length(head: bytes) -> int:
    at = head.lower().find(LENGTH)
    return 0 if at < 0 else int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0])


async def _serve(state: _State) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Exchange(state), HOST, 0, backlog=512)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds each answer takes")
    parser.add_argument("--rate", type=float, default=0.0, help="most requests a second; 0 = no limit")
    given = parser.parse_args()
    asyncio.run(_serve(_State(given.latency, given.rate)))


if __name__ == "__main__":
    main()
