"""One run at a time for an account, whatever happens to the processes."""

import os
import signal
import sqlite3
import time
from contextlib import ExitStack, closing, contextmanager

import pytest
from ledgers import KNOWN, PATIENCE_S, account_in, intent, processes

from importer.errors import LeaseHeld
from importer.ledger import Ledger

A_MILLISECOND = 0.001  # the database rounds its clock to that

GIVEN_UP = 'account "main": this run has given up its place; nothing more is sent'


def test_a_second_run_is_told_who_is_at_work(url, account):
    """While a run is at work another one is refused, with its name, process, machine and since when."""
    with account.lease("run-1", 600), account_in(url) as other:
        with pytest.raises(LeaseHeld) as caught, other.lease("run-2", 600):
            pass
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            [(since,)] = connection.execute("SELECT strftime('%Y-%m-%d %H:%M:%S', since, 'unixepoch') FROM leases")

    me = f"run-1 (process {os.getpid()} on {os.uname().nodename}), since {since} UTC"
    assert str(caught.value) == (
        f'account "main": another run is at work, {me}; wait until it has ended, or, if it was killed, 600 seconds'
    )


def test_a_lease_is_given_back_at_the_end(url, account):
    """As soon as a run has ended, in whichever way, the next one may begin."""
    with pytest.raises(KeyboardInterrupt), account.lease("run-1", 600):
        raise KeyboardInterrupt
    with account_in(url) as other, other.lease("run-2", 600) as lease:
        lease.check()


def test_each_account_has_its_own_lease(ledger, account):
    """Runs for different accounts do not wait for each other."""
    other = ledger.account("other", **KNOWN)
    with account.lease("run-1", 600) as one, other.lease("run-2", 600) as two:
        one.check()
        two.check()


def test_nothing_is_sent_after_the_end_of_a_lease(account):
    """A thread that has outlived its run cannot begin anything."""
    with account.lease("run-1", 600):
        account.intend(intent("SO-1"))
    with pytest.raises(LeaseHeld, match=f"^{GIVEN_UP}$"):
        account.intend(intent("SO-2"))

    assert [record.key for record in account.in_doubt()] == ["SO-1"]


def test_a_write_renews_a_lease_that_is_running_out(path, account):
    """As long as nobody else has taken it, a run that was held up goes on, and is safe from others at once."""
    with account.lease("run-1", 600):
        set_expiry(path, 0)
        account.intend(intent("SO-1"))
        with account_in(f"sqlite:///{path}") as other, pytest.raises(LeaseHeld), other.lease("run-2", 600):
            pass


def set_expiry(path, moment):
    """Let the lease run out at *moment*."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE leases SET expires_at = ?", (moment,))


def test_a_lease_is_renewed_while_its_holder_lives(path, account):
    """A run that only waits for answers keeps its place."""
    with account.lease("run-1", 3), closing(sqlite3.connect(path)) as connection:
        [(first,)] = connection.execute("SELECT expires_at FROM leases")
        end = time.monotonic() + PATIENCE_S
        while connection.execute("SELECT expires_at FROM leases").fetchone() <= (first,):
            assert time.monotonic() < end
            time.sleep(0.05)


# --- several processes ----------------------------------------------------------------------------------------


def take(url, owner, seconds, line):
    """Try to take the lease, say whether it worked, and keep it until told otherwise."""
    with account_in(url) as account:
        line.send("ready")
        line.recv()
        try:
            with account.lease(owner, seconds):
                line.send("taken")
                line.recv()
                account.intend(intent("SO-1"))
                line.send("sent")
        except LeaseHeld as held:
            line.send(str(held))


@pytest.fixture
def start(url):
    """Starts processes that try to take the lease; gives each with the line to talk to it."""
    started = []

    def started_for(owner, seconds):
        ours, theirs = processes.Pipe()
        run = processes.Process(target=take, args=(url, owner, seconds, theirs))
        run.start()
        started.append(run)
        assert heard(ours) == "ready"
        return run, ours

    yield started_for
    for run in started:
        run.kill()
        run.join(PATIENCE_S)


def heard(line) -> str:
    """The next word of the process at the other end."""
    assert line.poll(PATIENCE_S)
    return line.recv()


@contextmanager
def held_in_the_end(account, owner):
    """Holds the lease, waiting for it as long as need be."""
    end = time.monotonic() + PATIENCE_S
    with ExitStack() as held:
        while True:
            try:
                lease = held.enter_context(account.lease(owner, 600))
            except LeaseHeld:
                assert time.monotonic() < end
                time.sleep(0.02)
            else:
                break
        yield lease


def test_of_many_takers_one_wins(url, start):
    """When several runs start at the same moment, exactly one of them begins."""
    Ledger.open(url).close()
    runs = [start(f"run-{number}", 600) for number in range(6)]
    for _, line in runs:
        line.send("go")
    words = [heard(line) for _, line in runs]

    assert words.count("taken") == 1
    assert all("another run is at work" in word for word in words if word != "taken")


def test_a_killed_run_leaves_its_place_to_the_next(url, path, start):
    """After a kill nobody has to clean up: when its time is over the next run may begin, and not before."""
    run, line = start("run-1", 1)
    line.send("go")
    assert heard(line) == "taken"
    run.kill()
    run.join(PATIENCE_S)
    with account_in(url) as account, closing(sqlite3.connect(path)) as connection:
        [(expires_at,)] = connection.execute("SELECT expires_at FROM leases")
        with held_in_the_end(account, "run-2"):
            assert time.time() > expires_at - A_MILLISECOND


def test_a_run_that_stood_still_notices_that_it_lost_its_place(url, start):
    """A suspended machine wakes up and sends nothing: another run has taken over."""
    run, line = start("run-1", 1.5)
    line.send("go")
    assert heard(line) == "taken"
    os.kill(run.pid, signal.SIGSTOP)
    with account_in(url) as account, held_in_the_end(account, "run-2") as lease:
        os.kill(run.pid, signal.SIGCONT)
        line.send("go on")
        word = heard(line)

        assert word.startswith(
            'account "main": this run stood still too long (was the machine suspended?) and another has taken over, '
            f"run-2 (process {os.getpid()} on "
        )
        lease.check()
        assert list(account.in_doubt()) == []


def test_it_can_be_seen_who_is_at_work(ledger, account):
    """Whoever must not disturb a run can ask whether there is one; a lease that has run out is none."""
    ledger.account("idle", **KNOWN)
    with account.lease("run-1", 60):
        (busy,) = ledger.at_work()

    assert busy.startswith(f'account "main": run-1 (process {os.getpid()} on ')
    assert ledger.at_work() == ()
