import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import requests

HERE = Path(__file__).parent
FACTS = tomllib.loads((HERE.parent / "contract" / "facts.toml").read_text(encoding="utf-8"))


@pytest.fixture
def document(sandbox):
    """The OpenAPI document, which needs no token."""
    return requests.get(f"{sandbox.base_url}/docs.json", timeout=20).json()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_seven_steps_by_the_document_alone(sandbox):
    """With curl and the OpenAPI document a person gets through the vendor's seven steps."""
    walk = subprocess.run(
        ["sh", HERE / "seven_steps.sh", sandbox.base_url, sandbox.access_key],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (walk.stderr, walk.returncode) == ("", 0)
    assert [line.partition(" ")[0] for line in walk.stdout.splitlines()] == list("1234567")
    state = sandbox.state()
    shipment = str(state["shipments"][0]["id"])
    assert {entity: len(records) for entity, records in state.items()} == {
        "products": 1,
        "product_images": 1,
        "orders": 1,
        "order_states": 0,
        "order_items": 1,
        "shipments": 1,
        "shipment_events": 1,
    }
    assert state["order_items"][0]["shipment_id"] == shipment
    assert state["shipment_events"][0]["shipment_id"] == shipment
    assert state["orders"][0]["state"] == "shipped"
    assert {one["status"] for one in sandbox.requests()} == {200, 201}


def operations(document):
    """Method, path and description of every operation."""
    return [
        (method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def test_document_is_openapi(document):
    """The document has the parts that OpenAPI asks for, and every reference leads somewhere."""
    assert document["openapi"].startswith("3.1.")
    assert set(document["info"]) >= {"title", "version"}
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for _, path, operation in operations(document):
        in_path = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path))
        assert operation["responses"]
        assert all(re.fullmatch(r"[1-5]\d\d", status) for status in operation["responses"])
    referred = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', str(document).replace("'", '"')))
    assert referred <= set(document["components"]["schemas"])
    assert referred


def test_document_names_only_answers_that_are_given(document):
    """A POST says 201, a DELETE says 204, and nothing says 200 besides."""
    good = {
        f"{method.upper()} {path}": [status for status in operation["responses"] if status < "300"]
        for method, path, operation in operations(document)
    }

    assert good["POST /v2/orders"] == ["201"]
    assert good["DELETE /v2/orders/{id}"] == ["204"]
    assert good["PUT /v2/order_items/{id}"] == ["200"]
    assert good["POST /v2/token"] == ["200"]


@pytest.mark.parametrize("entity", [name for name, fact in FACTS.items() if "fields" in fact])
def test_document_asks_for_what_the_vendor_asks_for(document, entity):
    """Members, and which of them are mandatory, are those of the vendor's pages."""
    fact = FACTS[entity]
    operation = document["paths"][f"/v2{fact['path']}"][fact["method"].lower()]
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = document["components"]["schemas"][name]

    members = {one["name"].partition(".")[0] for one in fact["fields"]}
    mandatory = {one["name"].partition(".")[0] for one in fact["fields"] if one["mandatory"]}
    assert set(schema["properties"]) == members
    assert set(schema["required"]) == mandatory


def test_document_lists_allowed_values(document):
    """Languages, states, events and carriers stand in the document."""
    schemas = document["components"]["schemas"]

    assert schemas["Language"]["enum"] == FACTS["languages"]["values"]
    states = schemas["OrderState-write"]["properties"]["state"]["enum"]
    assert sorted(states) == sorted(FACTS["order_states_allowed"]["settable"])
    assert schemas["ShipmentEvent-write"]["properties"]["event"]["enum"] == FACTS["events"]["values"]
    pairs = {
        one["properties"]["country"]["const"]: one["properties"]["name"]["enum"]
        for one in schemas["Shipment-write"]["properties"]["carrier"]["anyOf"]
    }
    assert pairs == FACTS["carriers"]["by_country"]


def test_page_needs_nothing_from_elsewhere(sandbox):
    """The page for people shows every path and loads nothing."""
    page = requests.get(f"{sandbox.base_url}/docs.html", timeout=20)

    assert page.headers["content-type"].startswith("text/html")
    assert "POST /v2/shipment_events" in page.text
    assert "recipient_email" in page.text
    assert re.findall(r"<(?:script|link|img)|@import|url\(", page.text) == []
