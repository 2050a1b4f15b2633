"""The API as the rest of the importer sees it: create, update, find, against a server that answers by the book."""

import threading

import pytest
from pydantic import SecretStr
from scripted_server import CLOSES, Scripted, Turn, answer, raw

from importer.api import Absent, Api, ApiSettings, Found, LookUps, Unknown, connect
from importer.errors import AccessDenied, AnswerLost, RowRefused, TryLater, Unreachable, Violation
from importer.model import Reply
from schemas import (
    ENTITIES,
    entity_named,
)

PRODUCTS, IMAGES, ORDERS, STATES, ITEMS, SHIPMENTS, EVENTS = ENTITIES
TOKEN = answer(200, {"token": "t1"})


def api_of(server: Scripted, *, dry_run: bool = False, **settings) -> Api:
    """The API as a run has it, with little patience."""
    chosen = {"connect_timeout_s": 2, "read_timeout_s": 2, "tries": 2, "patience_s": 5} | settings
    return connect(ApiSettings(server.url, **chosen), SecretStr("k"), dry_run=dry_run)


def asked(server: Scripted) -> list[str]:
    """Method and path below the version of all requests but the one for the token."""
    return [one.replace("/v2", "") for one in server.asked if not one.endswith("/token")]


def find(entity, values, *turns: Turn, **settings):
    """What is found when the server answers so, and what it was asked."""
    with Scripted(TOKEN, *turns) as server:
        found = api_of(server, **settings).find(entity, values)
    return found, asked(server)


# --- writing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entity", "create", "update"),
    [
        (PRODUCTS, "POST /products", "PUT /products/7"),
        (IMAGES, "PUT /product_images", "PUT /product_images"),
        (ORDERS, "POST /orders", "PUT /orders/7"),
        (STATES, "POST /order_states", "PUT /order_states/7"),
        (ITEMS, "POST /order_items", "PUT /order_items/7"),
        (SHIPMENTS, "POST /shipments", "PUT /shipments/7"),
        (EVENTS, "POST /shipment_events", "PUT /shipment_events/7"),
    ],
    ids=[entity.name for entity in ENTITIES],
)
def test_the_usual_paths(entity, create, update):
    """Each sheet goes to its path, an update to the record's number below it; pictures are put where they are."""
    with Scripted(TOKEN, answer(201, {"id": 7}), answer(200, {"id": 7})) as server:
        api = api_of(server)
        replies = [api.create(entity, {"sku": "A"}), api.update(entity, "7", {"sku": "A"})]

    assert asked(server) == [create, update]
    assert [one.json for one in server.requests[1:]] == [{"sku": "A"}] * 2
    assert replies == [Reply(201, {"id": 7}), Reply(200, {"id": 7})]


def test_paths_are_settings():
    """Where the server's paths are other than we know, the settings say so."""
    settings = {"paths": {"products": "/product"}, "update_paths": {"products": "/product/by-sku/{sku}"}}
    with Scripted(TOKEN, answer(201, {}), answer(200, {})) as server:
        api = api_of(server, **settings)
        api.create(PRODUCTS, {"sku": "A/1 ö"})
        api.update(PRODUCTS, "7", {"sku": "A/1 ö"})

    assert asked(server) == ["POST /product", "PUT /product/by-sku/A%2F1%20%C3%B6"]


@pytest.mark.parametrize(
    ("turn", "is_doubtful"),
    [
        (answer(202), True),
        (answer(202, {"status": "queued"}), True),
        (answer(202, {"id": 7}), False),
        (answer(202, None, Location="/v2/orders/7"), False),
        (answer(201), False),
        (answer(204), False),
    ],
)
def test_accepted_is_not_created(turn, is_doubtful):
    """A server that only promises to create a record, and does not say which, has not created it."""
    with Scripted(TOKEN, turn) as server:
        api = api_of(server)
        if is_doubtful:
            with pytest.raises(AnswerLost, match=r"^HTTP 202, accepted but not confirmed$"):
                api.create(ORDERS, {})
        else:
            api.create(ORDERS, {})


def test_a_lost_answer_is_not_sent_twice():
    """A record whose answer is lost is sent once; an update is simply sent again."""
    with Scripted(TOKEN, CLOSES, CLOSES, answer(200, {})) as server:
        api = api_of(server)
        with pytest.raises(AnswerLost):
            api.create(ORDERS, {})
        api.update(ORDERS, "7", {})

    assert asked(server) == ["POST /orders", "PUT /orders/7", "PUT /orders/7"]


