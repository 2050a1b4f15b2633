"""One kept connection, used by one thread at a time, that knows whether a request may have reached the server."""

import ssl
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection


class Line(HTTPAdapter):
    """One kept connection.  It knows whether anything of the present request can have reached the server."""

    def __init__(self, certificates: ssl.SSLContext | None) -> None:
        self._certificates = certificates
        self._pool: HTTPConnectionPool | None = None
        self.has_begun = False
        """The head of the request has been handed to the network as a whole."""
        self.used_at = 0.0
        # No retries here: `retry` is the one place that waits and tries again.
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        super().close()
        self._pool = None

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
    """*kind* of connection that tells *line* when the head of a request has left."""

    class Watched(kind):  # type: ignore[misc]
        def connect(self) -> None:
            try:
                super().connect()
            finally:
                line.has_begun = False  # what went to a proxy to get through was not the request

        def send(self, data: Any) -> None:
            super().send(data)
            line.has_begun = True

    return cast("type[HTTPConnection]", Watched)
