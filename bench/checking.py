"""Checking a CSV file, against reading the same file into pandas and doing nothing with it."""

from pathlib import Path

import pandas as pd

from bench import data
from bench.measure import medians
from importer.run import prepare
from importer.settings import load

ROWS = 50_000


def ratios(folder: Path, rounds: int) -> dict[str, float]:
    """Our check as a multiple of `pandas.read_csv(dtype=str)`, for order items and for shipments."""
    settings = load({}, folder=folder)
    found = {}
    for make in (data.order_items, data.shipments):
        path = make(folder / f"{make.__name__}.csv", ROWS)
        times = medians(
            {
                "ours": lambda path=path: prepare([path], settings),
                "read": lambda path=path: pd.read_csv(path, dtype=str, keep_default_na=False),
            },
            rounds,
        )
        found[f"check {ROWS:,} {make.__name__} / read_csv alone"] = times["ours"] / times["read"]
    return found
