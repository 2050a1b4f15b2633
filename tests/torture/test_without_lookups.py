"""A server that can be asked for nothing but orders: what cannot be known is said, and never guessed."""

import signal
import time
from random import Random

import pytest
from conftest import IN
from server_holds import keys
from test_kill import FAULTS

LOOKUPS = ("PRODUCTS", "SHIPMENTS", "ORDER_ITEMS", "SHIPMENT_EVENTS")
OFF = {f"IMPORTER_API__LOOKUPS__{name}": "false" for name in LOOKUPS}
IN_DOUBT = 6


@pytest.mark.slow
def test_without_look_ups_nothing_is_doubled(new_shop, new_desk, server, another_server):
    """With every look-up off, killed runs and lost answers double nothing; what is in doubt is listed, exit code 6."""
    shop, desk = new_shop(60), new_desk(server)
    new_desk(another_server).upload(shop.folder, exits=0)
    desk.settings |= OFF
    server.faults(FAULTS, seed=3)
    chance = Random(3)

    for number in range(8):
        started = desk.start(shop.folder)
        while not started.has_ended() and desk.records() < shop.units * number / 10:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.05))
        started.send(signal.SIGKILL)
        started.wait()
    server.faults([])
    report = desk.upload(shop.folder, exits=IN_DOUBT)

    wanted, found = keys(another_server.state()), keys(server.state())
    assert found - wanted == {}
    assert report.summary["balanced"]
    doubts = [line for line in report.results if line["status"] == "in_doubt"]
    assert {line["code"] for line in doubts} == {"answer_lost"}
    assert set(report.statuses.values()) <= IN | {"in_doubt", "blocked"}
    # Every record that is missing belongs to a row that is told not to be in.
    missing = sum((wanted - found).values())
    assert missing <= sum(2 for line in report.results if line["status"] in {"in_doubt", "blocked"})
    assert desk.intents() == len(doubts)
    # Nothing changes when it is asked again, and with the look-ups on all doubts are settled.
    assert desk.upload(shop.folder, exits=IN_DOUBT).said == sorted(_once_more(report.said))
    again = desk.upload(shop.folder, exits=0, **dict.fromkeys(OFF, "true"))
    assert set(again.statuses.values()) <= IN
    assert keys(server.state()) == wanted


def _once_more(said):
    """What a run says of the same rows when all that can be done has been done."""
    return [(*line[:4], "unchanged", "none", *line[6:]) if line[4] in {"created", "updated"} else line for line in said]
