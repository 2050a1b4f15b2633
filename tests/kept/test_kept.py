"""Cells kept on disk are the same as those kept in memory."""

import tempfile

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer import kept
from importer.errors import NoRoom
from importer.kept import BUDGET, Kept

WORDS = ["", "a", "Grün", "a longer text", "👟"]
SIZES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=5)


@given(sizes=SIZES, random=st.randoms(), least=st.integers(0, 5), budget=st.sampled_from([0, 40, BUDGET]))
def test_what_is_kept_is_given_back(sizes, random, least, budget):
    """Whatever of it lies on disk, a table comes back cell by cell, blank where a block had no such column."""
    table, expected = Kept(budget), [[] for _ in range(max([least, *(width for _, width in sizes)]))]
    for count, width in sizes:
        columns = [random.choices(WORDS, k=count) for _ in range(width)]
        table.add(count, [pa.array(column, pa.string()) for column in columns])
        for at, column in enumerate(expected):
            column.extend(columns[at] if at < width else [""] * count)
    assert [column.to_pylist() for column in table.columns(least)] == expected


def test_a_part_of_a_longer_array_is_kept_alone():
    """Of an array that is a slice of another one, only its own cells are written."""
    table = Kept(0)
    table.add(2, [pa.array(["a", "bc", "d", "efg"], pa.large_string()).slice(1, 2)])
    (column,) = table.columns()
    assert column.to_pylist() == ["bc", "d"]
    assert sum(buffer.size for buffer in column.chunk(0).buffers() if buffer) == 3 * 8 + len("bcd")


def test_cells_on_disk_can_be_looked_at_after_letting_go():
    """Giving back the memory in which a file was looked at loses nothing of it."""
    table = Kept(0)
    table.add(3, [pa.array(["one", "two", "three"])])
    (column,) = table.columns()
    assert column.to_pylist() == ["one", "two", "three"]
    kept.let_go()
    assert column.to_pylist() == ["one", "two", "three"]


def test_full_disk_is_told(tmp_path, monkeypatch):
    """Where temporary files cannot be written, the run ends and says which folder is meant."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(NoRoom, match="TMPDIR"):
        Kept(0).add(1, [pa.array(["text"])])
