"""The layers between a request and the network, each of which knows one thing, stacked on each other."""

import threading

from importer.api.client import Api
from importer.api.counters import Counting
from importer.api.dry import Dry
from importer.api.http import Connection
from importer.api.pace import Pacer
from importer.api.request import ApiSettings, Sender
from importer.api.retry import Patience, Persistent
from importer.api.store import MemoryPace, PaceStore
from importer.api.token import Authorised, Secret

MOST_AT_ONCE = 256


def connect(  # noqa: PLR0913 - what a run may wish
    settings: ApiSettings,
    access_key: Secret,
    *,
    pace: PaceStore | None = None,
    rate: float | None = None,
    most_at_once: int = MOST_AT_ONCE,
    stop: threading.Event | None = None,
    dry_run: bool = False,
) -> Api:
    """The API at `settings.base_url`.  Nothing is sent yet.

    *pace* keeps what is learned of the server's limits, *rate* is the most requests a second, however much the server
    would take, *most_at_once* the most that are under way, however many threads there are; *stop* ends all waiting.

    Raises:
        WrongSettings: the base URL is no web address.
    """
    patience = Patience(settings.tries, settings.patience_s, (stop or threading.Event()).wait)
    counting = Counting()
    connection = Connection(
        settings.base_url, connect_timeout_s=settings.connect_timeout_s, read_timeout_s=settings.read_timeout_s
    )
    authorised = Authorised(connection, access_key)
    paced = Pacer(authorised, pace or MemoryPace(), patience, counting, ceiling=rate, most_at_once=most_at_once)
    sender: Sender = Persistent(paced, patience, counting, base_url=connection.base_url)
    return Api(settings, connection, authorised, Dry(sender) if dry_run else sender, counting)
