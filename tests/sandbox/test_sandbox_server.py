import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
import requests
from vendor_client import ORDER, PRODUCT, SHIPMENT, Client, new_token

from importer.errors import WrongSettings
from importer.sandbox import Fault, SandboxOptions, running


def test_records_outlive_the_sandbox(tmp_path):
    """With a file, records and the numbering go on where they ended; tokens do not."""
    options = SandboxOptions(state=tmp_path / "sandbox.sqlite")
    with running(options) as sandbox:
        before = Client(sandbox, new_token(sandbox))
        first = before.made("/orders", ORDER)
        port = sandbox.port

    with running(options, port=port) as sandbox:
        old_token = Client(sandbox, before.token).get("/orders")
        api = Client(sandbox, new_token(sandbox))

        assert old_token.status_code == 401
        assert api.get("/orders").json() == [first]
        assert api.made("/orders", {**ORDER, "order_id": "SO-2"})["id"] == first["id"] + 1


def test_file_can_be_looked_into(tmp_path):
    """The file has one table per entity, for those who look at it with SQLite."""
    file = tmp_path / "sandbox.sqlite"
    with running(SandboxOptions(state=file)) as sandbox:
        Client(sandbox, new_token(sandbox)).made("/orders", ORDER)

        assert sqlite3.connect(file).execute("SELECT order_id, state FROM orders").fetchall() == [("SO-1", "new")]


def test_file_that_cannot_be_used(tmp_path):
    """A file that is no SQLite file is left alone, and the trouble is told in a sentence."""
    file = tmp_path / "orders.csv"
    file.write_text("order_id,order_date\n" * 100, encoding="utf-8")

    with (
        pytest.raises(WrongSettings, match=r"orders\.csv: the sandbox cannot keep its records there"),
        running(SandboxOptions(state=file)),
    ):
        pass

    assert file.read_text(encoding="utf-8").startswith("order_id,order_date\n")


@pytest.mark.parametrize("port", ["taken", 70_000])
def test_port_that_cannot_be_used(sandbox, port):
    """A port that is taken, or is none, is told in a sentence."""
    with (
        pytest.raises(WrongSettings, match="choose another port"),
        running(port=sandbox.port if port == "taken" else port),
    ):
        pass


