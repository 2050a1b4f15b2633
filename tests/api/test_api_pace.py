"""The pace: limits learned and kept to, waits obeyed, slow servers spared, and no brake where there is no limit.

The figures in virtual time are the same at every run; those in real time only have to be plausible.
"""

import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from parts import OK, Book, Clock
from simulated import Bucket, Simulation, Window

from importer.api.counters import Counting
from importer.api.pace import Pacer, Pacing
from importer.api.request import Request
from importer.api.retry import Patience
from importer.api.store import MemoryPace
from importer.errors import TryLater

PHASES = ((60.0, 50.0), (120.0, 20.0), (180.0, 100.0))
"""A server that allows 50 requests a second, then 20, then 100."""
LONG_PHASES = ((90.0, 50.0), (180.0, 20.0), (270.0, 100.0))
SETTLED_S = 15.0
SETTLED_PAUSED_S = 40.0
"""A server that wants a pause of a second at each refusal is tried less often."""


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("burst", [5, 20, 50])
def test_a_limit_that_moves(burst, seed):
    """Of what the server allows at least 90 % is used, now more, now less; fewer than 1 % of requests are refused."""
    run = Simulation(Bucket(PHASES, burst, says_when=False), seed=seed).run(180)

    used = [run.taken(start + SETTLED_S, end) / rate for start, (end, rate) in zip((0, 60, 120), PHASES, strict=True)]
    assert [share >= 0.9 for share in used] == [True] * 3, used
    assert run.refused() < 0.01


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("burst", [20, 50])
def test_a_limit_that_moves_and_wants_pauses(burst, seed):
    """The same of a server that wants a second of silence at each refusal; it gets it."""
    run = Simulation(Bucket(LONG_PHASES, burst, says_when=True), seed=seed).run(270)

    starts = (SETTLED_S, 90 + SETTLED_S, 180 + SETTLED_PAUSED_S)
    used = [run.taken(start, end) / rate for start, (end, rate) in zip(starts, LONG_PHASES, strict=True)]
    assert [share >= 0.9 for share in used] == [True] * 3, used
    assert run.refused() < 0.01
    assert run.broken_promises == 0


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("burst", [5, 20, 200])
def test_a_steady_limit(burst, seed):
    """A limit of 200 a second is used to 96 %, with less than 0.3 % refused, and less than 0.1 % once it is known."""
    run = Simulation(Bucket(((120.0, 200.0),), burst, says_when=False), seed=seed).run(120)

    assert run.taken(10, 120) / 200 >= 0.96
    assert (run.refused() < 0.003, run.refused(30) < 0.001) == (True, True)


def test_a_steady_limit_that_wants_pauses():
    """Even when each refusal costs a second of silence, 94 % of the limit are used in the long run."""
    run = Simulation(Bucket(((400.0, 200.0),), 20, says_when=True)).run(400)

    assert run.taken(60, 400) / 200 >= 0.94
    assert (run.refused() < 0.001, run.broken_promises) == (True, 0)


def test_a_limit_by_the_minute():
    """Of a server that counts by the minute no allowance is lost, once the first minute is used up."""
    run = Simulation(Window(((600.0, 20.0),), 60, says_when=True)).run(600)

    assert run.taken(120, 600) / 20 >= 0.9
    assert (run.refused(120) < 0.01, run.broken_promises) == (True, 0)


@pytest.mark.parametrize("workers", [1, 8, 32, 64])
def test_no_limit_no_brake(workers):
    """Where the server takes everything, all workers are busy all the time."""
    run = Simulation(workers=workers).run(20)

    assert run.taken(1, 20) >= 0.99 * workers / (0.05 * 1.05 + 0.0005)


def test_a_ceiling_of_the_user():
    """`--rate` holds, whatever the server would take."""
    run = Simulation(ceiling=30.0).run(60)

    assert 0.98 <= run.taken(0, 60) / 30 <= 1.01


@pytest.mark.parametrize("workers", [32, 64])
def test_a_silent_limit_is_respected(workers):
    """A server that slows down under load is not pushed over: few requests wait there, and none of its work is lost."""
    knee = Simulation(workers=workers, latency=lambda count, _: 0.05 * max(1, count / 10)).run(60)
    steep = Simulation(workers=workers, latency=lambda count, _: 0.05 * (1 + (count / 10) ** 2)).run(60)

    assert knee.under_way(20) < 22
    assert knee.taken(20, 60) >= 0.95 * 10 / (0.05 * 1.05)
    assert steep.under_way(20) < 16
    assert steep.taken(20, 60) >= 85


def test_a_server_that_gets_slower_for_good():
    """When a server takes three times as long for reasons of its own, we do not go to sleep."""
    run = Simulation(latency=lambda _, now: 0.05 if now < 30 else 0.15).run(90)

    assert run.taken(60, 90) >= 0.95 * 32 / 0.16


@settings(max_examples=12, deadline=None)
@given(
    rate=some.floats(2, 300),
    burst=some.integers(1, 100),
    says_when=some.booleans(),
    workers=some.integers(1, 64),
    seed=some.integers(0, 99),
)
def test_any_limit_is_kept_to(rate, burst, says_when, workers, seed):
    """Whatever the limit: it is not ignored, its pauses are obeyed, and work goes on."""
    run = Simulation(Bucket(((60.0, rate),), burst, says_when=says_when), workers=workers, seed=seed).run(60)

    assert run.broken_promises == 0
    assert run.refused(20) < 0.2
    assert run.taken(20, 60) > 0.4 * min(rate, workers / 0.06)


# --- what outlives a run ------------------------------------------------------------------------------------


