import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.keys import hashed, hashes

CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["", "\0", "\0\0", "a", "ab", "a\0", "x" * 63, "x" * 64, "x" * 65, "x" * 65 + "\0", "ü" * 40]),
    st.text(min_size=50, max_size=80),
)
FORMS = {
    "arrow": lambda cells: pa.array(cells, pa.string()),
    "large arrow": lambda cells: pa.array(cells, pa.large_string()),
    "view": lambda cells: pa.array(cells, pa.string_view()),
    "one chunk a cell": lambda cells: pa.chunked_array([[cell] for cell in cells], pa.large_string()),
    "slice": lambda cells: pa.array(["before", *cells, "after"], pa.large_string()).slice(1, len(cells)),
    "pandas": lambda cells: pd.Series(cells, dtype=pd.StringDtype("pyarrow", na_value=np.nan)),
    "pandas objects": lambda cells: pd.Series(cells, dtype=pd.StringDtype("python", na_value=np.nan)),
}


@settings(deadline=None)
@given(cells=st.lists(CELLS, max_size=30))
def test_equal_cells_alone_have_equal_hashes(cells):
    """Two cells have the same hash if they say the same, and only then; missing is not blank."""
    found = hashed(pa.array(cells, pa.large_string())).tolist()

    assert [found.index(one) for one in found] == [cells.index(one) for one in cells]


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None, max_examples=30)
@given(cells=st.lists(CELLS, max_size=30))
def test_the_hash_depends_on_the_cell_alone(form, cells):
    """Neither the form of the column, nor what stands above and below, changes the hash of a cell."""
    alone = [hashed(pa.array([cell], pa.large_string())).tolist() for cell in cells]

    assert hashed(FORMS[form](cells)).tolist() == [one for (one,) in alone]


@settings(deadline=None)
@given(rows=st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "ab", "ba", "aa", "a\0b"])] * 3), max_size=30))
def test_columns_side_by_side_are_not_run_together(rows):
    """Rows have the same hash if every cell is the same in its place: "a", "bc" is not "ab", "c", nor "bc", "a"."""
    found = hashed(*(pa.array([row[at] for row in rows], pa.large_string()) for at in range(3))).tolist()

    assert [found.index(one) for one in found] == [rows.index(one) for one in rows]


def test_a_column_longer_than_what_is_looked_at_at_once(monkeypatch):
    """However many rows a column has, each has its own hash."""
    monkeypatch.setattr(hashes, "ROWS", 7)
    cells = [f"SO-{number}" for number in range(50)]

    assert hashed(pa.array(cells)).tolist() == [hashed(pa.array([cell]))[0] for cell in cells]


@pytest.mark.parametrize("pattern", ["SO-{}", "{:013}", "{:032}", "{}" + "0" * 60, "{0:08}{0:08}", "ü{:x}"])
def test_numbered_keys_are_all_different(pattern):
    """Keys that differ in a single digit, as the numbers of orders do, have hashes far apart."""
    found = hashed(pa.array([pattern.format(number) for number in range(100_000)]))

    assert len(np.unique(found)) == len(found)
    # 100,000 random numbers meet some 51,300 of 65,536 different beginnings, and as many ends.
    assert all(len(np.unique(part)) > 51_000 for part in (found >> np.uint64(48), found & np.uint64(0xFFFF)))
