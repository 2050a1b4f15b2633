"""Small shops drawn at random, as folders of CSV files."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from conftest import DEFAULTS
from hypothesis import strategies as st

ORDERS, ITEMS, SHIPMENTS = 3, 5, 3
WORDS = st.sampled_from(["Shirt", "Trousers", "=1+1", 'Jacket "Oslo", blue', "#CLEAR", ""])
ORDER = st.integers(1, ORDERS).map("SO/{}".format)
Shop = Mapping[str, Sequence[Mapping[str, str]]]
"""By sheet, its rows: field name -> cell; those that are not named are as in `DEFAULTS`."""


@st.composite
def uploads(draw) -> Shop:
    """Some products, orders, items and shipments; some rows bad, double, or without those that they need."""
    skus = st.sampled_from(["P-1", "P-2", "P 3"])
    number = st.integers(1, SHIPMENTS).map("S-{}".format)
    codes = st.integers(1, SHIPMENTS).map("T-{}".format)
    made = {
        "products": st.fixed_dictionaries({"sku": skus, "customs_description": WORDS}),
        "orders": st.fixed_dictionaries({"order_id": ORDER, "language": st.sampled_from(["de", "fr", "", "Klingon"])}),
        "shipments": st.fixed_dictionaries({
            "order_id": ORDER,
            "reference_number": number,
            "tracking_code": codes,
            "comment": WORDS,
        }),
        "order_items": st.fixed_dictionaries({
            "order_id": ORDER,
            "line": st.sampled_from(["", "", "1", "2"]),
            "sku": skus,
            "quantity": st.sampled_from(["", "1", "1", "2", "3", "0"]),
            "shipment_reference": st.one_of(st.just(""), number, codes),
            "appearance": WORDS,
        }),
    }  # fmt: skip
    return {name: draw(st.lists(rows, min_size=1, max_size=ITEMS)) for name, rows in made.items()}


@st.composite
def edits(draw) -> tuple[Shop, Shop]:
    """An upload, and the same with some rows changed, gone, new, or in another order."""
    first, other = draw(uploads()), draw(uploads())
    kept = {
        name: [
            draw(st.sampled_from([row, row, row, row, {**row, **_some(draw, of_other)}]))
            for row, of_other in zip(rows, [*other[name], *rows], strict=False)
        ]
        for name, rows in first.items()
    }
    for name in draw(st.sets(st.sampled_from(sorted(kept)), max_size=2)):
        kept[name] = draw(st.permutations([*kept[name], *other[name][:1]]))
    return first, kept


def _some(draw, row: Mapping[str, str]) -> dict[str, str]:
    names = draw(st.sets(st.sampled_from(sorted(row)), max_size=2))
    return {name: row[name] for name in names}


def write_shop(folder: Path, shop: Shop) -> None:
    """Write the sheets of *shop* into *folder*."""
    folder.mkdir(exist_ok=True)
    for name, rows in shop.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            full = [{**DEFAULTS[name], **row} for row in rows]
            writer = csv.DictWriter(file, list(full[0]))
            writer.writeheader()
            writer.writerows(full)
