"""What was asked of the sandbox and what it answered, for those who look at it afterwards.

Holds keys and numbers of records only: no access key, no token, no personal data.
"""

import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

KEY_FIELDS = ("order_id", "sku", "reference_number", "tracking_code", "shipment_id", "id", "state", "event", "filename")
"""Members of a payload that say which record is meant."""

MOST_ENTRIES = 200_000
"""Older entries are forgotten."""

Entry = dict[str, Any]
"""One request, as JSON; see `Journal.begin`."""


class Journal:
    """All requests below /v2, in the order of their arrival."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._count = 0

    def begin(self, method: str, path: str, query: Mapping[str, str], body: object) -> Entry:
        """Note a request that has arrived.

        `status` is None until it is answered, and stays so where the connection was cut before that.  `path` is as it
        was sent, below /v2; `fault` names the kinds of fault that struck.
        """
        self._count += 1
        entry: Entry = {
            "number": self._count,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": method,
            "path": path,
            "query": {name: value for name, value in query.items() if name != "access_key"},
            "keys": {} if path == "/token" else _keys(body),
            "status": None,
            "seconds": None,
            "fault": "",
            "began": time.perf_counter(),
        }
        self._entries.append(entry)
        return entry

    @staticmethod
    def end(entry: Entry, status: int | None) -> None:
        """Note how a request ended; None = without an answer."""
        entry["status"] = status
        entry["seconds"] = round(time.perf_counter() - entry["began"], 6)

    def entries(self) -> list[Entry]:
        """All requests that are still remembered, oldest first."""
        return [{name: value for name, value in entry.items() if name != "began"} for entry in self._entries]

    def clear(self) -> None:
        """Forget all requests and number from 1."""
        self._entries.clear()
        self._count = 0


def _keys(body: object) -> dict[str, str | int]:
    """The members of *body* that say which record is meant, as far as they are plain."""
    if not isinstance(body, dict):
        return {}
    return {name: body[name] for name in KEY_FIELDS if isinstance(body.get(name), str | int)}
