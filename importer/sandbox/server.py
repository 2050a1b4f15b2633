"""The sandbox as a running server: in a thread of its own, on a loopback port."""

import asyncio
import json
import os
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from importer.errors import Unreachable, WrongSettings
from importer.sandbox.account import Account
from importer.sandbox.app import app_for
from importer.sandbox.control import PREFIX, Controls
from importer.sandbox.dial import Dial
from importer.sandbox.exchange import TRANSPORT, Exchange
from importer.sandbox.faults import Fault
from importer.sandbox.options import SandboxOptions, members
from importer.sandbox.resources import BASE
from importer.sandbox.store import Record, Store

HOST = "127.0.0.1"
"""Loopback only: whoever reaches the sandbox may reset it."""

PATIENCE_S = 30.0
"""How long its own methods wait for the sandbox, which answers at once unless the machine is very busy."""


class RunningSandbox:
    """A sandbox that has been started.  Its methods ask it over HTTP, past all faults."""

    def __init__(self, options: SandboxOptions, *, port: int = 0) -> None:
        """Start on *port* (0 = any free one) and return when requests are answered.

        Raises:
            WrongSettings: the port is taken, or the file for the records cannot be used.
        """
        listener = _listener(port)
        try:
            self._store = Store(options.state)
        except WrongSettings:
            listener.close()
            raise
        self.port: int = listener.getsockname()[1]
        self.access_key = options.access_key
        self._first = options
        account = Account(self._store, options, self.url)
        controls = Controls(account, Dial(options.faults, options.seed))
        self._server = _Server(Exchange(app_for(controls), controls), controls)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="sandbox", daemon=True)
        self._thread.start()
        if not self._server.is_ready.wait(PATIENCE_S):
            raise Unreachable(
                "The sandbox on port {port} does not answer {seconds} s after its start.",
                port=str(self.port),
                seconds=int(PATIENCE_S),
            )

    @property
    def url(self) -> str:
        """Root, such as http://127.0.0.1:8765."""
        return f"http://{HOST}:{self.port}"

    @property
    def base_url(self) -> str:
        """What the importer's setting base_url is to be."""
        return f"{self.url}{BASE}"

    def state(self) -> dict[str, list[Record]]:
        """Every record by entity, oldest first; orders without their shipments, images with size and digest."""
        found: dict[str, list[Record]] = self._ask("GET", "state")
        return found

    def requests(self) -> list[dict[str, Any]]:
        """Every request below /v2 in the order of arrival: method, path, query, keys, status, fault, time, seconds."""
        found: list[dict[str, Any]] = self._ask("GET", "requests")
        return found

    def reset(self, options: SandboxOptions | None = None) -> None:
        """Forget all records, requests, tokens and faults, and go on with *options*; None = as it was started."""
        self._ask("POST", "reset", {} if options is None else {"options": members(options)})
        self.access_key = (options or self._first).access_key

    def faults(self, faults: Iterable[Fault | Mapping[str, Any] | str], *, seed: int = 0) -> None:
        """Put *faults* in force in place of the former ones; [] = nothing goes wrong any more.

        Raises:
            ValueError: one of them is none.
        """
        listed = [one.members if isinstance(one, Fault) else one for one in faults]
        self._ask("POST", "faults", {"faults": listed, "seed": seed})

    def happened(self) -> list[int]:
        """How often each of the faults in force has happened."""
        return [one["happened"] for one in self._ask("GET", "faults")]

    def deliver(self, shipment_id: str | int) -> None:
        """Let the carrier deliver a shipment."""
        self._ask("POST", "deliver", {"shipment_id": shipment_id})

    def wait(self) -> None:
        """Return when the sandbox has ended, or quietly on Ctrl-C."""
        with suppress(KeyboardInterrupt):
            while self._thread.is_alive():
                # Not for ever: on Windows a thread that waits without end cannot be interrupted.
                self._thread.join(0.5)

    def stop(self) -> None:
        """End it: connections are cut, requests under way are given up.  Does nothing the second time."""
        self._server.should_exit = True
        self._thread.join(PATIENCE_S)
        self._store.close()

    def _ask(self, method: str, name: str, body: object = None) -> Any:
        connection = HTTPConnection(HOST, self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, f"{PREFIX}/{name}", None if body is None else json.dumps(body))
            answer = connection.getresponse()
            found = answer.read()
        finally:
            connection.close()
        decoded: Any = json.loads(found) if found else None
        if answer.status >= 400:  # noqa: PLR2004 - as HTTP calls it
            raise ValueError(decoded["detail"])
        return decoded


@contextmanager
def running(options: SandboxOptions | None = None, *, port: int = 0) -> Iterator[RunningSandbox]:
    """A sandbox for the time of a `with` block.

    Raises:
        WrongSettings: the port is taken, or the file for the records cannot be used.
    """
    sandbox = RunningSandbox(options or SandboxOptions(), port=port)
    try:
        yield sandbox
    finally:
        sandbox.stop()


def serve(options: SandboxOptions, port: int) -> None:
    """Run a sandbox until Ctrl-C.

    Raises:
        WrongSettings: the port is taken, or the file for the records cannot be used.
    """
    with running(options, port=port) as sandbox:
        sandbox.wait()


def _listener(port: int) -> socket.socket:
    # The protocol is named because asyncio sends small packets at once (TCP_NODELAY) only where it is; otherwise each
    # reply waits for 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # A port that has just been given up can be taken again; elsewhere the option means something else.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise WrongSettings(f"The sandbox cannot listen on port {port} ({error}); choose another port.") from error
    return listener


class _Protocol(H11Protocol):
    """Leaves the connection where `exchange` finds it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Each request's scope gets a copy of this as its "state".
        self.app_state = {**self.app_state, TRANSPORT: transport}


class _Server(uvicorn.Server):
    """Says when it is ready, and ends without waiting for anyone."""

    def __init__(self, exchange: Exchange, controls: Controls) -> None:
        super().__init__(
            uvicorn.Config(
                exchange,
                http=_Protocol,
                ws="none",
                loop="asyncio",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="error",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=75,
            )
        )
        self.is_ready = threading.Event()
        self._controls = controls

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        self._controls.underway.give_up()
        await super().shutdown(sockets)
