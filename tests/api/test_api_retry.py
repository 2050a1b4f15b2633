"""Trying again: how often, how long, and when not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from parts import OK, Book, Clock

from importer.api.counters import Counters, Counting
from importer.api.request import Request
from importer.api.retry import MOST_S, Patience, Persistent, retry_delay
from importer.errors import AccessDenied, AnswerLost, ImporterError, RequestTrouble, RowRefused, TryLater, Unreachable

GET = Request("GET", "/orders")
BUSY = TryLater("HTTP 503", http_status=503)
UNREACHED = TryLater("connection refused", reached=False)


class Case:
    """A request sent with patience, without real time."""

    def __init__(self, *answers, tries: int = 6, most_s: float = 300, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.book = Book(*answers)
        self.counting = Counting()
        patience = Patience(tries, most_s, self.clock.pause, self.clock)
        self.sender = Persistent(self.book, patience, self.counting, base_url=Book.base_url)

    def send(self):
        """The reply, or the error."""
        try:
            return self.sender.send(GET)
        except (RequestTrouble, ImporterError) as error:
            return error

    @property
    def tries(self) -> int:
        """How often the request was sent."""
        return len(self.book.requests)


def test_trouble_that_passes_is_waited_out():
    """A server that is busy for a moment is asked again, each time after a longer wait."""
    case = Case(BUSY, BUSY, BUSY, OK)

    assert case.send() == OK
    bounds = [(0.25, 0.5), (0.5, 1.0), (1.0, 2.0)]
    assert [least <= wait <= most for wait, (least, most) in zip(case.clock.waits, bounds, strict=True)] == [True] * 3
    assert case.counting.totals == Counters(retries=3, waited_s=sum(case.clock.waits))


def test_trouble_that_stays_is_given_up():
    """After the last try the trouble is handed on."""
    case = Case(BUSY, tries=4)

    assert (case.send(), case.tries) == (BUSY, 4)


@pytest.mark.parametrize("after_s", [0.0, 3.0, 60.0, 299.0])
def test_retry_after_is_obeyed(after_s):
    """We never come back before the server said, however often we tried."""
    case = Case(TryLater("HTTP 429", http_status=429, after_s=after_s), OK)

    assert case.send() == OK
    assert case.clock.waits[0] >= after_s
    assert case.clock.waits[0] <= max(after_s, 0.5)


def test_more_patience_than_we_have():
    """A server that wants an hour is not asked before; the row is left for the next run, at once."""
    an_hour = TryLater("HTTP 429", http_status=429, after_s=3600)
    case = Case(an_hour, OK)

    assert (case.send(), case.tries, case.clock.waits) == (an_hour, 1, [])


def test_patience_counts_the_requests_themselves():
    """Time-outs use up patience, too: a request is not held for much longer than the setting says."""
    clock = Clock()

    def times_out(_request, _token):
        clock.now += 30
        raise TryLater("no answer in time")

    case = Case(times_out, tries=100, most_s=100, clock=clock)

    assert str(case.send()) == "no answer in time"
    assert (case.tries <= 4, clock.now - 1000 < 131) == (True, True)


@pytest.mark.parametrize(
    "error", [AnswerLost("the connection broke"), RowRefused("HTTP 422", http_status=422), AccessDenied("no")]
)
def test_nothing_else_is_tried_again(error):
    """A lost answer, a refusal and a closed door are handed on at once."""
    case = Case(error, OK)

    assert (case.send(), case.tries, case.clock.waits) == (error, 1, [])


def test_stopping_cuts_the_wait_short():
    """Ctrl-C during a wait ends it, and nothing more is sent."""
    clock = Clock()
    clock.stops_at = clock.now + 10
    case = Case(TryLater("HTTP 503", after_s=100), OK, clock=clock)

    found = case.send()

    assert (str(found), case.tries, clock.now) == ("HTTP 503", 1, 1010)


def test_a_server_never_reached_is_given_up_soon():
    """A wrong address is said after a few seconds and not after minutes."""
    case = Case(UNREACHED)

    found = case.send()

    assert isinstance(found, Unreachable)
    assert str(found) == (
        "https://api.example/v2 cannot be reached: connection refused. Nothing is lost; try again later."
    )
    assert (case.tries, case.clock.now - 1000 < 2) == (3, True)


def test_a_server_that_goes_away_gets_more_time():
    """A network that fails in the middle of a run is waited for as long as the settings allow; then the run ends."""
    case = Case(OK, UNREACHED)
    case.send()

    found = case.send()

    assert (type(found), case.tries) == (Unreachable, 1 + 6)


@given(some.integers(2, 1000))
def test_waits_are_bounded(tries):
    """No wait of our own is longer than half a minute, and all wait for a different time."""
    random.seed(tries)

    assert 0 < retry_delay(tries) <= MOST_S
    assert retry_delay(tries) != retry_delay(tries)
