"""Nothing that was promised is lost: killed processes, full disks, many threads at once."""

import itertools
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ledgers import KNOWN, PATIENCE_S, account_in, intent, processes

from importer.errors import LedgerTrouble
from importer.ledger import Ledger

KILLS = 30
LANES = 4

# --- killed processes -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_was_promised_survives_a_kill(url):
    """Whatever moment a run is killed at, every intent and every answer that the ledger took is there afterwards."""
    moments = random.Random(20260131)
    for life in range(KILLS):
        promised = killed_run(url, life, after_s=moments.uniform(0, 0.06))
        with account_in(url) as account:
            found = account.records("orders", list(promised))
        wrong = {
            key: word for key, word in promised.items() if found_as(found.get((key, 1))) not in possible(key, word)
        }

        assert len(promised) >= 1
        assert wrong == {}


def killed_run(url, life, after_s) -> dict[str, str]:
    """The last word of the ledger on each key, from a process that is killed *after_s* seconds after the first."""
    hears, says = processes.Pipe(duplex=False)
    run = processes.Process(target=import_for_ever, args=(url, says, life))
    run.start()
    says.close()
    heard = os.read(hears.fileno(), 4096)
    time.sleep(after_s)
    run.kill()
    while more := os.read(hears.fileno(), 65536):
        heard += more
    run.join(PATIENCE_S)
    return dict(line.split(" ") for line in heard.decode().splitlines())


def import_for_ever(url, says, life):
    """Intend, then settle or withdraw, in several threads, and say each time what the ledger has promised."""

    def lane(number):
        for turn in itertools.count():
            key = f"SO-{life}-{number}-{turn}"
            account.intend(intent(key))
            say(key, "intended")
            if ends_well(key):
                account.settle("orders", key, 1, f"id of {key}", f"digest of {key}", "run-1")
                say(key, "settled")
            else:
                account.withdraw("orders", key, 1)
                say(key, "withdrawn")

    def say(key, word):
        os.write(says.fileno(), f"{key} {word}\n".encode())  # as a whole or not at all

    with account_in(url) as account, ThreadPoolExecutor(LANES) as pool:
        list(pool.map(lane, range(LANES)))


def ends_well(key) -> bool:
    """Whether a record is settled, not withdrawn, in the end."""
    return int(key.rpartition("-")[2]) % 5 != 4


def found_as(record) -> tuple:
    """What a record holds, in short."""
    if record is None:
        return ("unknown",)
    return record.state, record.server_id, record.digest, record.pending_payload


def possible(key, word) -> list[tuple]:
    """What may be found after the last *word*: that, or the next that was under way and nobody heard of."""
    intended = ("intended", None, None, intent(key).payload)
    settled = ("done", f"id of {key}", f"digest of {key}", None)
    end = settled if ends_well(key) else ("unknown",)
    return [intended, end] if word == "intended" else [end]


# --- many threads ---------------------------------------------------------------------------------------------


def test_thirty_two_threads_lose_nothing(url):
    """What many threads write at once is all there, and each finds its own write when it returns."""
    keys = [f"SO-{number}" for number in range(640)]

    def send(key):
        account.intend(intent(key))
        state_before = account.record("orders", key).state
        account.settle("orders", key, 1, f"id of {key}", "d", "run-1")
        return state_before, account.record("orders", key).state

    with account_in(url) as account, ThreadPoolExecutor(32) as pool:
        states = list(pool.map(send, keys))
    with account_in(url) as account:
        found = account.records("orders", keys)

    assert states == [("intended", "done")] * len(keys)
    assert {key: record.server_id for (key, _), record in found.items()} == {key: f"id of {key}" for key in keys}


@pytest.fixture
def busy_writer(ledger):
    """Keeps the ledger's writer from its work until it is set; yields what the writer then does, as SQL."""
    writer = ledger._database.writer
    said = []
    go_on, has_begun = threading.Event(), threading.Event()

    def wait(_):
        has_begun.set()
        go_on.wait(PATIENCE_S)

    keeper = threading.Thread(target=writer.ask, args=(wait,))
    keeper.start()
    assert has_begun.wait(PATIENCE_S)
    writer._driver.driver_connection.set_trace_callback(said.append)
    yield writer, go_on, said
    go_on.set()
    keeper.join(PATIENCE_S)


def test_writes_that_wait_together_share_a_commit(account, busy_writer):
    """However slow the disk, all that has piled up goes to it at once."""
    writer, go_on, said = busy_writer
    with ThreadPoolExecutor(32) as pool:
        waiting = [pool.submit(account.intend, intent(f"SO-{number}")) for number in range(32)]
        wait_until(lambda: writer._waiting.qsize() == 32)
        go_on.set()
        for write in waiting:
            write.result(PATIENCE_S)

    # The first is that of the one that kept the writer busy.
    assert said.count("COMMIT") == 2
    assert len(list(account.in_doubt())) == 32