def test_a_refusal_names_the_member():
    """What the server refuses comes with its words and the member they are about."""
    said = {"violations": [{"propertyPath": "order_date", "message": "too early"}]}
    with Scripted(TOKEN, answer(422, said)) as server, pytest.raises(RowRefused) as caught:
        api_of(server).create(ORDERS, {})

    assert caught.value.violations == (Violation("order_date", "too early"),)


def test_what_was_sent_is_counted():
    """The summary's figures are those of the server, and each thread knows its own."""
    with Scripted(TOKEN, answer(201, {}), answer(429, Retry_After="0"), answer(200, [])) as server:
        api = api_of(server)
        api.create(ORDERS, {})
        other = threading.Thread(target=api.find, args=(ORDERS, {"order_id": "SO-1"}))
        other.start()
        other.join()

    totals = api.counters
    assert (totals.requests, totals.retries, totals.throttled, api.sent_here()) == (3, 1, 1, 1)


def test_a_server_that_is_not_there():
    """Where nobody answers, the run ends with a sentence that names the address."""
    with Scripted() as server:
        pass
    with pytest.raises(Unreachable) as caught:
        api_of(server).create(ORDERS, {})

    assert str(caught.value) == (
        f"{server.url} cannot be reached: connection refused. Nothing is lost; try again later."
    )


def test_stopping_ends_a_long_wait():
    """Ctrl-C does not have to wait for the server's patience."""
    stop = threading.Event()
    with Scripted(TOKEN, answer(503, Retry_After="4")) as server:
        api = connect(ApiSettings(server.url, patience_s=60), SecretStr("k"), stop=stop)
        threading.Timer(0.2, stop.set).start()
        with pytest.raises(TryLater):
            api.create(ORDERS, {})

    assert asked(server) == ["POST /orders"]


def test_a_dry_run_writes_nothing():
    """With --dry-run the server is read, and nothing is written."""
    with Scripted(TOKEN, answer(200, [])) as server:
        api = api_of(server, dry_run=True)
        found = api.find(ORDERS, {"order_id": "SO-1"})
        replies = [api.create(ORDERS, {}), api.update(ORDERS, "7", {})]

    assert (found, [reply.http_status for reply in replies]) == (Absent(), [201, 200])
    assert asked(server) == ["GET /orders?order_id=SO-1"]


# --- looking up: one record by its key ----------------------------------------------------------------------

ORDER = {"id": 4434712, "order_id": "SO-1"}
OTHER = {"id": 4434713, "order_id": "SO-2"}
KEY = {"order_id": "SO-1"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ([ORDER], Found((ORDER,))),
        ([], Absent()),
        # The framework's other way to write a list.
        ({"hydra:member": [ORDER], "hydra:totalItems": 1}, Found((ORDER,))),
        ({"member": []}, Absent()),
        ([{"@id": "/v2/orders/5", **KEY}], Found(({"@id": "/v2/orders/5", **KEY, "id": "5"},))),
        # A server that ignores the filter.
        ([OTHER, ORDER], Found((ORDER,))),
        ([OTHER], Unknown("GET /orders does not look for order_id")),
        ([{"id": 1}], Unknown("GET /orders does not look for order_id")),
        # No list at all.
        ({"order_id": "SO-1"}, Unknown("GET /orders does not answer with a list")),
        (["/v2/orders/4434712"], Unknown("GET /orders does not answer with a list")),
        (None, Unknown("GET /orders does not answer with a list")),
    ],
)
def test_an_order(body, found):
    """An order is found by its number; it is only called absent where the server shows that it has looked."""
    assert find(ORDERS, {"order_id": "SO-1"}, answer(200, body)) == (found, ["GET /orders?order_id=SO-1"])


def test_numbers_may_come_as_numbers():
    """An order number that the server gives back as a number is the same; one with a zero before it is not."""
    assert find(ORDERS, {"order_id": "17"}, answer(200, [{"order_id": 17}]))[0] == Found(({"order_id": 17},))
    assert isinstance(find(ORDERS, {"order_id": "017"}, answer(200, [{"order_id": 17}]))[0], Unknown)


def test_a_product():
    """A product is found by its SKU, unless that look-up is off."""
    product = {"id": 1, "sku": "A"}
    off = {"lookups": LookUps(products=False)}

    assert find(PRODUCTS, {"sku": "A"}, answer(200, [product])) == (Found((product,)), ["GET /products?sku=A"])
    assert find(PRODUCTS, {"sku": "A"}, **off) == (Unknown("the look-up is off"), [])