def test_stop_waits_for_nobody():
    """The sandbox ends at once, whatever hangs: a slow request, a half one, an idle connection, a late commit."""
    with running() as sandbox:
        api = Client(sandbox, new_token(sandbox))
        sandbox.faults(
            [
                Fault("latency", match="GET /orders", seconds=60),
                Fault("slow_commit", match="POST /orders", seconds=60, close="hang"),
            ]
        )
        troubles = []
        waiting = [
            threading.Thread(target=lambda send=send: troubles.append(trouble(send)))
            for send in (lambda: api.get("/orders"), lambda: api.post("/orders", ORDER))
        ]
        for thread in waiting:
            thread.start()
        half = socket.create_connection(("127.0.0.1", sandbox.port))
        half.sendall(b"POST /v2/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        idle = socket.create_connection(("127.0.0.1", sandbox.port))
        while len(sandbox.requests()) < 3:
            time.sleep(0.01)

        sandbox.stop()
        has_ended = not sandbox._thread.is_alive()
        for thread in waiting:
            thread.join(20)
        for connection in (half, idle):
            connection.close()

    assert has_ended
    assert troubles == [True, True]


def trouble(send):
    """Whether the connection broke."""
    try:
        send()
    except requests.ConnectionError:
        return True
    return False


def test_nothing_answers_after_the_end():
    """After the `with` block the port is free; stopping again does nothing."""
    with running() as sandbox:
        pass
    sandbox.stop()

    with pytest.raises(requests.ConnectionError):
        requests.get(sandbox.base_url, timeout=5)


def test_two_sandboxes_know_nothing_of_each_other(sandbox, api):
    """Several sandboxes can run at a time, each with its own records."""
    api.made("/products", PRODUCT)

    with running() as other:
        assert other.port != sandbox.port
        assert other.state()["products"] == []


def test_reset(sandbox, api):
    """A reset forgets records, requests, tokens and faults, and numbers from the start; switches go back, too."""
    first = api.made("/orders", ORDER)
    sandbox.faults(["*:status"])
    sandbox.reset(SandboxOptions(access_key="other", violation_status=422))

    assert {len(records) for records in sandbox.state().values()} == {0}
    assert sandbox.requests() == []
    assert sandbox.access_key == "other"
    assert api.get("/orders").status_code == 401
    again = Client(sandbox, new_token(sandbox))
    assert again.made("/orders", ORDER)["id"] == first["id"]
    assert again.post("/orders", {}).status_code == 422
    sandbox.reset()
    assert Client(sandbox, new_token(sandbox)).post("/orders", {}).status_code == 400


def test_reset_by_hand(sandbox):
    """Whoever has only curl resets and switches over HTTP; what cannot be understood is told."""
    reset = f"{sandbox.url}/_sandbox/reset"

    replies = [
        requests.post(reset, json=body, timeout=20)
        for body in (None, {"options": {"page_size": 5}}, {"options": {"colour": 1}}, {"options": {"page_size": "x"}})
    ]

    assert [reply.status_code for reply in replies] == [204, 204, 400, 400]
    assert replies[2].json()["detail"].startswith('the sandbox has no option "colour" that can be changed')
    assert replies[3].json()["detail"] == 'sandbox option page_size is "x"; wanted is such as 30'


@pytest.mark.parametrize(
    ("switch", "words"),
    [
        ({"lists": "x"}, 'lists is "x"; wanted is one of: bare, hydra'),
        ({"violation_status": 500}, 'violation_status is "500"; wanted is one of: 400, 422'),
        ({"ignored_filters": ("products.id",)}, 'ignored_filters is "products.id"; wanted is one of: products.sku'),
        (
            {"duplicates_update": ("order",)},
            'duplicates_update is "order"; wanted is one of: products, orders, shipments',
        ),
        ({"missing_paths": ("/products",)}, 'missing_paths is "/products"; wanted is such as GET /products'),
    ],
)
def test_wrong_switches(switch, words):
    """A switch that is misspelt is told at once, not silently without effect."""
    with pytest.raises(ValueError, match=words):
        SandboxOptions(**switch)


def test_requests_are_noted(sandbox, api):
    """Of each request one sees what was asked, which record was meant and what was answered, but no personal data."""
    api.made("/orders", ORDER)
    api.made("/shipments", SHIPMENT)
    api.get("/orders?order_id=SO-1")

    noted = sandbox.requests()[1:]

    assert [(one["method"], one["path"], one["query"], one["keys"], one["status"]) for one in noted] == [
        ("POST", "/orders", {}, {"order_id": "SO-1"}, 201),
        (
            "POST",
            "/shipments",
            {},
            {"order_id": "SO-1", "reference_number": "REF-1", "tracking_code": "00340434161094042557"},
            201,
        ),
        ("GET", "/orders", {"order_id": "SO-1"}, {}, 200),
    ]
    assert all(one["seconds"] > 0 and one["time"].endswith("+00:00") for one in noted)
    assert "Mustermann" not in str(noted)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for other processes")
def test_ctrl_c_ends_it_quietly():
    """`serve` runs until Ctrl-C, and then ends without a word."""
    # A job that a shell has put into the background ignores Ctrl-C, and hands that down: so it is heeded again.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code = heed + "from importer.sandbox import *; serve(SandboxOptions(), PORT)"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", code.replace("PORT", str(port))], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        until_answered(f"http://127.0.0.1:{port}/_sandbox/state")
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)
    finally:
        process.kill()

    assert (process.returncode, said) == (0, (b"", b""))


def until_answered(url):
    """Wait until somebody answers."""
    for _ in range(400):
        if not trouble(lambda: requests.get(url, timeout=5)):
            return
        time.sleep(0.05)
    pytest.fail(f"{url} does not answer")


def test_small_replies_are_sent_at_once(sandbox):
    """A reply in several small packets is not held back: the system would otherwise wait 40 ms for each."""
    with socket.create_connection(("127.0.0.1", sandbox.port)) as connection:
        own = connection.getsockname()
        sandbox.state()
        [ours] = [one.transport for one in sandbox._server.server_state.connections if one.client == own]

        assert ours.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
