"""How many requests may be under way at once: as many as the server answers without slowing down.  Pure.

A server that has enough to do says so by answering late, long before it refuses anything.  So the time of an answer is
compared with the usual one for its kind; when it has doubled, fewer are sent at once.  If that does not help, we were
not the reason, and the longer time is the usual one from now on.
"""

from dataclasses import dataclass

FIRST = 8
"""So many at once in the beginning; then twice as many, and again, until the server shows signs of trouble."""
FEWEST = 2
ENOUGH = 16
"""So many answers of a kind, or as many as may be under way, make a sample; in the beginning half as many do."""
SLOW = 2.0
"""A server is slow when it takes so many times its usual time."""
FEWER = 0.6
MORE = 1 / 8
"""Growth after each sample that is not slow; at least by one."""
HELPED = 0.85
"""Sending fewer has helped when answers take at most this share of the time."""
FORGET_S = 600.0
"""Within about so many seconds a server that has become slower for good is taken as it is."""


@dataclass(slots=True)
class _Kind:
    """Answers to requests of one kind, which should take the same time."""

    answers: int = 0
    seconds: float = 0.0
    usual_s: float = 0.0
    """0 = not known yet."""
    sampled_at: float = 0.0
    slow_s: float = 0.0
    """What it took when we last sent fewer for it; 0 = it is not slow."""


class Crowd:
    """Not thread-safe: its owner sees to that."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = float(min(most, FIRST))
        self._size_before = self._size
        self._is_starting = True
        self._cut_at = float("-inf")
        self._kinds: dict[str, _Kind] = {}

    @property
    def size(self) -> int:
        """So many may be under way now."""
        return int(self._size)

    def answered(self, kind: str, sent_at: float, now: float) -> None:
        """A request of this *kind* was answered."""
        if sent_at < self._cut_at:
            return
        seen = self._kinds.setdefault(kind, _Kind(sampled_at=now))
        seen.answers += 1
        seen.seconds += now - sent_at
        if seen.answers >= max(FIRST if self._is_starting else ENOUGH, self._size):
            self._sampled(seen, seen.seconds / seen.answers, now)
            seen.answers, seen.seconds, seen.sampled_at = 0, 0.0, now

    def troubled(self, sent_at: float, now: float) -> None:
        """The server failed or fell silent; of many requests under way that it fails, only the first counts."""
        if sent_at >= self._cut_at:
            self._cut(now)

    def _sampled(self, seen: _Kind, mean_s: float, now: float) -> None:
        if mean_s <= seen.usual_s or not seen.usual_s:
            seen.usual_s = (seen.usual_s or mean_s) / 2 + mean_s / 2
        else:
            seen.usual_s += (mean_s - seen.usual_s) * min(1.0, (now - seen.sampled_at) / FORGET_S)
        if mean_s <= SLOW * seen.usual_s:
            seen.slow_s = 0.0
            self._resize(self._size * 2 if self._is_starting else self._size + max(1.0, self._size * MORE))
        elif seen.slow_s and mean_s > HELPED * seen.slow_s:
            seen.usual_s, seen.slow_s = mean_s, 0.0
            self._resize(self._size_before)
        else:
            seen.slow_s = mean_s
            self._cut(now)

    def _cut(self, now: float) -> None:
        self._is_starting = False
        self._size_before = self._size
        self._resize(self._size * FEWER)
        self._cut_at = now

    def _resize(self, size: float) -> None:
        self._size = min(float(self._most), max(float(FEWEST), size))
