"""Rows that are unchanged for sure are told without their turns; all else about a run is as if they had them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shops import Shop, edits, write_shop

from importer.ledger import Ledger
from importer.outcomes import EndedAlike
from importer.run import unchanged
from importer.run.preparation import prepare
from importer.run.row_keys import keys_of
from importer.run.upload import Upload
from importer.settings import load as load_settings
from schemas import ENTITIES, entity_named
from schemas.entity import identity

NEVER = 10**9


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Look for unchanged rows in files of any size."""
    monkeypatch.setattr(unchanged, "WORTH_IT", 0)


@pytest.fixture
def batches(tmp_path, sandbox):
    """Upload a folder, and say which rows were told together as unchanged, and how many had their turn."""

    def run(folder: Path, **others) -> tuple[dict[str, list[int]], int]:
        upload = Upload(prepare([folder], given := load_settings(_given(tmp_path, sandbox) | others)), given)
        told: dict[str, list[int]] = {}
        turns = 0
        for batch in upload.batches():
            if isinstance(batch, EndedAlike):
                told[batch.entity] = batch.rows.tolist()
            else:
                turns += len(batch)
        return told, turns

    return run


def _given(folder: Path, sandbox) -> dict[str, object]:
    return {
        "base_url": sandbox.base_url,
        "access_key": sandbox.access_key,
        "account": "test",
        "ledger": f"sqlite:///{folder / 'ledger.sqlite'}",
        "report_dir": folder / "reports",
        "workers": 1,
        "api": {"settle_s": 0.1, "tries": 2, "patience_s": 1},
    }


def test_rows_without_a_change_have_no_turn(book, batches):
    """The second upload of the same files tells all rows but the pictures without looking at any of them."""
    folder = book(
        products=["sku", "P-1"],
        orders=["order_id", "SO-1", "SO-2"],
        shipments=["order_id | reference_number | tracking_code", "SO-1 | S-1 | T-1"],
        order_items=["order_id | line | sku | quantity | shipment_reference", "SO-1 | 1 | P-1 | 2 | S-1"],
        shipment_events=["shipment_reference", "S-1"],
    )
    assert batches(folder)[0] == {}

    assert batches(folder) == (
        {"products": [2], "orders": [2, 3], "shipments": [2], "order_items": [2], "shipment_events": [2]},
        0,
    )


def test_a_changed_row_gives_its_whole_order_its_turn(book, batches):
    """Where one item changes, all rows of its order have their turns, and no others."""
    rows = {"products": ["sku", "P-1"], "orders": ["order_id", "SO-1", "SO-2"]}
    items = ["order_id | line | sku | name", "SO-1 | 1 | P-1 | Shirt", "SO-2 | 1 | P-1 | Shirt"]
    batches(book(**rows, order_items=items))

    told = batches(book(**rows, order_items=[*items[:2], "SO-2 | 1 | P-1 | Trousers"]))

    assert told == ({"products": [2], "orders": [2], "order_items": [2]}, 2)


def test_a_bad_row_does_not_give_its_order_a_turn(book, batches):
    """Beside an item that the check rejects, the order and its other items are unchanged all the same."""
    folder = book(
        products=["sku", "P-1"],
        orders=["order_id", "SO-1"],
        order_items=["order_id | line | sku | quantity", "SO-1 | 1 | P-1 | 1", "SO-1 | 2 | P-1 | 0"],
    )
    batches(folder)

    assert batches(folder) == ({"products": [2], "orders": [2], "order_items": [2]}, 1)


def test_a_rejected_order_gives_its_items_their_turn(book, batches):
    """Items of an order that the check rejects now are looked at: they wait for it."""
    rows = {"products": ["sku", "P-1"], "order_items": ["order_id | line | sku", "SO-1 | 1 | P-1"]}
    batches(book(**rows, orders=["order_id | language", "SO-1 | de"]))

    assert batches(book(**rows, orders=["order_id | language", "SO-1 | Klingon"])) == ({"products": [2]}, 2)


def test_the_same_in_other_words_has_a_turn_once(book, batches, writes):
    """A cell that is written in another way is looked at, found to be unchanged, and known the next time."""
    batches(book(orders=["order_id | order_date", "SO-1 | 2026-01-31T10:00:00Z"]))
    otherwise = book(orders=["order_id | order_date", "SO-1 | 2026-01-31T11:00:00+01:00"])
    sent = writes()

    assert [batches(otherwise) for _ in range(2)] == [({}, 1), ({"orders": [2]}, 0)]
    assert writes() == sent


