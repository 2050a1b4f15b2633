"""Workers that send through our pacing to a server with limits, in virtual time: minutes pass in a second."""

import heapq
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from importer.api.crowd import Crowd
from importer.api.pace import Pacing
from importer.api.store import MemoryPace

Limiter = Callable[[float], tuple[bool, float | None]]
"""Moment -> whether the server takes a request then, and the seconds of its Retry-After."""

Phases = tuple[tuple[float, float], ...]
"""Until when, so many requests a second are allowed."""


def allowed(phases: Phases, now: float) -> float:
    """Requests a second that are allowed at *now*."""
    return next((rate for until, rate in phases if now < until), phases[-1][1])


class Bucket:
    """Lets *burst* requests through at once, and refills at the rate of the phase."""

    def __init__(self, phases: Phases, burst: float, *, says_when: bool) -> None:
        self._phases, self._burst, self._says_when = phases, burst, says_when
        self._tokens, self._at = burst, 0.0

    def __call__(self, now: float) -> tuple[bool, float | None]:
        """Whether it is let through, and the seconds of the Retry-After."""
        rate = allowed(self._phases, now)
        self._tokens = min(self._burst, self._tokens + (now - self._at) * rate)
        self._at = now
        if self._tokens < 1:
            return False, float(math.ceil((1 - self._tokens) / rate)) if self._says_when else None
        self._tokens -= 1
        return True, None


class Window:
    """Lets so many requests through in each window of so many seconds."""

    def __init__(self, phases: Phases, window_s: float, *, says_when: bool) -> None:
        self._phases, self._window_s, self._says_when = phases, window_s, says_when
        self._window, self._taken = -1, 0

    def __call__(self, now: float) -> tuple[bool, float | None]:
        """Whether it is let through, and the seconds of the Retry-After."""
        window = int(now / self._window_s)
        if window != self._window:
            self._window, self._taken = window, 0
        if self._taken >= allowed(self._phases, now) * self._window_s:
            return False, float(math.ceil((window + 1) * self._window_s - now)) if self._says_when else None
        self._taken += 1
        return True, None


@dataclass
class Simulation:
    """*workers* threads; *latency* gives the seconds of an answer for so many requests under way."""

    limiter: Limiter = lambda _now: (True, None)
    workers: int = 32
    latency: Callable[[int, float], float] = lambda _under_way, _now: 0.05
    seed: int = 1
    ceiling: float | None = None
    arrivals: list[tuple[float, bool, int]] = field(default_factory=list)
    """When a request reached the server, whether it was taken, and how many were under way."""
    broken_promises: int = 0
    """Requests that left before the end of a Retry-After that had arrived."""

    def run(self, seconds: float) -> "Simulation":
        """Let so much time pass."""
        self._random = random.Random(self.seed)
        self._now = 0.0
        self._pacing = Pacing(MemoryPace(lambda: self._now), ceiling=self.ceiling, now=0.0)
        self._crowd = Crowd(self.workers)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._queue = deque([1] * self.workers)
        self._under_way = 0
        self._sleeps = False
        self._blocked = (0.0, 0.0)
        self._turns()
        while self._events and self._events[0][0] < seconds:
            self._now, _, event = heapq.heappop(self._events)
            event()
            self._turns()
        return self

    def _after(self, seconds: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self._now + seconds, len(self.arrivals) * 8 + len(self._events), event))

    def _turns(self) -> None:
        """As `Pacer` does: one after another, and one waits for the rest."""
        while self._queue and not self._sleeps and self._under_way < self._crowd.size:
            wait_s = self._pacing.wait_s(self._now)
            if wait_s:
                self._sleeps = True
                self._after(wait_s + self._random.expovariate(10_000), self._wake)
                return
            tries, sent_at = self._queue.popleft(), self._now
            self._under_way += 1
            self.broken_promises += self._blocked[0] < sent_at < self._blocked[1]
            self._after(self._random.expovariate(2_000), lambda tries=tries, at=sent_at: self._arrive(tries, at))

    def _wake(self) -> None:
        self._sleeps = False

    def _arrive(self, tries: int, sent_at: float) -> None:
        is_taken, after_s = self.limiter(self._now)
        self.arrivals.append((self._now, is_taken, self._under_way))
        took = self.latency(self._under_way, self._now) * self._random.uniform(0.9, 1.2)
        self._after(
            took if is_taken else took / 2, lambda: self._answered(tries, sent_at, is_taken=is_taken, after_s=after_s)
        )

    def _answered(self, tries: int, sent_at: float, *, is_taken: bool, after_s: float | None) -> None:
        self._under_way -= 1
        if is_taken:
            self._pacing.accepted(sent_at, self._now)
            self._crowd.answered("POST orders", sent_at, self._now)
            self._queue.append(1)
            return
        if after_s:
            self._blocked = (self._now, max(self._blocked[1], self._now + after_s))
        self._pacing.refused(sent_at, self._now, after_s)
        delay = max(after_s or 0.0, min(30, 0.5 * 2 ** (tries - 1)) * self._random.uniform(0.5, 1))
        self._after(delay, lambda: self._queue.append(tries + 1))

    # --- what came of it ------------------------------------------------------------------------------------

    def taken(self, start: float, end: float) -> float:
        """Requests taken per second."""
        return sum(is_taken for at, is_taken, _ in self.arrivals if start <= at < end) / (end - start)

    def refused(self, start: float = 0.0) -> float:
        """Share of the requests that were refused from *start* on."""
        outcomes = [is_taken for at, is_taken, _ in self.arrivals if at >= start]
        return outcomes.count(False) / len(outcomes)

    def under_way(self, start: float) -> float:
        """How many requests were under way on average from *start* on."""
        counts = [count for at, _, count in self.arrivals if at >= start]
        return sum(counts) / len(counts)
