"""From sheets to the server: what is sent, in which order, and what becomes of every row."""

from collections import Counter

from importer.sandbox import SandboxOptions

SHOP = {
    "products": ["sku", "A", "B"],
    "orders": ["order_id | language", "SO-1 | de", "SO-2 | fr"],
    "order_items": [
        "order_id | sku | quantity | shipment_reference",
        "SO-1 | A | 2 | S-1",
        "SO-1 | B | 1 | S-1",
        "SO-2 | B | 1 | T-2",
    ],
    "shipments": ["order_id | reference_number | tracking_code", "SO-1 | S-1 | T-1", "SO-2 | | T-2"],
    "shipment_events": ["shipment_reference", "S-1"],
}


def test_everything_arrives_linked(book, load, sandbox):
    """All rows are created, items hang on their shipment, and events on theirs."""
    loaded = load(book(**SHOP))

    assert set(loaded.statuses.values()) == {"created"}
    assert loaded.summary.run.exit_code == 0
    state = sandbox.state()
    shipment = {one["order_id"]: one["id"] for one in state["shipments"]}
    assert sorted((item["order_id"], item["sku"], str(item["shipment_id"])) for item in state["order_items"]) == [
        ("SO-1", "A", str(shipment["SO-1"])),
        ("SO-1", "A", str(shipment["SO-1"])),
        ("SO-1", "B", str(shipment["SO-1"])),
        ("SO-2", "B", str(shipment["SO-2"])),
    ]


def test_a_typical_new_order_takes_eight_requests(book, load, sandbox):
    """One order, three items, one shipment: order, items, shipment, three links, and not one look-up."""
    load(book(products=["sku", "A"]))
    before = len(sandbox.requests())

    load(
        book(
            orders=["order_id", "SO-1"],
            order_items=["order_id | sku | shipment_reference", *["SO-1 | A | S-1"] * 3],
            shipments=["order_id | reference_number | tracking_code", "SO-1 | S-1 | T-1"],
        )
    )

    sent = [f"{one['method']} {one['path'].removeprefix('/v2')}" for one in sandbox.requests()[before:]]
    assert len([one for one in sent if one != "POST /token"]) == 8


def test_the_second_run_sends_nothing(book, load, sandbox, writes):
    """The same files again: every row is unchanged and no write reaches the server."""
    path = book(**SHOP)
    load(path)
    before = len(writes())

    again = load(path)

    assert set(again.statuses.values()) == {"unchanged"}
    assert writes()[before:] == []
    assert again.summary.run.exit_code == 0


def test_a_changed_row_is_updated_and_no_other(book, load, sandbox, writes):
    """A cell changed in one row leads to one PUT."""
    load(book(**SHOP))
    before = len(writes())
    (order,) = [one for one in sandbox.state()["orders"] if one["order_id"] == "SO-1"]

    again = load(book(**SHOP | {"orders": ["order_id | language", "SO-1 | en", "SO-2 | fr"]}))

    assert Counter(again.statuses.values()) == {"unchanged": 9, "updated": 1}
    assert writes()[before:] == [f"PUT /orders/{order['id']}"]


def test_children_of_a_rejected_parent_are_blocked_and_say_by_whom(book, load, sandbox):
    """Rows that need a rejected row are not sent; each names the row it waits for, and goes once that one is mended."""
    broken = SHOP | {"orders": ["order_id | order_date", "SO-1 | soon", "SO-2 | 2026-01-31"]}

    loaded = load(book(**broken))

    assert loaded.statuses == {
        "order_items 2": "blocked",
        "order_items 3": "blocked",
        "order_items 4": "created",
        "orders 2": "rejected",
        "orders 3": "created",
        "products 2": "created",
        "products 3": "created",
        "shipment_events 2": "blocked",
        "shipments 2": "blocked",
        "shipments 3": "created",
    }
    assert loaded.problem("order_items 2") == (
        'order_items.csv!A2: order_id "SO-1": waits for orders.csv!row 2, which was not imported'
    )
    assert loaded.summary.run.exit_code == 3

    mended = load(book(**SHOP))

    assert Counter(mended.statuses.values()) == {"created": 5, "unchanged": 4, "updated": 1}


