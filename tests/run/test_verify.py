"""Reading the server back: what a run wrote is compared with what is there, and what cannot be seen is never fine."""

import csv
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from importer.errors import AccessDenied, UnreadableFile, WrongSettings
from importer.model import Where
from importer.reports.verification import Difference, Verdict
from importer.run.verify import Verification, verify
from importer.sandbox import SandboxOptions
from importer.settings import load as load_settings

SHOP = {
    "products": ["sku", "A", "B"],
    "orders": ["order_id | language", "SO-1 | de", "SO-2 | fr"],
    "order_states": ["order_id | state", "SO-1 | paid"],
    "order_items": [
        "order_id | sku | quantity | shipment_reference",
        "SO-1 | A | 2 | S-1",
        "SO-1 | B | 1 | S-1",
        "SO-2 | B | 1 | T-2",
    ],
    "shipments": ["order_id | reference_number | tracking_code", "SO-1 | S-1 | T-1", "SO-2 | | T-2"],
    "shipment_events": ["shipment_reference", "S-1"],
}


@dataclass(frozen=True)
class Server:
    """The sandbox, as somebody else would change it."""

    sandbox: object

    def send(self, method: str, path: str, body: object = None) -> None:
        """One request below /v2, which must succeed."""
        token = requests.post(
            f"{self.sandbox.base_url}/token", json={"access_key": self.sandbox.access_key}, timeout=20
        )
        headers = {"Authorization": f"Bearer {token.json()['token']}"}
        reply = requests.request(method, self.sandbox.base_url + path, json=body, headers=headers, timeout=20)
        assert reply.ok, reply.text

    def change(self, entity: str, number: object, **members: object) -> None:
        """Give a record other members."""
        (record,) = [one for one in self.sandbox.state()[entity] if one["id"] == number]
        self.send("PUT", f"/{entity}/{number}", record | members)

    def number(self, entity: str, **members: object) -> object:
        """The number of the first record with these members."""
        return next(one["id"] for one in self.sandbox.state()[entity] if members.items() <= one.items())


@pytest.fixture
def server(sandbox) -> Server:
    """Somebody else at the API."""
    return Server(sandbox)


@pytest.fixture
def check(tmp_path, sandbox):
    """Read a run back with the settings that `load` uses."""

    def run(run_id: str, *files: Path, **settings: object) -> Verification:
        given = {
            "base_url": sandbox.base_url,
            "access_key": sandbox.access_key,
            "account": "test",
            "ledger": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
            "workers": 4,
            "api": {"tries": 2, "patience_s": 1} | settings.pop("api", {}),
        } | settings
        return verify(run_id, files, load_settings(given, folder=tmp_path))

    return run


def listed(found: Verification) -> list[dict[str, str]]:
    """The lines of verify.csv."""
    with found.path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def counted(found: Verification) -> dict[str, int]:
    """Verdict -> records, without those that none has."""
    return {verdict.value: count for verdict, count in found.counts.items() if count}


# --- what is found ------------------------------------------------------------------------------------------


def test_what_was_written_is_there(book, load, check, writes):
    """After an undisturbed run every record is as written, pieces of a quantity each for itself; nothing is sent."""
    run = load(book(**SHOP)).folder.name
    before = writes()

    found = check(run)

    assert (counted(found), found.exit_code, listed(found)) == ({"same": 12}, 0, [])
    assert writes() == before


def test_an_order_is_looked_up_once_however_many_rows_it_has(book, load, check, sandbox):
    """One look-up gives the order, its shipments and its states, a second all items."""
    path = book(
        products=["sku", "A"],
        orders=["order_id", "SO-1", "SO-2"],
        order_states=["order_id | state", "SO-1 | paid", "SO-1 | in_preparation"],
        order_items=["order_id | sku", *["SO-1 | A"] * 8, "SO-2 | A"],
        shipments=["order_id | reference_number | tracking_code", *[f"SO-1 | S-{n} | T-{n}" for n in range(10)]],
    )
    run = load(path).folder.name
    before = len(sandbox.requests())

    found = check(run)

    asked = Counter(one["path"].removeprefix("/v2") for one in sandbox.requests()[before:])
    assert counted(found) == {"same": 24}
    assert asked == {"/token": 1, "/products": 1, "/orders": 2, "/order_items": 2}


