"""A sheet in columns, in parts of some thousand rows: what its cells say, and what they mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from importer.findings import NONE, Numbers
from importer.model import Problem, Where
from importer.rows.base import as_text
from schemas.cells import Conventions, Value
from schemas.entity import Entity

FEW_ODD = 100
"""Cells that are odd are remembered where at most one of so many is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet that belongs to a field."""

    name: str
    """Of the field."""
    letters: str
    """As the spreadsheet shows them."""
    value: Callable[[str], Value | None]
    """What the text of a cell means; None where it is blank or cannot be read."""
    odd: Callable[[pa.Array], Numbers] | None = None
    """Where among texts those stand that may mean something else than themselves; None = anywhere."""
    conventions: Conventions | None = None
    """By which `value` reads; None = that is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some rows of a sheet, one below the other."""

    numbers: range | Numbers
    """A range where no number between is left out, which takes no room."""
    cells: Mapping[str, pa.Array]
    """Field name -> the texts as they stand there."""
    odd: dict[str, Numbers] = field(default_factory=dict)
    """Field name -> where those stand that may mean something else than themselves; once somebody asked, if few."""

    def __len__(self) -> int:
        return len(self.numbers)

    def remember_odd(self, name: str, places: Numbers) -> None:
        """Keep where the odd cells of a column stand, if they are few: to find them takes longer than all the rest."""
        if len(places) * FEW_ODD <= len(self):
            self.odd[name] = places

    @property
    def rows(self) -> Numbers:
        """The numbers one by one."""
        if isinstance(self.numbers, range):
            return np.arange(self.numbers.start, self.numbers.stop)  # numpy would take a range number by number
        return self.numbers


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What all rows of a sheet have in common, and which of them are odd."""

    entity: Entity
    place: Where
    columns: tuple[Column, ...]
    faults: tuple[Problem, ...] = ()
    """What keeps every row out."""
    examples: Numbers = field(default_factory=lambda: NONE)
    """Numbers of the rows that are the template's example, ascending."""
    unread: Numbers = field(default_factory=lambda: NONE)
    """Numbers of the rows whose cells may be shifted, so that nobody can tell what they mean; ascending."""
    spoilt: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Row -> fields whose cells do not hold what was entered, and mean nothing therefore."""


def numbers_of(numbers: range | Numbers, inside: Numbers) -> Numbers:
    """The numbers of the rows *inside* a part, without laying out a range for a few of them."""
    return inside + numbers.start if isinstance(numbers, range) else numbers[inside]


def values_of(column: Column, texts: pa.Array) -> list[Value | None]:
    """What the cells of a column mean; where a text can only mean itself, nobody is asked."""
    written = texts.to_pylist()
    found: list[Value | None] = [text or None for text in written]
    odd = range(len(found)) if column.odd is None else column.odd(texts).tolist()
    meant = {text: column.value(text) for text in {written[at] for at in odd} if text}
    for at in odd:
        found[at] = meant.get(written[at])
    return found


def meant_by(column: Column, texts: pa.Array) -> pa.Array:
    """What *texts* mean, each distinct one read once."""
    distinct = texts.dictionary_encode()
    meant = pa.array([as_text(column.value(text)) for text in distinct.dictionary.to_pylist()], pa.large_string())
    return meant.take(distinct.indices)


@dataclass(frozen=True, slots=True, eq=False)
class RowCells(Mapping[str, Where]):
    """Field name -> place of its cell; worked out when asked for, since most rows are never asked."""

    row: Where
    """The row as a whole."""
    letters: Mapping[str, str]
    """Field name -> letters of its column; one for all rows of a sheet."""

    def __getitem__(self, name: str) -> Where:
        return replace(self.row, column=self.letters[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.letters)

    def __len__(self) -> int:
        return len(self.letters)
