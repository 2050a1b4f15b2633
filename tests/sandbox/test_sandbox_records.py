import pytest
from vendor_client import ITEM, ORDER, PRODUCT, SHIPMENT, STATE, complaints

from importer.sandbox import SandboxOptions
from schemas import carriers


@pytest.fixture
def shop(api):
    """A client whose account has the product and the order that all payloads name."""
    api.made("/products", PRODUCT)
    api.made("/orders", ORDER)
    return api


def states(api, order_id="SO-1"):
    """The states that an order went through."""
    [order] = api.get(f"/orders?order_id={order_id}").json()
    return [one["state"] for one in order["states_history"]]


# --- create, read, change, delete ---------------------------------------------------------------------------


def test_created_record(api):
    """A POST answers 201 with the whole record and the place where it is found."""
    reply = api.post("/orders", ORDER)

    record = reply.json()
    [first] = record.pop("states_history")
    assert (reply.status_code, first["state"]) == (201, "new")
    assert record == {"id": record["id"], **ORDER, "boarding_complete": False, "state": "new", "shipments": []}
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["location"] == f"/v2/orders/{record['id']}"
    assert api.get(f"/orders/{record['id']}").json() == record | {"states_history": [first]}


def test_numbers_ascend(shop):
    """Numbers grow and are never given twice; shipments have nine digits."""
    one = shop.made("/shipments", SHIPMENT)["id"]
    two = shop.made("/shipments", {**SHIPMENT, "reference_number": "REF-2"})["id"]
    shop.send("DELETE", f"/shipments/{two}")
    three = shop.made("/shipments", {**SHIPMENT, "reference_number": "REF-2"})["id"]

    assert one < two < three
    assert {len(str(number)) for number in (one, two, three)} == {9}


def test_put_merges(shop):
    """A PUT changes the members that it names and leaves the others; null takes a value away."""
    item = shop.made("/order_items", {**ITEM, "appearance": "White", "warehouse": "Warehouse 1"})
    shipment = shop.made("/shipments", SHIPMENT)["id"]

    reply = shop.put(f"/order_items/{item['id']}", {"shipment_id": str(shipment), "appearance": None})

    assert (reply.status_code, reply.json()) == (200, item | {"shipment_id": str(shipment), "appearance": None})
    assert shop.get(f"/order_items/{item['id']}").json() == reply.json()


def test_put_is_checked(shop):
    """A PUT may leave out mandatory members, but not empty them, and what it sends must be right."""
    path = f"/order_items/{shop.made('/order_items', ITEM)['id']}"

    assert complaints(shop.put(path, {"name": None, "weight": "1"})) == {
        "name": "This value should not be blank.",
        "weight": "This value should be of type number.",
    }
    assert complaints(shop.put(path, {"shipment_id": "5"})) == {"shipment_id": 'Item not found for "5".'}


def test_put_can_replace(switched):
    """Whether a PUT merges is not documented; a switch makes it lose what is left out, but not what the system made."""
    api = switched(SandboxOptions(put_replaces=True))
    order = api.made("/orders", {**ORDER, "language": "de"})

    partial = api.put(f"/orders/{order['id']}", {"boarding_complete": True})
    whole = api.put(f"/orders/{order['id']}", {**ORDER, "boarding_complete": True})

    assert set(complaints(partial)) == {"order_id", "order_date"}
    del order["language"]
    assert whole.json() == order | {"boarding_complete": True}


def test_delete(shop):
    """A DELETE answers 204 without a body; then the record is gone and its key is free."""
    path = f"/orders/{shop.get('/orders').json()[0]['id']}"

    reply = shop.send("DELETE", path)

    assert (reply.status_code, reply.content) == (204, b"")
    assert (shop.get(path).status_code, shop.put(path, {}).status_code) == (404, 404)
    assert shop.send("DELETE", path).status_code == 404
    assert shop.made("/orders", ORDER)


@pytest.mark.parametrize("number", ["0", "SO-1", "-1", "4434712x", "9" * 40, "%C2%B2", "1.0"])
def test_unknown_number(shop, number):
    """A number that nobody has gets 404, and so does what is no number; an order's path takes no shop's reference."""
    reply = shop.get(f"/orders/{number}")

    assert (reply.status_code, reply.json()["detail"]) == (404, "Not Found")


def test_product_by_sku(api):
    """Whether a product is addressed by number or SKU is not known: both work, with any characters."""
    product = api.made("/products", {"sku": "A/B 1"})

    assert api.get(f"/products/{product['id']}").json() == product
    assert api.get("/products/A%2FB%201").json() == product
    assert api.put("/products/A%2FB%201", {"customs_description": "Shirt"}).json()["customs_description"] == "Shirt"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/labels", 404), ("GET", "/order", 404), ("DELETE", "/orders", 405), ("GET", "/order_states", 405)],
)
def test_paths_that_are_not_there(api, method, path, status):
    """What the sandbox does not imitate is told in the API's words, not in those of a web framework."""
    reply = api.send(method, path)

    assert (reply.status_code, reply.json()["title"]) == (status, "An error occurred")


