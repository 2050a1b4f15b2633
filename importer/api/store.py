"""Where an account's pace is kept: in the ledger, or, for a request or two without one, in memory."""

import threading
import time
from collections.abc import Callable
from typing import Protocol


class PaceKept(Protocol):
    """What an account has learned."""

    @property
    def interval_s(self) -> float:
        """Seconds between two requests; 0 = no limit is known."""

    @property
    def blocked_s(self) -> float:
        """Seconds for which nobody may send."""


class PaceStore(Protocol):
    """Where an account keeps its pace (the ledger); every call is one atomic change."""

    def pace(self) -> PaceKept:
        """What has been learned so far."""

    def reserve(self, n: int, *, least_s: float = 0.0) -> float:
        """Reserve the next *n* places; seconds to wait for the first."""

    def slow_down(self, *, was: float, to: float, blocked_s: float = 0.0) -> PaceKept:
        """Lengthen the interval, and let nobody send for a while."""

    def speed_up(self, *, was: float, to: float) -> PaceKept:
        """Shorten the interval."""


class MemoryPace:
    """A pace that nobody else shares and that is forgotten at the end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.interval_s = 0.0
        self._blocked_until = 0.0
        self._next_at = 0.0

    @property
    def blocked_s(self) -> float:
        """Seconds for which nobody may send."""
        return max(0.0, self._blocked_until - self._clock())

    def pace(self) -> PaceKept:
        """What has been learned so far."""
        return self

    def reserve(self, n: int, *, least_s: float = 0.0) -> float:
        """Reserve the next *n* places; seconds to wait for the first."""
        with self._lock:
            now = self._clock()
            first = max(now, self._next_at, self._blocked_until)
            self._next_at = first + n * max(self.interval_s, least_s)
            return first - now

    def slow_down(self, *, was: float, to: float, blocked_s: float = 0.0) -> PaceKept:
        """Lengthen the interval, and let nobody send for a while."""
        with self._lock:
            if self.interval_s <= was:
                self.interval_s = to
            self._blocked_until = max(self._blocked_until, self._clock() + blocked_s)
        return self

    def speed_up(self, *, was: float, to: float) -> PaceKept:
        """Shorten the interval."""
        with self._lock:
            if self.interval_s == was:
                self.interval_s = to
        return self
