"""The one door to requests: one request goes out, one reply or one of our errors comes back.  No retries, no token.

Every way in which sending can end is led to what the caller does next.  The question that decides is whether the server
may have got the request; so each connection notes when the first bytes have left.

Tuned for many small requests: connections are kept and used by one thread at a time, the address, the proxy and the
certificates are looked up once, the body is encoded by us, and nothing of what makes a `requests.Session` slow is done:
no cookies, redirects, hooks or netrc (0.78 -> 0.45 ms a call), no urllib3 once a connection stands (-> 0.1 ms; `line`).
"""

import json
import logging
import os
import ssl
import time
from collections import deque
from functools import cached_property
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies
from urllib3 import HTTPResponse
from urllib3 import exceptions as wire

import importer
from importer.api.answers import answer
from importer.api.http.line import Line
from importer.api.http.meaning import LIBRARY_ERRORS, trouble
from importer.api.request import Request
from importer.errors import ImporterError, RequestTrouble, WrongSettings
from importer.model import Reply
from importer.speech import english

LOG = logging.getLogger("importer.api")
USER_AGENT = f"sevensenders-importer/{importer.__version__}"
JSON = "application/json"
AS_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
IDLE_S = 4.0
"""A connection that has rested longer is opened anew before a POST: servers close theirs after 5 s and more, and a
request that meets the closing is in doubt."""
MOST_PICTURE_BYTES = 11 * 1024 * 1024


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
        self._resting: deque[Line] = deque()

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
        except (RequestTrouble, ImporterError) as error:
            outcome = error.answer if isinstance(error, RequestTrouble) else type(error).__name__
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
            session.mount("https://", Line(self._certificates))
            try:
                response = session.get(address, timeout=self._timeouts, allow_redirects=False, stream=True)
                if response.status_code != 200:  # noqa: PLR2004
                    raise OSError(f"HTTP {response.status_code}")
                return bytes(response.raw.read(MOST_PICTURE_BYTES, decode_content=True) or b"")
            except (requests.RequestException, wire.HTTPError, ValueError) as error:
                raise OSError(english("the server could not be reached")) from error

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

    def _line(self, request: Request) -> Line:
        """The connection used last, which is the one most likely to be open; a new one if all are in use."""
        try:
            line = self._resting.pop()
        except IndexError:
            return Line(self._certificates if self.base_url.startswith("https:") else None)
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
        headers = {"Accept": JSON, "User-Agent": USER_AGENT}
        if request.body is not None:
            # Pure ASCII is UTF-8 whatever a cell holds, half a surrogate pair included.
            prepared.body = AS_JSON.encode(request.body).encode("ascii")
            headers["Content-Type"] = JSON
            headers["Content-Length"] = str(len(prepared.body))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        # Nobody looks for a header in another spelling; the library's own kind of dictionary takes 10 us a request.
        prepared.headers = cast("CaseInsensitiveDict[str | bytes]", headers)
        return prepared


def _content(response: HTTPResponse) -> bytes | None:
    """The whole body; None when it ended before its end, or cannot be unpacked: the status counts all the same."""
    try:
        return response.read(decode_content=True)
    except LIBRARY_ERRORS:
        response.close()
        return None


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
