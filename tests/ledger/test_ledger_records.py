"""Intents, answers and doubts: what the ledger knows of a record after each."""

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from ledgers import KNOWN, account_in, intent

from importer.ledger import Ledger, Record, Stamp

PLACE = {"run_id": "run-1", "file": "june.xlsx", "sheet": "Orders", "row": 7}
NOT_CONFIRMED = {"server_id": None, "digest": None, "settled_at": None}
NOT_PENDING = {"pending_action": None, "pending_digest": None, "pending_payload": None, "intended_at": None}
SO_1 = {"entity": "orders", "key": "SO-1", "unit": 1}
INTENDED = {
    "state": "intended",
    "pending_action": "create",
    "pending_digest": "digest of SO-1",
    "pending_payload": '{"order_id": "SO-1"}',
}
WHEN = datetime(2026, 1, 31, tzinfo=UTC)


def shown(record: Record | None) -> Record | None:
    """*record* with one moment for all, which must be a recent one."""
    if record is None:
        return None
    moments = {name: getattr(record, name) for name in ("settled_at", "intended_at")}
    assert all(moment is None or 0 <= (datetime.now(UTC) - moment).total_seconds() < 600 for moment in moments.values())
    return replace(record, **{name: moment and WHEN for name, moment in moments.items()})


def test_nothing_is_known_of_a_new_record(account):
    """A record that was never sent is not in the ledger."""
    assert account.record("orders", "SO-1") is None


def test_keys_that_no_stamp_tells_are_told_once(account):
    """Of every record without a stamp, and of every one that is on its way, the key can be had, of one entity alone."""
    for key in ("SO-3", "SO-1", "SO-2"):
        account.intend(intent(key))
    account.settle("orders", "SO-3", 1, "4711", "d1", "run-1")
    account.settle("orders", "SO-3", 2, "4712", "d1", "run-1")
    account.settle("orders", "SO-4", 1, "4714", "d1", "run-1", stamp=Stamp(bytes(16), ""))
    account.settle("shipments", "S-1", 1, "4713", "d1", "run-1")

    assert sorted(account.unstamped_keys("orders")) == ["SO-1", "SO-2", "SO-3"]
    assert account.unstamped_keys("products") == []


def test_an_intent_is_a_doubt_until_it_is_settled(account):
    """What is about to be sent is there with all that is needed to find out what became of it."""
    account.intend(intent("SO-1"))

    expected = Record(**SO_1, **INTENDED, **NOT_CONFIRMED, intended_at=WHEN, **PLACE)
    assert shown(account.record("orders", "SO-1")) == expected
    assert [shown(record) for record in account.in_doubt()] == [expected]


def test_a_settled_record_is_done(account):
    """After the answer the record has its number on the server and the place it came from, and nothing is pending."""
    account.intend(intent("SO-1"))
    account.settle("orders", "SO-1", 1, "4711", "d1", "run-1")

    expected = Record(**SO_1, state="done", server_id="4711", digest="d1", settled_at=WHEN, **NOT_PENDING, **PLACE)
    assert shown(account.record("orders", "SO-1")) == expected
    assert list(account.in_doubt()) == []


def test_an_update_keeps_what_was_confirmed(account):
    """While an update is on its way the ledger still knows the number and the content that the server had."""
    account.intend(intent("SO-1"))
    account.settle("orders", "SO-1", 1, "4711", "d1", "run-1")
    update = {"action": "update", "file": "july.csv", "sheet": "", "row": 3, "run_id": "run-2"}
    account.intend(intent("SO-1", digest="d2", payload="{}", **update))

    pending = {"pending_action": "update", "pending_digest": "d2", "pending_payload": "{}", "intended_at": WHEN}
    confirmed = {"server_id": "4711", "digest": "d1", "settled_at": WHEN}
    place = {"run_id": "run-2", "file": "july.csv", "sheet": "", "row": 3}
    assert shown(account.record("orders", "SO-1")) == Record(**SO_1, state="intended", **confirmed, **pending, **place)


