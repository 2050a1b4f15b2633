import copy
import tomllib
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from vendor_client import ITEM, ORDER, PRODUCT, SHIPMENT, STATE, complaints, picture

from importer.sandbox import SandboxOptions
from importer.sandbox.payloads import VALUE_COMPLAINT, violations
from schemas import ENTITIES

FACTS = tomllib.loads((Path(__file__).parent.parent / "contract" / "facts.toml").read_text(encoding="utf-8"))

EVENT = {"id": "0", "event": "Refunded", "datetime": "2021-05-10T17:38:23.279Z"}
IMAGE = {"sku": "QA_SKU_1", "attachment": picture(), "filename": "TestImage.png"}
PAYLOADS = {
    "products": PRODUCT,
    "product_images": IMAGE,
    "orders": ORDER,
    "order_states": STATE,
    "order_items": ITEM,
    "shipments": SHIPMENT,
    "shipment_events": EVENT,
}
FIELDS = [(entity, fact) for entity in PAYLOADS for fact in FACTS[entity]["fields"]]
WRONG = {"string": 5, "number": "19.99", "boolean": "true", "object": "a=b", "date-time": 5}


def changed(payload, name, value):
    """*payload* with another value of a member, whose name may be dotted; without it when the value is None."""
    found = copy.deepcopy(payload)
    *outer, last = name.split(".")
    around = found[outer[0]] if outer else found
    around.pop(last, None)
    if value is not None:
        around[last] = value
    return found


def sent(api, entity, payload):
    """The answer to *payload*, once what it names is there."""
    if entity != "orders":
        api.made("/orders", ORDER)
    if entity == "order_items":
        api.made("/products", PRODUCT)
    return api.send(FACTS[entity]["method"], FACTS[entity]["path"], payload)


@pytest.mark.parametrize(("entity", "fact"), [(e, f) for e, f in FIELDS if f["mandatory"]])
def test_mandatory_members(api, entity, fact):
    """A payload without a member that the vendor calls mandatory is refused, and the violation names it."""
    reply = sent(api, entity, changed(PAYLOADS[entity], fact["name"], None))

    assert (reply.status_code, complaints(reply)) == (400, {fact["name"]: "This value should not be blank."})


@pytest.mark.parametrize(("entity", "fact"), FIELDS)
def test_types(api, entity, fact):
    """A member of another JSON type than the vendor's is refused: no number as text, no yes as text."""
    reply = sent(api, entity, changed(PAYLOADS[entity], fact["name"], WRONG[fact["type"]]))

    wanted = (
        "This value is not a valid datetime."
        if fact["type"] == "date-time"
        else f"This value should be of type {fact['type']}."
    )
    assert (reply.status_code, complaints(reply)) == (400, {fact["name"]: wanted})


@pytest.mark.parametrize(
    ("entity", "member", "value", "wanted"),
    [
        ("orders", "language", "nl", "This value is not a valid language."),
        ("orders", "language", "EN", "This value is not a valid language."),
        ("orders", "order_url", "www.7s.com", "This value is not a valid URL."),
        ("orders", "order_date", "15.08.2017 16:53:07", "This value is not a valid datetime."),
        ("orders", "order_date", "2017-08-15T16:53:07", "This value is not a valid datetime."),
        ("orders", "order_date", "2017-02-30T16:53:07Z", "This value is not a valid datetime."),
        ("orders", "order_tags", {"tag": 1}, "This value should be of type object."),
        ("order_states", "state", "shipped", "The value you selected is not a valid choice."),
        ("order_states", "state", "Paid", "The value you selected is not a valid choice."),
        ("order_items", "currency", "EURO", "This value is not a valid currency."),
        ("order_items", "sales_price", -1, "This value should be greater than or equal to 0."),
        ("order_items", "sales_price", True, "This value should be of type number."),
        ("order_items", "warehouse_address", "One\nTwo", "This value must not contain line breaks."),
        ("products", "customs_origin_country_iso2", "XK", "This value is not a valid country."),
        ("shipments", "recipient_country", "UK", "This value is not a valid country."),
        ("shipments", "recipient_email", "erika", "This value is not a valid email address."),
        ("shipments", "recipient_address", "One\r\nTwo", "This value must not contain line breaks."),
        ("shipments", "carrier_service", "overnight", "The value you selected is not a valid choice."),
        ("shipments", "carrier.name", "hermes ", 'The carrier "hermes " is not available in "DE".'),
        ("shipments", "carrier.name", "postat", 'The carrier "postat" is not available in "DE".'),
        ("shipments", "carrier.name", "DHL", 'The carrier "DHL" is not available in "DE".'),
        ("shipments", "carrier.country", "US", 'There is no carrier in "US".'),
        ("shipments", "carrier", "dhl", "This value should be of type object."),
        ("shipment_events", "event", "refunded", "The value you selected is not a valid choice."),
    ],
)
def test_values(api, entity, member, value, wanted):
    """A value that the vendor does not know is refused at its member."""
    reply = sent(api, entity, changed(PAYLOADS[entity], member, value))

    assert (reply.status_code, complaints(reply)) == (400, {member: wanted})


@pytest.mark.parametrize(
    ("entity", "member", "value"),
    [
        ("orders", "order_date", "2017-08-15T16:53:07+01:00"),
        ("orders", "order_date", "2020-08-15T09:00:00+0000"),
        ("orders", "order_date", "2022-07-14T08:36:53.353Z"),
        ("orders", "language", "uk"),
        ("orders", "order_tags", {"tag1": "value1"}),
        ("orders", "order_tags", []),
        ("products", "customs_origin_country_iso2", "de"),
        ("shipments", "reference_number", ""),
        ("shipments", "weight", 0),
        ("shipments", "shipment_tag", []),
        ("shipments", "recipient_phone", "+4915223455981"),
        ("shipments", "comment", "two\nlines"),
    ],
)
def test_what_the_vendor_shows_is_taken(api, entity, member, value):
    """Examples of the vendor's pages and what was seen to work in production gets in."""
    reply = sent(api, entity, changed(PAYLOADS[entity], member, value))

    assert (reply.status_code, reply.json()[member]) == (201, value)