def test_an_item_is_not_unchanged_without_its_shipment(book, batches, sandbox, tmp_path):
    """When the ledger no longer knows the shipment that an item was linked to, the item has its turn."""
    folder = book(
        orders=["order_id", "SO-1"],
        shipments=["order_id | reference_number | tracking_code", "SO-1 | S-1 | T-1"],
        order_items=["order_id | line | sku | shipment_reference", "SO-1 | 1 | P-1 | S-1"],
    )
    batches(folder)
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        ledger.account("test", base_url=sandbox.base_url, key_print="", named=True).forget("shipments", "S-1", 1)
    for name in ("orders", "shipments"):
        (folder / f"{name}.csv").unlink()

    assert batches(folder) == ({}, 1)


@pytest.mark.parametrize("entity", ["orders", "shipments"])
def test_keys_in_columns_are_those_of_rows(entity):
    """What a cell calls a parent leads to the key that the parent's row has, whatever signs are in it."""
    of, names = entity_named(entity), ["SO-1", "a/b", "back\\slash", "both \\/ and Ä", ""]
    for field in (*of.key, *of.else_key)[:2]:
        if identity(of, {field: "x"}):
            wanted = [identity(of, {field: name}) for name in names]
            assert keys_of(of, field, pa.array(names, pa.large_string())).to_pylist() == wanted


# --- as if all rows had their turns -------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """What came of two uploads, one after the other."""

    outcomes: list[tuple[object, ...]]
    lines: list[list[str]]
    requests: list[tuple[object, ...]]
    records: list[object]
    told: int


@settings(
    max_examples=4, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits(), st.booleans(), st.sampled_from(["update", "create"]), st.sampled_from(["update", "skip", "fail"]))
def test_a_second_run_is_as_if_every_row_had_its_turn(sandbox, monkeypatch, books, completes, link, existing):
    """Whatever changed between two uploads: outcomes, what is sent, results and ledger are those of the long way."""
    chosen = {"complete_boarding": completes, "link": link}
    worlds = []
    for worth_it in (0, NEVER):
        monkeypatch.setattr(unchanged, "WORTH_IT", worth_it)
        worlds.append(world(sandbox, books, chosen, {"existing": existing}))
    short, long = worlds

    assert short.outcomes == long.outcomes
    assert short.lines == long.lines
    assert short.requests == long.requests
    assert short.records == long.records
    assert long.told == 0


def world(sandbox, books: Sequence[Shop], chosen: Mapping[str, object], second: Mapping[str, object]) -> World:
    """Upload the first of *books*, then the second rehearsed and in earnest, to a server that knows nothing yet."""
    sandbox.reset()
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        usual = {**_given(folder, sandbox), **chosen}
        _run(folder, books[0], usual)
        sent = len(sandbox.requests())
        rehearsed, _, _ = _run(folder, books[1], {**usual, **second}, dry_run=True)
        outcomes, lines, told = _run(folder, books[1], {**usual, **second})
        # Two threads may look the same parent up, each for itself; what counts is what is written.
        requests = sorted(_known_path(one) for one in sandbox.requests()[sent:] if one["method"] != "GET")
        with Ledger.open(str(usual["ledger"])) as ledger:
            account = ledger.account("test", base_url=sandbox.base_url, key_print="", named=True)
            records = [
                (one.entity, one.key, one.unit, one.state, one.digest is None)
                for entity in ENTITIES
                for one in account.settled(entity.name)
            ]
    return World([*rehearsed, *outcomes], lines, requests, records, told)


def _known_path(request: Mapping[str, str]) -> tuple[str, str]:
    return request["method"], request["path"].rstrip("0123456789")


def _run(folder: Path, rows: Shop, given_settings: Mapping[str, object], *, dry_run: bool = False):
    books = folder / "book"
    write_shop(books, rows)
    chosen = load_settings(dict(given_settings), folder=folder)
    upload = Upload(prepare([books], chosen), chosen, dry_run=dry_run)
    found, told = [], 0
    for batch in upload.batches():
        told += len(batch) if isinstance(batch, EndedAlike) else 0
    with (upload.folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        # Two threads may create records in another order, so of numbers on the server only the count is the same.
        lines = sorted([*line[1:8], len(line[8].split()), *line[9:14]] for line in csv.reader(file))
    found = [(sheet.where.file, dict(sheet.statuses)) for sheet in upload.summary.sheets]
    assert not upload.summary.unbalanced
    return found, lines, told
