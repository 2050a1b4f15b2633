"""The rows of one entity in all sheets of a run, counted from 0, so that a number stands for a row."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from importer.findings import Numbers, places_by_number
from importer.keys import Shown
from importer.model import CheckedSheet, Problem, Where
from importer.outcomes import Outcomes
from importer.readiness.lost import Lost
from importer.readiness.marks import Mask
from importer.rows import in_columns

Hashes = npt.NDArray[np.uint64]


class RowsOf:
    """The rows of *entity*, and what became of them."""

    def __init__(self, entity: str, sheets: Sequence[CheckedSheet], outcomes: Outcomes) -> None:
        self._rows = [in_columns(sheet.rows) for sheet in sheets if sheet.entity and sheet.entity.name == entity]
        self._starts: list[int] = np.cumsum([0, *map(len, self._rows)]).tolist()
        self._lost = [Lost(entity, rows, outcomes) for rows in self._rows]
        self.is_brought = any(len(rows) > len(rows.examples) for rows in self._rows)
        """Whether there is any; an empty sheet of the template brings none."""

    def __len__(self) -> int:
        return self._starts[-1]

    def columns(self, names: Sequence[str]) -> Iterator[tuple[Numbers, Shown]]:
        """The columns *names*, some rows at a time: which rows, and what their cells mean, as texts."""
        for start, rows in zip(self._starts, self._rows, strict=False):
            first = start
            for columns in map(Shown, rows.columns(names)):
                count = len(columns[names[0]])
                yield np.arange(first, first + count), columns
                first += count

    def are_lost(self, numbers: Numbers, *, but_for_others: bool = False) -> Mask:
        """Which of some rows do not get in; *but_for_others*: without those that only wait for another row."""
        found = np.zeros(len(numbers), dtype=np.bool_)
        for sheet, at, places in self._by_sheet(numbers):
            lost, rows = self._lost[sheet], self._rows[sheet].numbers(places)
            found[at] = lost.with_reason_among(rows) if but_for_others else lost.among(rows)
        return found

    def told_at(self, numbers: Numbers) -> Numbers:
        """*numbers* of lost rows; in place of those that one trouble keeps out together, always the same one."""
        told = numbers.copy()
        for sheet, at, _ in self._by_sheet(numbers):
            if self._lost[sheet].at_once:
                told[at] = self._starts[sheet]
        return told

    # --- some rows again ------------------------------------------------------------------------------------

    def texts(self, name: str, numbers: Numbers) -> list[str]:
        """What the cells of some rows mean in a column in which they are filled."""
        found = [""] * len(numbers)
        for sheet, at, places in self._by_sheet(numbers):
            for where, text in zip(at.tolist(), self._rows[sheet].texts(name, places).to_pylist(), strict=True):
                found[where] = text
        return found

    def cells(self, name: str, numbers: Numbers) -> list[Where]:
        """Where some rows have the column *name*; the rows where their sheet has no such column."""
        found = [Where("")] * len(numbers)
        for sheet, at, places in self._by_sheet(numbers):
            rows = self._rows[sheet]
            column = replace(rows.place, column=rows.letters(name))
            for where, row in zip(at.tolist(), rows.numbers(places).tolist(), strict=True):
                found[where] = replace(column, row=row)
        return found

    def troubles(self, numbers: Numbers) -> list[Problem]:
        """What keeps some rows out."""
        found: dict[int, Problem] = {}
        for sheet, at, places in self._by_sheet(numbers):
            for where, row in zip(at.tolist(), self._rows[sheet].numbers(places).tolist(), strict=True):
                found[where] = self._lost[sheet].trouble(row)
        return [found[where] for where in range(len(numbers))]

    def trouble_columns(self, numbers: Numbers) -> set[str]:
        """In which columns that stands; "" among them for whole rows."""
        found = [self._lost[sheet].columns(self._rows[sheet].numbers(at)) for sheet, _, at in self._by_sheet(numbers)]
        return set().union(*found)

    def _by_sheet(self, numbers: Numbers) -> Iterator[tuple[int, Numbers, Numbers]]:
        """For each sheet that has some of them: which of *numbers*, and their places in the sheet."""
        for sheet, at in places_by_number(np.searchsorted(self._starts, numbers, side="right") - 1):
            yield sheet, at, numbers[at] - self._starts[sheet]


def keyed(numbers: Numbers, columns: Shown, *names: str) -> tuple[Hashes, Numbers]:
    """One number for what the columns *names* say together, and the row; rows that lack one of them are left out."""
    wanted = columns.filled(*names)
    return columns.hashes(wanted, *names), numbers[wanted]
