"""Stamps: by what rows are known again, however it came about and however they are kept."""

import tempfile

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from ledgers import account_in, intent

from importer.ledger import Ledger, Stamp, Stamped, stamps


def stamp(letter: str, link: str = "") -> Stamp:
    """A stamp of 16 bytes."""
    return Stamp(letter.encode() * 16, link)


def known(stamped: Stamped) -> list[tuple[str, int, Stamp, str]]:
    """Key, unit, stamp and number on the server of all that can be known again, in order."""
    return sorted(
        ((key, unit, of, number) for key, unit, of, number, pack in lines(stamped) if holds(stamped, key, unit, pack)),
        key=lambda line: line[:2],
    )


def lines(stamped: Stamped):
    """All that the packs say."""
    for pack in stamped.packs:
        texts = (apart(pack.count, packed) for packed in (pack.keys, pack.server_ids, pack.links))
        for at, (key, number, link) in enumerate(zip(*texts, strict=True)):
            unit = int.from_bytes(pack.units[4 * at : 4 * at + 4], "little")
            yield key, unit, Stamp(pack.stamps[16 * at : 16 * at + 16], link), number, pack.number


def apart(count: int, packed: bytes) -> list[str]:
    """The texts that lie side by side."""
    texts, rest = [], packed[4 * count :]
    for at in range(count):
        length = int.from_bytes(packed[4 * at : 4 * at + 4], "little")
        texts.append(rest[:length].decode())
        rest = rest[length:]
    assert rest == b""
    return texts


def holds(stamped: Stamped, key: str, unit: int, pack: int) -> bool:
    """Whether what the pack of that number says of a record is still so."""
    return pack > stamped.void.get((key, unit), 0)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Packs of few records, so that a few make several."""
    monkeypatch.setattr(stamps, "MOST_FRESH", 2)
    monkeypatch.setattr(stamps, "OF_A_PACK", 2)


def test_a_record_is_known_again_by_its_stamp(account):
    """What was settled with a stamp comes back with it, and with the record that it is linked to."""
    account.settle("order_items", "SO-1 / 1", 1, "17", "digest", "run-1", stamp=stamp("a", "S7"))
    account.settle("order_items", "SO-1 / 2", 1, "18", "digest", "run-1")

    assert known(account.stamped("order_items")) == [("SO-1 / 1", 1, stamp("a", "S7"), "17")]
    assert account.stamped("orders").packs[0].count == 0
    assert account.record("order_items", "SO-1 / 1").stamp == stamp("a", "S7")
    assert account.record("order_items", "SO-1 / 2").stamp is None


def test_other_content_takes_the_place_of_a_stamp(account):
    """Once a packed record is settled with other content, its old stamp holds no more, and the new one does."""
    for key in ("SO-1", "SO-2"):
        account.settle("orders", key, 1, key[-1], "digest", "run-1", stamp=stamp("a"))
    account.pack()
    account.settle("orders", "SO-1", 1, "1", "other digest", "run-2", stamp=stamp("b"))
    account.settle("orders", "SO-2", 1, "2", None, "run-2")

    assert known(account.stamped("orders")) == [("SO-1", 1, stamp("b"), "1")]


def test_a_record_under_way_is_not_known_again(account):
    """With an open intent nobody knows what the server holds, so the stamp waits until that is settled."""
    account.settle("orders", "SO-1", 1, "1", "digest", "run-1", stamp=stamp("a"))
    account.intend(intent("SO-1", action="update"))
    assert known(account.stamped("orders")) == []

    account.withdraw("orders", "SO-1", 1)

    assert known(account.stamped("orders")) == [("SO-1", 1, stamp("a"), "1")]


def test_a_record_that_is_gone_is_not_known_again(account):
    """What the server no longer has is forgotten with its stamp, packed or not."""
    for key in ("SO-1", "SO-2"):
        account.settle("orders", key, 1, key[-1], "digest", "run-1", stamp=stamp("a"))
    account.pack()
    account.settle("orders", "SO-3", 1, "3", "digest", "run-1", stamp=stamp("a"))

    for key in ("SO-1", "SO-3"):
        account.forget("orders", key, 1)

    assert known(account.stamped("orders")) == [("SO-2", 1, stamp("a"), "2")]


def test_a_stamp_is_only_put_on_the_content_that_it_is_of(account):
    """A record without a stamp, such as one of an older importer, gets one if its content is still the same."""
    for key in ("SO-1", "SO-2"):
        account.settle("orders", key, 1, key[-1], f"digest of {key}", "run-1")

    for key in ("SO-1", "SO-2"):
        account.stamp("orders", key, 1, "digest of SO-1", stamp("a"), then=lambda _: None)

    assert known(account.stamped("orders")) == [("SO-1", 1, stamp("a"), "1")]


def test_stamps_survive_a_reopening_and_are_kept_apart_by_account(url):
    """Accounts in one ledger do not know each other's rows again."""
    with account_in(url) as account:
        account.settle("orders", "SO-Ä", 2, "1", "digest", "run-1", stamp=stamp("a"))
        account.settle("products", "P-1", 1, "2", "digest", "run-1", stamp=stamp("b"))
        account.pack()

    with account_in(url) as account, account_in(url, "other") as other:
        assert known(account.stamped("orders")) == [("SO-Ä", 2, stamp("a"), "1")]
        assert known(other.stamped("orders")) == []


