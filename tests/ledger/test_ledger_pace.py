"""The pace that all who send for an account keep to together."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from ledgers import KNOWN, account_in

from importer.ledger import Pace

NOW = 1_790_000_000.0
NUMBERS = itertools.count()


@pytest.fixture
def shared(account):
    """A pace of a place each half second, nothing reserved."""
    account.shared_pace.slow_down(was=0, to=0.5, now=NOW - 100)
    return account.shared_pace


def test_nobody_waits_before_anything_was_learned(account):
    """A new account is sent to as quickly as the workers can."""
    shared = account.shared_pace

    assert [shared.reserve(5), shared.reserve(5)] == [0, 0]
    assert (shared.pace().interval_s, shared.pace().blocked_s) == (0, 0)


def test_places_follow_each_other(shared):
    """Whoever reserves gets the places behind those of the others; after a pause nothing has piled up."""
    waits = [
        shared.reserve(4, NOW),
        shared.reserve(1, NOW + 1),
        shared.reserve(1, NOW + 1),
        shared.reserve(1, NOW + 60),
    ]

    assert waits == [0, 1.0, 1.5, 0]


def test_all_processes_share_the_queue(url, account, shared):
    """Two processes that send for one account get different places."""
    with account_in(url) as other:
        waits = [shared.reserve(1, NOW), other.shared_pace.reserve(1, NOW), shared.reserve(1, NOW)]

    assert waits == [0, 0.5, 1.0]


def test_threads_never_get_the_same_place(shared):
    """However many reserve at once, each place is given once."""
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: shared.reserve(2, NOW), range(64)))

    assert sorted(waits) == [float(number) for number in range(64)]


def test_a_ceiling_of_the_user_holds(shared):
    """A user who asks for fewer requests gets fewer, whatever the account would bear."""
    assert [shared.reserve(2, NOW, least_s=2.0), shared.reserve(1, NOW, least_s=2.0)] == [0, 4.0]


def test_unused_places_are_given_back(shared):
    """A worker that has run out of rows leaves no gap, and the queue never begins in the past."""
    shared.reserve(10, NOW)
    shared.give_back(6, NOW)
    assert shared.reserve(1, NOW) == 2.0

    shared.give_back(100, NOW)
    assert [shared.reserve(1, NOW), shared.reserve(1, NOW)] == [0, 0.5]


def test_many_refusals_at_once_slow_down_once(shared):
    """Thirty requests in flight that are all refused do not slow the account down thirty times."""
    paces = [shared.slow_down(was=0.5, to=1.0, blocked_s=3.0, now=NOW) for _ in range(30)]

    assert paces == [Pace(interval_s=1.0, blocked_s=3.0, calm_s=0.0)] * 30
    assert shared.reserve(1, NOW + 1) == 2.0


def test_a_late_refusal_does_not_undo_a_longer_interval(shared):
    """Who was refused at a pace of long ago does not bring back one that has proved too quick since."""
    shared.slow_down(was=0.5, to=1.0, now=NOW)
    shared.slow_down(was=1.0, to=2.0, now=NOW + 1)

    assert shared.slow_down(was=0.5, to=1.0, now=NOW + 3) == Pace(interval_s=2.0, blocked_s=0.0, calm_s=2.0)


def test_a_block_is_never_shortened(shared):
    """The longest wait that the server has asked for counts."""
    shared.slow_down(was=0.5, to=1.0, blocked_s=60, now=NOW)
    shared.slow_down(was=1.0, to=2.0, blocked_s=1, now=NOW + 10)

    assert shared.pace(NOW + 10) == Pace(interval_s=2.0, blocked_s=50.0, calm_s=0.0)


def test_one_of_many_speeds_up(shared):
    """After a calm time one process speeds up and the others find it done."""
    paces = [shared.speed_up(was=0.5, to=0.25, now=NOW) for _ in range(3)]

    assert paces == [Pace(interval_s=0.25, blocked_s=0.0, calm_s=0.0)] * 3
    assert shared.pace(NOW + 7) == Pace(interval_s=0.25, blocked_s=0.0, calm_s=7.0)


def test_a_pace_that_was_slowed_down_is_not_sped_up_by_mistake(shared):
    """Who has not heard of a refusal yet cannot undo what was learned from it."""
    shared.slow_down(was=0.5, to=1.0, now=NOW)

    assert shared.speed_up(was=0.5, to=0.25, now=NOW + 1) == Pace(interval_s=1.0, blocked_s=0.0, calm_s=1.0)


def test_a_clock_that_was_set_back_stops_nobody(shared):
    """When the machine's clock is put right by an hour, nobody waits for an hour."""
    shared.slow_down(was=0.5, to=0.5, blocked_s=30, now=NOW + 3600)
    shared.reserve(1, NOW + 3600)

    assert [shared.reserve(1, NOW), shared.reserve(1, NOW)] == [0, 0.5]


def test_the_pace_outlives_the_run(url, ledger, shared):
    """What was learned from the server is known to the next run."""
    ledger.close()
    with account_in(url) as account:
        assert account.shared_pace.pace().interval_s == 0.5


def test_accounts_have_their_own_pace(ledger, shared):
    """One account's limits do not slow another one down."""
    assert ledger.account("other", **KNOWN).shared_pace.reserve(100) == 0


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=strategies.lists(strategies.tuples(strategies.integers(1, 8), strategies.integers(0, 16)), max_size=12))
def test_the_interval_is_kept_between_any_two_requests(ledger, steps):
    """Whoever reserves whatever whenever: two requests of an account are never closer than its interval."""
    account = ledger.account(f"account {next(NUMBERS)}", **KNOWN)
    account.shared_pace.slow_down(was=0, to=0.5, now=NOW - 100)
    now, sent = NOW, []
    for places, pause in steps:
        now += pause / 4
        first = now + account.shared_pace.reserve(places, now)
        sent += [first + 0.5 * place for place in range(places)]

    assert all(later - earlier >= 0.5 for earlier, later in itertools.pairwise(sent))
