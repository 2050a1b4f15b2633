"""Whatever the files hold and whatever goes wrong: every row is accounted for, and nothing is on the server twice."""

import csv
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from server_holds import keys

from importer.run.preparation import prepare
from importer.run.upload import Upload
from importer.sandbox import SandboxOptions, running
from importer.settings import load

SETTLE_S = 0.15
RUNS = 3
"""So many runs with faults before the last one, without."""

ITEM = {
    "name": "Shirt",
    "description": "A shirt",
    "currency": "EUR",
    "size": "M",
    "weight": "0.25",
    "returnable": "TRUE",
}
SHIPMENT = {
    "carrier_name": "dhl",
    "carrier_country": "DE",
    "planned_pickup_datetime": "2026-02-01T16:00:00Z",
    "warehouse": "Main",
    "warehouse_address": "Lagerstr. 1, Berlin",
    "recipient_first_name": "Erika",
    "recipient_last_name": "Mustermann",
    "recipient_email": "erika@example.com",
    "recipient_address": "Beispielweg 1",
    "recipient_zip": "01067",
    "recipient_city": "Dresden",
    "recipient_country": "DE",
    "weight": "0.8",
}

a_fault = st.builds(
    lambda match, kind, skip, times: f"{match}:{kind}:skip={skip}:times={times}",
    st.sampled_from(("*", "POST *", "PUT *", "GET *", "POST /orders", "POST /order_items", "POST /shipment_events")),
    st.sampled_from(
        (
            "drop_before",
            "drop_after",
            "drop_after:close=reset",
            "status:status=500",
            "status:status=500:stored=true",
            "status:status=502:body=html",
            "status:status=503",
            "status:status=429:retry_after=seconds:after_s=0",
            f"slow_commit:seconds={SETTLE_S / 3}",
            "accepted_202",
            f"accepted_202:seconds={SETTLE_S / 3}",
            "cut_body",
            "not_json",
            "expire_tokens",
        )
    ),
    st.integers(0, 12),
    st.integers(1, 3),
)

an_item = st.fixed_dictionaries(
    {
        "sku": st.sampled_from("AB"),
        "sales_price": st.sampled_from(("9.95", "24.95")),
        "quantity": st.sampled_from(("", "2")),
        "shipment": st.booleans(),
    }
)
an_order = st.fixed_dictionaries(
    {
        "items": st.lists(an_item, max_size=3),
        "state": st.sampled_from(("", "new", "paid")),
        "is_shipped": st.booleans(),
        "event": st.booleans(),
        "is_wrong": st.sampled_from((False, False, False, True)),
    }
)
a_shop = st.lists(an_order, min_size=1, max_size=3)


def sheets_of(shop):
    """The rows of every sheet."""
    sheets = {"products": [{"sku": "A"}, {"sku": "B"}]}
    for number, order in enumerate(shop):
        order_id, shipment = f"SO-{number}", f"S-{number}"
        date = "soon" if order["is_wrong"] else "2026-01-31T10:00:00Z"
        sheets.setdefault("orders", []).append({"order_id": order_id, "order_date": date})
        if order["state"]:
            state = {"order_id": order_id, "state": order["state"], "datetime": "2026-01-31T12:00:00Z"}
            sheets.setdefault("order_states", []).append(state)
        if order["is_shipped"]:
            named = {"order_id": order_id, "reference_number": shipment, "tracking_code": f"T-{number}"}
            sheets.setdefault("shipments", []).append(named | SHIPMENT)
            if order["event"]:
                event = {"shipment_reference": shipment, "event": "Refunded", "datetime": "2026-02-20T09:30:00Z"}
                sheets.setdefault("shipment_events", []).append(event)
        for item in order["items"]:
            link = shipment if item["shipment"] and order["is_shipped"] else ""
            told = {name: item[name] for name in ("sku", "sales_price", "quantity")}
            row = {"order_id": order_id, **told, "shipment_reference": link, **ITEM}
            sheets.setdefault("order_items", []).append(row)
    return sheets


def write(folder, sheets):
    """Write *sheets* as CSV files."""
    folder.mkdir()
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def wanted_keys(sheets):
    """What the server must hold, and nothing more than that, when all is done."""
    wrong = {row["order_id"] for row in sheets.get("orders", ()) if row["order_date"] == "soon"}
    wanted = Counter(("products", row["sku"]) for row in sheets["products"])
    for entity, named in (
        ("orders", ("order_id",)),
        ("order_states", ("order_id", "state")),
        ("order_items", ("order_id", "sku", "name", "sales_price")),
        ("shipments", ("order_id", "reference_number", "tracking_code")),
    ):
        for row in sheets.get(entity, ()):
            if row["order_id"] not in wrong:
                wanted[entity, *(row[name] for name in named)] += int(row.get("quantity") or 1)
    for row in sheets.get("shipment_events", ()):
        number = row["shipment_reference"].removeprefix("S-")
        if f"SO-{number}" not in wrong:
            wanted["shipment_events", f"T-{number}", "Refunded", "2026-02-20T09:30:00Z"] += 1
    return wanted


@pytest.fixture(scope="module")
def server():
    """One for all examples."""
    with running() as sandbox:
        yield sandbox


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    # An example takes a second: making a failing one smaller would take an hour.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shop=a_shop, scripts=st.lists(st.lists(a_fault, min_size=1, max_size=3), min_size=RUNS, max_size=RUNS))
def test_counts_balance_and_no_key_is_there_twice(server, shop, scripts):
    """After every run each row has one outcome and no key is there too often; without faults all arrives."""
    server.reset(SandboxOptions())
    sheets = sheets_of(shop)
    rows, wanted = sum(map(len, sheets.values())), wanted_keys(sheets)
    with TemporaryDirectory() as folder:
        write(Path(folder) / "book", sheets)
        for script in (*scripts, []):
            server.faults(script)
            upload = run(Path(folder), server)
            assert upload.rows == rows
            assert upload.summary.unbalanced == ()
            assert sum(upload.summary.statuses.values()) == rows
            assert keys(server.state()) - wanted == {}

        assert keys(server.state()) == wanted
        left = {status.value for status, number in upload.summary.statuses.items() if number and not status.is_in}
        assert left <= {"rejected", "blocked"}
        assert (left == set()) == (not any(order["is_wrong"] for order in shop))


def run(folder, server):
    """One run in this process."""
    chosen = load(
        {
            "base_url": server.base_url,
            "access_key": server.access_key,
            "ledger": f"sqlite:///{folder / 'ledger.sqlite'}",
            "report_dir": folder / "reports",
            "workers": 3,
            "api": {"settle_s": SETTLE_S, "tries": 2, "patience_s": 3, "read_timeout_s": 5},
        },
        folder=folder,
    )
    upload = Upload(prepare([folder / "book"], chosen), chosen)
    for _ in upload.outcomes():
        pass
    return upload