def test_settling_an_update_moves_the_record_to_its_new_place(account):
    """The place is that of the last row that was confirmed, also where the new file has no sheets."""
    account.intend(intent("SO-1"))
    account.settle("orders", "SO-1", 1, "4711", "d1", "run-1")
    account.intend(intent("SO-1", file="july.csv", sheet="", row=3))
    account.settle("orders", "SO-1", 1, None, "d2", "run-2")

    place = {"run_id": "run-2", "file": "july.csv", "sheet": "", "row": 3}
    confirmed = {"server_id": "4711", "digest": "d2", "settled_at": WHEN}
    assert shown(account.record("orders", "SO-1")) == Record(**SO_1, state="done", **confirmed, **NOT_PENDING, **place)


def test_a_withdrawn_create_leaves_nothing(account):
    """A refused new record is as unknown as before."""
    account.intend(intent("SO-1"))
    account.withdraw("orders", "SO-1", 1)

    assert account.record("orders", "SO-1") is None


def test_a_withdrawn_update_leaves_the_record_as_it_was(account):
    """A refused update changes nothing, not even the place."""
    account.intend(intent("SO-1"))
    account.settle("orders", "SO-1", 1, "4711", "d1", "run-1")
    before = account.record("orders", "SO-1")
    account.intend(intent("SO-1", digest="d2", file="july.csv", sheet="", row=3, run_id="run-2"))
    account.withdraw("orders", "SO-1", 1)

    assert account.record("orders", "SO-1") == before


def test_a_record_found_on_the_server_is_taken_over_without_an_intent(account):
    """Adopted records are done; where they came from is not known, nor their content if nobody has compared it."""
    account.settle("orders", "SO-1", 1, "4711", None, "run-1")

    confirmed = {"server_id": "4711", "digest": None, "settled_at": WHEN}
    place = {"run_id": "run-1", "file": "", "sheet": "", "row": None}
    assert shown(account.record("orders", "SO-1")) == Record(**SO_1, state="done", **confirmed, **NOT_PENDING, **place)


def test_taking_over_again_keeps_the_place(account):
    """A record that was imported from a row stays connected with it when a look-up confirms it."""
    account.intend(intent("SO-1"))
    account.settle("orders", "SO-1", 1, "4711", "d1", "run-1")
    account.settle("orders", "SO-1", 1, "4712", "d2", "run-2")

    confirmed = {"server_id": "4712", "digest": "d2", "settled_at": WHEN}
    expected = Record(**SO_1, state="done", **confirmed, **NOT_PENDING, **(PLACE | {"run_id": "run-2"}))
    assert shown(account.record("orders", "SO-1")) == expected


def test_a_forgotten_record_is_gone(account):
    """A record that the server has no longer is unknown from then on, whatever was pending."""
    account.intend(intent("SO-1"))
    account.settle("orders", "SO-1", 1, "4711", "d1", "run-1")
    account.intend(intent("SO-1", action="update"))
    account.forget("orders", "SO-1", 1)

    assert account.record("orders", "SO-1") is None


def test_many_records_are_looked_up_at_once(account):
    """Looking up many keys gives all their units, done or pending, of this entity alone, and nothing for the others."""
    for unit in (1, 2):
        account.settle("order_items", "SO-1 / 1", unit, f"9{unit}", "d", "run-1")
    account.intend(intent("SO-2 / 1", entity="order_items"))
    account.settle("orders", "SO-3", 1, "4711", "d", "run-1")

    keys = ["SO-1 / 1", "SO-2 / 1", "SO-3", *(f"unknown {number}" for number in range(2500))]
    found = account.records("order_items", keys)

    assert {identity: (record.state, record.server_id) for identity, record in found.items()} == {
        ("SO-1 / 1", 1): ("done", "91"),
        ("SO-1 / 1", 2): ("done", "92"),
        ("SO-2 / 1", 1): ("intended", None),
    }


