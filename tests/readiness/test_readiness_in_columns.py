"""The quick way through columns finds of every order what the plain way row by row finds."""

import csv
import tempfile
import tracemalloc
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from order_by_order import readiness as order_by_order

from importer import sources
from importer.check import check
from importer.hindrances import Hindrance, hindrances
from importer.model import CheckedSheet, NotReady, Outcome, Problem, Row, Severity, Status, Where
from importer.plan import related
from importer.readiness import readiness
from importer.rows import RowsInHand
from schemas import entity_named
from schemas.cells import Conventions

GOOD = {
    "products": {},
    "product_images": {"image_file": "a.png"},
    "orders": {"order_date": "2026-01-31"},
    "order_items": {
        "name": "Hemd",
        "description": "Aus Baumwolle",
        "sales_price": "24.90",
        "currency": "EUR",
        "size": "M",
    },
    "shipments": {
        "carrier_name": "dhl",
        "carrier_country": "DE",
        "planned_pickup_datetime": "2026-02-01 16:00",
        "warehouse": "Warehouse 1",
        "warehouse_address": "Lagerstr. 1, 10435 Berlin",
        "recipient_first_name": "Erika",
        "recipient_last_name": "Mustermann",
        "recipient_address": "Beispielweg 1",
        "recipient_zip": "01067",
        "recipient_city": "Dresden",
        "recipient_country": "DE",
    },
}
"""Cells that are the same in all rows."""

MANY = 4

ORDERS = [*"1234567"]
SKUS = [*"ABCDE"]
PARCELS = ["S1", "S2", "S3", "S4", "S5", "S6", "S7"]
CELLS = {
    "products": {"sku": ([*SKUS], ["EXAMPLE-SHIRT-M", "", "A"]), "customs_description": (["Hemd"], [""])},
    "product_images": {"sku": ([*SKUS], ["", "A"]), "image_file": (["a.png"], [""])},
    "orders": {
        "order_id": (ORDERS, ["EXAMPLE-1001", "", "1"]),
        "order_url": (["https://shop.example.com"], ["", "#CLEAR", "here"]),
        "language": (["de", "fr"], ["", "#CLEAR", "xx"]),
    },
    "order_items": {
        "order_id": (ORDERS, ["EXAMPLE-1001", "", "8"]),
        "line": ([""], ["1", "2"]),
        "sku": (SKUS, ["EXAMPLE-SHIRT-M", "", "F"]),
        "shipment_reference": (PARCELS, ["T2", "T9", "", "", "", "#CLEAR"]),
        "weight": (["0.25"], ["heavy"]),
        "returnable": (["TRUE", "yes", "TRUE", "FALSE"], ["no", "perhaps"]),
        "bundle_item": (["", "B1"], ["B2", "#CLEAR"]),
    },
    "shipments": {
        "order_id": (ORDERS, ["EXAMPLE-1001", "", "9"]),
        "reference_number": (PARCELS, ["", "#CLEAR", "T2", "S1"]),
        "tracking_code": (["T1", "T2", "T3", "T4", "T5", "T6", "T7"], ["S1"]),
        "recipient_email": (["erika@example.com"], ["erika@"]),
        "weight": (["0.8"], ["light"]),
    },
}
"""Cells that differ: good ones and odd ones.  Of many good ones each row has its own, by which rows belong together."""

ROWS = {"products": 5, "product_images": 5, "orders": 7, "order_items": 18, "shipments": 7}
"""So many rows a sheet has at the most."""


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32))
def test_columns_tell_what_rows_tell(seed, monkeypatch):
    """Whatever the sheets hold and whatever became of their rows, each order is sorted the same way, for the same."""
    random = Random(seed)
    # Few orders are looked at together otherwise when there are a hundred thousand.
    monkeypatch.setattr("importer.keys.index.AT_ONCE", random.choice([1, 8, 1 << 16]))
    unrelated = [
        read(f"{entity}-{number}.csv", entity, rows(random, entity))
        for entity in random.sample([*CELLS], k=len(CELLS))
        for number in range(random.choice([0, 1, 1, 1, 1, 2]))
    ]
    checked = related(unrelated)
    outcomes = [outcome(random, row) for sheet in checked for row in sheet.rows if not row.is_example]

    for these in (checked, [in_hand(sheet) for sheet in unrelated]):
        for told in ((), outcomes):
            quick, plain = readiness(these, told), order_by_order(these, told)
            assert quick == plain
            assert hindrances(quick.orders, 3) == hindrances(plain.orders, 3)
            assert [quick.orders[at] for at in range(len(plain.orders))] == list(plain.orders)
            assert (quick.orders[1:3], quick.orders[-2:]) == (plain.orders[1:3], plain.orders[-2:])


