"""When the next request may leave, by what was learned of the server, for all threads and for the runs that follow.

Two things are learned: how many requests a second the server allows (`rate`), and how many at once it bears (`crowd`).
The account's store keeps the rate and hands out the places, so that all who send for an account stand in one queue.
"""

import threading

from importer.api.counters import Counting
from importer.api.crowd import Crowd
from importer.api.rate import Rate, known, with_accepted, with_counted, with_refused, with_unused
from importer.api.request import Request, Sender
from importer.api.retry import Patience
from importer.api.store import PaceKept, PaceStore
from importer.errors import AnswerLost, RequestTrouble, RowRefused, TryLater
from importer.model import Reply

THROTTLED, OVERLOADED = 429, 503

LOOK_S = 1.0
"""While no limit is known, the store is asked so often whether somebody else has met one."""
AHEAD_S = 0.1
"""Places are reserved for so many seconds at a time, at most MOST_PLACES."""
MOST_PLACES = 20
LATE = 0.5
"""A place may be used so much of an interval later without moving those behind it ..."""
LATE_S = 0.002
"""... or so many seconds, if that is more."""
NEWS = 0.01
"""The store is told of a rate that differs by more."""
NO_LIMIT = 5_000.0
"""A rate beyond this is no limit any more."""
LARGE = 50_000
"""Bodies with more characters take their own time."""
LOOK_UP_S = 0.1
"""A thread that waits for others to finish looks so often whether the run is to stop."""


class Pacing:
    """Says who may send when.  Never waits itself, and is not thread-safe: `Pacer` sees to both."""

    def __init__(self, store: PaceStore, *, ceiling: float | None, now: float) -> None:
        self._store = store
        self._least_s = 1 / ceiling if ceiling else 0.0
        self._rate = Rate(counted_from=now)
        self._sent = self._accepted = 0
        """Requests that are not in `_rate` yet, a frozen value that is not made anew for each of them."""
        self._told_s = 0.0
        """The interval in the store, as far as we know."""
        self._next_at = now
        self._places = 0
        """So many places, from `_next_at` on, are reserved and not used."""
        self._blocked_until = now
        self._looked_at = now
        self._adopt(store.pace(), now)

    def wait_s(self, now: float) -> float:
        """Seconds to wait before asking again; 0 = send now, your place is taken."""
        if now < self._blocked_until:
            return self._blocked_until - now
        rate = self._rate.at(now)
        if rate > NO_LIMIT:
            rate = self._unlimited(now)
        interval_s = max(1 / rate, self._least_s)
        if interval_s:
            if not self._places:
                self._reserve(interval_s, now)
            if now < self._next_at:
                return self._next_at - now
            self._take(interval_s, now)
        self._sent += 1
        return 0.0

    def accepted(self, sent_at: float, now: float) -> None:
        """The server took a request."""
        if self._rate.refused_at is not None:
            self._rate = with_accepted(self._counted(), sent_at, now)
        if sent_at >= self._rate.counted_from:
            self._accepted += 1

    def refused(self, sent_at: float, now: float, after_s: float | None) -> None:
        """The server wants fewer requests, and perhaps none at all for some seconds (429)."""
        was_cut_at = self._rate.cut_at
        self._rate = with_refused(self._counted(), sent_at, now, after_s)
        if self._rate.cut_at != was_cut_at:
            self._places = 0
            self._next_at = now
        self._tell(1 / self._rate.limit, now, blocked_s=after_s or 0.0)

    def blocked(self, now: float, after_s: float) -> None:
        """The server wants no request for some seconds, for reasons of its own (503)."""
        self._places = 0
        self._tell(self._told_s, now, blocked_s=after_s)

    def _counted(self) -> Rate:
        rate = with_counted(self._rate, sent=self._sent, accepted=self._accepted)
        self._sent = self._accepted = 0
        return rate

    # --- places ---------------------------------------------------------------------------------------------

    def _reserve(self, interval_s: float, now: float) -> None:
        learned_s = 1 / self._rate.at(now)
        if abs(learned_s - self._told_s) > NEWS * self._told_s:
            self._tell(learned_s, now)
        self._places = max(1, min(MOST_PLACES, int(AHEAD_S / interval_s)))
        # Places of our own that were used late push those behind them along.
        self._next_at = max(self._next_at, now + self._store.reserve(self._places, least_s=self._least_s))

    def _take(self, interval_s: float, now: float) -> None:
        unused_s = now - self._next_at - interval_s
        if unused_s > 0:
            self._rate = with_unused(self._rate, unused_s, now)
        self._next_at = max(self._next_at, now - max(LATE_S, LATE * interval_s)) + interval_s
        self._places -= 1

    # --- the store ------------------------------------------------------------------------------------------

    def _unlimited(self, now: float) -> float:
        """There is no limit, or none any more; now and then, ask whether somebody else has met one."""
        if self._told_s:
            self._tell(0.0, now)
            self._learned(Rate(counted_from=now))
        if now - self._looked_at >= LOOK_S:
            self._looked_at = now
            self._adopt(self._store.pace(), now)
        return self._rate.at(now)

    def _tell(self, interval_s: float, now: float, *, blocked_s: float = 0.0) -> None:
        was = self._told_s
        if interval_s < was and not blocked_s:
            kept = self._store.speed_up(was=was, to=interval_s)
        else:
            kept = self._store.slow_down(was=was, to=interval_s, blocked_s=blocked_s)
        self._told_s = interval_s
        self._adopt(kept, now)

    def _adopt(self, kept: PaceKept, now: float) -> None:
        """Take over what somebody else has learned in the meantime."""
        self._blocked_until = max(self._blocked_until, now + kept.blocked_s)
        if kept.interval_s != self._told_s:
            self._told_s = kept.interval_s
            self._learned(known(1 / kept.interval_s, now) if kept.interval_s else Rate(counted_from=now))

    def _learned(self, rate: Rate) -> None:
        """Begin anew with *rate*."""
        self._rate, self._sent, self._accepted = rate, 0, 0


