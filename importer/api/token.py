"""The access token: fetched with the access key, renewed in time, and once when the API says it is no longer good."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from importer.api.answers import TokenRefused
from importer.api.request import Request
from importer.errors import AccessDenied, RequestTrouble, RowRefused, TryLater, WrongSettings
from importer.model import Reply

LOG = logging.getLogger("importer.api")
PATH = "/token"
LIFE_S = 55 * 60
"""The vendor gives a token 60 minutes (new portal, page "Authentication"); it is renewed a little earlier."""
AGAIN_S = 30
"""While the API cannot renew a token that is still good, it is asked again after so many seconds."""
NO_SUCH_PATH = frozenset({404, 405})


class Secret(Protocol):
    """An access key that does not show itself (`pydantic.SecretStr`)."""

    def get_secret_value(self) -> str:
        """The key."""


class Sends(Protocol):
    """What sends a request with a token: a `Connection`."""

    base_url: str

    def send(self, request: Request, token: str = "") -> Reply:
        """The reply; raises `TokenRefused` on 401."""


class Authorised:
    """Sends with the one token of a run; shared by all threads."""

    def __init__(self, connection: Sends, access_key: Secret, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._key = access_key
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._due = 0.0
        """When the token is to be renewed."""

    def send(self, request: Request) -> Reply:
        """The reply to *request*; raises as `Connection.send` does, and `AccessDenied` in place of 401."""
        token = self._good()
        try:
            return self._connection.send(request, token)
        except TokenRefused:
            LOG.debug("the token is no longer good")
        try:
            return self._connection.send(request, self._other_than(token))
        except TokenRefused as refused:
            raise AccessDenied("The API does not accept a token that it has just given out (HTTP 401).") from refused

    def knock(self) -> float:
        """Get a token unless there is a good one; the seconds that took."""
        started = self._clock()
        self._good()
        return self._clock() - started

    def _good(self) -> str:
        """A token that should be good; raises `AccessDenied`, or `TryLater` when there is none and none can be had."""
        if not self._token or self._clock() >= self._due:
            with self._lock:
                if not self._token:
                    self._renew()
                elif self._clock() >= self._due:
                    self._try_to_renew()
        return self._token

    def _other_than(self, refused: str) -> str:
        """A token that is not *refused*: of many threads whose token is refused at once, one fetches the new one."""
        with self._lock:
            if self._token == refused:
                self._renew()
            return self._token

    def _try_to_renew(self) -> None:
        try:
            self._renew()
        except TryLater:
            self._due = self._clock() + AGAIN_S

    def _renew(self) -> None:
        self._token = self._fetched()
        self._due = self._clock() + LIFE_S

    def _fetched(self) -> str:
        key = self._key.get_secret_value()
        try:
            # Asking twice is harmless, so a lost answer means "later" and not "perhaps done".
            reply = self._connection.send(Request("POST", PATH, {"access_key": key}, repeatable=True))
        except RequestTrouble as trouble:
            raise self._meaning(trouble) from trouble
        token = reply.body.get("token") if isinstance(reply.body, Mapping) else None
        if not isinstance(token, str) or not token.isascii() or not token.strip().isprintable() or not token.strip():
            raise AccessDenied(
                "The API gave no token for the access key (HTTP {status}).", status=str(reply.http_status)
            )
        return token.strip()

    def _meaning(self, trouble: RequestTrouble) -> Exception:
        base_url, status = self._connection.base_url, trouble.http_status
        if isinstance(trouble, RowRefused) and status in NO_SUCH_PATH:
            return WrongSettings(
                "There is no {address} (HTTP {status}); base_url ends with the version, /v2.",
                address=f"{base_url}{PATH}",
                status=str(status),
            )
        if isinstance(trouble, (RowRefused, TokenRefused)):
            return AccessDenied(
                "The API does not accept the access key (HTTP {status}). Is it the one for {address}? "
                "The test environment has keys of its own.",
                address=base_url,
                status=str(status),
            )
        if status is not None and status < 300:  # noqa: PLR2004
            return WrongSettings(f"{base_url} does not answer like the API ({trouble.answer}); is base_url right?")
        return trouble
