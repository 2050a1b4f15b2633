"""The one door to requests: one request goes out, one reply or one of our errors comes back.  No retries, no token.

Every way in which sending can end is led to what the caller does next.  The question that decides is whether the server
may have got the request; so each connection notes when the first bytes have left.

Tuned for many small requests: connections are kept and used by one thread at a time, the address, the proxy and the
certificates are looked up once, the body is encoded by us, and nothing of what makes a `requests.Session` slow is done
(cookies, redirects, hooks, netrc: 0.78 -> 0.45 ms a call).
"""

import json
import logging
import os
import ssl
import time
from collections import deque
from collections.abc import Iterator
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies
from urllib3 import HTTPConnectionPool, HTTPResponse
from urllib3 import exceptions as wire
from urllib3.connection import HTTPConnection

import importer
from importer.api.answers import answer, unanswered
from importer.api.request import Request
from importer.errors import ImporterError, RequestTrouble, TryLater, Unreachable, WrongSettings
from importer.model import Reply

LOG = logging.getLogger("importer.api")
USER_AGENT = f"sevensenders-importer/{importer.__version__}"
JSON = "application/json"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
IDLE_S = 4.0
"""A connection that has rested longer is opened anew before a POST: servers close theirs after 5 s and more, and a
request that meets the closing is in doubt."""
MOST_PICTURE_BYTES = 11 * 1024 * 1024

LIBRARY_ERRORS = (OSError, ValueError, HTTPException, wire.HTTPError)
"""Bases of all that requests and urllib3 raise."""
SENSELESS = (
    requests.exceptions.URLRequired,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    wire.LocationValueError,
    wire.InvalidHeader,
    wire.ProxySchemeUnsupported,
    UnicodeError,
)
"""No address, or no proxy, that anything could be sent to."""


class Connection:
    """The way to one base URL; shared by all threads."""

    def __init__(
        self, base_url: str, *, connect_timeout_s: float = 5, read_timeout_s: float = 30, trust_env: bool = True
    ) -> None:
        """*trust_env*: proxies and certificates are taken from the environment, as companies set them there.

        Raises:
            WrongSettings: *base_url* is no web address, or the environment names a certificate file that is none.
        """
        self.base_url = _address(base_url)
        self._timeouts = (connect_timeout_s, read_timeout_s)
        host = urlsplit(self.base_url).hostname
        self._proxies = get_environ_proxies(self.base_url, None) if trust_env and host not in LOOPBACK else {}
        self._trust_env = trust_env
        if self.base_url.startswith("https:"):
            self._certificates  # noqa: B018 - what is wrong with them is said now
        self._resting: deque[_Line] = deque()

    def send(self, request: Request, token: str = "") -> Reply:
        """The reply to *request*, sent once.

        Raises:
            TokenRefused: 401.
            TryLater, RowRefused, AnswerLost, AccessDenied, Unreachable, WrongSettings: see `importer.errors`.
        """
        started = time.monotonic()
        outcome = "no answer"
        try:
            reply = self._sent(request, token)
            outcome = str(reply.http_status)
        except RequestTrouble as trouble:
            outcome = trouble.answer
            raise
        finally:
            if LOG.isEnabledFor(logging.DEBUG):
                # Neither query nor body: both may hold private data.
                ms = (time.monotonic() - started) * 1000
                LOG.debug("%s %s -> %s in %.0f ms", request.method, request.path, outcome, ms)
        return reply

    def fetch(self, address: str) -> bytes:
        """The bytes behind a picture's address, without our token and without following redirects.

        Raises:
            OSError: it could not be had; the text says why.
        """
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = dict(get_environ_proxies(address, None))
            session.headers["User-Agent"] = USER_AGENT
            session.mount("https://", _Line(self._certificates))
            try:
                response = session.get(address, timeout=self._timeouts, allow_redirects=False, stream=True)
                if response.status_code != 200:  # noqa: PLR2004
                    raise OSError(f"HTTP {response.status_code}")
                return bytes(response.raw.read(MOST_PICTURE_BYTES, decode_content=True) or b"")
            except (requests.RequestException, wire.HTTPError, ValueError) as error:
                raise OSError("the server could not be reached") from error

    def close(self) -> None:
        """Close the connections that rest."""
        while self._resting:
            self._resting.pop().close()

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return _trusted(trust_env=self._trust_env)

    # --- one exchange ---------------------------------------------------------------------------------------

    def _sent(self, request: Request, token: str) -> Reply:
        prepared = self._prepared(request, token)
        line = self._line(request)
        try:
            response = line.send(prepared, timeout=self._timeouts, proxies=self._proxies)
            content = _content(response.raw)
        except LIBRARY_ERRORS as error:
            raise trouble(error, request, self.base_url, has_begun=line.has_begun) from error
        finally:
            line.used_at = time.monotonic()
            self._resting.append(line)
        url = self.base_url + request.path
        return answer(request, response.status_code, response.headers, content, url)

    def _line(self, request: Request) -> "_Line":
        """The connection used last, which is the one most likely to be open; a new one if all are in use."""
        try:
            line = self._resting.pop()
        except IndexError:
            return _Line(self._certificates if self.base_url.startswith("https:") else None)
        if not request.is_harmless and time.monotonic() - line.used_at > IDLE_S:
            line.close()
        line.has_begun = False
        return line

    def _prepared(self, request: Request, token: str) -> requests.PreparedRequest:
        prepared = requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = self.base_url + quote(request.path, safe="/%:@!$&'()*+,;=~")
        if request.query:
            prepared.url += "?" + urlencode(request.query, quote_via=quote)
        headers: CaseInsensitiveDict[str | bytes] = CaseInsensitiveDict({"Accept": JSON, "User-Agent": USER_AGENT})
        if request.body is not None:
            # Pure ASCII is UTF-8 whatever a cell holds, half a surrogate pair included.
            prepared.body = json.dumps(request.body, separators=(",", ":"), allow_nan=False).encode("ascii")
            headers["Content-Type"] = JSON
            headers["Content-Length"] = str(len(prepared.body))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        prepared.headers = headers
        return prepared