def rows(random: Random, entity: str) -> list[dict[str, str]]:
    """The rows of a sheet, which may lack a column; a few of their cells are odd."""
    lacking = random.choice([*CELLS[entity], *[""] * 30])
    oddity = random.choice([0, 0.03, 0.1])
    made = []
    for at in random.sample(range(ROWS[entity]), k=random.randint(ROWS[entity] - 2, ROWS[entity])):
        cells = GOOD[entity].copy()
        for name, (good, odd) in CELLS[entity].items():
            usual = good[at % len(good)] if len(good) > MANY else random.choice(good)
            cells[name] = random.choice(odd) if random.random() < oddity else usual
        made.append({name: cell for name, cell in cells.items() if name != lacking})
    return made


def test_a_name_that_two_parcels_share_is_the_first_ones():
    """A parcel may be called by its tracking code or its reference; of two with one name the upper row is meant."""
    item = {"order_id": "1", "sku": "A", "shipment_reference": "S", "weight": "0.25", "returnable": "TRUE"}
    parcels = [
        {"order_id": "1", "reference_number": "R", "tracking_code": "S", "recipient_email": "e@example.com"},
        {"order_id": "1", "reference_number": "S", "tracking_code": "T", "recipient_email": "e@example.com"},
    ]
    weights = [["light", "0.8"], ["0.8", "light"]]
    books = [
        [
            read("items.csv", "order_items", [GOOD["order_items"] | item]),
            read("shipments.csv", "shipments", [
                GOOD["shipments"] | parcel | {"weight": weight} for parcel, weight in zip(parcels, of_two, strict=True)
            ]),
        ]
        for of_two in weights
    ]  # fmt: skip

    first, second = (readiness([in_hand(sheet) for sheet in book]) for book in books)

    assert [reason.where.row for order in first.orders for reason in order.reasons] == [2]
    assert (second.ready, second.untold, len(second.orders)) == (0, 1, 0)


def test_many_orders_that_are_not_ready_take_little_room():
    """Thirty thousand orders without a shop address take some bytes each, and are counted as they are."""
    orders = [{"order_id": str(number), "order_date": "2026-01-31", "language": "de"} for number in range(30_000)]
    sheet = read("orders.csv", "orders", orders)
    readiness([sheet])

    tracemalloc.start()
    found = readiness([sheet])
    told = hindrances(found.orders, 2)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    missing = partial(Problem, code="portal_url_missing", column="order_url", severity=Severity.NOTE)
    first, second, last = (Where("orders.csv", "", row) for row in (2, 3, 30_001))
    assert (found.ready, found.untold, len(found.orders)) == (0, 0, 30_000)
    assert found.orders[-1] == NotReady("29999", (missing(last),))
    assert told == (Hindrance(30_000, 30_000, missing(first), (first, second), "order_url"),)
    assert used < 30_000 * 40


def in_hand(sheet: CheckedSheet) -> CheckedSheet:
    """The same sheet, its rows put together one by one."""
    return CheckedSheet(sheet.table, sheet.entity, sheet.columns, RowsInHand(tuple(sheet.rows)), sheet.problems)


def read(file: str, entity: str, rows: Sequence[dict[str, str]]) -> CheckedSheet:
    """The sheet of those *rows*, written, read and checked."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file
        with path.open("w", encoding="utf-8", newline="") as written:
            lines = csv.DictWriter(written, rows[0])
            lines.writeheader()
            lines.writerows(rows)
        (table,) = sources.tables(path)
        return check(table, Conventions(), entity=entity_named(entity))


def outcome(random: Random, row: Row) -> Outcome:
    """What became of *row*: as a rule it is in; else anything, also what no upload would come to."""
    if random.random() < random.choice([0.9, 0.99]):
        return Outcome(row, Status.CREATED)
    name, cell = next(iter(row.cells.items()))
    problems = {
        "the row's errors": row.errors,
        "the row's problems": row.problems,
        "nothing": (),
        "not_sent": (Problem(row.where, "not_sent"),),
        "blocked": (Problem(row.where, "blocked", {"parent": "Orders!7"}),),
        "blocked at a cell": (Problem(cell, "blocked", column=name),),
        "refused": (Problem(cell, "refused", {"answer": "no"}, column=name), Problem(cell, "blocked")),
    }
    return Outcome(row, random.choice([*Status]), problems=random.choice([*problems.values()]))
