"""Text columns -> one 64-bit number a row: equal texts have equal numbers, and other texts almost surely others.

Among ten million different keys, two have the same number in one of 400,000 cases.  The numbers hold within a run and
are no protection against somebody who makes keys collide on purpose: that costs him a second look at his texts.

Neither pandas (150 to 250 ns a key) nor pyarrow (no such function) is as quick as eight bytes at a time in numpy.
"""

import sys
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from importer.kept import chunks_of

Texts: TypeAlias = "pa.Array | pa.ChunkedArray | pd.Series"
Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

WORD = 8
LONGEST = 64
"""Bytes; longer texts are no keys, as a rule, and are hashed one by one."""

ROWS = 16384
"""So many at a time that everything stays in the processor's cache."""

# Odd numbers without any pattern; the first is the golden ratio's, the others are of MurmurHash and SplitMix64.
BY_LENGTH, SPREAD, BESIDE, NO_TEXT = np.array(
    [0x9E3779B97F4A7C15, 0xFF51AFD7ED558CCD, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64
)
HALF, BITS = np.array([32, 8], dtype=np.uint64)
PLACES = np.multiply.accumulate(np.full(LONGEST // WORD, BESIDE))
"""What a word is multiplied by, for its place in the text."""

FIRST_BYTES = np.array([(1 << 8 * count) - 1 for count in range(WORD + 1)], dtype=np.uint64)
"""Masks that keep the first 0, 1, ..., 8 bytes of a word."""


def hashed(*columns: Texts) -> Hashes:
    """One number a row for the texts of *columns* side by side, which are equally long.

    Where one cell ends and the next begins matters: "a" beside "bc" is another key than "ab" beside "c".
    """
    return beside(*map(_column, columns))


def beside(first: Hashes, *others: Hashes) -> Hashes:
    """The same of columns that were hashed one by one."""
    for other in others:
        first = _mixed(first * BESIDE + other)
    return first


def _column(texts: Texts) -> Hashes:
    slices = [chunk.slice(start, ROWS) for chunk in chunks_of(texts) for start in range(0, len(chunk), ROWS)]
    return np.concatenate([np.empty(0, np.uint64), *map(_slice, slices)])


def _slice(texts: pa.Array) -> Hashes:
    array = texts if pa.types.is_large_string(texts.type) else texts.cast(pa.large_string())
    words, starts, lengths = _letters(array)
    result = _sums(words, starts, lengths)
    for at in np.flatnonzero(lengths > LONGEST).tolist():
        text = words.view(np.uint8)[starts[at] : starts[at] + lengths[at]]
        result[at] = int.from_bytes(blake2b(text.tobytes(), digest_size=WORD).digest(), sys.byteorder)
    if array.null_count:
        result[array.is_null().to_numpy(zero_copy_only=False)] = NO_TEXT
    return _mixed(result)


def _letters(array: pa.Array) -> tuple[Hashes, Numbers, Numbers]:
    """The bytes of all texts as words, with room behind them; and in bytes, where each text begins and its length."""
    _, places, content = array.buffers()
    # A slice shares its buffers with the whole array, and what is cut off of it stands there, too.
    bounds = np.frombuffer(places, np.int64)[array.offset : array.offset + len(array) + 1]
    first, last = bounds[[0, -1]].tolist()
    words = np.zeros((last - first + LONGEST) // WORD + 2, np.uint64)
    if first < last:
        words.view(np.uint8)[: last - first] = np.frombuffer(content, np.uint8)[first:last]
    return words, bounds[:-1] - first, np.diff(bounds)


def _sums(words: Hashes, starts: Numbers, lengths: Numbers) -> Hashes:
    """The sum of all words of each text, every one mixed with its place; and of the length, which tells final zeros.

    A word of zeros adds nothing, so it does not matter how long the longest text is among which one stands.
    """
    sums: Hashes = lengths.astype(np.uint64) * BY_LENGTH
    shortest, longest = int(lengths.min()), min(int(lengths.max()), LONGEST)
    # A text begins anywhere, but words are read several times as quickly where they begin in memory: so each is put
    # together of two.  Numpy shifts by 64 bits as it should, to zero, which processors do not.
    at, skipped = np.divmod(starts, WORD)
    down = skipped.astype(np.uint64) * BITS
    up = WORD * BITS - down
    low = words.take(at)
    for begin, place in zip(range(0, longest, WORD), PLACES, strict=False):
        at += 1
        high = words.take(at)
        word = (low >> down) | (high << up)
        if shortest < begin + WORD:
            word &= FIRST_BYTES.take(np.clip(lengths - begin, 0, WORD))
        word *= SPREAD
        word ^= word >> HALF
        word *= place
        sums += word
        low = high
    return sums


def _mixed(sums: Hashes) -> Hashes:
    """*sums* with every bit depending on all others; the first bits will tell partitions."""
    for factor in (SPREAD, BESIDE):
        sums ^= sums >> HALF
        sums *= factor
    sums ^= sums >> HALF
    return sums