def test_a_changed_member_is_told_with_its_cell_and_both_values(book, load, check, server):
    """What somebody changed on the server is told by cell; personal data is in verify.csv and nowhere else."""
    run = load(book(**SHOP)).folder.name
    server.change("orders", server.number("orders", order_id="SO-2"), language="en")
    server.change("shipments", server.number("shipments", tracking_code="T-1"), recipient_city="Leipzig")

    found = check(run)

    assert (counted(found), found.exit_code) == ({"same": 10, "different": 2}, 3)
    order, shipment = (record for record in found.records if record.verdict is Verdict.DIFFERENT)
    assert order.differences == (Difference(Where("orders.csv", row=3, column="B"), "language", "fr", "en"),)
    assert list(order.lines()) == ['orders.csv!B3: language: "fr" was written, the server has "en"']
    assert [(one.column, one.written, one.on_server, one.private) for one in shipment.differences] == [
        ("recipient_city", "Dresden", "Leipzig", True)
    ]
    assert "Dresden" not in " ".join(shipment.lines())
    assert "Leipzig" not in " ".join(shipment.lines())
    assert [(line["row"], line["cell"], line["written"], line["on_server"]) for line in listed(found)] == [
        ("3", "B3", "fr", "en"),
        ("2", "N2", "Dresden", "Leipzig"),
    ]


def test_a_record_that_is_gone_is_missing(book, load, check, server):
    """What somebody deleted is named by its key and its number on the server."""
    run = load(book(**SHOP)).folder.name
    gone = server.number("order_items", order_id="SO-1", sku="B")
    server.send("DELETE", f"/order_items/{gone}")

    found = check(run)

    assert (counted(found), found.exit_code) == ({"same": 11, "missing": 1}, 3)
    (missing,) = [record for record in found.records if record.verdict is Verdict.MISSING]
    assert "".join(missing.lines()) == (
        f"order_items.csv!row 3: order_items SO-1 / sku=B / #1 (number {gone}): no longer on the server"
    )
    assert [(line["verdict"], line["server_id"]) for line in listed(found)] == [("missing", str(gone))]


def test_an_order_that_is_gone_takes_its_rows_along(book, load, check, server):
    """Of an order that was deleted neither the order nor its shipments are taken for fine."""
    path = book(
        orders=["order_id", "SO-1"], shipments=["order_id | reference_number | tracking_code", "SO-1 | S-1 | T-1"]
    )
    run = load(path).folder.name
    server.send("DELETE", f"/orders/{server.number('orders', order_id='SO-1')}")

    found = check(run)

    assert (counted(found), found.exit_code) == ({"missing": 2}, 3)


def test_a_record_that_was_made_anew_is_not_the_one_we_wrote(book, load, check, server):
    """The same key under another number was made by somebody else: the row says so."""
    run = load(book(products=["sku", "A"])).folder.name
    first = server.number("products", sku="A")
    server.send("DELETE", f"/products/{first}")
    server.send("POST", "/products", {"sku": "A"})
    second = server.number("products", sku="A")

    found = check(run)

    (record,) = found.records
    assert record.differences == (Difference(Where("products.csv", row=2), "id", str(first), str(second)),)
    assert found.exit_code == 3


# --- what cannot be seen ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lookup", "entity", "records"), [("products", "products", 2), ("order_items", "order_items", 4)]
)
def test_what_a_look_up_that_is_off_would_show_is_not_fine(book, load, check, lookup, entity, records):
    """Records that cannot be asked for are counted apart, and the exit code is 6."""
    run = load(book(**SHOP)).folder.name

    found = check(run, api={"lookups": {lookup: False}})

    assert (counted(found), found.exit_code) == ({"same": 12 - records, "not_compared": records}, 6)
    assert {line["entity"] for line in listed(found)} == {entity}
    assert {line["message"] for line in listed(found)} == {"it could not be looked up: the look-up is off"}


def test_what_a_reply_leaves_out_is_not_fine(book, load, check):
    """A member that the server stores but does not show makes its record one that was not compared as a whole."""
    run = load(book(orders=["order_id", "SO-1"], order_states=["order_id|state|location", "SO-1|paid|Berlin"])).folder

    found = check(run.name)

    assert (counted(found), found.exit_code) == ({"same": 1, "not_compared": 1}, 6)
    assert [(line["entity"], line["message"]) for line in listed(found)] == [
        ("order_states", "the server does not show location")
    ]


def test_a_difference_outweighs_what_cannot_be_seen(book, load, check, server):
    """With both, the exit code is that of the difference: somebody has to mend it."""
    run = load(book(**SHOP)).folder.name
    server.change("orders", server.number("orders", order_id="SO-2"), language="en")

    found = check(run, api={"lookups": {"products": False}})

    assert (counted(found), found.exit_code) == ({"same": 9, "different": 1, "not_compared": 2}, 3)


def test_a_row_in_doubt_is_not_fine(book, load, check, sandbox):
    """A row whose answer was lost, and that could not be asked for, is still in doubt when it is read back."""
    sandbox.faults(["POST /products:drop_after"])
    loaded = load(book(products=["sku", "A"]), api={"lookups": {"products": False}})
    assert loaded.statuses == {"products 2": "in_doubt"}

    found = check(loaded.folder.name)

    assert (counted(found), found.exit_code) == ({"not_compared": 1}, 6)


