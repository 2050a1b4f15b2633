import os
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.errors import NoRoom
from importer.keys import KeyIndex, hashed

BUDGETS = st.sampled_from([0, 100, 1 << 20])
"""Bytes in memory: nothing, a few keys, all."""

HASHES = st.one_of(st.integers(0, 40), st.integers(2**64 - 40, 2**64 - 1), st.sampled_from([n << 56 for n in range(9)]))
BLOCKS = st.lists(st.lists(HASHES, max_size=20), max_size=6)


def index(blocks, budget=1 << 20):
    """The hashes of *blocks*, added one after another; rows are numbered 100, 101, ..."""
    found, row = KeyIndex(budget=budget), 100
    for block in blocks:
        found.add(np.array(block, dtype=np.uint64), range(row, row + len(block)))
        row += len(block)
    return found


def rows_by_hash(blocks):
    """What the index is to know, as a dictionary."""
    rows = defaultdict(list)
    for row, one in enumerate((one for block in blocks for one in block), start=100):
        rows[one].append(row)
    return rows


@settings(deadline=None)
@given(blocks=BLOCKS, budget=BUDGETS)
def test_duplicates_are_all_found(blocks, budget):
    """The groups of rows with equal hashes are those that a dictionary gives, in memory as on disk."""
    with index(blocks, budget) as keys:
        found = [group.tolist() for group in keys.duplicates()]

    assert sorted(found) == sorted(rows for rows in rows_by_hash(blocks).values() if len(rows) > 1)


@settings(deadline=None)
@given(blocks=BLOCKS, others=BLOCKS, budget=BUDGETS, other_budget=BUDGETS)
def test_references_are_told_apart(blocks, others, budget, other_budget):
    """Each reference is either missing, or found with the first row of its key."""
    known, wanted = rows_by_hash(blocks), rows_by_hash(others)
    with index(blocks, budget) as keys, index(others, other_budget) as references:
        missing = keys.missing(references).tolist()
        found = [pair for portion in keys.found(references) for pair in np.transpose(portion).tolist()]

    assert missing == sorted(row for one, rows in wanted.items() if one not in known for row in rows)
    assert sorted(found) == sorted([row, known[one][0]] for one in wanted if one in known for row in wanted[one])


@settings(deadline=None)
@given(blocks=BLOCKS, budget=BUDGETS)
def test_keys_come_in_order_and_equal_ones_together(blocks, budget):
    """All hashes come in order with their rows, those of one hash as they came, and none is torn apart."""
    with index(blocks, budget) as keys:
        portions = [(hashes.tolist(), rows.tolist()) for hashes, rows in keys.in_order()]

    assert [pair for hashes, rows in portions for pair in zip(hashes, rows, strict=True)] == [
        (one, row) for one, rows in sorted(rows_by_hash(blocks).items()) for row in rows
    ]
    assert sum(len(set(hashes)) for hashes, _ in portions) == len(rows_by_hash(blocks))


@pytest.mark.parametrize("budget", [0, 1 << 20, 1 << 30])
def test_a_large_index_tells_the_same_as_sets(budget):
    """With a million keys, on disk or in memory, duplicates and missing references are those that sets find."""
    rng = np.random.default_rng(1)
    keys, wanted = rng.integers(0, 10**7, 600_000), rng.integers(0, 10**7, 400_000)
    numbers, counts = np.unique(keys, return_counts=True)

    with KeyIndex(budget=budget) as known, KeyIndex(budget=budget) as references:
        for into, values in ((known, keys), (references, wanted)):
            for start in range(0, len(values), 50_000):
                texts = pa.array([str(value) for value in values[start : start + 50_000].tolist()])
                into.add(hashed(texts), np.arange(start, start + len(texts)))
        groups = list(known.duplicates())
        missing = known.missing(references)

    assert sorted(keys[group[0]] for group in groups) == numbers[counts > 1].tolist()
    assert sum(map(len, groups)) == counts[counts > 1].sum()
    assert all(len(set(keys[group].tolist())) == 1 for group in groups)
    assert missing.tolist() == np.flatnonzero(~np.isin(wanted, keys)).tolist()


def test_rows_of_equal_hashes_can_be_told_apart_by_their_texts():
    """Where two keys share a hash, their rows come in one group, and a second look at the texts of it finds out."""
    texts = ["SO-1", "SO-2", "SO-3", "SO-2", "SO-4"]
    weak = hashed(pa.array(texts)) % np.uint64(2)

    with KeyIndex() as keys:
        keys.add(weak, range(len(texts)))
        groups = [sorted(texts[row] for row in group) for group in keys.duplicates()]

    assert sum(map(len, groups)) >= 2
    assert [group for group in groups if group.count("SO-2") == 2]


def test_more_can_be_added_after_a_question():
    """An index that was asked once takes in further keys, and knows them all the next time."""
    with index([[1, 2]], budget=0) as keys:
        assert list(keys.duplicates()) == []
        keys.add(np.array([2], dtype=np.uint64), [7])

        assert [group.tolist() for group in keys.duplicates()] == [[101, 7]]
        assert len(keys) == 3


def test_an_empty_index_is_no_trouble():
    """Without keys nothing is there twice, and every reference is missing."""
    with KeyIndex() as keys, index([[5, 6]]) as references:
        assert list(keys.duplicates()) == []
        assert keys.missing(references).tolist() == [100, 101]
        assert references.missing(keys).tolist() == []
        assert [portion[0].tolist() for portion in keys.found(references)] == [[]]


def test_hashes_and_rows_go_in_pairs():
    """A block with fewer rows than hashes is a mistake of the caller."""
    with KeyIndex() as keys, pytest.raises(ValueError, match="3 hashes, but 2 rows"):
        keys.add(np.zeros(3, np.uint64), [1, 2])


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the file has a name until it is closed")
def test_nothing_is_left_on_disk(tmp_path, monkeypatch):
    """What is too much for the memory lies in a file without a name, which no crash can leave behind."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with index([range(1000)] * 2, budget=0) as keys:
        assert len(list(keys.duplicates())) == 1000
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    """Where there is no place for temporary files, the user hears what to do."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))

    with index([range(10)], budget=0) as keys, pytest.raises(NoRoom, match=r"\(No such file or directory\); make room"):
        list(keys.duplicates())