def test_the_next_run_knows_the_limit():
    """What one run has learned of the server, the next begins with."""
    clock = Clock()
    store = MemoryPace(clock)
    store.slow_down(was=0.0, to=0.1)
    pacing = Pacing(store, ceiling=None, now=clock.now)

    left = []
    while len(left) < 20:
        wait_s = pacing.wait_s(clock.now)
        clock.now += wait_s
        if not wait_s:
            left.append(clock.now)

    assert 1.7 <= left[-1] - left[0] <= 2.2


def test_a_limit_that_somebody_else_met():
    """While we know of no limit, the account's store is asked now and then whether another process has met one."""
    clock = Clock()
    store = MemoryPace(clock)
    pacing = Pacing(store, ceiling=None, now=clock.now)
    assert [pacing.wait_s(clock.now) for _ in range(5)] == [0.0] * 5
    store.slow_down(was=0.0, to=0.5, blocked_s=3.0)
    clock.now += 1.0
    pacing.wait_s(clock.now)

    assert pacing.wait_s(clock.now) == pytest.approx(2.0)


def test_a_limit_that_is_lifted_is_forgotten():
    """When the server takes all we can send, the store is told that there is no limit any more."""
    clock = Clock()
    store = MemoryPace(clock)
    store.slow_down(was=0.0, to=0.05)
    pacing = Pacing(store, ceiling=None, now=clock.now)
    for _ in range(200_000):
        wait_s = pacing.wait_s(clock.now)
        clock.now += wait_s
        if not wait_s:
            pacing.accepted(clock.now, clock.now)
        if not store.interval_s:
            break

    assert store.interval_s == 0.0
    assert clock.now - 1000 < 30


# --- threads ------------------------------------------------------------------------------------------------

GET = Request("GET", "/orders")


def pacer(book: Book, clock: Clock, counting: Counting | None = None) -> Pacer:
    """A pacer in virtual time, with patience for 300 seconds."""
    patience = Patience(6, 300, clock.pause, clock)
    return Pacer(book, MemoryPace(clock), patience, counting or Counting(), ceiling=None, most_at_once=32)


def test_a_block_is_for_all():
    """When one thread is told to wait, the others wait, too."""
    clock, counting = Clock(), Counting()
    sender = pacer(Book(TryLater("HTTP 503", http_status=503, after_s=7.0), OK), clock, counting)
    with pytest.raises(TryLater):
        sender.send(GET)

    assert (sender.send(GET), clock.now) == (OK, 1007)
    totals = counting.totals
    assert (totals.requests, totals.throttled, totals.waited_s) == (2, 1, 7.0)


def test_a_block_beyond_our_patience():
    """A server that wants silence for an hour gets it: what is left is for the next run, and nothing is sent."""
    clock = Clock()
    book = Book(TryLater("HTTP 429", http_status=429, after_s=3600.0), OK)
    sender = pacer(book, clock)
    for _ in range(3):
        with pytest.raises(TryLater) as caught:
            sender.send(GET)

    assert (caught.value.after_s, len(book.requests), clock.waits) == (3600.0, 1, [])


def test_stopping_ends_the_wait_for_a_turn():
    """Ctrl-C ends the wait for one's turn; the request is not sent."""
    clock = Clock()
    book = Book(TryLater("HTTP 503", http_status=503, after_s=100.0), OK)
    sender = pacer(book, clock)
    with pytest.raises(TryLater):
        sender.send(GET)
    clock.stops_at = clock.now + 1
    with pytest.raises(TryLater, match=r"^the run was stopped$"):
        sender.send(GET)

    assert (len(book.requests), clock.now) == (1, 1001)


def test_stopping_ends_the_wait_for_a_place():
    """Ctrl-C also reaches those that wait for others to be answered; what is under way is finished."""
    stop, answered, under_way = threading.Event(), threading.Event(), threading.Semaphore(0)

    def slow(_request, _token):
        under_way.release()
        answered.wait(10)
        return OK

    patience = Patience(6, 300, stop.wait)
    sender = Pacer(Book(slow), MemoryPace(), patience, Counting(), ceiling=None, most_at_once=2)
    with ThreadPoolExecutor(3) as threads:
        results = [threads.submit(sender.send, GET) for _ in range(3)]
        both_sent = [under_way.acquire(timeout=10) for _ in range(2)]
        stop.set()
        given_up, _ = wait(results, timeout=10, return_when=FIRST_COMPLETED)
        answered.set()

    assert both_sent == [True, True]
    assert [str(result.exception()) for result in given_up] == ["the run was stopped"]
    assert [result.result() for result in results if result not in given_up] == [OK, OK]


def test_in_real_time():
    """Against a real clock and real threads the limit is found, too."""
    limiter = Bucket(((60.0, 200.0),), 20, says_when=False)
    lock, started = threading.Lock(), time.monotonic()
    outcomes: list[tuple[float, bool]] = []

    def server(_request, _token):
        with lock:
            now = time.monotonic() - started
            is_taken, _ = limiter(now)
            outcomes.append((now, is_taken))
        time.sleep(0.02)
        if not is_taken:
            raise TryLater("HTTP 429", http_status=429)
        return OK

    patience = Patience(6, 300, threading.Event().wait)
    sender = Pacer(Book(server), MemoryPace(), patience, Counting(), ceiling=None, most_at_once=16)

    def work(_number):
        while time.monotonic() - started < 3:
            try:
                sender.send(GET)
            except TryLater:
                time.sleep(0.1)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(16)))

    late = [is_taken for at, is_taken in outcomes if at > 1.5]
    assert late.count(True) > 100
    assert late.count(False) < 0.1 * len(late)
