"""How fast to send, learned from what the server says, since the vendor publishes no limit.

Unlimited until the server first asks for less (429, 503).  Then the rate falls below what was accepted, and climbs
again: slowly up to where it was refused, faster and faster beyond, since limits change.  What is learned is kept by the
account, so that all threads and processes share it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

WINDOW_S = 2.0
"""The accepted rate is counted over so many seconds."""
CUT = 0.9
"""After a refusal we send at this share of what was being accepted."""
CLIMB = 0.01
"""Growth of the rate per second up to where it was refused."""
FASTEST_CLIMB = 0.5
BEYOND = 1.05
"""So far above the last refusal the climb begins to double."""
SLOWEST_PER_S = 0.2
FORGOTTEN_PER_S = 5_000.0
"""A rate beyond this is no limit any more."""


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
        """Reserve the next places; seconds to wait for the first."""

    def slow_down(self, *, was: float, to: float, blocked_s: float = 0.0) -> PaceKept:
        """Lengthen the interval, and let nobody send for a while."""

    def speed_up(self, *, was: float, to: float) -> PaceKept:
        """Shorten the interval."""


class Pacer:
    """Lets threads send one after another at the pace of the account; shared by all threads."""

    def __init__(
        self,
        store: PaceStore,
        *,
        ceiling: float | None,
        stop: threading.Event,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._least_s = 1 / ceiling if ceiling else 0.0
        self._stop = stop
        self._clock = clock
        self._lock = threading.Lock()
        self._interval_s = store.pace().interval_s
        self._accepted: deque[float] = deque()
        self._refused_at_rate = 0.0
        self._climb = CLIMB
        self._climbed_at = clock()

    def turn(self) -> None:
        """Wait for one's turn; returns at once while there is no limit, and when the run is to stop."""
        if self._interval_s or self._least_s or self._store.pace().blocked_s:
            wait_s = self._store.reserve(1, least_s=self._least_s)
            if wait_s > 0:
                self._stop.wait(wait_s)

    def accepted(self) -> None:
        """The server took a request: count it, and climb when it is time."""
        now = self._clock()
        with self._lock:
            self._accepted.append(now)
            while self._accepted and now - self._accepted[0] > WINDOW_S:
                self._accepted.popleft()
            if not self._interval_s or now - self._climbed_at < 1.0:
                return
            self._climbed_at = now
            rate = 1 / self._interval_s
            if rate > self._refused_at_rate * BEYOND:
                self._climb = min(FASTEST_CLIMB, self._climb * 2)
            faster = rate * (1 + self._climb)
            was, to = self._interval_s, 1 / faster if faster < FORGOTTEN_PER_S else 0.0
        kept = self._store.speed_up(was=was, to=to)
        self._interval_s = kept.interval_s

    def refused(self, after_s: float | None) -> None:
        """The server asked for less, and perhaps for how long nothing at all is to be sent."""
        now = self._clock()
        with self._lock:
            was = self._interval_s
            recent = [moment for moment in self._accepted if now - moment <= WINDOW_S]
            span = max(0.25, min(WINDOW_S, now - recent[0])) if recent else WINDOW_S
            rate = len(recent) / span
            if was:
                rate = min(rate or 1 / was, 1 / was)
            self._refused_at_rate = rate
            self._climb = CLIMB
            self._climbed_at = now + (after_s or 0.0)
            to = 1 / max(SLOWEST_PER_S, rate * CUT)
        kept = self._store.slow_down(was=was, to=max(was, to), blocked_s=after_s or 0.0)
        self._interval_s = kept.interval_s


@dataclass(frozen=True, slots=True)
class _Kept:
    interval_s: float
    blocked_s: float


class MemoryPace:
    """A pace that nobody else shares and that is forgotten at the end, for a request or two without a ledger."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._interval_s = 0.0
        self._blocked_until = 0.0
        self._next_at = 0.0

    def pace(self) -> PaceKept:
        """What has been learned so far."""
        return _Kept(self._interval_s, max(0.0, self._blocked_until - self._clock()))

    def reserve(self, n: int, *, least_s: float = 0.0) -> float:
        """Reserve the next places; seconds to wait for the first."""
        with self._lock:
            now = self._clock()
            first = max(now, self._next_at, self._blocked_until)
            self._next_at = first + n * max(self._interval_s, least_s)
            return first - now

    def slow_down(self, *, was: float, to: float, blocked_s: float = 0.0) -> PaceKept:
        """Lengthen the interval, and let nobody send for a while."""
        with self._lock:
            if self._interval_s <= was:
                self._interval_s = to
            self._blocked_until = max(self._blocked_until, self._clock() + blocked_s)
        return self.pace()

    def speed_up(self, *, was: float, to: float) -> PaceKept:
        """Shorten the interval."""
        with self._lock:
            if self._interval_s == was:
                self._interval_s = to
        return self.pace()