def test_a_picture_cannot_be_looked_up():
    """The API has no way to ask for a picture; it can be put again without harm."""
    assert find(IMAGES, {"sku": "A"}) == (Unknown("there is no look-up for it"), [])


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([answer(404, {"detail": "No route found"})], "HTTP 404"),
        ([answer(405)], "HTTP 405"),
        ([answer(500), answer(500)], "HTTP 500"),
        ([CLOSES, CLOSES], "the connection broke"),
        ([raw(200, b"<html>", "text/html")] * 2, "HTTP 200 without readable JSON"),
    ],
)
def test_asking_that_fails_settles_nothing(turns, reason):
    """When asking fails, we know as much as before."""
    assert find(PRODUCTS, {"sku": "A"}, *turns)[0] == Unknown(reason)


def test_a_closed_door_ends_the_run():
    """When the server does not let us in, asking on makes no sense."""
    with Scripted(TOKEN, answer(403)) as server, pytest.raises(AccessDenied):
        api_of(server).find(ORDERS, {"order_id": "SO-1"})


# --- looking up: items, all of an order's -------------------------------------------------------------------


def items(first: int, last: int, order_id: str = "SO-1") -> list[dict]:
    """Items of an order by number, the last one included."""
    return [{"id": number, "order_id": order_id, "sku": "A"} for number in range(first, last + 1)]


@pytest.mark.parametrize(
    ("pages", "found", "requests"),
    [
        ([items(1, 2)], Found(tuple(items(1, 2))), 1),
        ([[]], Absent(), 1),
        ([items(1, 30), items(31, 33)], Found(tuple(items(1, 33))), 2),
        ([items(1, 20), items(21, 40), items(41, 41)], Found(tuple(items(1, 41))), 3),
        ([items(1, 30), []], Found(tuple(items(1, 30))), 2),
        # A server that does not know `page` gives the first one again.
        ([items(1, 30), items(1, 30)], Found(tuple(items(1, 30))), 2),
        # One that ignores the filter gives everybody's items.
        ([items(1, 2) + items(3, 3, "SO-2")], Unknown("GET /order_items gives items of other orders, too"), 1),
        ([items(1, 30), items(31, 60, "SO-2")], Unknown("GET /order_items gives items of other orders, too"), 2),
        ([[{"id": 1, "order": {"id": 9, **KEY}}]], Found(({"id": 1, "order": {"id": 9, **KEY}},)), 1),
        ([[{"id": 1, "order": "/v2/orders/9"}]], Unknown("GET /order_items gives items of other orders, too"), 1),
        ([{"detail": "no"}], Unknown("GET /order_items does not answer with a list"), 1),
    ],
)
def test_items_of_an_order(pages, found, requests):
    """All items of an order are found, over as many pages as there are; a part of them is not taken for all."""
    result, asked_ = find(ITEMS, {"order_id": "SO-1"}, *[answer(200, page) for page in pages])

    expected = ["GET /order_items?order_id=SO-1", *(f"GET /order_items?order_id=SO-1&page={n}" for n in (2, 3))]
    assert (result, asked_) == (found, expected[:requests])


def test_items_with_the_look_up_off():
    """Without the look-up, nothing is known of an order's items."""
    assert find(ITEMS, {"order_id": "SO-1"}, lookups=LookUps(order_items=False)) == (Unknown("the look-up is off"), [])


# --- looking up: through the order --------------------------------------------------------------------------

PARCEL = {"order_id": "SO-1", "reference_number": "S-1", "tracking_code": "T-1"}
BY_ORDER = "GET /orders?order_id=SO-1"
BY_NUMBER = "GET /shipments?reference_number=S-1"


def order_with(*shipments: object) -> Turn:
    """The reply with an order that lists its shipments."""
    return answer(200, [{**ORDER, "shipments": list(shipments)}])


@pytest.mark.parametrize(
    ("shipment", "found"),
    [
        ({"id": 5, "reference_number": "S-1"}, True),
        ({"id": 5, "reference_number": "S-1", "tracking_code": "T-9"}, True),
        ({"id": 5, "tracking_code": "T-1"}, True),
        ({"id": 5, "reference_number": "", "tracking_code": "T-1"}, True),
        ({"id": 5, "reference_number": "S-9", "tracking_code": "T-1"}, False),
        ({"id": 5, "reference_number": None, "tracking_code": None}, False),
    ],
)
def test_a_shipment_of_its_order(shipment, found):
    """An order lists its shipments; the reference number decides, and the tracking code where there is none."""
    assert find(SHIPMENTS, PARCEL, order_with({"id": 4, "reference_number": "S-4"}, shipment)) == (
        Found((shipment,)) if found else Absent(),
        [BY_ORDER],
    )


