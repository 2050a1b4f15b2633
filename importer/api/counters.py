"""How much was sent, for the summary and for each row's line."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counters:
    """What was sent so far, by all threads."""

    requests: int = 0
    """Look-ups and repeats included."""
    retries: int = 0
    throttled: int = 0
    """Answers that told us to wait (429, 503)."""
    waited_s: float = 0.0
    """Seconds that threads stood still, added up: for their turn, or before another try."""


class Counting:
    """Adds up, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests = self._retries = self._throttled = 0
        self._waited_s = 0.0
        self._here = threading.local()

    @property
    def totals(self) -> Counters:
        """What was counted so far."""
        with self._lock:
            return Counters(self._requests, self._retries, self._throttled, self._waited_s)

    @property
    def sent_here(self) -> int:
        """Requests sent by the thread that asks."""
        return getattr(self._here, "sent", 0)

    def sent(self) -> None:
        """One more request, by this thread."""
        self._here.sent = self.sent_here + 1
        with self._lock:
            self._requests += 1

    def throttled(self) -> None:
        """The server asked for less."""
        with self._lock:
            self._throttled += 1

    def retried(self, waited_s: float) -> None:
        """A request was sent again, after a wait."""
        with self._lock:
            self._retries += 1
            self._waited_s += waited_s

    def waited(self, seconds: float) -> None:
        """A thread waited for its turn."""
        with self._lock:
            self._waited_s += seconds
