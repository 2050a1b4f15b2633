import threading
import time
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected

import pytest
import requests
from vendor_client import ORDER, PRODUCT, SHIPMENT

from importer.sandbox import Fault, SandboxOptions


def orders(sandbox):
    """The order numbers that are stored."""
    return [order["order_id"] for order in sandbox.state()["orders"]]


def lost(send):
    """Whether the answer was lost with the connection."""
    try:
        send()
    except requests.ConnectionError:
        return True
    return False


def until(is_true):
    """Wait for what is sure to come."""
    for _ in range(1_000):
        if is_true():
            return True
        time.sleep(0.01)
    return False


# --- the connection -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("close", ["eof", "reset"])
@pytest.mark.parametrize(("kind", "stored"), [("drop_before", []), ("drop_after", ["SO-1"])])
def test_dropped_connection(sandbox, api, kind, stored, close):
    """The connection breaks without an answer; the record is stored before that, or not at all."""
    sandbox.faults([Fault(kind, match="POST /orders", times=1, close=close)])

    is_lost = lost(lambda: api.post("/orders", ORDER))

    assert is_lost
    assert orders(sandbox) == stored
    assert sandbox.requests()[-1] | {"time": "", "seconds": 0} == {
        "number": 2,
        "time": "",
        "seconds": 0,
        "method": "POST",
        "path": "/orders",
        "query": {},
        "keys": {"order_id": "SO-1"},
        "status": None,
        "fault": kind,
    }
    assert api.post("/orders", {**ORDER, "order_id": "SO-2"}).status_code == 201


@pytest.mark.parametrize(("close", "error"), [("eof", RemoteDisconnected), ("reset", ConnectionResetError)])
def test_how_a_connection_ends(sandbox, api, close, error):
    """A dropped connection is closed without a byte, or reset."""
    sandbox.faults([Fault("drop_after", close=close)])
    connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=20)
    connection.request("GET", "/v2/orders", headers={"Authorization": f"Bearer {api.token}"})

    with pytest.raises(ConnectionError) as caught:
        connection.getresponse()

    connection.close()
    assert caught.type is error


def test_hanging_connection(sandbox, api):
    """A request may hang until the client gives up, and be carried out all the same."""
    sandbox.faults(["POST /orders:drop_after:close=hang,times=1"])

    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{sandbox.base_url}/orders", json=ORDER, headers={"Authorization": f"Bearer {api.token}"}, timeout=0.2
        )

    assert until(lambda: orders(sandbox) == ["SO-1"])


def test_half_an_answer(sandbox, api):
    """The answer breaks off in the middle of its body, after the record is stored."""
    whole = api.post("/orders", {**ORDER, "order_id": "SO-0"})
    sandbox.faults(["POST /orders:cut_body"])
    connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=20)
    body = whole.request.body.replace(b"SO-0", b"SO-1")
    connection.request("POST", "/v2/orders", body, dict(whole.request.headers))

    answer = connection.getresponse()
    with pytest.raises(IncompleteRead) as caught:
        answer.read()

    connection.close()
    assert (answer.status, len(caught.value.partial)) == (201, len(whole.content) // 2)
    assert orders(sandbox) == ["SO-0", "SO-1"]


def test_late_commit(sandbox, api):
    """The connection breaks now, and the record is stored only later."""
    sandbox.faults([Fault("slow_commit", match="POST /orders", seconds=0.2)])

    is_lost = lost(lambda: api.post("/orders", ORDER))

    assert is_lost
    assert until(lambda: orders(sandbox) == ["SO-1"])


def test_late_commit_is_not_seen_before(sandbox, api):
    """Asking before the late commit finds nothing."""
    sandbox.faults([Fault("slow_commit", match="POST /orders", seconds=60)])
    lost(lambda: api.post("/orders", ORDER))

    assert api.get("/orders?order_id=SO-1").json() == []


# --- false answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 402, 403, 404, 409, 422, 429, 500, 502, 503, 504, 201])
def test_any_status(sandbox, api, status):
    """Any status can be answered in place of the right one; nothing is stored."""
    sandbox.faults([Fault("status", match="POST /orders", status=status)])

    assert api.post("/orders", ORDER).status_code == status
    assert orders(sandbox) == []


def test_server_error_after_storing(sandbox, api):
    """A gateway may give up on a request that is carried out all the same."""
    sandbox.faults(["POST /orders:status:status=504:stored=true:body=html"])

    reply = api.post("/orders", ORDER)

    assert (reply.status_code, reply.headers["content-type"]) == (504, "text/html")
    assert orders(sandbox) == ["SO-1"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("json", '"title":"An error occurred","detail":"Service Unavailable"}'),
        ("html", "<h1>503 Service Unavailable</h1>"),
        ("empty", ""),
    ],
)
def test_error_bodies(sandbox, api, body, text):
    """An error comes with the API's words, a web server's page, or nothing."""
    sandbox.faults([Fault("status", body=body)])

    reply = api.get("/orders")

    assert reply.status_code == 503
    assert text in reply.text
    assert bool(text) == bool(reply.text)
    assert reply.headers["content-length"] == str(len(reply.content))