def test_a_refusal_is_led_back_to_its_cell(book, load, sandbox):
    """What the server refuses is told at the cell it speaks of, and its children are blocked."""
    sandbox.reset(SandboxOptions(carriers={"DE": ("dpd",)}))

    loaded = load(book(**{name: SHOP[name] for name in ("products", "orders", "shipments", "order_items")}))

    assert Counter(loaded.statuses.values()) == {"created": 4, "refused": 2, "blocked": 3}
    assert loaded.problem("shipments 2") == (
        'shipments.csv!D2: carrier_name "dhl": the server refused it: The carrier "dhl" is not available in "DE".'
    )


def test_parents_may_be_in_the_ledger(book, load, sandbox):
    """A file with only shipments finds its orders, sent on another day, in the ledger."""
    load(book(orders=SHOP["orders"]))
    (folder := book(shipments=SHOP["shipments"])).joinpath("orders.csv").unlink()

    loaded = load(folder)

    assert set(loaded.statuses.values()) == {"created"}


def test_parents_may_be_on_the_server_only(book, load, sandbox, tmp_path):
    """Orders that only the server knows are found there."""
    load(book(orders=SHOP["orders"], shipments=SHOP["shipments"], products=SHOP["products"]))
    folder = book(shipment_events=SHOP["shipment_events"], order_items=SHOP["order_items"])
    for name in ("orders", "shipments", "products"):
        folder.joinpath(f"{name}.csv").unlink()

    loaded = load(folder, ledger=f"sqlite:///{tmp_path / 'another.sqlite'}")

    assert set(loaded.statuses.values()) == {"created"}
    assert all(item["shipment_id"] for item in sandbox.state()["order_items"])


def test_a_parent_that_is_nowhere_blocks(book, load):
    """A row whose order is neither in the file nor on the server is blocked and says so."""
    loaded = load(book(order_states=["order_id | state", "SO-9 | paid"]))

    assert loaded.statuses == {"order_states 2": "blocked"}
    assert loaded.problem("order_states 2") == (
        'order_states.csv!A2: order_id "SO-9": waits for Orders SO-9, which is neither in this file nor on the server'
    )


def test_what_the_server_has_already_is_adopted(book, load, sandbox, tmp_path):
    """With an empty ledger the same files find everything on the server: nothing is doubled."""
    path = book(**SHOP)
    load(path)
    before = sandbox.state()

    again = load(path, ledger=f"sqlite:///{tmp_path / 'new.sqlite'}")

    assert set(again.statuses.values()) == {"unchanged"}
    assert sandbox.state() == before


def test_existing_records_can_be_left_alone(book, load, sandbox, tmp_path):
    """--existing skip leaves a record with other content as it is, and its children still go in."""
    load(book(orders=["order_id | language", "SO-1 | de"]))

    loaded = load(
        book(orders=["order_id | language", "SO-1 | fr"], order_states=["order_id | state", "SO-1 | paid"]),
        existing="skip",
    )

    assert loaded.statuses == {"order_states 2": "created", "orders 2": "skipped"}
    assert [one["language"] for one in sandbox.state()["orders"]] == ["de"]


def test_existing_records_can_be_refused(book, load, tmp_path):
    """--existing fail refuses a record that the server has with other content, also one the ledger does not know."""
    load(book(orders=["order_id | language", "SO-1 | de"]))

    loaded = load(
        book(orders=["order_id | language", "SO-1 | fr"]),
        existing="fail",
        ledger=f"sqlite:///{tmp_path / 'new.sqlite'}",
    )

    assert loaded.statuses == {"orders 2": "refused"}