class Packing(RuleBasedStateMachine):
    """Whatever is settled, changed, forgotten and packed: stamps are told as the records have them."""

    keys = strategies.sampled_from(["SO-1", "SO-2", "SO-3"])
    units = strategies.sampled_from([1, 2])
    letters = strategies.sampled_from(["a", "b", None])

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(stamps, "MOST_FRESH", 2)
        self.patch.setattr(stamps, "OF_A_PACK", 2)
        self.patch.setattr(stamps, "MOST_PACKS", 3)
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = Ledger.open(f"sqlite:///{self.folder.name}/ledger.sqlite")
        self.account = self.ledger.account("main", base_url="https://api.example", key_print="f00d", named=False)

    def teardown(self) -> None:
        """Close it."""
        self.ledger.close()
        self.folder.cleanup()
        self.patch.undo()

    @rule(key=keys, unit=units, letter=letters)
    def settle(self, key, unit, letter):
        """With a stamp or without one."""
        of = stamp(letter, letter) if letter else None
        self.account.settle("orders", key, unit, "1", letter, "run-1", stamp=of)

    @rule(key=keys, unit=units, letter=strategies.sampled_from(["a", "b"]))
    def stamp(self, key, unit, letter):
        """Where the content is that."""
        self.account.stamp("orders", key, unit, letter, stamp(letter, "new"), then=lambda _: None)

    @rule(key=keys, unit=units)
    def intend(self, key, unit):
        """Something is under way."""
        self.account.intend(intent(key, unit=unit))

    @rule(key=keys, unit=units)
    def withdraw(self, key, unit):
        """It came to nothing."""
        self.account.withdraw("orders", key, unit)

    @rule(key=keys, unit=units)
    def forget(self, key, unit):
        """It is gone."""
        self.account.forget("orders", key, unit)

    @rule()
    def pack(self):
        """If it is worth it."""
        self.account.pack()

    @invariant()
    def stamps_are_those_of_the_records(self):
        """Nothing else, and all of them."""
        records = [self.account.record("orders", f"SO-{at}", unit) for at in (1, 2, 3) for unit in (1, 2)]
        sure = [one for one in records if one and one.state == "done" and one.stamp]
        assert known(self.account.stamped("orders")) == [
            (one.key, one.unit, one.stamp, one.server_id or "") for one in sure
        ]


TestPacking = Packing.TestCase
TestPacking.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_what_is_fresh_is_read_without_reading_all_records(account):
    """Among a million records, a few fresh ones are found by their keys."""
    account.settle("orders", "SO-1", 1, "17", "digest", "run-1", stamp=stamp("a"))
    with account._database.reading() as connection:
        wanted = {"account_id": 1, "entity": "orders"}
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {stamps._PLAIN_FRESH}", wanted).all()
    assert [line[3].split(" (")[0] for line in plan] == [
        "SEARCH fresh USING PRIMARY KEY",
        "SEARCH records USING PRIMARY KEY",
    ]
    assert "key=?" in plan[1][3]