def test_retry_after(sandbox, api):
    """Retry-After is left out, in whole seconds, or a date that is not too early."""
    told, before = [], time.time()
    for form in ("none", "seconds", "date"):
        sandbox.faults([Fault("status", retry_after=form, after_s=1.5)])
        told.append(api.get("/orders").headers.get("retry-after"))

    assert told[:2] == [None, "2"]
    assert before + 1.5 <= parsedate_to_datetime(told[2]).timestamp() <= time.time() + 4


def test_not_json(sandbox, api):
    """A good status with a page of HTML: the request is carried out."""
    sandbox.faults(["POST /orders:not_json"])

    reply = api.post("/orders", ORDER)

    assert (reply.status_code, reply.headers["content-type"]) == (201, "text/html")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        reply.json()
    assert orders(sandbox) == ["SO-1"]


def test_redirect(sandbox, api):
    """A redirect leads to the same address or to another; nothing is stored on the way."""
    sandbox.faults(["POST /orders:redirect:times=1", "POST /orders:redirect:status=302,location=http://x.example:80/a"])

    same, other = (api.send("POST", "/orders", ORDER, allow_redirects=False) for _ in range(2))

    assert (same.status_code, same.headers["location"]) == (307, "/v2/orders")
    assert (other.status_code, other.headers["location"]) == (302, "http://x.example:80/a")
    assert orders(sandbox) == []


@pytest.mark.parametrize("seconds", [0, 0.2])
def test_accepted(sandbox, api, seconds):
    """202 comes without a record, which is stored now or later."""
    sandbox.faults([Fault("accepted_202", match="POST /orders", seconds=seconds)])

    reply = api.post("/orders", ORDER)

    assert (reply.status_code, reply.json()) == (202, {"message": "Accepted"})
    assert until(lambda: orders(sandbox) == ["SO-1"])


def test_expired_tokens(sandbox, api):
    """All tokens can expire in the middle of a run; a new one is good again."""
    sandbox.faults([Fault("expire_tokens", match="POST /orders", times=1)])

    before = api.get("/orders").status_code
    expired = api.post("/orders", ORDER)
    after = api.get("/orders").status_code

    assert (before, expired.status_code, after) == (200, 401, 401)
    assert expired.json() == {"code": 401, "message": "Expired JWT Token"}
    assert orders(sandbox) == []


# --- pace ---------------------------------------------------------------------------------------------------


@contextmanager
def waiting(sandbox, api, *paths):
    """Requests that have been sent and are not answered, for the time of a `with` block."""
    before = len(sandbox.requests())
    connections = [HTTPConnection("127.0.0.1", sandbox.port, timeout=20) for _ in paths]
    for connection, path in zip(connections, paths, strict=True):
        connection.request("GET", f"/v2{path}", headers={"Authorization": f"Bearer {api.token}"})
    assert until(lambda: len(sandbox.requests()) == before + len(paths))
    yield
    for connection in connections:
        connection.close()