def test_numbers_below_a_key_are_found(ledger, account):
    """The numbers of an order's items are those of its confirmed items alone, not of orders with a similar name."""
    other = ledger.account("other", **KNOWN)
    keys = ["SO-1 / 1", "SO-1 / 2", "SO-10 / 1", "SO-1", "SO-1 /", "SO-1 0", "SO-1 / \U0010ffff"]
    for number, key in enumerate(keys):
        account.settle("order_items", key, 1, f"id {number}", "d", "run-1")
    account.settle("order_items", "SO-1 / 3", 1, None, "d", "run-1")
    account.settle("shipments", "SO-1 / 1", 1, "a shipment", "d", "run-1")
    other.settle("order_items", "SO-1 / 1", 1, "another's", "d", "run-1")
    account.intend(intent("SO-1 / 4", entity="order_items"))

    assert account.server_ids_below("order_items", "SO-1 / ") == {"id 0", "id 1", "id 6"}


def test_accounts_do_not_see_each_other(ledger, account):
    """The same key in two accounts is two records."""
    other = ledger.account("other", **KNOWN)
    account.settle("orders", "SO-1", 1, "1", "d", "run-1")
    other.intend(intent("SO-1"))
    account.withdraw("orders", "SO-1", 1)
    other.forget("orders", "SO-2", 1)

    assert [seller.record("orders", "SO-1").state for seller in (account, other)] == ["done", "intended"]
    assert [len(list(seller.in_doubt())) for seller in (account, other)] == [0, 1]


def test_doubts_can_be_settled_while_they_are_listed(account):
    """Every doubt is listed once, in order, although some are settled on the way."""
    keys = [f"SO-{number:04d}" for number in range(520)]
    with ThreadPoolExecutor(64) as pool:
        list(pool.map(account.intend, [intent(key) for key in keys]))

    seen = []
    for number, record in enumerate(account.in_doubt()):
        seen.append(record.key)
        if number % 50 == 0:
            account.settle(record.entity, record.key, record.unit, "1", "d", "run-1")

    assert seen == keys
    assert [record.key for record in account.in_doubt()] == [key for number, key in enumerate(keys) if number % 50]


def test_a_file_name_that_is_no_text_is_stored_all_the_same(account):
    """A name with bytes that are no Unicode, as Linux allows it, neither fails nor stops the ledger."""
    account.intend(intent("SO-1", file=b"j\xfcne.csv".decode("utf-8", "surrogateescape")))

    assert account.record("orders", "SO-1").file == "j\ufffdne.csv"


# --- personal data --------------------------------------------------------------------------------------------


def test_a_payload_leaves_no_trace_once_it_is_settled(path, url):
    """When the run is over, no file of the ledger holds what was sent, not even in unused parts."""
    with account_in(url) as account:
        for number in range(40):
            secret = f"anna.{number}@mail.example"
            account.intend(intent(f"SO-{number}", payload=f'{{"email": "{secret}", "note": "{"x" * 80 * number}"}}'))
        held = [b"@mail.example" in file.read_bytes() for file in sorted(path.parent.iterdir())]
        for number in range(20):
            account.settle("orders", f"SO-{number}", 1, "1", "d", "run-1")
        for number in range(20, 40):
            account.withdraw("orders", f"SO-{number}", 1)

    assert any(held)
    assert [(file.name, b"@mail.example" in file.read_bytes()) for file in path.parent.iterdir()] == [
        (path.name, False)
    ]


@pytest.mark.parametrize("text", ["anna.müller@mail.example", "ANNA.MÜLLER@mail.example", "müller"])
def test_payloads_of_a_person_are_found_and_removed(ledger, account, text):
    """All that is pending for a person is found in every account, however it is spelled, and goes without the doubt."""
    other = ledger.account("other", **KNOWN)
    account.intend(intent("SO-1", payload='{"email": "anna.müller@mail.example"}'))
    account.intend(intent("SO-2", payload='{"email": "bert@mail.example"}'))
    other.intend(intent("SO-3", payload='{"email": "anna.m\\u00fcller@mail.example"}'))

    found = ledger.payloads_mentioning(text)
    removed = ledger.purge_payloads(text)

    assert found == (("main", found[0][1]), ("other", found[1][1]))
    assert ([record.key for _, record in found], removed) == (["SO-1", "SO-3"], 2)
    assert ledger.payloads_mentioning(text) == ()
    left = [*account.in_doubt(), *other.in_doubt()]
    payloads = {record.key: record.pending_payload for record in left}
    assert payloads == {"SO-1": None, "SO-2": '{"email": "bert@mail.example"}', "SO-3": None}


