"""One kept connection, used by one thread at a time, that knows whether a request may have reached the server.

An adapter of requests.  It opens its connection the library's way, with proxies, TLS and all; what follows over a
connection that stands is one send and, as a rule, one receive: 0.1 ms of work instead of 0.45.
"""

import io
import ssl
from collections.abc import Mapping
from http.client import IncompleteRead
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPHeaderDict, HTTPResponse
from urllib3.connection import HTTPConnection

from importer.api.http import reading

PLAIN_PORTS = {"http": ":80", "https": ":443"}


class Line(HTTPAdapter):
    """One kept connection.  It knows whether anything of the present request can have reached the server."""

    def __init__(self, certificates: ssl.SSLContext | None) -> None:
        self._certificates = certificates
        self._pool: HTTPConnectionPool | None = None
        self.kept: HTTPConnection | None = None
        """The connection that stands, unless the server has closed it in the meantime."""
        self.has_begun = False
        """Something of the request has been handed to the network."""
        self.used_at = 0.0
        # No retries here: `retry` is the one place that waits and tries again.
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - as requests has it
        timeout: Any = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """The answer to *request*; the time-outs and certificates of the first one hold for all that follow.

        Raises what requests raises, and, over a connection that stands, what is below it: OSError, HTTPException.
        """
        # What a proxy reads, and does not only pass on, names the whole address.
        is_read_by_proxy = bool(proxies) and not str(request.url).startswith("https:")
        if self.kept is not None and self.kept.is_connected and not is_read_by_proxy:
            return self._exchanged(request, self.kept.sock)
        return super().send(request, stream, timeout, verify, cert, proxies)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        super().close()
        self._pool = self.kept = None

    # --- over a connection that stands ----------------------------------------------------------------------

    def _exchanged(self, request: requests.PreparedRequest, socket: Any) -> requests.Response:
        data = _as_sent(request)
        try:
            sent = socket.send(data)
            self.has_begun = True
            if sent < len(data):
                socket.sendall(memoryview(data)[sent:])
            said = reading.answer(socket)
        except BaseException:
            self.close()
            raise
        if said.is_last:
            self.close()
        response = requests.Response()
        response.status_code, response.raw = said.status, _as_read(said)
        response.headers = CaseInsensitiveDict(said.headers)
        return response

    # --- opening it, by the library -------------------------------------------------------------------------

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """As requests does, with our certificates."""
        super().init_poolmanager(*args, **options, ssl_context=self._certificates)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """As requests does, with our certificates."""
        return super().proxy_manager_for(proxy, **options, ssl_context=self._certificates)

    def cert_verify(self, *_: object) -> None:
        """The context shared by all connections has the certificates; they are not loaded for each of them."""

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> HTTPConnectionPool:
        """The pool is always the same one: there is one host and one proxy."""
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(*args, **options)
            self._pool.ConnectionCls = _watched(self._pool.ConnectionCls, self)
        return self._pool

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Status, headers and body, without the cookies and links that requests would look for."""
        response = requests.Response()
        response.status_code = resp.status
        response.headers = resp.headers
        response.raw = resp
        response.request = req
        return response


def _watched(kind: Any, line: Line) -> Any:
    """*kind* of connection that tells *line* that it stands, and when the head of a request has left."""

    class Watched(kind):  # type: ignore[misc]
        def connect(self) -> None:
            try:
                super().connect()
            finally:
                line.has_begun = False  # what went to a proxy to get through was not the request
            line.kept = self

        def send(self, data: Any) -> None:
            super().send(data)
            line.has_begun = True

    return cast("type[HTTPConnection]", Watched)


# --- what goes out and what comes in ------------------------------------------------------------------------


def _as_sent(request: requests.PreparedRequest) -> bytes:
    """Head and body in one piece, so that they leave in one packet."""
    scheme, host, path, query, _ = urlsplit(str(request.url))
    lines = [
        f"{request.method} {path or '/'}{'?' + query if query else ''} HTTP/1.1",
        f"Host: {host.removesuffix(PLAIN_PORTS[scheme])}",
        "Accept-Encoding: identity",
        *(f"{name}: {value}" for name, value in cast("Mapping[str, str]", request.headers).items()),
        "",
        "",
    ]
    head = "\r\n".join(lines)
    # Nothing from a cell gets here without being quoted.
    assert head.count("\n") == len(lines) - 1
    return head.encode("latin-1") + cast("bytes", request.body or b"")


def _as_read(said: reading.Answer) -> Any:
    """The body as the library would hand it over, which sees to what is packed."""
    if said.body and said.headers.get("content-encoding", "identity") != "identity":
        return HTTPResponse(io.BytesIO(said.body), HTTPHeaderDict(said.headers), said.status, preload_content=False)
    return _Body(said.body)


class _Body(io.BytesIO):
    """A body that was received already; one that broke off cannot be read."""

    def __init__(self, received: bytes | None) -> None:
        super().__init__(received or b"")
        self._is_whole = received is not None

    def read(self, amt: int | None = None, decode_content: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002
        """Some of it; raises IncompleteRead where it broke off."""
        if not self._is_whole:
            raise IncompleteRead(b"")
        return super().read(amt)