def test_a_dry_run_reads_and_does_not_write(book, load, sandbox, writes):
    """--dry-run says what would be sent, and neither server nor ledger is touched."""
    dry = load(book(**SHOP), dry_run=True)

    assert set(dry.statuses.values()) == {"not_sent"}
    assert {outcome.action.value for outcome in dry.outcomes} == {"create"}
    assert dry.summary.run.exit_code == 0
    assert writes() == []

    assert set(load(book(**SHOP)).statuses.values()) == {"created"}


def test_strict_sends_nothing_when_a_row_is_rejected(book, load, sandbox, writes):
    """With --strict one rejected row keeps everything back; the exit code is 1."""
    loaded = load(
        book(**SHOP | {"products": ["sku | customs_origin_country_iso2", "A | Nowhere", "B | DE"]}), strict=True
    )

    assert Counter(loaded.statuses.values()) == {"rejected": 1, "not_sent": 9}
    assert loaded.summary.run.exit_code == 1
    assert writes() == []


def test_boarding_is_completed_once_all_shipments_are_in(book, load, sandbox):
    """With complete_boarding the order is closed after its last shipment, and a second run changes nothing."""
    path = book(orders=SHOP["orders"], shipments=SHOP["shipments"])

    loaded = load(path, complete_boarding=True)

    assert set(loaded.statuses.values()) == {"created"}
    assert [one["boarding_complete"] for one in sandbox.state()["orders"]] == [True, True]
    assert set(load(path, complete_boarding=True).statuses.values()) == {"unchanged"}


def test_a_shipment_may_have_the_number_of_its_order(book, load, writes):
    """A row is taken for no other of its order, whatever their numbers, and is told with all requests it took."""
    items = ["order_id | sku | shipment_reference", "SO-1 | A | SO-1"]
    shipments = ["order_id | reference_number | tracking_code", "SO-1 | SO-1 | T-1"]
    path = book(products=["sku", "A"], orders=["order_id", "SO-1"], order_items=items, shipments=shipments)

    loaded = load(path, complete_boarding=True)

    assert set(loaded.statuses.values()) == {"created"}
    # Numbers on the server left out.
    assert Counter(request.rstrip("0123456789").rstrip("/") for request in writes()) == {
        "POST /products": 1,
        "POST /orders": 1,
        "POST /order_items": 1,
        "POST /shipments": 1,
        "PUT /orders": 1,
        "PUT /order_items": 1,
    }
    assert {outcome.row.entity: outcome.attempts for outcome in loaded.outcomes} == {
        "products": 1,
        "orders": 2,
        "order_items": 2,
        "shipments": 1,
    }


def test_items_can_be_created_with_their_shipment_at_once(book, load, sandbox, writes):
    """link="create" needs no PUT at all."""
    loaded = load(book(**SHOP), link="create")

    assert set(loaded.statuses.values()) == {"created"}
    assert not [one for one in writes() if one.startswith("PUT")]
    assert all(item["shipment_id"] for item in sandbox.state()["order_items"])


def test_sorting_the_sheet_changes_nothing(book, load, sandbox):
    """Rows in another order are the same rows."""
    load(book(**SHOP))
    turned = {name: [header, *reversed(lines)] for name, (header, *lines) in SHOP.items()}

    assert set(load(book(**turned)).statuses.values()) == {"unchanged"}


def test_a_stop_does_not_wait_for_a_thousand_pieces(book, load, sandbox):
    """A run that is stopped within a row of many pieces ends soon, and the next one sends those that are missing."""
    path = book(
        products=["sku", "A"],
        orders=["order_id", "SO-1"],
        order_items=["order_id | sku | quantity", "SO-1 | A | 400"],
    )

    stopped = load(path, stop_when=lambda: len(sandbox.state()["order_items"]) > 5)

    assert stopped.statuses == {"order_items 2": "not_sent", "orders 2": "created", "products 2": "created"}
    assert stopped.summary.run.exit_code == 130
    assert 5 < len(sandbox.state()["order_items"]) < 400

    assert load(path).statuses["order_items 2"] == "updated"
    assert len(sandbox.state()["order_items"]) == 400