class Pacer:
    """Sends at the pace of the account, one thread after another; shared by all threads."""

    def __init__(
        self,
        inner: Sender,
        store: PaceStore,
        patience: Patience,
        counting: Counting,
        *,
        ceiling: float | None,
        most_at_once: int,
    ) -> None:
        self._inner = inner
        self._patience = patience
        self._counting = counting
        self._pacing = Pacing(store, ceiling=ceiling, now=patience.clock())
        self._crowd = Crowd(most_at_once)
        self._under_way = 0
        self._queue = threading.Lock()
        """Held by the one whose turn is next; the others queue for it."""
        self._news = threading.Condition()
        """Guards all of the above."""

    def send(self, request: Request) -> Reply:
        """The reply to *request*, when its turn has come.

        Raises:
            TryLater: also when the server wants no requests for longer than we have patience, or the run is to stop.
        """
        sent_at = self._admitted()
        self._counting.sent()
        trouble: RequestTrouble | None = None
        try:
            return self._inner.send(request)
        except RequestTrouble as error:
            trouble = error
            raise
        finally:
            self._left(request, sent_at, trouble)

    def _admitted(self) -> float:
        """Wait for one's turn; the moment of leaving."""
        with self._queue:
            waited_s = 0.0
            while True:
                with self._news:
                    now = self._patience.clock()
                    is_full = self._under_way >= self._crowd.size
                    if is_full:
                        self._news.wait(LOOK_UP_S)
                        wait_s = 0.0
                    else:
                        wait_s = self._pacing.wait_s(now)
                    if not is_full and not wait_s:
                        self._under_way += 1
                        break
                if wait_s > self._patience.most_s:
                    raise TryLater("the server wants no requests for now", after_s=wait_s)
                if self._patience.pause(wait_s):
                    raise TryLater("the run was stopped")
                waited_s += wait_s
        if waited_s:
            self._counting.waited(waited_s)
        return now

    def _left(self, request: Request, sent_at: float, trouble: RequestTrouble | None) -> None:
        """Learn from how *request* ended, and make room for the next."""
        with self._news:
            now = self._patience.clock()
            self._under_way -= 1
            status = trouble.http_status if trouble else None
            if trouble is None or isinstance(trouble, RowRefused):
                self._pacing.accepted(sent_at, now)
                self._crowd.answered(_kind(request), sent_at, now)
            elif isinstance(trouble, TryLater) and status == THROTTLED:
                self._pacing.refused(sent_at, now, trouble.after_s)
            elif isinstance(trouble, (TryLater, AnswerLost)):
                self._crowd.troubled(sent_at, now)
                if isinstance(trouble, TryLater) and trouble.after_s:
                    self._pacing.blocked(now, trouble.after_s)
            self._news.notify()
        if isinstance(trouble, TryLater) and status in {THROTTLED, OVERLOADED}:
            self._counting.throttled()


def _kind(request: Request) -> str:
    """Requests that should take the same time: by method, collection and, for large bodies, their order of size."""
    size = 0
    for value in (request.body or {}).values():
        if isinstance(value, str):
            size += len(value)
    return f"{request.method} {request.path.split('/', 2)[1]} {max(size, LARGE).bit_length()}"