def test_latency(sandbox, api):
    """A slow request takes at least as long as it is told to."""
    sandbox.faults(["GET /orders:latency:seconds=0.1"])

    assert api.get("/orders").elapsed.total_seconds() >= 0.1


def test_latency_keeps_nobody_else_waiting(sandbox, api):
    """While one request waits, others pass it."""
    sandbox.faults(["GET /orders:latency:seconds=60"])

    with waiting(sandbox, api, "/orders"):
        assert api.get("/products").status_code == 200
        assert [one["status"] for one in sandbox.requests()] == [200, None, 200]


def test_reset_gives_up_what_waits(sandbox, api):
    """A reset cuts the requests that wait, so that nothing spills into what comes after."""
    sandbox.faults(["GET /orders:latency:seconds=60", "GET /products:drop_before:close=hang"])
    answers = []

    def ask(path):
        answers.append(lost(lambda: api.get(path)))

    threads = [threading.Thread(target=ask, args=(path,)) for path in ("/orders", "/products")]
    for thread in threads:
        thread.start()
    assert until(lambda: len(sandbox.requests()) == 3)
    sandbox.reset(SandboxOptions())
    for thread in threads:
        thread.join(20)

    assert answers == [True, True]
    assert sandbox.requests() == []


def test_silent_limit(sandbox, api):
    """Beyond a limit that nobody announces, each request open at the same time makes the others slower."""
    sandbox.faults(["GET /orders:drop_before:close=hang", "GET /products:latency:each_s=0.1,limit=1"])

    with waiting(sandbox, api, "/orders", "/orders"):
        crowded = api.get("/products")

    # Three are open, two beyond the limit.
    assert crowded.elapsed.total_seconds() >= 0.2


def test_rate_limit(sandbox, api):
    """So many requests get in at once, then 429 says when to come again; the limit can change while it runs."""
    sandbox.faults(["GET *:rate_limit:rate=0.001,burst=3,retry_after=seconds"])
    replies = [api.get("/orders") for _ in range(5)]
    happened = sandbox.happened()
    sandbox.faults([Fault("rate_limit", match="GET *", rate=0.001, burst=1)])
    later = [api.get("/orders") for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 200, 200, 429, 429]
    assert [reply.headers.get("retry-after") for reply in replies[:3]] == [None, None, None]
    # A thousand seconds after the burst, less what has passed since.
    assert {990 <= int(reply.headers["retry-after"]) <= 1_000 for reply in replies[3:]} == {True}
    assert happened == [2]
    assert [(reply.status_code, reply.headers.get("retry-after")) for reply in later] == [(200, None), (429, None)]


# --- which requests are struck ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("match", "struck"),
    [
        ("*", ["POST /orders", "GET /orders", "PUT /orders/1", "GET /products"]),
        ("POST /orders", ["POST /orders"]),
        ("* /orders", ["POST /orders", "GET /orders"]),
        ("PUT /orders/{id}", ["PUT /orders/1"]),
        ("GET *", ["GET /orders", "GET /products"]),
    ],
)
def test_match(sandbox, api, match, struck):
    """A fault strikes the methods and paths that it names, and no others."""
    sandbox.faults([Fault("status", match=match, status=418)])
    asked = ["POST /orders", "GET /orders", "PUT /orders/1", "GET /products"]

    statuses = [api.send(*request.split(), {}).status_code for request in asked]

    assert [request for request, status in zip(asked, statuses, strict=True) if status == 418] == struck
    assert requests.get(f"{sandbox.base_url}/docs.json", timeout=20).status_code == 200


def test_match_knows_aliases(switched):
    """A fault is named by the usual path, whatever spelling a request uses."""
    api = switched(SandboxOptions(aliases=True))
    api.sandbox.faults(["POST /order_states:status"])

    assert api.post("/order-states.json", {}).status_code == 503


