"""How long a run still takes, estimated anew while it goes on: rows left, requests a row, and the rate of late."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping

from importer.model import Outcome
from importer.reports.quote import Quote, Range

WINDOW_S = 30.0
"""The rate is that of so many seconds: limits are learned, and servers get slower and faster."""
LEAST_S = 2.0
"""Before that nothing is said that was not quoted."""
ENOUGH = 20
"""So many rows of an entity show how many requests one takes."""
ERROR = 0.1
"""Give or take so much."""


class Forecast:
    """Tell it of the outcomes and of the requests sent; then ask it."""

    def __init__(self, quote: Quote, rows: Mapping[str, int], now: float) -> None:
        """*rows* are all rows of the run, by entity; *now* and all other moments are of one clock, in seconds."""
        self._quote = quote
        self._rows = dict(rows)
        self._told = Counter[str]()
        self._requests = Counter[str]()
        self._sent: deque[tuple[float, int]] = deque([(now, 0)])
        """Requests sent in all, at moments of the last seconds."""

    def note(self, outcomes: Iterable[Outcome], sent: int, now: float) -> None:
        """Take *outcomes* into account, and that so many requests have been sent in all."""
        for outcome in outcomes:
            self._told[outcome.row.entity] += 1
            self._requests[outcome.row.entity] += outcome.attempts
        self._sent.append((now, sent))
        while len(self._sent) > 1 and self._sent[1][0] <= now - WINDOW_S:
            self._sent.popleft()

    @property
    def seconds_left(self) -> Range | None:
        """How long it still takes; None = it cannot be told yet."""
        (before, sent_before), (now, sent) = self._sent[0], self._sent[-1]
        if now - before < LEAST_S or sent == sent_before:
            return self._quote.seconds
        rate = (sent - sent_before) / (now - before)
        left = sum((self._left(entity) for entity in self._rows), Range(0, 0))
        return Range(left.least * (1 - ERROR) / rate, left.most * (1 + ERROR) / rate)

    def _left(self, entity: str) -> Range:
        """Requests that the rows of *entity* still take."""
        rows, told = self._rows[entity], self._told[entity]
        if told >= ENOUGH:
            each = self._requests[entity] / told
            return Range(each * (rows - told), each * (rows - told))
        quoted = self._quote.requests.get(entity, Range(0, 0))
        share = (rows - told) / rows if rows else 0.0
        return Range(quoted.least * share, quoted.most * share)
