"""`importer verify` as people and schedulers see it."""

import json
from pathlib import Path

import pytest
import requests

SHIPMENT = {
    "order_id": "SO-1",
    "reference_number": "S-1",
    "tracking_code": "T-1",
    "carrier_name": "dhl",
    "carrier_country": "DE",
    "planned_pickup_datetime": "2026-02-01T16:00:00Z",
    "warehouse": "Main",
    "warehouse_address": "Lagerstr. 1",
    "recipient_first_name": "Erika",
    "recipient_last_name": "Mustermann",
    "recipient_email": "erika@example.com",
    "recipient_address": "Beispielweg 1",
    "recipient_zip": "01067",
    "recipient_city": "Dresden",
    "recipient_country": "DE",
    "weight": "0.8",
}


@pytest.fixture
def uploaded(online, tmp_path, sandbox) -> Path:
    """One order with one shipment, sent as run "june"; afterwards somebody changes both on the server."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "orders.csv").write_text("order_id,order_date,language\nSO-1,2026-01-31T10:00:00Z,de\n")
    (folder / "shipments.csv").write_text(f"{','.join(SHIPMENT)}\n{','.join(SHIPMENT.values())}\n")
    assert online("upload", folder, "--run-id", "june").code == 0
    token = requests.post(f"{sandbox.base_url}/token", json={"access_key": sandbox.access_key}, timeout=20).json()
    for entity, members in {"orders": {"language": "fr"}, "shipments": {"recipient_city": "Leipzig"}}.items():
        (record,) = sandbox.state()[entity]
        address = f"{sandbox.base_url}/{entity}/{record['id']}"
        bearer = {"Authorization": f"Bearer {token['token']}"}
        assert requests.put(address, json=record | members, headers=bearer, timeout=20).ok
    return folder


def test_differences_are_told_by_cell(uploaded, online, tmp_path):
    """A person sees what differs and where, but no personal data; exit 3."""
    said = online("verify", "june")

    assert said.code == 3
    assert said.out == (
        'orders.csv!C2: language: "de" was written, the server has "fr"\n'
        "shipments.csv!N2: recipient_city: the server has another value (personal data, see verify.csv)\n"
        "\n"
        "Run june: 2 records.\n"
        "          2  different on the server\n"
        f"Details: {tmp_path / 'reports' / 'june' / 'verify.csv'}\n"
    )
    assert "Leipzig" in (tmp_path / "reports" / "june" / "verify.csv").read_text(encoding="utf-8-sig")


def test_a_machine_gets_one_json_document(uploaded, online, tmp_path, sandbox):
    """With --format json the whole result is one document, without personal data."""
    said = online("verify", "june", uploaded, "--format", "json")

    (order,), (shipment,) = sandbox.state()["orders"], sandbox.state()["shipments"]
    assert said.code == 3
    assert json.loads(said.out) == {
        "schema_version": 1,
        "run": "june",
        "exit_code": 3,
        "records": 2,
        "verdicts": {"same": 0, "different": 2, "missing": 0, "not_compared": 0, "not_written": 0},
        "details": str(tmp_path / "reports" / "june" / "verify.csv"),
        "findings": [
            finding("orders", "SO-1", order["id"], cell="C2", column="language", values=("de", "fr")),
            finding("shipments", "S-1", shipment["id"], cell="N2", column="recipient_city", values=(None, None)),
        ],
    }


def finding(entity, key, number, *, cell, column, values) -> dict:
    """One difference in the second row of a file."""
    written, on_server = values
    return {
        "file": f"{entity}.csv",
        "sheet": "",
        "row": 2,
        "entity": entity,
        "key": key,
        "server_id": str(number),
        "verdict": "different",
        "reason": "",
        "differences": [
            {
                "column": column,
                "cell": cell,
                "written": written,
                "on_server": on_server,
                "private": written is None,
            }
        ],
    }


def test_what_was_not_compared_is_told_with_its_reason(online, tmp_path, monkeypatch):
    """Nothing differs, but not everything could be seen: exit 6, and one line says why for all rows together."""
    (tmp_path / "products.csv").write_text("sku\nA\nB\n")
    assert online("upload", "products.csv", "--run-id", "june").code == 0
    monkeypatch.setenv("IMPORTER_API__LOOKUPS__PRODUCTS", "false")

    said = online("verify", "june")

    assert said.code == 6
    assert said.out == (
        "2 of products not compared: it could not be looked up: the look-up is off\n"
        "\n"
        "Run june: 2 records.\n"
        "          2  not compared, or not as a whole\n"
        f"Details: {tmp_path / 'reports' / 'june' / 'verify.csv'}\n"
    )


def test_an_unknown_run_is_wrong_usage(online):
    """A run that is not in the ledger: exit 2 and one sentence."""
    said = online("verify", "june")

    assert (said.code, said.out) == (2, "")
    assert said.err == "importer: The ledger knows no run june; `importer runs` lists them.\n"