@pytest.mark.parametrize(
    "order",
    [
        answer(200, [ORDER]),
        answer(200, []),
        answer(200, [OTHER]),
        order_with("/v2/shipments/5"),
        order_with({"id": 5}),
        answer(404),
    ],
)
def test_a_shipment_by_its_number(order):
    """Where the order cannot tell, the shipment is asked for by its own number; with that off, it is not known."""
    shipment = {"id": 5, "reference_number": "S-1"}

    assert find(SHIPMENTS, PARCEL, order, answer(200, [shipment])) == (Found((shipment,)), [BY_ORDER, BY_NUMBER])
    assert find(SHIPMENTS, PARCEL, order, answer(200, [])) == (Absent(), [BY_ORDER, BY_NUMBER])
    off, asked_ = find(SHIPMENTS, PARCEL, order, lookups=LookUps(shipments=False))
    assert (type(off), asked_) == (Unknown, [BY_ORDER])


def test_a_shipment_without_its_order():
    """A shipment whose order is not known is asked for by the number that is known."""
    parcel = {"tracking_code": "T-1"}
    shipment = {"id": 5, "tracking_code": "T-1"}

    assert find(SHIPMENTS, parcel, answer(200, [shipment])) == (
        Found((shipment,)),
        ["GET /shipments?tracking_code=T-1"],
    )


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (
            {**ORDER, "states_history": [{"state": "new"}, {"state": "paid", "datetime": "2026-01-31T10:00:00Z"}]},
            Found(({"state": "paid", "datetime": "2026-01-31T10:00:00Z", "order_id": "SO-1"},)),
        ),
        ({**ORDER, "states_history": [{"state": "new"}]}, Absent()),
        ({**ORDER, "states_history": []}, Absent()),
        (ORDER, Unknown("the order does not list its states")),
        (None, Absent()),
    ],
)
def test_a_state(order, found):
    """Whether an order has taken a state stands in its history."""
    values = {"order_id": "SO-1", "state": "paid", "datetime": "2026-01-31T12:00:00Z"}

    assert find(STATES, values, answer(200, [order] if order else [])) == (found, [BY_ORDER])


EVENT = {"id": "272762277", "event": "Refunded", "datetime": "2026-02-20T09:30:00Z"}


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (
            [{"event": "Pickup"}, {"event": "refunded", "creationDate": "2026-02-20T10:30:00+01:00"}],
            Found(({"id": "272762277", "event": "Refunded", "datetime": "2026-02-20T10:30:00+01:00"},)),
        ),
        ([{"event": "Pickup", "creationDate": "2026-02-20T09:30:00Z"}], Absent()),
        ([], Absent()),
        (
            [{"event": "Refunded", "creationDate": "2026-02-21T00:00:00Z"}],
            Unknown("the shipment has this event, but at another time"),
        ),
        ({"events": []}, Unknown("the answer is no list of events")),
    ],
)
def test_an_event(listed, found):
    """A shipment's events are read where they could be read in 2017."""
    assert find(EVENTS, EVENT, answer(200, listed)) == (found, ["GET /shipment/events/272762277"])


def test_where_events_are_read_is_a_setting():
    """The path for reading events can be changed, and the look-up be off."""
    off = {"lookups": LookUps(shipment_events=False)}

    assert find(EVENTS, EVENT, answer(200, []), events_path="/shipment/events/{id}.json")[1] == [
        "GET /shipment/events/272762277.json"
    ]
    assert find(EVENTS, EVENT, **off) == (Unknown("the look-up is off"), [])


# --- carriers -----------------------------------------------------------------------------------------------


def test_carriers():
    """All carriers of the account are had, in whatever shape, over as many pages as there are."""
    first = [{"code": f"c{number}", "countries": ["DE"]} for number in range(30)]
    with Scripted(TOKEN, answer(200, first), answer(200, [{"carrier": "x"}])) as server:
        assert api_of(server).carriers() == [*first, {"carrier": "x"}]

    assert asked(server) == ["GET /carriers", "GET /carriers?page=2"]


def test_no_carriers():
    """When the carriers cannot be had, that is said."""
    with Scripted(TOKEN, answer(404)) as server, pytest.raises(Unreachable) as caught:
        api_of(server).carriers()

    assert str(caught.value) == f"The carriers cannot be had from {server.url}: HTTP 404."


def test_the_sandbox_is_understood(sandbox):
    """Against the sandbox, what was created is found with the same content, and what was not is absent."""
    api = connect(ApiSettings(sandbox.base_url), SecretStr(sandbox.access_key))
    product = {"sku": "A-1", "customs_origin_country_iso2": "DE"}
    reply = api.create(PRODUCTS, product)

    found = api.find(PRODUCTS, {"sku": "A-1"})
    assert isinstance(found, Found)
    assert [str(record["id"]) for record in found.records] == [str(reply.body["id"])]
    assert api.find(PRODUCTS, {"sku": "A-2"}) == Absent()
    assert api.find(entity_named("orders"), {"order_id": "SO-1"}) == Absent()
