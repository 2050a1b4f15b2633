"""The columns that are looked at for damage: their cells as whole columns, and which of them hold the same codes.

Nothing goes row by row in Python here.  A sheet is looked at as a whole; where only part of a file is given at a time,
what a column's neighbours tell is told by that part alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from importer.kept import chunks_of, let_go
from importer.model import Table
from schemas import ENTITIES
from schemas.entity import Entity, Field

Texts: TypeAlias = pa.LargeStringArray
NO_TEXTS: Texts = pa.array([], pa.large_string())
Mask: TypeAlias = npt.NDArray[Any]
"""A number or a truth for each text or row of a column."""

AT_ONCE = 50_000
"""So many texts are looked at together."""
MOST_DIFFERENT = 0.5
"""Where more of the first texts differ, it takes longer to find those that repeat than to look at all."""

KNOWN = 0.9
"""The share of a column's codes that another sheet must have to be taken for the one that has them all."""

CODE, PHONE = "code", "phone number"
NUMBERS = ("number", "whole number")
"""Names of kinds (`schemas.kinds`)."""
NO_CODES = ("customs_item_value",)
"""Columns that are kept letter by letter, though they hold numbers."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose header is understood."""

    table: Table
    entity: Entity
    columns: Mapping[str, int]
    """Field name -> position of its column in the table."""
    right: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Field name -> texts that are right as they are, whatever they look like."""


@dataclass(frozen=True)
class Column:
    """The cells of one field, without rows that may be shifted."""

    entity: Entity
    field: Field
    texts: Texts
    """The cells as written, in the order of the rows; blank ones are ""."""

    @property
    def is_code(self) -> bool:
        """The cells are kept letter by letter."""
        return self.field.kind.name == CODE

    @cached_property
    def distinct(self) -> Texts:
        """The different texts, without blanks around them; "" is not among them."""
        return self._different(lambda texts: pc.not_equal(texts, ""))

    @cached_property
    def digits(self) -> Texts:
        """Those of `distinct` that consist of digits."""
        return self._different(pc.ascii_is_decimal)

    @cached_property
    def unpadded(self) -> Texts:
        """Those of `digits` that do not begin with a zero."""
        return self._numbers.filter(pc.ascii_is_decimal(self._numbers))

    @cached_property
    def near_numbers(self) -> Texts:
        """Those of `distinct` that are written like numbers, but for whole ones."""
        others = self._numbers.filter(pc.invert(pc.ascii_is_decimal(self._numbers)))
        return matching(others, "^[0-9]+(?:[.,][0-9]+|[eE])[0-9eE+]*$")

    @cached_property
    def _numbers(self) -> Texts:
        """Those of `distinct` that begin with a digit, but for whole numbers with zeros in front."""
        return self._different(_may_be_number)

    def like(self, pattern: str) -> tuple[str, ...]:
        """Those of `distinct` that fit *pattern*, as plain texts."""
        return tuple(self._different(lambda texts: pc.match_substring_regex(texts, pattern)).to_pylist())

    def number_like(self, pattern: str) -> tuple[str, ...]:
        """Those of `near_numbers` that fit *pattern*, likewise."""
        return tuple(matching(self.near_numbers, pattern).to_pylist())

    @cached_property
    def foreign(self) -> Texts:
        """The different texts with letters beyond ASCII, with the blanks around them."""
        chunks = (chunk for chunk in self._each if not _letters(chunk).isascii())
        return _picked(chunks, lambda texts: pc.invert(pc.string_is_ascii(texts)))

    def with_mark(self, mark: str) -> tuple[str, ...]:
        """The different texts in which *mark* stands, with the blanks around them."""
        chunks = (chunk for chunk in self._each if mark.encode() in _letters(chunk))
        return tuple(_picked(chunks, lambda texts: pc.match_substring(texts, mark)).to_pylist())

    @cached_property
    def longest(self) -> int:
        """How many bytes the longest text has."""
        return max((pc.max(pc.binary_length(chunk)).as_py() or 0 for chunk in self._each), default=0)

    # --- chunk by chunk, since a whole column at once may be too much for the memory ---------------------------

    @property
    def _each(self) -> Iterator[Texts]:
        for chunk in chunks_of(self.texts):
            yield chunk
            let_go()

    def _different(self, wanted: Callable[[Texts], pa.BooleanArray]) -> Texts:
        """The different texts that are *wanted*, without the blanks around them."""
        return _picked(self._each, wanted, pc.utf8_trim_whitespace)


def _letters(texts: Texts) -> bytes:
    """All letters of *texts* in a row, and perhaps some more: to see at once that none of them is of some kind."""
    _, _, letters = texts.buffers()
    return bytes(letters or b"")


def _picked(
    chunks: Iterable[Texts],
    wanted: Callable[[Texts], pa.BooleanArray],
    bare: Callable[[Texts], Texts] = lambda texts: texts,
) -> Texts:
    """The different texts in *chunks*, made *bare*, that are *wanted*."""
    found = [NO_TEXTS]
    for texts in _by_thousands(chunks):
        distinct = bare(texts)
        found.append(distinct.filter(wanted(distinct)))
    return pc.unique(pa.chunked_array(found))


def _by_thousands(chunks: Iterable[Texts]) -> Iterator[Texts]:
    """The texts in *chunks*, thousands at a time, as each look has its price; of those that repeat, fewer."""
    waiting: list[Texts] = []
    repeat = True
    for chunk in chunks:
        waiting.append(pc.unique(chunk) if repeat else chunk)
        repeat = repeat and len(waiting[-1]) <= MOST_DIFFERENT * len(chunk)
        if sum(map(len, waiting)) >= AT_ONCE:
            yield pa.concat_arrays(waiting)
            waiting = []
    if waiting:
        yield pa.concat_arrays(waiting)


def _may_be_number(texts: Texts) -> pa.BooleanArray:
    is_padded = pc.and_(pc.starts_with(texts, "0"), pc.ascii_is_decimal(texts))
    return pc.and_not(pc.ascii_is_decimal(pc.utf8_slice_codeunits(texts, 0, 1)), is_padded)


def columns(sheet: Sheet) -> tuple[Column, ...]:
    """The columns of *sheet* that belong to a field."""
    return tuple(Column(sheet.entity, sheet.entity.field(name), sound_texts(sheet, name)) for name in sheet.columns)


def sound_texts(sheet: Sheet, name: str) -> pa.ChunkedArray:
    """The cells of the field *name* in the rows of *sheet* whose cells surely stand where they belong."""
    chunks = chunks_of(sheet.table.frame[sheet.columns[name]])
    is_sound = _is_sound(sheet.table)
    if not is_sound.all():
        starts = np.cumsum([0, *map(len, chunks)]).tolist()
        masks = [is_sound[start : start + len(chunk)] for start, chunk in zip(starts, chunks, strict=False)]
        # Only what has such a row is copied.
        chunks = [
            chunk if mask.all() else chunk.filter(pa.array(mask)) for chunk, mask in zip(chunks, masks, strict=True)
        ]
    return pa.chunked_array(chunks, pa.large_string())


def sound_rows(sheet: Sheet) -> pd.Index:
    """The numbers of these rows."""
    index, is_sound = sheet.table.frame.index, _is_sound(sheet.table)
    return index if is_sound.all() else index.take(np.flatnonzero(is_sound))


def _is_sound(table: Table) -> Mask:
    shifted = [problem.where.row for problem in table.problems if problem.where.row and not problem.where.column]
    places = table.frame.index.get_indexer(pd.Index(shifted, dtype=np.int64))
    is_sound = np.ones(len(table.frame), dtype=np.bool_)
    is_sound[places[places >= 0]] = False
    return is_sound


def matching(texts: Texts, pattern: str) -> Texts:
    """Those of *texts* in which *pattern* is found."""
    # Most patterns are tried on nothing: few columns have letters beyond ASCII, or numbers among their codes.
    return texts.filter(pc.match_substring_regex(texts, pattern)) if len(texts) else texts


def lengths(texts: Texts) -> Mask:
    """How many characters each of *texts* has."""
    return np.asarray(pc.utf8_length(texts))


def leading_zeros(digits: Texts) -> Mask:
    """How many zeros each of *digits* begins with."""
    return lengths(digits) - lengths(pc.utf8_ltrim(digits, "0"))


# --- columns that hold the same codes -----------------------------------------------------------------------


def family(entity: Entity, field: Field) -> str:
    """What the codes of *field* name, so that columns of several sheets hold the same ones; "" = nothing else does."""
    if field.reference:
        return field.reference.entity
    is_named = any(
        other.reference.entity == entity.name and field.name in other.reference.fields
        for one in ENTITIES
        for other in one.references
        if other.reference
    )
    return entity.name if is_named else ""


class Kin:
    """The codes of a column as its relatives know them: the order numbers of the orders' sheet, for those of items."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._families: dict[str, list[Column]] = {}
        for column in columns:
            if name := family(column.entity, column.field):
                self._families.setdefault(name, []).append(column)

    def others(self, column: Column) -> Texts:
        """The codes in the columns that *column* refers to, or else in all others of its family; some twice."""
        relatives = [one for one in self._relatives(column) if one is not column]
        referred = [one for one in relatives if column.field.reference and not one.field.reference]
        return pa.concat_arrays([NO_TEXTS, *(one.distinct for one in referred or relatives)])

    def knows(self, column: Column, apart_from: Sequence[str]) -> bool:
        """Whether the other columns have nearly all codes of *column*, perhaps with more zeros in front.

        Then they have those *apart_from* them as well, whatever these were.
        """
        theirs = self.others(column)
        left_out = pa.array([*apart_from], type=theirs.type)
        ours = column.distinct.filter(pc.invert(pc.is_in(column.distinct, value_set=left_out)))
        known = pc.or_(pc.is_in(ours, value_set=theirs), pc.is_in(ours, value_set=pc.utf8_ltrim(theirs, "0")))
        return len(theirs) > 0 and int(np.sum(np.asarray(known))) >= KNOWN * len(ours)

    def _relatives(self, column: Column) -> Sequence[Column]:
        return self._families.get(family(column.entity, column.field), [column])