def test_all_violations_at_once(api):
    """One refusal names everything that is wrong, in the words and the shape of the vendor's framework."""
    reply = api.post("/orders", {"order_id": "", "order_date": "tomorrow"})

    assert reply.status_code == 400
    assert reply.json() == {
        "type": "https://tools.ietf.org/html/rfc2616#section-10",
        "title": "An error occurred",
        "detail": "order_id: This value should not be blank.\norder_date: This value is not a valid datetime.",
        "violations": [
            {"propertyPath": "order_id", "message": "This value should not be blank."},
            {"propertyPath": "order_date", "message": "This value is not a valid datetime."},
        ],
    }


def test_violations_can_answer_422(switched):
    """The vendor lists 400 and 422; a switch chooses."""
    api = switched(SandboxOptions(violation_status=422))

    assert api.post("/orders", {}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [b'{"order_id": ', b"order_id=1", b'{"weight": NaN}', b"\xff\xfe", b'{"order_id": "\\ud800"}', b"[" * 200_000],
    ids=["half", "form", "NaN", "no UTF-8", "half a surrogate pair", "too deep"],
)
def test_malformed_json(sandbox, api, body):
    """What is no JSON gets 400, whatever it is."""
    reply = api.send("POST", "/orders", data=body)

    assert (reply.status_code, reply.json()["detail"]) == (400, "Syntax error")
    assert sandbox.state()["orders"] == []


@pytest.mark.parametrize("body", [b"[]", b'"SO-1"', b"5", b"null", b""])
def test_body_is_an_object(api, body):
    """JSON that is no object gets 400."""
    assert api.send("POST", "/orders", data=body).status_code == 400


def test_form_is_not_understood(sandbox, api):
    """The form bodies of 2017 are told what is supported instead."""
    headers = {"Authorization": f"Bearer {api.token}"}
    reply = requests.post(f"{sandbox.base_url}/orders", data={"order_id": "1"}, headers=headers, timeout=20)

    assert reply.status_code == 415
    assert '"application/json"' in reply.json()["detail"]


def test_unknown_members_are_ignored(sandbox, api):
    """Members that the API does not know are neither stored nor complained of."""
    record = api.made("/orders", {**ORDER, "colour": "red", "state": "completed"})

    assert record["state"] == "new"
    assert "colour" not in record
    assert "colour" not in sandbox.state()["orders"][0]


def test_unknown_members_can_be_refused(switched):
    """A switch makes every member that the API does not know a violation."""
    api = switched(SandboxOptions(refuse_unknown_members=True))

    reply = api.post("/orders", {**ORDER, "colour": "red"})

    assert complaints(reply) == {"colour": "Extra attributes are not allowed."}


def test_blank_mandatory_text_can_be_taken(switched):
    """A client of 2018 sent an empty warehouse_address and got in; a switch allows it."""
    blank = {**SHIPMENT, "warehouse_address": ""}

    strict = sent(switched(SandboxOptions()), "shipments", blank)
    lenient = sent(switched(SandboxOptions(accept_blank=True)), "shipments", blank)

    assert complaints(strict) == {"warehouse_address": "This value should not be blank."}
    assert lenient.status_code == 201


def test_other_carriers(switched):
    """The account's own list of carriers decides, or none where carriers are lenient."""
    prime = {**SHIPMENT, "carrier": {"name": "prime-network", "country": "DE"}}

    shipped = sent(switched(SandboxOptions()), "shipments", prime)
    own = sent(switched(SandboxOptions(carriers={"DE": ("prime-network",)})), "shipments", prime)
    lenient = sent(switched(SandboxOptions(lenient_carriers=True)), "shipments", prime)

    assert (shipped.status_code, own.status_code, lenient.status_code) == (400, 201, 201)


def test_case_of_events_can_be_free(switched):
    """One page of the vendor shows "refunded"; a switch takes any case, but no other word."""
    api = switched(SandboxOptions(any_event_case=True))
    shipment = sent(api, "shipments", SHIPMENT).json()["id"]

    lower = api.post("/shipment_events", {**EVENT, "id": str(shipment), "event": "refunded"})
    other = api.post("/shipment_events", {**EVENT, "id": str(shipment), "event": "lost"})

    assert lower.status_code == 201
    assert complaints(other) == {"event": "The value you selected is not a valid choice."}


def test_every_kind_of_field_has_its_check():
    """A kind that is new in our description cannot slip past the sandbox."""
    kinds = {field.kind.name for entity in ENTITIES for field in entity.fields if field.payload_name}

    assert kinds <= set(VALUE_COMPLAINT)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_any_payload_gets_a_verdict(data):
    """Whatever JSON stands in whatever member, the answer is a list of violations at known members, never a crash."""
    entity = data.draw(st.sampled_from(sorted(PAYLOADS)))
    dotted = {fact["name"] for fact in FACTS[entity]["fields"]}
    outer = {name.partition(".")[0] for name in dotted}
    member = data.draw(st.sampled_from(sorted(outer)))
    body = {**PAYLOADS[entity], member: data.draw(JSON)}

    found = violations(entity, body, SandboxOptions())

    assert {one.path for one in found} <= dotted | outer
    assert all(one.message for one in found)
