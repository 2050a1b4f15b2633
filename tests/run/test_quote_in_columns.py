"""What many rows will take is counted in columns, and comes to the same as row by row."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from conftest import DEFAULTS
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from importer.ledger import Account, Ledger
from importer.plan import Plan, chains
from importer.reports.quote import Quote, Range
from importer.run import quote
from importer.run.preparation import prepare
from importer.run.quote import quoted
from importer.run.remembered import Memory
from importer.settings import Settings
from importer.settings import load as load_settings

ORDERS, SKUS = st.sampled_from(["1", "2", "3/4 / 5", "9"]), st.sampled_from(["A", "B", "C\\"])
PARCELS = st.sampled_from(["S{order}", "S{order}", "T{order}", "S/8", ""])
CELLS = {
    "products": {"sku": SKUS},
    "orders": {"order_id": ORDERS, "boarding_complete": st.sampled_from(["", "", "yes"])},
    "order_states": {"order_id": ORDERS, "state": st.sampled_from(["paid", "sent"])},
    "order_items": {
        "order_id": ORDERS,
        "line": st.sampled_from(["", "1", "2"]),
        "sku": SKUS,
        "quantity": st.sampled_from(["", "1", "3"]),
        "shipment_reference": PARCELS,
    },
    "shipments": {
        "order_id": ORDERS,
        "reference_number": st.sampled_from(["S{order}", "S{order}", ""]),
        "tracking_code": st.sampled_from(["T{order}", ""]),
    },
    "shipment_events": {"shipment_reference": st.sampled_from(["S1", "T2", "S/8"])},
}
BOOKS = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=5) for name, cells in CELLS.items()}
).filter(bool)
ELSEWHERE = (
    ("orders", "1"),
    ("orders", "9"),
    ("products", "A"),
    ("shipments", "S\\/8"),
    ("shipments", "tracking_code=T1"),
)
"""Records that the ledger may know though no file has them."""
OPTIONS = st.fixed_dictionaries(
    {
        "link": st.sampled_from(["update", "create"]),
        "complete_boarding": st.booleans(),
        "existing": st.sampled_from(["update", "skip"]),
    }
)
SETTINGS = with_settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(BOOKS, OPTIONS, st.randoms(use_true_random=False))
def test_many_rows_are_quoted_as_few_are(tmp_path, book, options, random):
    """Of an empty ledger, and of one that knows some rows, the quote in columns is the same as row by row."""
    settings = load_settings(
        {"base_url": "http://127.0.0.1:9/v2", "access_key": "k", "ledger": f"sqlite:///{tmp_path}/ledger", **options}
    )
    sheets = prepare([written(tmp_path / "book", book)], settings).sheets
    plan = chains(sheets, link=settings.link, complete_boarding=settings.complete_boarding)
    (tmp_path / "ledger").unlink(missing_ok=True)
    with Ledger.open(settings.ledger_url) as ledger:
        account = ledger.account("a", base_url=settings.base_url, key_print="p", named=True)

        assert in_all(plan, account, settings, few=-1, many=-1) == quoted(plan, account, Memory(account), settings)

        rows = ((row.entity, row.key) for sheet in sheets for row in sheet.rows if row.key)
        for entity, key in (*rows, *ELSEWHERE):
            if random.random() < 0.3:
                account.settle(entity, key, 1, "4711", "d", "run-1")
        # A parent that is in no file is asked for once; for whose sake may differ.
        assert in_all(plan, account, settings, few=-1, many=-1).total == in_all(plan, account, settings).total


def test_of_many_changed_rows_a_sample_is_quoted(tmp_path, monkeypatch):
    """Where the ledger knows more rows than may be looked at one by one, each that is looked at stands for several."""
    monkeypatch.setattr(quote, "FEW", 10)
    settings = load_settings(
        {"base_url": "http://127.0.0.1:9/v2", "access_key": "k", "ledger": f"sqlite:///{tmp_path}/l"}
    )
    orders = {"orders": [{"order_id": str(number)} for number in range(40)]}
    plan = chains(prepare([written(tmp_path / "book", orders)], settings).sheets)
    with Ledger.open(settings.ledger_url) as ledger:
        account = ledger.account("a", base_url=settings.base_url, key_print="p", named=True)
        for number in range(30):
            account.settle("orders", str(number), 1, "4711", "d", "run-1")

        # All keys of the ledger read: ten orders are surely new.  Or not: every fourth order stands for four.
        assert in_all(plan, account, settings, few=0, many=0).total == Range(10, 40)
        assert in_all(plan, account, settings, few=0).total == Range(8, 40)


def in_all(plan: Plan, account: Account, settings: Settings, **bounds: int) -> Quote:
    """What *plan* takes, by what the ledger knows at this moment."""
    return quoted(plan, account, Memory(account), settings, **bounds)


def written(folder: Path, book: Mapping[str, Sequence[Mapping[str, str]]]) -> Path:
    """*folder* with one file for each sheet of *book*, and nothing else."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, rows in book.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            lines = csv.DictWriter(file, [*DEFAULTS[name], *rows[0]])
            lines.writeheader()
            for row in rows:
                own = {cell: text.replace("{order}", row.get("order_id", "")) for cell, text in row.items()}
                lines.writerow(DEFAULTS[name] | own)
    return folder
