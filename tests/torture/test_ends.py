"""Runs that end before their time: by a signal, by a server that goes away, by another run.  Nothing is lost."""

import signal
import time

import pytest
from conftest import IN
from server_holds import lost_and_doubled

from importer.sandbox import SandboxOptions, running

SLOW = [{"kind": "latency", "seconds": 0.05}]
"""So that a run is surely not over when it is to be met in the middle."""
BY_CTRL_C, NO_ACCESS, IN_DOUBT, LEASE_HELD = 130, 5, 6, 7

pytestmark = pytest.mark.slow


def in_the_middle(started, desk, records=30):
    """Return when the ledger holds so many records."""
    while desk.records() < records:
        assert not started.has_ended(), started.printed
        time.sleep(0.005)


def goes_on_to_its_end(desk, shop, server, another_server, new_desk):
    """The same command again brings in all that is missing, and nothing twice."""
    server.faults([])
    report = desk.upload(shop.folder, exits=0)
    assert set(report.statuses.values()) <= IN
    assert report.summary["balanced"]
    new_desk(another_server).upload(shop.folder, exits=0)
    assert lost_and_doubled(another_server.state(), server.state()) == ({}, {})
    assert desk.intents() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_finishes_what_is_under_way(new_shop, new_desk, server, another_server, number):
    """Ctrl-C or SIGTERM once: a balanced report, nothing in doubt, exit code 130; the same command goes on."""
    shop, desk = new_shop(40), new_desk(server)
    server.faults(SLOW)

    started = desk.start(shop.folder)
    in_the_middle(started, desk)
    started.send(number)

    assert started.wait() == BY_CTRL_C, started.printed
    summary = started.report.summary
    assert summary["balanced"]
    assert sum(summary["statuses"].values()) == summary["rows"] == shop.rows
    assert {status for status, rows in summary["statuses"].items() if rows} == {"created", "not_sent"}
    assert desk.intents() == 0
    goes_on_to_its_end(desk, shop, server, another_server, new_desk)


def test_the_second_signal_ends_at_once_and_loses_nothing(new_shop, new_desk, server, another_server):
    """Ctrl-C twice: the process is gone with requests under way, and the same command finds what became of them."""
    shop, desk = new_shop(40), new_desk(server)
    server.faults(SLOW)

    started = desk.start(shop.folder)
    in_the_middle(started, desk)
    # Nobody answers from now on, so what is under way cannot end.
    server.faults([{"kind": "drop_after", "close": "hang"}])
    time.sleep(0.2)
    started.send(signal.SIGINT)
    while "once more stops at once" not in started.printed:
        time.sleep(0.005)
    assert not started.has_ended()
    started.send(signal.SIGINT)

    assert started.wait() == BY_CTRL_C
    assert desk.intents() > 0
    goes_on_to_its_end(desk, shop, server, another_server, new_desk)


def test_a_server_that_goes_away_ends_the_run(new_shop, new_desk, tmp_path, another_server):
    """The server is gone in the middle: a balanced report, exit code 5 (6 with rows in doubt), and it goes on later."""
    shop = new_shop(40)
    options = SandboxOptions(state=tmp_path / "server.sqlite")
    with running(options) as server:
        port = server.port
        desk = new_desk(server)
        server.faults(SLOW)
        started = desk.start(shop.folder, IMPORTER_API__TRIES="2")
        in_the_middle(started, desk)

    exit_code = started.wait()

    summary = started.report.summary
    assert exit_code == (IN_DOUBT if summary["statuses"]["in_doubt"] else NO_ACCESS), started.printed
    assert summary["balanced"]
    assert sum(summary["statuses"].values()) == summary["rows"] == shop.rows
    assert {status for status, rows in summary["statuses"].items() if rows} <= {
        "created",
        "not_sent",
        "blocked",
        "in_doubt",
    }
    assert summary["statuses"]["not_sent"] > 0
    with running(options, port=port) as server:
        goes_on_to_its_end(desk, shop, server, another_server, new_desk)


def test_a_server_that_is_not_there_is_told_without_doubt(new_shop, new_desk):
    """No server at all: exit code 5, every row is not sent, none is in doubt, and the ledger is as before."""
    shop = new_shop(10)
    with running() as server:
        desk = new_desk(server)

    report = desk.upload(shop.folder, exits=NO_ACCESS, IMPORTER_API__TRIES="2")

    assert set(report.statuses.values()) == {"not_sent"}
    assert (desk.records(), desk.intents()) == (0, 0)


def test_of_two_uploads_at_once_one_works(new_shop, new_desk, server, another_server):
    """A second upload on the same ledger ends with exit code 7 and changes nothing; the first does not notice."""
    shop, desk = new_shop(20), new_desk(server)
    server.faults(SLOW)

    both = [desk.start(shop.folder), desk.start(shop.folder)]
    codes = [started.wait() for started in both]

    assert sorted(codes) == [0, LEASE_HELD], [started.printed for started in both]
    works, waits = sorted(both, key=lambda started: started.wait())
    assert set(works.report.statuses.values()) == {"created"}
    assert not waits.report.folder.exists()
    goes_on_to_its_end(desk, shop, server, another_server, new_desk)


def test_a_dead_run_gives_way_within_the_lease_time(new_shop, new_desk, server, another_server):
    """After SIGKILL of a run the next one is turned away as long as the lease lasts, and then takes over."""
    shop, desk, lease_s = new_shop(20), new_desk(server), 5
    desk.settings["IMPORTER_LEASE_S"] = str(lease_s)
    server.faults(SLOW)
    started = desk.start(shop.folder)
    in_the_middle(started, desk)

    started.send(signal.SIGKILL)
    started.wait()
    free_at = time.monotonic() + lease_s

    assert desk.start(shop.folder).wait() == LEASE_HELD
    time.sleep(max(0.0, free_at - time.monotonic()))
    goes_on_to_its_end(desk, shop, server, another_server, new_desk)
