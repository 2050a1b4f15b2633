"""A server that stores late what a dead run has sent: the next run waits for it before it sends anything again."""

import signal
import time

import pytest
from server_holds import keys

SETTLE_S = 2.5
LATE_S = 1.2
BUSY_S = 3
"""Longer than the settling time: the request waits its turn, with its intent in the ledger all the while."""


@pytest.mark.slow
def test_a_request_that_waited_long_and_is_stored_late_is_not_sent_twice(new_shop, new_desk, server, another_server):
    """An item was held back by "503, try later", then sent; the run was killed, and the item is stored only then."""
    shop, desk = new_shop(1), new_desk(server)
    new_desk(another_server).upload(shop.folder, exits=0)
    desk.settings["IMPORTER_API__SETTLE_S"] = str(SETTLE_S)
    busy = {"kind": "status", "status": 503, "retry_after": "seconds", "after_s": BUSY_S}
    late = {"kind": "slow_commit", "seconds": LATE_S, "close": "hang"}
    server.faults([{"match": "POST /order_items", "times": 1, **fault} for fault in (busy, late)])

    started = desk.start(shop.folder)
    while server.happened() != [1, 1]:
        assert not started.has_ended(), started.printed
        time.sleep(0.005)
    started.send(signal.SIGKILL)
    started.wait()
    assert desk.intents() == 1
    desk.upload(shop.folder, exits=0)
    time.sleep(LATE_S)

    assert keys(server.state()) == keys(another_server.state())
