"""Runs that go wrong in one way stop early; runs that go well are not hindered."""

from collections import Counter

import pytest

from importer.sandbox import SandboxOptions

TOO_MANY_ERRORS = 4
FEW = 20

pytestmark = pytest.mark.slow


def requests(server):
    """How many requests of each method and path the server got."""
    return Counter(f"{one['method']} {one['path'].removeprefix('/v2')}" for one in server.requests())


def test_a_wrong_column_stops_after_the_first_rows(new_shop, new_desk, server):
    """All carriers refused: fewer than 20 requests of each kind, one grouped cause, exit code 4, a balanced report."""
    shop = new_shop(100)
    server.reset(SandboxOptions(carriers={"DE": ("ups",)}))

    report = new_desk(server).upload(shop.folder, exits=TOO_MANY_ERRORS)

    sent = requests(server)
    orders = {name: sent[name] for name in sent if name.split("/")[1] not in {"products", "product_images"}}
    assert max(orders.values()) < FEW, sent
    summary = report.summary
    assert summary["balanced"]
    assert sum(summary["statuses"].values()) == summary["rows"] == shop.rows
    refused = [line for line in report.results if line["status"] == "refused"]
    assert {(line["entity"], line["column"]) for line in refused} == {("shipments", "carrier_name")}
    causes = {cause["column"] for cause in summary["causes"] if cause["code"] == "refused"}
    assert causes == {"carrier_name"}
    assert "in one way (carrier_name" in summary["stopped"]


def test_rows_that_fail_here_and_there_do_not_stop_a_run(new_shop, new_desk, server):
    """One of three carriers is refused: those rows are told, all others go in."""
    shop = new_shop(60)
    server.reset(SandboxOptions(carriers={"DE": ("dhl", "dpd")}))

    report = new_desk(server).upload(shop.folder, exits=3)

    assert set(report.statuses.values()) <= {"created", "refused", "blocked"}
    assert {line["column"] for line in report.results if line["status"] == "refused"} == {"carrier_name"}


def test_a_healthy_file_needs_one_request_for_each_record(new_shop, new_desk, server):
    """Going ahead with some rows costs no request: one for each record and link, and one for the token."""
    shop = new_shop(60)

    report = new_desk(server).upload(shop.folder, exits=0)

    sent = requests(server)
    links = sum(number for name, number in sent.items() if name.startswith("PUT /order_items/"))
    assert links == sum(
        item["shipment_id"] is not None for item in server.state()["order_items"] if "shipment_id" in item
    )
    assert sent.total() == shop.units + links + sent["POST /token"]
    assert sent["POST /token"] == 1
    assert set(report.statuses.values()) == {"created"}


@pytest.mark.parametrize("most", ["5", "1%"])
def test_too_many_errors_stop_a_run(new_shop, new_desk, server, most):
    """--max-errors as a number or a share: exit code 4, a balanced report, and little more than so many failures."""
    shop = new_shop(80)
    server.reset(SandboxOptions(carriers={"DE": ("dhl", "dpd")}))
    workers = 2

    report = new_desk(server).upload(shop.folder, "--max-errors", most, "--workers", workers, exits=TOO_MANY_ERRORS)

    summary = report.summary
    allowed = int(most) if most.isdigit() else shop.rows // 100
    assert summary["balanced"]
    assert sum(summary["statuses"].values()) == summary["rows"] == shop.rows
    assert allowed < summary["statuses"]["refused"] <= allowed + 10 * workers
    assert summary["statuses"]["not_sent"] > 0


def test_an_expired_token_is_renewed_once(new_shop, new_desk, server):
    """With 32 workers each expiry of the token leads to one new token, and to nothing that a user would see."""
    shop = new_shop(80)
    expiries = [{"kind": "expire_tokens", "skip": skip, "times": 1} for skip in (150, 350, 550)]
    server.faults([{"kind": "latency", "seconds": 0.03}, *expiries])

    report = new_desk(server).upload(shop.folder, "--workers", "32", exits=0)

    assert server.happened()[1:] == [1, 1, 1]
    assert sum(one["status"] == 401 for one in server.requests()) > 10
    assert requests(server)["POST /token"] == 4
    assert set(report.statuses.values()) == {"created"}