def test_aliases(switched):
    """Spellings of paths that the vendor's pages use besides are understood when the switch is on."""
    api = switched(SandboxOptions(aliases=True))
    order = api.made("/order", ORDER)

    assert api.get(f"/orders/{order['id']}.json").json()["order_id"] == "SO-1"
    assert api.post("/order-states", STATE).status_code == 201
    assert len(api.get("/orders.json?order_id=SO-1").json()) == 1
    assert api.get("/carriers.json").status_code == 200


# --- keys and references ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "payload", "member"),
    [("/products", PRODUCT, "sku"), ("/orders", ORDER, "order_id"), ("/shipments", SHIPMENT, "reference_number")],
)
def test_duplicates(shop, path, payload, member):
    """A second record with the same SKU, order number or reference number is refused."""
    shop.post(path, payload)

    reply = shop.post(path, payload)

    assert (reply.status_code, complaints(reply)) == (400, {member: "This value is already used."})
    assert len(shop.get(path).json()) == 1


def test_duplicate_by_change(shop):
    """A PUT cannot take another record's key, but may repeat its own."""
    other = shop.made("/orders", {**ORDER, "order_id": "SO-2"})["id"]

    assert complaints(shop.put(f"/orders/{other}", {"order_id": "SO-1"})) == {"order_id": "This value is already used."}
    assert shop.put(f"/orders/{other}", {"order_id": "SO-2"}).status_code == 200


@pytest.mark.parametrize("blank", [{}, {"reference_number": ""}, {"reference_number": None}])
def test_blank_reference_numbers_are_no_duplicates(shop, blank):
    """Many shipments without a reference number were seen to get in."""
    payload = {**{name: value for name, value in SHIPMENT.items() if name != "reference_number"}, **blank}

    assert [shop.post("/shipments", payload).status_code for _ in range(3)] == [201, 201, 201]


def test_duplicates_can_update(switched):
    """A switch lets a second POST with the same key update the record and answer 200, as one client expects."""
    api = switched(SandboxOptions(duplicates_update=("orders",)))
    first = api.made("/orders", ORDER)

    again = api.post("/orders", {**ORDER, "language": "de"})

    assert (again.status_code, again.json()) == (200, first | {"language": "de"})
    assert len(api.get("/orders").json()) == 1


def test_tracking_codes_may_repeat(switched):
    """Two shipments may share a tracking code unless the switch says no."""
    statuses = []
    for options in (SandboxOptions(), SandboxOptions(unique_tracking_codes=True)):
        api = switched(options)
        api.made("/orders", ORDER)
        api.made("/shipments", SHIPMENT)
        statuses.append(api.post("/shipments", {**SHIPMENT, "reference_number": "REF-2"}).status_code)

    assert statuses == [201, 400]


@pytest.mark.parametrize(
    ("path", "payload", "member"),
    [
        ("/order_items", {**ITEM, "order_id": "SO-9"}, "order_id"),
        ("/order_items", {**ITEM, "sku": "nothing"}, "sku"),
        ("/order_items", {**ITEM, "shipment_id": "300000001"}, "shipment_id"),
        ("/order_states", {**STATE, "order_id": "SO-9"}, "order_id"),
        ("/shipments", {**SHIPMENT, "order_id": "SO-9"}, "order_id"),
        ("/shipment_events", {"id": "REF-1", "event": "Refunded", "datetime": "2021-05-10T17:38:23Z"}, "id"),
    ],
)
@pytest.mark.parametrize("status", [None, 404])
def test_what_is_not_there(switched, path, payload, member, status):
    """A payload that names an order, product or shipment that is not there is refused, with 404 if so switched."""
    api = switched(SandboxOptions(unknown_reference_status=status))
    api.made("/products", PRODUCT)
    api.made("/orders", ORDER)

    reply = api.post(path, payload)

    value = payload[member]
    assert (reply.status_code, complaints(reply)) == (status or 400, {member: f'Item not found for "{value}".'})


def test_items_without_products(switched):
    """A switch takes items of products that are not there."""
    api = switched(SandboxOptions(items_need_products=False))
    api.made("/orders", ORDER)

    assert api.post("/order_items", ITEM).status_code == 201