def test_another_persons_payload_is_left_alone(ledger, account):
    """An address that is part of another one is another person's."""
    account.intend(intent("SO-1", payload='{"email": "anna@mail.example"}'))
    others = ("joanna@mail.example", "jo.anna@mail.example", "anna@mail.example.org", "anna@mail.examples")
    for number, address in enumerate(others, start=2):
        account.intend(intent(f"SO-{number}", payload=json.dumps({"comment": f"or\n{address}"})))

    assert ledger.purge_payloads("Anna@mail.example") == 1
    assert [record.key for record in account.in_doubt() if record.pending_payload is None] == ["SO-1"]


# --- any order of events --------------------------------------------------------------------------------------

KEYS = strategies.sampled_from(["SO-1", "so-1", "SO-1 / 1", "Ä", "'; DROP TABLE records; --", "%"])
UNITS = strategies.sampled_from([1, 2])
DIGESTS = strategies.sampled_from(["d1", "d2"])
IDS = strategies.none() | strategies.sampled_from(["1", "2"])


@dataclass(frozen=True)
class Known:
    """What a plain dictionary remembers of a record."""

    confirmed: tuple[str | None, str] | None = None
    pending: str | None = None


class Histories(RuleBasedStateMachine):
    """Any order of intents, answers and re-openings leads to what a dictionary would hold."""

    def __init__(self):
        super().__init__()
        # In memory where there is such a place: this is about what is stored, not about disks.
        self.folder = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        self.known = {}
        self.open()

    def open(self):
        """Open the ledger, for the first time or again."""
        self.ledger = Ledger.open(f"sqlite:///{self.folder.name}/ledger.sqlite")
        self.account = self.ledger.account("main", **KNOWN)

    def teardown(self):
        """Leave nothing behind."""
        self.ledger.close()
        self.folder.cleanup()

    @rule(key=KEYS, unit=UNITS, digest=DIGESTS)
    def intend(self, key, unit, digest):
        """Something is about to be sent."""
        self.account.intend(intent(key, unit=unit, digest=digest))
        self.known[key, unit] = replace(self.known.get((key, unit), Known()), pending=digest)

    @rule(key=KEYS, unit=UNITS, server_id=IDS, digest=DIGESTS)
    def settle(self, key, unit, server_id, digest):
        """It was confirmed, or found on the server."""
        self.account.settle("orders", key, unit, server_id, digest, "run-1")
        before = self.known.get((key, unit), Known()).confirmed
        self.known[key, unit] = Known(confirmed=(server_id or (before and before[0]), digest))

    @rule(key=KEYS, unit=UNITS)
    def withdraw(self, key, unit):
        """It came to nothing."""
        self.account.withdraw("orders", key, unit)
        before = self.known.pop((key, unit), Known())
        if before.confirmed:
            self.known[key, unit] = Known(confirmed=before.confirmed)

    @rule(key=KEYS, unit=UNITS)
    def forget(self, key, unit):
        """The server has it no longer."""
        self.account.forget("orders", key, unit)
        self.known.pop((key, unit), None)

    @rule()
    def reopen(self):
        """The run ends and another one begins."""
        self.ledger.close()
        self.open()

    @invariant()
    def ledger_and_dictionary_agree(self):
        """Keys, states, numbers, digests and doubts are those of the dictionary."""
        found = self.account.records("orders", sorted({key for key, _ in self.known} | {"unknown"}))
        assert found.keys() == self.known.keys()
        for identity, record in found.items():
            known = self.known[identity]
            assert record.state == ("intended" if known.pending else "done")
            assert (record.server_id, record.digest) == (known.confirmed or (None, None))
            assert record.pending_digest == known.pending
        pending = sorted(identity for identity, known in self.known.items() if known.pending)
        assert [(record.key, record.unit) for record in self.account.in_doubt()] == pending


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