def test_skip_and_times(sandbox, api):
    """The first requests pass, then so many are struck, then they pass again."""
    sandbox.faults([Fault("status", skip=2, times=3)])

    assert [api.get("/orders").status_code for _ in range(7)] == [200, 200, 503, 503, 503, 200, 200]
    assert sandbox.happened() == [3]


def test_faults_one_after_another(sandbox, api):
    """The first fault that ends a request wins; those that only delay it add to it."""
    sandbox.faults(["*:latency:seconds=0.01", "*:status:status=500,times=1", "*:status:status=502"])

    assert [api.get("/orders").status_code for _ in range(2)] == [500, 502]
    assert sandbox.happened() == [2, 1, 1]
    assert [one["fault"] for one in sandbox.requests()[1:]] == ["latency status", "latency status"]


def test_faults_from_the_start(switched):
    """Faults can be among the options, so that they are there from the first request on."""
    api = switched(SandboxOptions(faults=(Fault("status", match="GET /orders"),)))

    assert api.get("/orders").status_code == 503


def struck_rows(sandbox, api, seed, order_of_rows):
    """The rows whose first POST is struck."""
    sandbox.faults(["POST /products:status:probability=0.3"], seed=seed)
    return {row for row in order_of_rows if api.post("/products", {"sku": f"S{row}"}).status_code == 503}


def test_chance_is_the_same_every_time(sandbox, api):
    """With the same seed the same rows are struck, in whatever order they come; with another seed, others."""
    one = struck_rows(sandbox, api, 1, range(40))
    again = struck_rows(sandbox, api, 1, reversed(range(40)))
    other = struck_rows(sandbox, api, 2, range(40))

    assert 4 <= len(one) <= 20
    assert one == again
    assert one != other


def test_a_repeat_has_a_fate_of_its_own(sandbox, api):
    """A request that is struck by chance is not struck for ever."""
    sandbox.faults(["POST /products:status:probability=0.5"], seed=3)

    statuses = {api.post("/products", PRODUCT).status_code for _ in range(30)}

    assert 503 in statuses
    assert 201 in statuses


def test_faults_by_hand(sandbox):
    """Whoever has only curl sets faults as objects or text, and sees how often they happened."""
    path = f"{sandbox.url}/_sandbox/faults"

    put = requests.post(path, json=[{"kind": "status", "match": "GET /orders"}, "*:latency:seconds=0"], timeout=20)
    requests.get(f"{sandbox.base_url}/orders", timeout=20)

    assert put.status_code == 200
    assert requests.get(path, timeout=20).json() == [
        {"kind": "status", "match": "GET /orders", "happened": 1},
        {"kind": "latency", "happened": 0},
    ]


@pytest.mark.parametrize("body", [None, {}, 5, [5], [{"kind": "nothing"}], ["x"], {"faults": [], "seed": "x"}])
def test_wrong_faults_change_nothing(sandbox, body):
    """A list that holds a wrong fault is refused as a whole; the faults in force stay."""
    sandbox.faults(["*:status"])

    reply = requests.post(f"{sandbox.url}/_sandbox/faults", json=body, timeout=20)

    assert (reply.status_code, reply.json()["title"]) == (400, "An error occurred")
    assert len(sandbox.happened()) == 1


def test_wrong_fault_in_a_test(sandbox):
    """A test that names a fault that does not exist is told so."""
    with pytest.raises(ValueError, match='there is no fault of kind "drop"'):
        sandbox.faults(["POST /shipments:drop"])


def test_shipment_stored_and_lost(sandbox, api):
    """The case that the importer is built for: a shipment is stored, its answer lost, and the order lists it."""
    api.made("/orders", ORDER)
    sandbox.faults(["POST /shipments:drop_after:times=1"])

    is_lost = lost(lambda: api.post("/shipments", SHIPMENT))

    assert is_lost
    [order] = api.get("/orders?order_id=SO-1").json()
    assert [one["reference_number"] for one in order["shipments"]] == ["REF-1"]
    assert order["state"] == "shipped"
