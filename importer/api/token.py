"""The access token: fetched with the access key, renewed in time, and once when the API says it is no longer good."""

import threading
import time
from collections.abc import Mapping

from pydantic import SecretStr

from importer.api.http import Http
from importer.api.request import Request
from importer.errors import AccessDenied, RequestTrouble, RowRefused
from importer.model import Reply

PATH = "/token"
LIFE_S = 55 * 60
"""The vendor gives a token 60 minutes (new portal, page "Authentication"); it is renewed a little earlier."""
UNAUTHORIZED = 401


class Tokens:
    """The one token of a run, for all threads."""

    def __init__(self, http: Http, access_key: SecretStr) -> None:
        self._http = http
        self._key = access_key
        self._token = ""
        self._fetched = 0.0
        self._lock = threading.Lock()

    def current(self) -> str:
        """A token that should be good; fetched when there is none, or it is about to expire.

        Raises:
            AccessDenied: the access key is refused.
            TryLater: the API could not be asked.
        """
        if not self._token or time.monotonic() - self._fetched > LIFE_S:
            return self.renewed(self._token)
        return self._token

    def renewed(self, refused: str) -> str:
        """A token other than *refused*.  Of many threads whose token is refused at once, one fetches the new one."""
        with self._lock:
            if self._token == refused or time.monotonic() - self._fetched > LIFE_S:
                self._token = self._fetch()
                self._fetched = time.monotonic()
            return self._token

    def _fetch(self) -> str:
        # Asking for a token twice is harmless, so a lost answer means "later" and not "in doubt".
        request = _TokenRequest("POST", PATH, {"access_key": self._key.get_secret_value()})
        status, answer = self._http.send(request)
        if isinstance(answer, Reply):
            token = answer.body.get("token") if isinstance(answer.body, Mapping) else None
            if isinstance(token, str) and token:
                return token
        if isinstance(answer, (Reply, RowRefused, AccessDenied)) or status == UNAUTHORIZED:
            raise AccessDenied(
                f"The API does not accept the access key (HTTP {status}). Is it the one for this base URL?"
            )
        assert isinstance(answer, (RequestTrouble, Exception))
        raise answer


class _TokenRequest(Request):
    @property
    def is_harmless(self) -> bool:
        return True