def test_other_settings_are_noticed(book, load, check):
    """Times that are read in another zone than the run's are no differences, but nothing that was compared, either."""
    run = load(book(orders=["order_id | order_date", "SO-1 | 2026-01-31 10:00"])).folder.name

    found = check(run, timezone="America/New_York")

    assert (counted(found), found.exit_code) == ({"not_compared": 1}, 6)
    assert "time zone" in listed(found)[0]["message"]


# --- what the run did not write -----------------------------------------------------------------------------


def test_rows_that_did_not_get_in_are_not_asked_for(book, load, check):
    """Rejected rows, and those that waited for them, are not the run's; the others are compared."""
    broken = SHOP | {"orders": ["order_id | order_date", "SO-1 | soon", "SO-2 | 2026-01-31"]}

    found = check(load(book(**broken)).folder.name)

    assert (counted(found), found.exit_code) == ({"same": 5, "not_written": 7}, 0)


def test_what_a_later_run_changed_is_that_runs(book, load, check, tmp_path):
    """The first run is not blamed for what the second has written over; what both agree on is compared."""
    path = book(**SHOP)
    first = load(path).folder.name
    kept = tmp_path / "first"
    shutil.copytree(path, kept)
    second = load(book(**SHOP | {"orders": ["order_id | language", "SO-1 | en", "SO-2 | fr"]})).folder.name

    assert counted(check(first, kept)) == {"same": 11, "not_written": 1}
    assert counted(check(second)) == {"same": 12}


# --- the run and its files ----------------------------------------------------------------------------------


def test_a_changed_file_is_refused(book, load, check):
    """A file that is not what the run has read cannot tell what it wrote; the sentence names the way out."""
    path = book(products=["sku", "A"])
    run = load(path).folder.name
    book(products=["sku", "A", "B"])

    with pytest.raises(UnreadableFile) as caught:
        check(run)

    assert str(caught.value).startswith(f"products.csv: this is not the file as run {run} has read it (SHA-256 ")
    assert str(caught.value).endswith(f"Give it as it was then: importer verify {run} FILE...")


def test_a_file_that_was_moved_can_be_named(book, load, check, tmp_path):
    """Where the file is no longer where it was, it says so; named, it will do if it is the same."""
    path = book(products=["sku", "A"])
    run = load(path).folder.name
    moved = path.rename(tmp_path / "elsewhere")

    with pytest.raises(UnreadableFile) as caught:
        check(run)

    assert str(caught.value) == (
        f"{path / 'products.csv'}: the file is no longer there; name it where it is: importer verify {run} FILE..."
    )
    assert counted(check(run, moved)) == {"same": 1}


def test_a_file_of_another_run_is_refused(book, load, check, tmp_path):
    """A file that the run has not read is not compared in its name."""
    run = load(book(products=["sku", "A"])).folder.name
    other = tmp_path / "orders.csv"
    other.write_text("order_id,order_date\nSO-1,2026-01-31\n", encoding="utf-8")

    with pytest.raises(UnreadableFile) as caught:
        check(run, tmp_path / "book", other)

    assert str(caught.value) == f"orders.csv: run {run} has not read this file; leave it out."


def test_a_run_of_another_account_is_refused(book, load, check):
    """A run is only compared with the server it wrote to."""
    run = load(book(products=["sku", "A"])).folder.name

    with pytest.raises(WrongSettings, match="was made with the account test at"):
        check(run, account="another")


def test_an_unknown_run_is_told(check, tmp_path):
    """A run that the ledger does not know is wrong usage."""
    with pytest.raises(WrongSettings, match="The ledger knows no run june; `importer runs` lists them"):
        check("june")


# --- a server that is in trouble ----------------------------------------------------------------------------


def test_a_server_that_lets_us_in_no_more_ends_it(book, load, check, sandbox):
    """A refused access key is told as such, and nothing is taken for missing."""
    run = load(book(**SHOP)).folder.name
    sandbox.reset(SandboxOptions(access_key="another"))

    with pytest.raises(AccessDenied):
        check(run, access_key="sandbox-access-key")


def test_a_look_up_that_fails_is_not_a_missing_record(book, load, check, sandbox):
    """An order that the server could not show is counted as not compared."""
    run = load(book(orders=["order_id", "SO-1", "SO-2"])).folder.name
    sandbox.faults(["GET /orders:status:status=500:times=2"])

    found = check(run, workers=1)

    assert (counted(found), found.exit_code) == ({"same": 1, "not_compared": 1}, 6)
