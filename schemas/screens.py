"""The quick look at many cells at once: which of them need thought at all.  Arrow does the looking, in no time.

What a cell means, and what is wrong with it, is told elsewhere (`frames`), for the few that are left over here.  The
patterns by which a cell is passed over are those of its kind and of the rules (`plain`, `Rule.harmless`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.cells import Conventions
from schemas.entity import Field, Rule

Places = npt.NDArray[np.int64]
"""Positions of cells, counted from 0."""

SAMPLE = 1_000
"""So many cells tell ..."""
FEW = 100
"""... whether a column repeats few texts, by no more different ones than these."""


def arrow(texts: pd.Series | pa.ChunkedArray | pa.Array) -> pa.Array:
    """*texts* in one piece, as Arrow has them; without a copy where they are so already."""
    found = pa.array(texts, pa.large_string()) if isinstance(texts, pd.Series) else texts
    if not isinstance(found, pa.ChunkedArray):
        return found
    # Combining copies even a single chunk.
    return found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()


def thoughtful(texts: pa.Array, field: Field, conventions: Conventions) -> Places:
    """Where *texts* of a column need thought: those that are not plain, and blank ones where none may be."""
    pattern = field.kind.plain(conventions)
    plain = f"(?:{pattern})" if pattern else "[^\\s\\S]"
    return _but_for(texts, plain if field.mandatory else f"(?:{plain})?")


def candidates(rule: Rule, texts: Mapping[str, pa.Array], conventions: Conventions) -> Places:
    """The rows in which *rule* may find something; a column that is not among *texts* counts as blank."""
    at = _harmful(rule, texts, conventions)
    if rule.mentions:
        at = at[_has(rule.mentions, texts[rule.at].take(pa.array(at)))]
    if rule.in_order and set(rule.in_order) <= set(texts):
        earlier, later = (days(texts[name].take(pa.array(at))) for name in rule.in_order)
        at = at[~_surely_in_order(earlier, later)]
    return at


def _harmful(rule: Rule, texts: Mapping[str, pa.Array], conventions: Conventions) -> Places:
    if rule.harmless is None:
        return np.arange(len(texts[rule.at]))
    if rule.harmless_by not in texts:
        return _but_for(texts[rule.at], rule.harmless(conventions, ""))
    by, which = _told_apart(texts[rule.harmless_by], only_filled=rule.harmless_if_filled)
    patterns: dict[str | None, int] = {}
    of_text = [patterns.setdefault(rule.harmless(conventions, text), len(patterns)) for text in by]
    of_row = np.array(of_text, dtype=np.int64)[which]
    found = [np.array([], dtype=np.int64)]
    for pattern, number in patterns.items():
        rows = np.flatnonzero(of_row == number)
        here = texts[rule.at] if len(rows) == len(of_row) else texts[rule.at].take(pa.array(rows))
        found.append(rows[_but_for(here, pattern)])
    return np.sort(np.concatenate(found))


def _told_apart(texts: pa.Array, *, only_filled: bool) -> tuple[list[str], Places]:
    """The different ones among *texts*, or just one that is blank and one that is not; and which each is."""
    if only_filled:
        return ["", "filled"], np.asarray(pc.greater(pc.binary_length(texts), 0)).astype(np.int64)
    distinct = texts.dictionary_encode()
    return distinct.dictionary.to_pylist(), distinct.indices.to_numpy()


def _but_for(texts: pa.Array, pattern: str | None) -> Places:
    """Where *texts* do not fit *pattern* as a whole; None = nowhere do they."""
    if pattern is None:
        return np.arange(len(texts))
    if repeats_few(texts):
        distinct = texts.dictionary_encode()
        odd = _odd(distinct.dictionary, pattern)
        return np.flatnonzero(odd[distinct.indices.to_numpy()]) if odd.any() else np.array([], dtype=np.int64)
    return np.flatnonzero(_odd(texts, pattern))


def _odd(texts: pa.Array, pattern: str) -> npt.NDArray[np.bool_]:
    fits = pc.match_substring_regex(texts, f"\\A(?:{pattern})\\z")
    odd: npt.NDArray[np.bool_] = ~fits.to_numpy(zero_copy_only=False)
    return odd


def _has(word: str, texts: pa.Array) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = pc.match_substring(texts, word, ignore_case=True).to_numpy(zero_copy_only=False)
    return found


def repeats_few(texts: pa.Array) -> bool:
    """Whether a column seems to have few different texts."""
    sample = texts.slice(0, SAMPLE)
    return int(pc.count_distinct(sample).as_py()) <= min(FEW, max(1, len(sample) // 5))


# --- cells of several columns side by side ------------------------------------------------------------------

SEPARATOR = "\x1f"
"""Between the cells."""
ESCAPE = "\x1b"
"""Before what stands for one of these two where a cell holds it."""

FEW_PAIRS = 1 << 18


def together(columns: Sequence[pa.Array | None], count: int) -> pa.DictionaryArray:
    """The cells of *columns* side by side, each distinct combination once; None stands for *count* blank cells."""
    encoded = [column.dictionary_encode() if column is not None else None for column in columns]
    codes, firsts = np.zeros(count, dtype=np.int64), np.zeros(min(count, 1), dtype=np.int64)
    for column in encoded:
        if column is not None:
            codes, firsts = _distinct(codes * len(column.dictionary) + column.indices.to_numpy())
    some = [
        column.take(pa.array(firsts)).to_pylist() if column is not None else [""] * len(firsts) for column in encoded
    ]
    words = pa.array([_joined(cells) for cells in zip(*some, strict=True)], pa.large_string())
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), words)


def _distinct(numbers: Places) -> tuple[Places, Places]:
    """*numbers* exchanged for small ones, from 0 without a gap; and where each of these stands first."""
    most = int(numbers.max(initial=-1)) + 1
    if most > FEW_PAIRS:
        _, firsts, small = np.unique(numbers, return_index=True, return_inverse=True)
        return small, firsts
    first = np.full(most, -1, dtype=np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    there = np.flatnonzero(first >= 0)
    small = np.zeros(most, dtype=np.int64)
    small[there] = np.arange(len(there))
    return small[numbers], first[there]


def apart(combination: str) -> list[str]:
    """The cells of one combination."""
    cells = combination.split(SEPARATOR)
    if ESCAPE in combination:
        cells = [cell.replace(f"{ESCAPE}1", SEPARATOR).replace(f"{ESCAPE}0", ESCAPE) for cell in cells]
    return cells


def _joined(cells: Sequence[str]) -> str:
    joined = SEPARATOR.join(cells)
    if joined.count(SEPARATOR) == len(cells) - 1 and ESCAPE not in joined:
        return joined
    return SEPARATOR.join(cell.replace(ESCAPE, f"{ESCAPE}0").replace(SEPARATOR, f"{ESCAPE}1") for cell in cells)


# --- days ---------------------------------------------------------------------------------------------------

PLAIN = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?Z?)?\z"
"""A day, or a moment in local time or in UTC."""

Days = npt.NDArray[np.int32]
"""Days since 1970, doubled to make room for the zone that they are of: even where it is local time, odd where UTC."""
ZONES = 2
UNKNOWN = int(np.iinfo(np.int32).min)
"""In place of a day that is blank, is none, or is written in another form."""


def days(texts: pa.Array) -> Days:
    """The day that stands in each of *texts*, as written."""
    is_plain = pc.match_substring_regex(texts, PLAIN)
    begin = pc.if_else(is_plain, pc.utf8_slice_codeunits(texts, 0, len("2026-01-31")), None)
    # The days are few, however many moments there are.
    distinct = begin.dictionary_encode()
    moments = pc.strptime(distinct.dictionary, format="%Y-%m-%d", unit="s", error_is_null=True)
    known = moments.cast(pa.date32()).cast(pa.int32()).take(distinct.indices)
    doubled = pc.add(pc.multiply(known, ZONES), pc.ends_with(texts, "Z").cast(pa.int32()))
    found: Days = doubled.fill_null(UNKNOWN).cast(pa.int32()).to_numpy()
    return found


def _surely_in_order(earlier: Days, later: Days) -> npt.NDArray[np.bool_]:
    """Where a day is not before another, told in whatever zone."""
    is_known = (earlier != UNKNOWN) & (later != UNKNOWN)
    one, other = earlier // ZONES, later // ZONES
    are_local = (earlier % ZONES == 0) & (later % ZONES == 0)
    are_of_one_zone = earlier % ZONES == later % ZONES
    # Elsewhere a day may be that before or behind; two that are told in one zone move together.
    in_order = (are_local & (one <= other)) | (are_of_one_zone & (one < other)) | (one + 2 <= other)
    sure: npt.NDArray[np.bool_] = is_known & in_order
    return sure
