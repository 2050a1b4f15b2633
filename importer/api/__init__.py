"""The Seven Senders API: one request -> one reply, or one of four errors that say what to do next."""

import threading

from pydantic import SecretStr

from importer.api.answers import server_id
from importer.api.client import Absent, Api, Counters, Found, Unknown
from importer.api.compare import differences
from importer.api.http import Http
from importer.api.pace import MemoryPace, Pacer, PaceStore
from importer.api.request import ApiSettings, LookUps
from importer.api.token import Tokens

__all__ = [
    "Absent",
    "Api",
    "ApiSettings",
    "Counters",
    "Found",
    "LookUps",
    "MemoryPace",
    "PaceStore",
    "Unknown",
    "connect",
    "differences",
    "server_id",
]


def connect(
    settings: ApiSettings,
    access_key: SecretStr,
    *,
    pace: PaceStore,
    rate: float | None = None,
    stop: threading.Event | None = None,
    dry_run: bool = False,
) -> Api:
    """The API at `settings.base_url`.  Nothing is sent yet.

    *rate* is the most requests a second, however much the server would take; *stop* ends all waiting at once.
    """
    stop = stop or threading.Event()
    http = Http(settings.base_url, connect_timeout_s=settings.connect_timeout_s, read_timeout_s=settings.read_timeout_s)
    pacer = Pacer(pace, ceiling=rate, stop=stop)
    return Api(settings, http, Tokens(http, access_key), pacer, stop=stop, dry_run=dry_run)
