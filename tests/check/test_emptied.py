"""Rows of a marked file whose cells somebody deleted."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from importer.check.emptied import without_emptied
from importer.model import Problem, Table, Where

WHERE = Where("orders.csv")


@pytest.fixture
def marked():
    """Four rows with our two columns; of the third and the fourth nothing else is left."""
    lines = [["SO-1", "de", "created", ""], ["SO-2", "", "", ""], ["", "", "rejected", "x"], ["", "", "created", ""]]
    frame = pd.DataFrame(lines, index=range(2, 6), dtype=str)
    return Table(Path("orders.csv"), WHERE, ("order_id", "language", "import_status", "Import Message"), 1, frame)


def test_row_with_nothing_but_our_words_is_blank(marked):
    """A row of which only our status and message are left is no row any more; it counts as blank."""
    found = without_emptied(marked)

    assert (found.frame.index.tolist(), found.blank_rows) == ([2, 3], 2)


def test_row_with_a_cell_that_could_not_be_read_stays(marked):
    """A formula without a result looks blank, but somebody wrote it; the row stays and is told of."""
    problem = Problem(replace(WHERE, row=4, column="A"), "formula_without_value")

    found = without_emptied(replace(marked, problems=(problem,)))

    assert found.frame.index.tolist() == [2, 3, 4]


def test_sheet_without_our_columns_stays_as_it_is(marked):
    """Without columns of ours, nothing is looked for."""
    plain = replace(marked, header=("order_id", "language", "a", "b"))

    assert without_emptied(plain) is plain
