"""Every row belongs to one chain: rows of an order go together, and all others side by side."""

import csv
from collections.abc import Sequence
from itertools import chain

import numpy as np
from chain_by_chain import together
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_across import CELLS, in_hand

from importer import sources
from importer.check import check
from importer.model import CheckedSheet
from importer.plan import related
from importer.plan.grouping import grouped
from schemas import entity_named
from schemas.cells import Conventions

CODES = st.sampled_from(["1", "2", ""])
MORE_CELLS = CELLS | {
    "order_states": {"order_id": CODES, "state": CODES},
    "product_images": {"sku": CODES},
    "shipments": CELLS["shipments"] | {"order_id": st.sampled_from(["1", "2", "5", ""])},
}
FILES = st.sampled_from(sorted(MORE_CELLS)).flatmap(
    lambda name: st.tuples(st.just(name), st.lists(st.fixed_dictionaries(MORE_CELLS[name]), max_size=6))
)
BOOKS = st.lists(FILES, max_size=8)
"""Files of any entities in any order, some of them twice."""

SETTINGS = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sheets_of(folder, book: Sequence[tuple[str, list[dict[str, str]]]]) -> tuple[CheckedSheet, ...]:
    """The checked sheets of *book*, each from a file of its own."""
    return related([checked(folder / f"{at}.csv", name, rows) for at, (name, rows) in enumerate(book)])


def checked(path, name: str, rows: list[dict[str, str]]) -> CheckedSheet:
    """The sheet of some *rows*, read and checked."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, MORE_CELLS[name])
        lines.writeheader()
        lines.writerows(rows)
    (table,) = sources.tables(path)
    return check(table, Conventions(), entity=entity_named(name))


@SETTINGS
@given(BOOKS)
def test_columns_put_those_rows_together_that_belong_together(tmp_path, book):
    """The rows of a chain, and the order of chains, are the same as when each row is looked at by itself."""
    sheets = sheets_of(tmp_path, book)
    waves = together(sheets)
    number_of = {row.where: number for number, rows in enumerate(chain.from_iterable(waves)) for row in rows}

    found = grouped(sheets)

    wanted = [[number_of[row.where] for row in sheet.rows] for sheet in sheets]
    assert [numbers.tolist() for numbers in found.numbers] == wanted
    assert [len(wave) for wave in found.waves] == [len(wave) for wave in waves]
    by_hand = grouped([in_hand(sheet) for sheet in sheets])
    assert all(map(np.array_equal, by_hand.numbers, found.numbers))
