"""The Seven Senders API: one request -> one reply, or one of four errors that say what to do next."""

from importer.api.answers import server_id
from importer.api.client import Api
from importer.api.compare import Difference, differences, member
from importer.api.connect import connect
from importer.api.counters import Counters
from importer.api.lookup import Absent, Found, Unknown
from importer.api.request import ApiSettings, LookUps
from importer.api.store import MemoryPace, PaceStore

__all__ = [
    "Absent",
    "Api",
    "ApiSettings",
    "Counters",
    "Difference",
    "Found",
    "LookUps",
    "MemoryPace",
    "PaceStore",
    "Unknown",
    "connect",
    "differences",
    "member",
    "server_id",
]
