"""The order of work is put together piece by piece, and is the same as with all rows in hand."""

import gc
import string
from collections.abc import Mapping
from random import Random

import chain_by_chain
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from test_grouping import BOOKS, SETTINGS, sheets_of
from test_plan import ITEM, ORDER, SHIPMENT, WHEN, sheet

from importer.keys.hashes import BESIDE, BY_LENGTH, HALF, SPREAD
from importer.model import Row, Where
from importer.plan import Chain, Plan, chains, grouped, related
from importer.plan.order import AT_ONCE

PLAIN = (string.digits + string.ascii_letters).encode()
OPTIONS = st.fixed_dictionaries({"link": st.sampled_from(["update", "create"]), "complete_boarding": st.booleans()})


def in_full(plan: Plan) -> list[list[Chain]]:
    """The chains of each wave."""
    return [list(wave) for wave in plan.waves]


@SETTINGS
@given(BOOKS, OPTIONS)
def test_chains_put_together_piece_by_piece_are_the_same(tmp_path, book, options):
    """Rows, turns and needs are those of a plan that holds every row; and so they are when it is gone through again."""
    sheets = sheets_of(tmp_path, book)
    plan = chains(sheets, **options)

    first, again = in_full(plan), in_full(plan)

    assert first == chain_by_chain.chains(sheets, **options)
    assert again == first


def test_chains_longer_than_a_piece_are_whole():
    """Neither an order of more rows than are put together at a time nor those around it are torn apart."""
    names = ["1"] * 1_200 + [str(number) for number in range(2, 900)]
    Random(1).shuffle(names)
    sheets = related(
        [
            sheet("order_items", *({"order_id": name, "sku": "A", "line": str(at)} for at, name in enumerate(names))),
            sheet("orders", *({"order_id": name, "order_date": WHEN} for name in sorted(set(names)))),
        ]
    )

    assert in_full(chains(sheets)) == chain_by_chain.chains(sheets)


@SETTINGS
@given(BOOKS, st.randoms(use_true_random=False))
def test_a_chain_of_settled_rows_is_left_out(tmp_path, book, random):
    """Rows have no turn when their chain is settled; one open row keeps all of it, unless it is bad and not needed."""
    sheets = sheets_of(tmp_path, book)
    settled = [np.array([random.random() < 0.7 for _ in one.rows], dtype=np.bool_) for one in sheets]
    is_settled = {
        row.where: bool(is_it)
        for one, marks in zip(sheets, settled, strict=True)
        for row, is_it in zip(one.rows, marks, strict=True)
    }
    whole = chain_by_chain.chains(sheets)

    plan = chains(sheets, groups=grouped(sheets), settled=settled)

    left = [[kept for chain in wave if (kept := _left(chain, is_settled)).steps] for wave in whole]
    assert in_full(plan) == left
    planned = {row.where for wave in left for chain in wave for row in chain.rows}
    assert [out.tolist() for out in plan.left_out] == [[row.where not in planned for row in one.rows] for one in sheets]
    assert (sum(plan.counts.values()), plan.total) == (len(planned), len(is_settled))


def _left(chain: Chain, is_settled: Mapping[Where, bool]) -> Chain:
    """All of *chain* where a row is open that others may need, or that is sent; else what is not settled."""
    bad = [row for row in chain.rows if row.is_rejected and row.entity not in ("products", "orders", "shipments")]
    if all(is_settled[row.where] or row in bad for row in chain.rows):
        return Chain(tuple(step for step in chain.steps if not is_settled[step.row.where]))
    return chain


def same_hash() -> tuple[str, str]:
    """Two texts of letters and digits, of seven and eight bytes, that have one hash."""
    seven = np.arange(1_000_000, 3_000_000, dtype=np.int64).astype("S7").astype("S8").view(np.uint64)
    # The hash of up to eight bytes is their word, mixed, and so many times their length; so it can be solved.
    mixed = seven * SPREAD
    mixed = (mixed ^ mixed >> HALF) * BESIDE - BY_LENGTH
    unmixed = mixed * np.uint64(pow(int(BESIDE), -1, 1 << 64))
    eight = ((unmixed ^ unmixed >> HALF) * np.uint64(pow(int(SPREAD), -1, 1 << 64))).view("S8")
    letters = eight.view(np.uint8).reshape(-1, 8)
    at = int(np.flatnonzero(np.isin(letters, list(PLAIN)).all(axis=1))[0])
    return seven[at : at + 1].view("S8")[0].decode(), eight[at].decode()


def test_a_chance_of_hashes_puts_nothing_together():
    """Orders, products and shipments whose numbers have one hash are told apart by their texts."""
    one, other = same_hash()
    item = ITEM | {"sku": one, "shipment_reference": one}
    sheets = related(
        [
            sheet("orders", *(ORDER | {"order_id": name} for name in (one, other))),
            sheet("order_items", *(item | {"order_id": name} for name in (one, other))),
            sheet("shipments", SHIPMENT | {"order_id": other, "reference_number": other}),
            sheet("shipment_events", {"shipment_reference": one}, {"shipment_reference": other}),
            sheet("products", {"sku": other}),
        ]
    )
    assert grouped(sheets).of_rows.tolist() == [1, 1, 1, 1, 1, 1, 1, 0], "the hashes differ: nothing was tried"

    assert in_full(chains(sheets)) == chain_by_chain.chains(sheets)


def test_rows_are_let_go_of_once_their_chain_is_done(tmp_path):
    """However many rows a run has, also with cells that cannot be read, few are held while they have their turn."""
    items = [{"order_id": str(at), "sku": "A", "currency": f"EURO {at}"} for at in range(3 * AT_ONCE)]
    plan = chains(sheets_of(tmp_path, [("order_items", items)]))

    for chain in plan.waves[2]:
        assert chain.rows

    gc.collect()
    held = [one for one in gc.get_objects() if isinstance(one, Row) and one.where.file == "0.csv"]
    assert len(held) <= AT_ONCE