def test_items_have_no_key(shop):
    """Two equal items are two items: the server knows no key for them."""
    assert [shop.post("/order_items", ITEM).status_code for _ in range(2)] == [201, 201]
    assert len(shop.get("/order_items?order_id=SO-1").json()) == 2


def test_shipment_can_create_its_order(switched):
    """A switch lets a shipment of an unknown order create it; a shipment that is refused creates nothing."""
    api = switched(SandboxOptions(shipment_creates_order=True))

    api.made("/shipments", SHIPMENT)
    refused = api.post("/shipments", {**SHIPMENT, "order_id": "SO-2"})

    assert complaints(refused) == {"reference_number": "This value is already used."}
    assert [order["order_id"] for order in api.get("/orders").json()] == ["SO-1"]
    assert states(api) == ["new", "shipped"]


# --- orders and their shipments -----------------------------------------------------------------------------


def test_order_shows_its_shipments(shop):
    """An order lists its shipments, each as it is found by itself."""
    shipment = shop.made("/shipments", SHIPMENT)

    [order] = shop.get("/orders?order_id=SO-1").json()

    assert order["shipments"] == [shipment]
    assert shop.get(f"/shipments/{shipment['id']}").json() == shipment
    assert shipment["carrier"] == {"name": "dhl", "country": "DE"}


def test_order_becomes_shipped(shop):
    """The first shipment makes the order shipped, further ones change nothing."""
    for reference in ("REF-1", "REF-2"):
        shop.made("/shipments", {**SHIPMENT, "reference_number": reference})

    assert states(shop) == ["new", "shipped"]


def test_states_go_forward(shop):
    """Posting a state answers with the place of the order, and the order remembers when."""
    reply = shop.post("/order_states", STATE)

    [order] = shop.get("/orders?order_id=SO-1").json()
    assert reply.status_code == 201
    assert reply.headers["location"] == f"/v2/orders/{order['id']}"
    assert order["state"] == "in_preparation"
    assert order["states_history"][1] == {"state": "in_preparation", "datetime": STATE["datetime"]}


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("paid", "new", 400),
        ("in_preparation", "paid", 400),
        ("refunded", "paid", 400),
        ("paid", "paid", 201),
        ("in_preparation", "warehouse_handover", 201),
        ("warehouse_handover", "in_preparation", 201),
        ("new", "cancelled", 201),
    ],
)
def test_states_do_not_go_back(shop, before, after, status):
    """An order does not go back to a state that it is beyond."""
    shop.post("/order_states", {**STATE, "state": before})

    assert shop.post("/order_states", {**STATE, "state": after}).status_code == status


def test_states_after_shipping(shop):
    """Once shipped, an order is in no preparation any more; it may still be returned or refunded."""
    shop.made("/shipments", SHIPMENT)

    refused = shop.post("/order_states", STATE)
    returned = shop.post("/order_states", {**STATE, "state": "returned"})

    assert complaints(refused) == {"state": 'The order is "shipped" and cannot go back to "in_preparation".'}
    assert returned.status_code == 201
    assert states(shop) == ["new", "shipped", "returned"]


def test_one_delivered_shipment_completes_the_order(sandbox, shop):
    """An order with one shipment is completed when that is delivered."""
    sandbox.deliver(shop.made("/shipments", SHIPMENT)["id"])

    assert states(shop) == ["new", "shipped", "completed"]


@pytest.mark.parametrize("boarding_first", [True, False])
def test_several_shipments_need_boarding_complete(sandbox, shop, boarding_first):
    """An order with several shipments is completed when all are delivered and boarding_complete is true."""
    one = shop.made("/shipments", SHIPMENT)["id"]
    two = shop.made("/shipments", {**SHIPMENT, "reference_number": "REF-2"})["id"]
    order = f"/orders/{shop.get('/orders').json()[0]['id']}"
    steps = [lambda: sandbox.deliver(one), lambda: sandbox.deliver(two)]
    steps.insert(0 if boarding_first else 2, lambda: shop.put(order, {"boarding_complete": True}))

    seen = []
    for step in steps:
        step()
        seen.append(states(shop)[-1])

    assert seen == ["shipped", "shipped", "completed"]


def test_local_delivery_needs_a_promise(shop):
    """A same-day shipment is refused while its order has no promised date."""
    local = {**SHIPMENT, "local_delivery": True}

    refused = shop.post("/shipments", local)
    shop.put(f"/orders/{shop.get('/orders').json()[0]['id']}", {"promised_delivery_date": "2024-01-20T23:59:59Z"})

    assert list(complaints(refused)) == ["local_delivery"]
    assert shop.post("/shipments", local).status_code == 201