def test_a_record_settled_and_intended_anew_in_one_commit_is_intended(account, busy_writer):
    """An answer and the next request for the same record may share a commit; the request is not lost."""
    writer, go_on, said = busy_writer
    told = []
    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(account.intend, intent("SO-0"))
        wait_until(lambda: writer._waiting.qsize() == 1)
        account.settle("orders", "SO-1", 1, "4711", "d1", "run-1", then=told.append)
        again = pool.submit(account.intend, intent("SO-1", digest="d2"))
        wait_until(lambda: writer._waiting.qsize() == 3)
        go_on.set()
        for write in (other, again):
            write.result(PATIENCE_S)

    found = account.record("orders", "SO-1")
    # The first commit is that of the one that kept the writer busy.
    assert (said.count("COMMIT"), told) == (2, [None])
    assert (found.state, found.server_id, found.digest, found.pending_digest) == ("intended", "4711", "d1", "d2")


def test_what_is_asked_includes_what_nobody_has_waited_for(account, busy_writer):
    """An answer on its way to the disk is waited for by whoever asks for its record, or comes behind it."""
    _, go_on, _ = busy_writer
    order = []
    account.settle("orders", "SO-1", 1, "4711", "d1", "run-1", then=lambda error: order.append(error or "durable"))
    account.behind(lambda: order.append("behind"))
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(account.record, "orders", "SO-1")
        assert order == []
        go_on.set()
        found = asked.result(PATIENCE_S)
    account.behind(lambda: order.append("at once"))

    assert found.server_id == "4711"
    assert order == ["durable", "behind", "at once"]


def test_reading_does_not_wait_for_writing(account, busy_writer):
    """While a commit takes its time, what was there before can be read."""
    assert account.records("orders", ["SO-1"]) == {}
    assert list(account.in_doubt()) == []


def wait_until(condition):
    """Let others go on until *condition* holds; fails if it never does."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


# --- trouble --------------------------------------------------------------------------------------------------


def test_a_full_disk_stops_every_thread(disk):
    """When the disk is full every thread is told so and none hangs; with room again, all that was promised is there."""
    url = f"sqlite:///{disk.path}/ledger.sqlite"
    promised = []

    def send_for_ever(lane):
        for turn in itertools.count():
            key = f"SO-{lane}-{turn}"
            account.intend(intent(key, payload="x" * 2000))
            promised.append(key)

    sentence = f"ledger {disk.path}/ledger.sqlite: the disk is full; make room, then run the same command again"
    with Ledger.open(url) as ledger:
        account = ledger.account("main", **KNOWN)
        account.intend(intent("SO-0"))
        filler = disk.fill()
        with ThreadPoolExecutor(16) as pool:
            lanes = [pool.submit(send_for_ever, lane) for lane in range(16)]
            assert [str(lane.exception(PATIENCE_S)) for lane in lanes] == [sentence] * 16
        with pytest.raises(LedgerTrouble, match="the disk is full"):
            account.settle("orders", "SO-0", 1, "1", "d", "run-1")
        with pytest.raises(LedgerTrouble, match="the disk is full"):
            account.start_run("run-1", files=[], version="1", report_dir="", command="upload")
    filler.unlink()
    with account_in(url) as account:
        assert {"SO-0", *promised} <= {record.key for record in account.in_doubt()}


def write_until_trouble(url, says):
    """Import with a limit on the size of files, and say what becomes of it."""
    resource = pytest.importorskip("resource")
    with account_in(url) as account:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        try:
            for number in itertools.count():
                account.intend(intent(f"SO-{number}", payload="x" * 2000))
        except LedgerTrouble as trouble:
            says.send((number, str(trouble)))


def test_a_disk_that_takes_no_more_is_told_in_a_sentence(url, path):
    """A quota ends the run with a sentence, and what was promised before is there."""
    pytest.importorskip("resource")
    hears, says = processes.Pipe(duplex=False)
    run = processes.Process(target=write_until_trouble, args=(url, says))
    run.start()
    assert hears.poll(PATIENCE_S)
    promised, sentence = hears.recv()
    run.join(PATIENCE_S)
    with account_in(url) as account:
        found = {record.key for record in account.in_doubt()}

    assert sentence == (
        f"ledger {path}: the disk does not take or give data (is it full, or over quota?); look after it, then run the "
        "same command again"
    )
    assert promised >= 1
    assert {f"SO-{number}" for number in range(promised)} <= found


def test_a_mistake_in_the_writer_reaches_its_caller(ledger, account):
    """Even what nobody thought of is raised where somebody waits, then and later, instead of leaving all hanging."""
    with pytest.raises(ZeroDivisionError):
        ledger._database.writer.ask(lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        account.intend(intent("SO-1"))


def test_a_closed_ledger_takes_nothing(ledger, account):
    """After closing, reading and writing are refused; closing again does no harm."""
    ledger.close()
    ledger.close()

    with pytest.raises(LedgerTrouble, match=r"^the ledger has been closed$"):
        account.intend(intent("SO-1"))
    with pytest.raises(LedgerTrouble, match=r"^the ledger has been closed$"):
        account.record("orders", "SO-1")