def _content(response: HTTPResponse) -> bytes | None:
    """The whole body; None when it ended before its end, or cannot be unpacked: the status counts all the same."""
    try:
        return response.read(decode_content=True)
    except LIBRARY_ERRORS:
        response.close()
        return None


# --- one connection -----------------------------------------------------------------------------------------


class _Line(HTTPAdapter):
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
        super().init_poolmanager(*args, **options, ssl_context=self._certificates)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
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


def _watched(kind: Any, line: _Line) -> Any:
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


# --- what an error of the library means ---------------------------------------------------------------------


def trouble(error: Exception, request: Request, base_url: str, *, has_begun: bool) -> RequestTrouble | ImporterError:
    """The error of ours for an *error* of the library; *has_begun*: the server may have got the request.

    What cannot get better by waiting ends the run: an untrusted certificate, an address that is none.
    """
    causes = tuple(_causes(error))
    words = _words(causes)
    if has_begun:
        return unanswered(request, words)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Unreachable(_untrusted(base_url, causes))
    if any("Tunnel connection failed: 407" in str(cause.args) for cause in causes):
        return WrongSettings("The proxy wants a name and a password (HTTP 407); write them into HTTPS_PROXY.")
    if any(isinstance(cause, SENSELESS) for cause in causes):
        return WrongSettings(f"Nothing can be sent to {base_url}: it, or the proxy in HTTPS_PROXY, is no web address.")
    return TryLater(words, reached=False)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """*error* and all that is wrapped in it, each once, the outermost first."""
    waiting, seen = deque([error]), set[int]()
    while waiting:
        one = waiting.popleft()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting.extend(part for part in inner if isinstance(part, BaseException))


WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (wire.NameResolutionError, "the host name is not known"),
    (wire.ProxyError, "the proxy does not let us through"),
    (requests.exceptions.ProxyError, "the proxy does not let us through"),
    (ConnectionRefusedError, "connection refused"),
    (wire.NewConnectionError, "no connection"),
    (wire.ConnectTimeoutError, "no connection in time"),
    (requests.exceptions.ConnectTimeout, "no connection in time"),
    (ssl.SSLError, "no secure connection"),
    (wire.TimeoutError, "no answer in time"),
    (requests.exceptions.Timeout, "no answer in time"),
    (TimeoutError, "no answer in time"),
)
"""What happened, the most telling first; all else is a connection that broke."""


def _words(causes: tuple[BaseException, ...]) -> str:
    for kind, words in WORDS:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "the connection broke"


def _untrusted(base_url: str, causes: tuple[BaseException, ...]) -> str:
    reasons = (getattr(cause, "verify_message", "") for cause in causes)
    why = next((str(reason).rstrip(".") for reason in reasons if reason), "it is not trusted")
    return (
        f"The certificate of {base_url} is not accepted: {why}. If your company's network looks into https, name the "
        "file with its certificates in REQUESTS_CA_BUNDLE."
    )


# --- looked up once -----------------------------------------------------------------------------------------


def _address(base_url: str) -> str:
    """*base_url* as it is sent, without a slash at its end."""
    wrong = f'base_url "{base_url}" is no address of an API; wanted is such as https://api.sevensenders.com/v2.'
    try:
        parts = urlsplit(base_url)
        prepared = requests.Request("GET", base_url).prepare().url
    except (requests.RequestException, ValueError):
        raise WrongSettings(wrong) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise WrongSettings(wrong)
    if parts.username or parts.password:
        raise WrongSettings("base_url holds a name or password; the access key is set in IMPORTER_ACCESS_KEY.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        LOG.warning("base_url begins with http://: the access key and all data can be read on the way")
    return str(prepared).rstrip("/")


def _trusted(*, trust_env: bool) -> ssl.SSLContext:
    """Trusts what the system trusts, what requests ships, and what the environment names."""
    context = ssl.create_default_context()
    bundle = (os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")) if trust_env else None
    for path in filter(None, (DEFAULT_CA_BUNDLE_PATH, bundle)):
        is_folder = Path(path).is_dir()
        try:
            context.load_verify_locations(cafile=None if is_folder else path, capath=path if is_folder else None)
        except (OSError, ssl.SSLError) as error:
            raise WrongSettings(f"The certificates in {path} (REQUESTS_CA_BUNDLE) cannot be read.") from error
    return context
