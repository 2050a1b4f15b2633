"""The sheets of a run side by side: every row has one number, by which its cells are found again.

Goes through all columns that somebody has a question about, once, some rows at a time.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.findings import NONE, Finding, Numbers, groups_of, places_by_number
from importer.keys import Shown
from importer.model import CheckedSheet, Problem, Row, Severity, Where
from importer.rows import Rows, in_columns
from importer.threads import ahead
from schemas.cells import Value
from schemas.entity import Entity, Field

SHEET = 40
"""A row's number is its place in its sheet, and in the bits above these the place of the sheet."""
PLACE = (1 << SHEET) - 1

Hashes = npt.NDArray[np.uint64]
Counted = npt.NDArray[np.uint32]
"""Rows counted through all sheets of a run, from 0."""

MOST_PLACES = 5

Groups = npt.NDArray[np.integer]
ALIKE: Groups = np.array([], dtype=np.int64)
"""In place of groups: all rows with equal texts are of one."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be told of a row."""

    code: str
    facts: Mapping[str, str]
    suggestion: str = ""


class Question(ABC):
    """Something that is asked of all rows of some entities together."""

    @abstractmethod
    def columns(self, entity: str) -> Collection[str]:
        """The fields of *entity* that it wants to see; none where it has nothing to ask of its rows."""

    @abstractmethod
    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:
        """Look at some *rows* of *entity*, which are never shown again."""


class Telling(Protocol):
    """What has something to tell of rows once all were looked at."""

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """What is to be told, each with the number of its sheet."""


class Book:
    """The checked sheets of a run."""

    def __init__(self, sheets: Sequence[CheckedSheet]) -> None:
        self._entities = [sheet.entity.name if sheet.entity else "" for sheet in sheets]
        self._rows = [in_columns(sheet.rows) for sheet in sheets]
        self.starts: list[int] = [0, *accumulate(map(len, self._rows))]
        """How many rows stand before each sheet; at last, how many there are."""

    def brings(self, entity: str) -> bool:
        """Whether some sheet has rows of *entity* to be imported."""
        return any(
            of == entity and len(rows) > len(rows.examples) for of, rows in zip(self._entities, self._rows, strict=True)
        )

    def sheet(self, number: int) -> tuple[str, Rows]:
        """The entity of a sheet, "" where it is none of ours, and its rows."""
        return self._entities[number], self._rows[number]

    def ask(self, questions: Sequence[Question]) -> None:
        """Show all rows to those who have asked for them."""
        for sheet, (entity, rows) in enumerate(zip(self._entities, self._rows, strict=True)):
            asking = {question: question.columns(entity) for question in questions}
            names = sorted({name for wanted in asking.values() for name in wanted})
            first = sheet << SHEET
            for columns in ahead(map(Shown, rows.columns(names))) if names else ():
                numbers = np.arange(first, first + len(columns[names[0]]))
                first += len(numbers)
                for question, wanted in asking.items():
                    if wanted and len(numbers):
                        question.look(entity, numbers, columns)

    def written(self, entity: str, name: str) -> Iterator[tuple[int, pa.Array]]:
        """Of every sheet of *entity*, its number and the column *name* as it stands there, some rows at a time."""
        for sheet, (of, rows) in enumerate(zip(self._entities, self._rows, strict=True)):
            if of == entity:
                yield from ((sheet, texts) for texts in rows.written(name))

    def counted(self, numbers: Numbers) -> Counted:
        """Rows of one sheet counted through all sheets, which takes half the room."""
        before = self.starts[int(numbers[0]) >> SHEET] if len(numbers) else 0
        return (numbers & PLACE).astype(np.uint32) + np.uint32(before)

    def spans(self, entities: Collection[str]) -> Iterator[tuple[int, int]]:
        """For each sheet of *entities*, its first row and the first behind it, counted likewise."""
        for entity, span in zip(self._entities, pairwise(self.starts), strict=True):
            if entity in entities:
                yield span

    def kept_out(self) -> npt.NDArray[np.bool_]:
        """For every row, counted likewise, whether it is rejected or an example."""
        found = np.zeros(self.starts[-1], np.bool_)
        for (first, end), rows in zip(pairwise(self.starts), self._rows, strict=True):
            found[first:end] = rows.kept_out
        return found

    # --- some rows again ------------------------------------------------------------------------------------

    def row(self, number: int) -> Row:
        """The row itself."""
        return self._rows[number >> SHEET][number & PLACE]

    def some(self, rows: Counted) -> list[Row]:
        """Some rows, counted through all sheets, in that order."""
        found: dict[int, Row] = {}
        for sheet, at in places_by_number(np.searchsorted(self.starts, rows, side="right") - 1):
            places = rows[at].astype(np.int64) - self.starts[sheet]
            found.update(zip(at.tolist(), self._rows[sheet].some(places), strict=True))
        return [found[at] for at in range(len(rows))]

    def values(self, name: str, numbers: Numbers) -> list[Value | None]:
        """What the cells of some rows mean in the column *name*."""
        found: list[Value | None] = [None] * len(numbers)
        for sheet, at in _by_sheet(numbers):
            for place, value in zip(at.tolist(), self._rows[sheet].values(name, numbers[at] & PLACE), strict=True):
                found[place] = value
        return found

    def texts(self, name: str, numbers: Numbers) -> pa.Array:
        """The same as texts, equal where the values are."""
        found, order = [pa.array([], pa.large_string())], [NONE]
        for sheet, at in _by_sheet(numbers):
            found.append(self._rows[sheet].texts(name, numbers[at] & PLACE))
            order.append(at)
        return pa.chunked_array(found).combine_chunks().take(pa.array(np.argsort(np.concatenate(order))))

    def keys(self, entity: Entity, numbers: Numbers) -> list[tuple[str | None, ...]]:
        """The keys of some rows of *entity*: equal where they share one."""
        first = list(zip(*(self.texts(name, numbers).to_pylist() for name in entity.key), strict=True))
        if not entity.else_key:
            return first
        other = zip(*(self.texts(name, numbers).to_pylist() for name in entity.else_key), strict=True)
        return [("", *otherwise) if None in key else key for key, otherwise in zip(first, other, strict=True)]

    def place(self, sheet: int) -> Where:
        """The sheet of that number."""
        return self._rows[sheet].place

    def letters(self, sheet: int, name: str) -> str:
        """Of the column *name* there; "" where it has none."""
        return self._rows[sheet].letters(name)

    def places(self, numbers: Numbers, *, but: int | None = None) -> str:
        """Where some rows stand, in words: `Orders!4, Orders!7 and 3 more`; all *but* one of them."""
        count = len(numbers) - (but is not None)
        few = [number for number in numbers[: MOST_PLACES + 1].tolist() if number != but][:MOST_PLACES]
        named = ", ".join(self._place_of(number) for number in few)
        return f"{named} and {count - MOST_PLACES} more" if count > MOST_PLACES else named

    def _place_of(self, number: int) -> str:
        rows = self._rows[number >> SHEET]
        return f"{rows.place.sheet or rows.place.file}!{rows.number(number & PLACE)}"

    # --- what is to be told ---------------------------------------------------------------------------------

    def findings(
        self,
        numbers: Numbers,
        field: Field,
        severity: Severity,
        said: Callable[[int], Said],
        alike: Groups | None = None,
    ) -> Iterator[tuple[int, Finding]]:
        """What is *said* of some rows, which are in order, at the column of *field*: for each sheet one finding.

        *said* is asked with the position of a row in *numbers*.  Of rows with equal texts and equal members of *alike*
        (`ALIKE`: of all with equal texts) it says the same; without it, every row is told something of its own.
        """
        for sheet, at in _by_sheet(numbers):
            rows, places = self._rows[sheet], numbers[at] & PLACE
            where = replace(rows.place, column=rows.letters(field.name))
            texts = rows.texts(field.name, places).fill_null("")
            same = alike if alike is None or alike is ALIKE else alike[at]
            yield sheet, AmongRows(rows.numbers(places), where.column, severity, where, field, texts, at, said, same)


