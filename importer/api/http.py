"""The one door to requests: one request goes out, one reply or one of our errors comes back.  No retries, no ledger.

Tuned for many small requests: a session per thread, proxies and certificates looked up once, the body encoded by us.
"""

import json
import logging
import threading
import time
from collections.abc import Callable

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

import importer
from importer.api.answers import lost_or_later, reply_or_trouble
from importer.api.request import Request
from importer.errors import ImporterError, RequestTrouble, TryLater, Unreachable, WrongSettings
from importer.model import Reply

LOG = logging.getLogger("importer.api")
JSON = "application/json"
UNSENT = (NewConnectionError, ConnectTimeoutError)
"""Below these nothing can have reached the server."""
MOST_PICTURE_BYTES = 11 * 1024 * 1024

Headers = Callable[[], dict[str, str]]


class Http:
    """Sends to one base URL; shared by all threads."""

    def __init__(self, base_url: str, *, connect_timeout_s: float, read_timeout_s: float) -> None:
        self._base_url = base_url
        self._timeouts = (connect_timeout_s, read_timeout_s)
        self._local = threading.local()
        environment = requests.Session().merge_environment_settings(base_url, {}, None, None, None)
        self._verify = environment["verify"]
        self._proxies = dict(get_environ_proxies(base_url, no_proxy=None))

    def send(self, request: Request, authorization: str = "") -> tuple[int, Reply | RequestTrouble | ImporterError]:
        """The status (0 = none came) and what it means; nothing is raised, so that a 401 can be looked at first."""
        started = time.monotonic()
        status = 0
        answer: Reply | RequestTrouble | ImporterError
        try:
            response = self._session().request(
                request.method,
                self._base_url + request.path,
                params=dict(request.query) or None,
                data=None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode(),
                headers={"Authorization": authorization} if authorization else None,
                timeout=self._timeouts,
                allow_redirects=False,
            )
            status = response.status_code
            answer = reply_or_trouble(request, status, response.headers, response.content)
        except (RequestTrouble, ImporterError) as trouble:
            answer = trouble
        except requests.RequestException as error:
            answer = _meaning(request, error)
        # Neither query nor body: both may hold private data.
        LOG.debug("%s %s -> %s in %.0f ms", request.method, request.path, status or answer, _ms_since(started))
        return status, answer

    def fetch(self, address: str) -> bytes:
        """The bytes behind a picture's address, without our authorization and without following redirects.

        Raises:
            OSError: it could not be had; the text says why.
        """
        try:
            with self._session().get(address, timeout=self._timeouts, allow_redirects=False, stream=True) as response:
                if response.status_code != 200:  # noqa: PLR2004
                    raise OSError(f"HTTP {response.status_code}")
                return response.raw.read(MOST_PICTURE_BYTES, decode_content=True) or b""
        except requests.RequestException as error:
            raise OSError("the server could not be reached") from error

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False
            session.verify, session.proxies = self._verify, self._proxies
            adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            agent = f"sevensenders-importer/{importer.__version__}"
            session.headers.update({"User-Agent": agent, "Accept": JSON, "Content-Type": JSON})
            self._local.session = session
        return session


def _ms_since(started: float) -> float:
    return (time.monotonic() - started) * 1000


def _meaning(request: Request, error: requests.RequestException) -> RequestTrouble | ImporterError:
    """What an error of the library means for the request: unsent, perhaps done, or hopeless."""
    cause = _cause(error)
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable("The API's certificate is not accepted; is base_url right, or is a proxy in between?")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return WrongSettings("base_url is no address that can be reached.")
    if isinstance(cause, NameResolutionError):
        return TryLater("the host name is not known")
    if isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(cause, UNSENT):
        return TryLater("no connection")
    if isinstance(error, requests.exceptions.ProxyError):
        return TryLater("the proxy does not let us through")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return lost_or_later(request, "no answer in time")
    return lost_or_later(request, "the connection broke")


def _cause(error: requests.RequestException) -> object:
    """The urllib3 error at the bottom."""
    inner = error.args[0] if error.args else None
    return getattr(inner, "reason", inner)
