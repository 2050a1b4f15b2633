"""The importer is killed again and again, with answers that get lost and records that are stored late."""

import signal
import time
from random import Random

import pytest
from conftest import IN
from server_holds import lost_and_doubled

FAULTS = (
    {"kind": "drop_after", "probability": 0.05},
    {"match": "POST *", "kind": "slow_commit", "seconds": 0.2, "probability": 0.02},
)
"""Of all requests 5 % are carried out and never answered; some records are stored when nobody waits any more."""

REPORTING = 5
"""So many of the kills strike while the run, all rows being in, writes its report."""

ENDINGS = {0, 5, 6, 7}
"""A run may be quicker than the kill, may give up on a row for now, or start before the dead one's lease is over."""

FEW = pytest.param(155, 200, id="1,000 rows, 200 kills", marks=pytest.mark.slow)
MANY = pytest.param(1_550, 1_000, id="10,000 rows, 1,000 kills", marks=pytest.mark.torture)


@pytest.mark.parametrize(("orders", "kills"), [FEW, MANY])
def test_killed_at_any_point_nothing_is_lost_or_doubled(new_shop, new_desk, server, another_server, orders, kills):
    """However often the machine dies, the same command goes on, and in the end all is there, once."""
    shop = new_shop(orders)
    desk, undisturbed = new_desk(server), new_desk(another_server)
    undisturbed.upload(shop.folder, exits=0)
    server.faults(FAULTS, seed=1)

    reports = killed_again_and_again(desk, shop, kills, Random(1))
    server.faults([])
    reports.append(desk.upload(shop.folder, exits=0))

    assert lost_and_doubled(another_server.state(), server.state()) == ({}, {})
    last = {place: status for report in reports for place, status in report.statuses.items()}
    assert len(last) == shop.rows
    assert set(last.values()) <= IN
    assert reports[-1].summary["balanced"]
    assert reports[-1].summary["rows"] == reports[-1].summary["rows_in"] == shop.rows
    assert desk.intents() == 0
    again, first_again = desk.upload(shop.folder, exits=0), undisturbed.upload(shop.folder, exits=0)
    assert again.said == first_again.said
    assert set(again.statuses.values()) == {"unchanged"}


def killed_again_and_again(desk, shop, kills, chance):
    """The reports of runs of which so many were killed, spread from before the first row to behind the last one."""
    reports, killed = [], 0
    while killed < kills:
        # Now and then in an interpreter of its own, to be sure that the fork makes no difference.
        started = desk.start(shop.folder, is_fresh=killed % 50 == 25)
        if killed % 10 == 0:
            # While it starts: reading, checking, taking the lease, asking what became of what was under way.
            time.sleep(chance.uniform(0, 0.8))
        elif killed >= kills - REPORTING:
            wait_for(started, lambda run=started: run.report.lines > shop.rows)
            time.sleep(chance.uniform(0, 0.3))
        else:
            goal = shop.units * (killed + chance.random()) / (kills - REPORTING)
            wait_for(started, lambda goal=goal: desk.records() >= goal)
            time.sleep(chance.uniform(0, 0.02))
        started.send(signal.SIGKILL)
        exit_code = started.wait()
        assert exit_code in {-signal.SIGKILL, *ENDINGS}, started.printed
        killed += exit_code == -signal.SIGKILL
        reports.append(started.report)
    return reports


def wait_for(started, is_reached):
    """Return when *is_reached*, or when the run has ended."""
    while not started.has_ended() and not is_reached():
        time.sleep(0.005)
