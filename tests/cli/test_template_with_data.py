"""`importer template --with-data`: a sheet to correct, from what the account holds."""

import json

from openpyxl import load_workbook


def test_orders_come_as_a_sheet_to_correct(online, examples, sandbox, tmp_path):
    """The workbook has the shop's orders as they are; imported again it sends nothing, and its name is told."""
    online("upload", examples / "shop" / "shop.xlsx", "--quiet")
    before = len([one for one in sandbox.requests() if one["method"] in {"POST", "PUT"}])

    said = online("template", "orders", "order_items", "shipments", "--with-data", "--out", "now")

    assert (said.code, said.out.splitlines()) == (
        0,
        ["now/orders-data.xlsx", "now/order_items-data.xlsx", "now/shipments-data.xlsx"],
    )
    rows = len(sandbox.state()["orders"])
    assert said.err.splitlines()[0] == f"orders: {rows} rows"
    assert load_workbook(tmp_path / "now" / "orders-data.xlsx")["Orders"].max_row == rows + 1
    assert online("upload", "now", "--quiet").code == 0
    assert len([one for one in sandbox.requests() if one["method"] in {"POST", "PUT"}]) == before + 1, "a token alone"


def test_csv_comes_as_well(online, examples, tmp_path):
    """With --format csv there is a file for each entity, under a name that tells what it holds."""
    online("upload", examples / "shop" / "shop.xlsx", "--quiet")

    online("template", "products", "--with-data", "--format", "csv")

    said = online("check", "products-data.csv", "--format", "json")
    assert (said.code, json.loads(said.out)["sheets"][0]["entity"]) == (0, "products")


def test_run_alone_makes_no_sense(online):
    """--run without --with-data is wrong usage; a run that is not there is said."""
    assert online("template", "--run", "r").code == 2
    said = online("template", "--with-data", "--run", "nothing")
    assert (said.code, "knows no run nothing" in said.err) == (2, True)
