"""Files of one name from several folders are different files, in every report."""

import csv
import json


def test_files_of_one_name_are_told_apart(tmp_path, book, load, sandbox):
    """Two files called orders.csv are named with their folders, and each row has its own outcome in every report."""
    june = book(orders=["order_id | order_date", "SO-1 | 2026-06-01", "SO-2 | soon"])
    june = june.rename(tmp_path / "june")
    july = book(orders=["order_id | order_date", "SO-3 | 2026-07-01"]).rename(tmp_path / "july")

    loaded = load(june / "orders.csv", july / "orders.csv")

    with (loaded.folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {(line["file"], line["row"]): line["status"] for line in csv.DictReader(file)}
    assert told == {
        ("june/orders.csv", "2"): "created",
        ("june/orders.csv", "3"): "rejected",
        ("july/orders.csv", "2"): "created",
    }
    summary = json.loads((loaded.folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["balanced"]
    assert {sheet["file"]: sheet["statuses"]["created"] for sheet in summary["sheets"]} == {
        "june/orders.csv": 1,
        "july/orders.csv": 1,
    }