def _by_sheet(numbers: Numbers) -> Iterator[tuple[int, Numbers]]:
    """The sheets that some rows are of, and where in *numbers* each has its own."""
    return places_by_number(numbers >> SHEET)


@dataclass(frozen=True, slots=True, eq=False)
class AmongRows(Finding):
    """Something that shows only beside other rows."""

    rows: Numbers
    letters: str
    severity: Severity
    where: Where
    """The column."""
    field: Field
    texts: pa.Array
    """Of the cells, in the order of `rows`."""
    at: Numbers
    """By what position to ask `said`."""
    said: Callable[[int], Said]
    same: Groups | None
    """Equal for rows of which the same is said if their texts are equal, too; None = no two are."""

    def problem(self, at: int) -> Problem:
        """What is said of the row, at its cell."""
        said = self.said(int(self.at[at]))
        return Problem(
            replace(self.where, row=int(self.rows[at])),
            said.code,
            said.facts,
            column=self.field.name,
            value=self.texts[at].as_py(),
            suggestion=said.suggestion,
            severity=self.severity,
            private=self.field.private,
        )

    def alike(self) -> Iterator[tuple[Problem, Numbers]]:
        """The problems that differ in their rows alone."""
        for places in groups_of(self.texts, None if self.same is ALIKE else self.same) if self.same is not None else ():
            yield self.problem(int(places[0])), self.rows[places]
        if self.same is None:
            yield from Finding.alike(self)

    def only(self, kept: npt.NDArray[np.bool_]) -> "AmongRows":
        """What is left of it."""
        same = self.same if self.same is None or self.same is ALIKE else self.same[kept]
        return replace(self, rows=self.rows[kept], texts=self.texts.filter(pa.array(kept)), at=self.at[kept], same=same)
