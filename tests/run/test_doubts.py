"""What was sent and never answered: found, sent again or told, also when the row says something else by now."""

from collections import Counter

ORDER = {"orders": ["order_id | language", "SO-1 | de"]}
CHANGED = {"orders": ["order_id | language", "SO-1 | fr"]}
ITEMS = {"products": ["sku", "A"], "orders": ["order_id", "SO-1"], "order_items": ["order_id | sku", *["SO-1 | A"] * 2]}

LOST = "POST /orders:drop_after:times=1"
CANNOT_BE_ASKED = "GET *:status:status=503"


def test_a_lost_answer_is_asked_for(book, load, sandbox, writes):
    """The server stores a row and the answer is lost: it is found, told as created, and not sent again."""
    sandbox.faults([LOST])

    loaded = load(book(**ORDER))

    assert loaded.statuses == {"orders 2": "created"}
    assert [one for one in writes() if one.startswith("POST /orders")] == ["POST /orders"]


def test_a_request_that_never_arrived_is_sent_again(book, load, sandbox):
    """The connection breaks before the server has the row: once that is sure, it is sent again."""
    sandbox.faults(["POST /orders:drop_before:times=1"])

    loaded = load(book(**ORDER))

    assert loaded.statuses == {"orders 2": "created"}
    assert len(sandbox.state()["orders"]) == 1


def test_what_the_server_stores_late_is_waited_for(book, load, sandbox):
    """The connection breaks and the server stores the item afterwards: it is asked again before anything is sent."""
    sandbox.faults(["POST /order_items:slow_commit:seconds=0.3:times=1"])

    loaded = load(book(**ITEMS), api={"settle_s": 1})

    assert Counter(loaded.statuses.values()) == {"created": 4}
    assert len(sandbox.state()["order_items"]) == 2


def test_what_is_in_doubt_is_settled_by_the_next_run(book, load, sandbox):
    """Lost, and the server could not be asked: in doubt and exit code 6; the same command finds it."""
    sandbox.faults([LOST, CANNOT_BE_ASKED])
    first = load(book(**ORDER))
    sandbox.faults([])

    second = load(book(**ORDER))

    assert (first.statuses, first.summary.run.exit_code) == ({"orders 2": "in_doubt"}, 6)
    assert (second.statuses, second.summary.run.exit_code) == ({"orders 2": "created"}, 0)
    assert len(sandbox.state()["orders"]) == 1


def test_a_row_in_doubt_may_be_changed(book, load, sandbox):
    """The row was changed before the doubt was settled: what was sent is found, and brought up to date."""
    sandbox.faults([LOST, CANNOT_BE_ASKED])
    load(book(**ORDER))
    sandbox.faults([])

    loaded = load(book(**CHANGED))

    assert loaded.statuses == {"orders 2": "updated"}
    assert [one["language"] for one in sandbox.state()["orders"]] == ["fr"]


def test_an_update_without_an_answer_is_not_taken_for_undone(book, load, sandbox):
    """An update was carried out and never answered; the row is changed back, and so is the record."""
    load(book(**ORDER))
    sandbox.faults(["PUT *:drop_after"])
    lost = load(book(**CHANGED))
    sandbox.faults([])

    loaded = load(book(**ORDER))

    assert lost.statuses == {"orders 2": "not_sent"}
    assert loaded.statuses == {"orders 2": "updated"}
    assert [one["language"] for one in sandbox.state()["orders"]] == ["de"]


def test_equal_items_are_counted(book, load, sandbox):
    """Of two equal lines the second one's answer is lost: the server's other item is not taken for it."""
    sandbox.faults(["POST /order_items:drop_before:skip=1:times=1"])

    loaded = load(book(**ITEMS))

    assert Counter(loaded.statuses.values()) == {"created": 4}
    assert len(sandbox.state()["order_items"]) == 2


def test_a_dry_run_tells_doubts_and_settles_none(book, load, sandbox, writes):
    """--dry-run with a row in doubt that never arrived: it would be created, and nothing is sent."""
    sandbox.faults(["POST /orders:drop_before:times=1", CANNOT_BE_ASKED])
    load(book(**ORDER))
    sandbox.faults([])
    before = len(writes())

    dry = load(book(**ORDER), dry_run=True)

    assert dry.statuses == {"orders 2": "not_sent"}
    assert [outcome.action.value for outcome in dry.outcomes] == ["create"]
    assert writes()[before:] == []


def test_a_link_that_is_left_open_is_made_by_the_next_run(book, load, sandbox):
    """An item is created and its shipment cannot be noted: not sent, and the next run links the same item."""
    sheets = ITEMS | {
        "order_items": ["order_id | sku | shipment_reference", "SO-1 | A | S-1"],
        "shipments": ["order_id | reference_number | tracking_code", "SO-1 | S-1 | T-1"],
    }
    sandbox.faults(["PUT *:status:status=503"])
    first = load(book(**sheets))
    sandbox.faults([])

    second = load(book(**sheets))

    assert first.statuses["order_items 2"] == "not_sent"
    assert second.statuses["order_items 2"] == "updated"
    (item,), (shipment,) = sandbox.state()["order_items"], sandbox.state()["shipments"]
    assert str(item["shipment_id"]) == str(shipment["id"])


def test_the_state_that_the_server_sets_is_not_taken_for_the_rows(book, load, sandbox):
    """An order that was there already gets the state "new" with the row's own time, as a new order would."""
    load(book(**ORDER))

    loaded = load(book(**ORDER, order_states=["order_id | state", "SO-1 | new"]))

    assert loaded.statuses["order_states 2"] == "created"
    assert set(load(book(**ORDER, order_states=["order_id | state", "SO-1 | new"])).statuses.values()) == {"unchanged"}