def test_events_of_a_shipment(sandbox, shop):
    """A shipment's events, the carrier's and the shop's, are read in the shape of 2017."""
    number = shop.made("/shipments", SHIPMENT)["id"]
    sandbox.deliver(number)
    shop.made("/shipment_events", {"id": str(number), "event": "Refunded", "datetime": "2021-05-10T17:38:23.279Z"})

    reply = shop.get(f"/shipment/events/{number}")

    assert [one["event"] for one in reply.json()] == ["New", "Delivered", "Refunded"]
    assert {tuple(one) for one in reply.json()} == {("event", "description", "creationDate")}
    assert shop.get("/shipment/events/1").status_code == 404


# --- lists --------------------------------------------------------------------------------------------------


def test_pages(api):
    """A list is a bare array of 30, oldest first; the page after the last is empty."""
    for number in range(31):
        api.made("/products", {"sku": f"S{number}"})

    one, two, three = (api.get(f"/products?page={page}").json() for page in (1, 2, 3))

    assert [product["sku"] for product in one + two + three] == [f"S{number}" for number in range(31)]
    assert (len(one), len(two), len(three)) == (30, 1, 0)
    assert api.get("/products").json() == one


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 30])
def test_wrong_pages(api, page):
    """A page that cannot be is refused."""
    assert api.get(f"/products?page={page}").status_code == 400


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/products?sku=", "QA_SKU_1"),
        ("/orders?order_id=", "SO-1"),
        ("/orders?state=", "shipped"),
        ("/order_items?order_id=", "SO-1"),
        ("/shipments?order_id=", "SO-1"),
        ("/shipments?reference_number=", "REF-1"),
        ("/shipments?tracking_code=", "00340434161094042557"),
    ],
)
def test_filters(shop, path, value):
    """A filter finds the records with just this value, and only those."""
    shop.made("/order_items", ITEM)
    shop.made("/shipments", SHIPMENT)

    assert len(shop.get(path + value).json()) == 1
    assert shop.get(f"{path}{value.lower()}x").json() == []


def test_several_filters(shop):
    """Filters add up, and one that is not known is ignored."""
    shop.made("/shipments", SHIPMENT)

    assert len(shop.get("/shipments?order_id=SO-1&reference_number=REF-1&colour=red").json()) == 1
    assert shop.get("/shipments?order_id=SO-1&reference_number=REF-2").json() == []


def test_filters_can_be_ignored(switched):
    """An undocumented filter may not be there at all: then the whole list comes back, which is the trap."""
    api = switched(SandboxOptions(ignored_filters=("products.sku",)))
    for sku in ("A", "B"):
        api.made("/products", {"sku": sku})

    assert [product["sku"] for product in api.get("/products?sku=B").json()] == ["A", "B"]


def test_paths_can_be_missing(switched):
    """An undocumented path may not be there at all: then it answers 404, and the others do not."""
    api = switched(SandboxOptions(missing_paths=("GET /products", "* /order_items/*")))

    assert api.get("/products?sku=A").status_code == 404
    assert api.put("/order_items/70000001", {}).json()["detail"] == "Not Found"
    assert api.get("/order_items").status_code == 200
    assert api.post("/products", PRODUCT).status_code == 201


def test_lists_can_be_hydra(switched):
    """A switch gives lists the shape that the vendor's framework gives them by default."""
    api = switched(SandboxOptions(lists="hydra", page_size=1))
    for sku in ("A", "B"):
        api.made("/products", {"sku": sku})

    found = api.get("/products?page=2").json()

    assert (found["hydra:totalItems"], [one["sku"] for one in found["hydra:member"]]) == (2, ["B"])


@pytest.mark.parametrize(
    ("shape", "element"),
    [
        ("2018", {"code": "deutschepost", "countries": ["DE"]}),
        ("2017", {"carrier": "deutschepost", "label": "deutschepost", "allowedCountries": ["de"]}),
    ],
)
def test_carriers(switched, shape, element):
    """The account's carriers come in either known shape, and both say the same."""
    reply = switched(SandboxOptions(carriers_shape=shape)).get("/carriers")

    assert element in reply.json()
    assert {country: set(codes) for country, codes in carriers.parse_reply(reply.json()).items()} == {
        country: set(codes) for country, codes in carriers.table().items()
    }


def test_own_carriers(switched):
    """An account with a list of its own shows that one."""
    api = switched(SandboxOptions(carriers={"ES": ("celeritas",), "DE": ("dhl", "prime-network")}))

    assert carriers.parse_reply(api.get("/carriers").json()) == {"DE": ("dhl", "prime-network"), "ES": ("celeritas",)}


def test_warehouses(api):
    """The account has warehouses, with their countries in lower case."""
    assert api.get("/warehouses").json()[0] == {"name": "Warehouse 1", "country": {"name": "Germany", "iso2": "de"}}
