"""What can be asked of the rows of a sheet, however they are kept."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from importer.findings import Finding, Findings, Numbers
from importer.model import Problem, Row, Where
from schemas.cells import CLEAR, Conventions, Value
from schemas.kinds import to_json

Counted = Mapping[int, int]
"""Place of a row -> its number among the rows that share its key, where that is not 1."""


class Rows(Sequence[Row], ABC):
    """The rows of one sheet, in its order, and its columns."""

    findings: Findings
    """What was found in them; not what keeps all rows of the sheet out alike."""

    @property
    @abstractmethod
    def place(self) -> Where:
        """The sheet that they are of."""

    @property
    @abstractmethod
    def faults(self) -> tuple[Problem, ...]:
        """What keeps all its rows out alike, but for the examples."""

    @property
    @abstractmethod
    def examples(self) -> Numbers:
        """Numbers of the rows that are the template's example."""

    @property
    @abstractmethod
    def rejected(self) -> int:
        """How many rows are kept out."""

    @abstractmethod
    def letters(self, name: str) -> str:
        """Of the column of the field *name*; "" where the sheet has none."""

    @abstractmethod
    def columns(self, names: Sequence[str]) -> Iterator[Mapping[str, pa.Array]]:
        """The columns of the fields *names*, some rows at a time: what each cell means, as a text.

        Equal texts mean the same, different ones do not; null stands for cells that mean nothing: blank, cleared and
        unreadable ones.
        """

    @abstractmethod
    def written(self, name: str) -> Iterator[pa.Array]:
        """The column of the field *name*, some rows at a time, as it stands in the sheet.

        Null where a cell means nothing, or where it is not known how it was written.
        """

    @abstractmethod
    def texts(self, name: str, places: Numbers) -> pa.Array:
        """The same as in `columns` for a few cells of one column, those of the rows at *places*, counted from 0."""

    @abstractmethod
    def values(self, name: str, places: Numbers) -> list[Value | None]:
        """What a few cells of one column mean."""

    @abstractmethod
    def some(self, places: Numbers) -> list[Row]:
        """The rows at *places*, in that order; quicker than one by one."""

    @abstractmethod
    def number(self, place: int) -> int:
        """The number of one row, as the spreadsheet shows it."""

    @abstractmethod
    def numbers(self, places: Numbers) -> Numbers:
        """The numbers of the rows at *places*, as the spreadsheet shows them."""

    @property
    @abstractmethod
    def all_numbers(self) -> Numbers:
        """The numbers of all rows, in their order."""

    @property
    def is_kept_out_as_a_whole(self) -> bool:
        """Whether a fault of the sheet rejects all rows, so that what was found in single ones tells nothing of it."""
        return self.rejected > len(self.findings.rejected)

    @property
    def kept_out(self) -> npt.NDArray[np.bool_]:
        """For every row, whether it is rejected or an example."""
        if self.is_kept_out_as_a_whole:
            return np.ones(len(self), np.bool_)
        return np.isin(self.all_numbers, np.concatenate([self.findings.rejected, self.examples]))

    def read_by(self, name: str) -> Conventions | None:  # noqa: ARG002 - none of them is known
        """How the cells of a column are read as they are `written`; None = that is not known, or there is none."""
        return None

    @property
    def counted(self) -> Counted:
        """The numbers of rows that share their keys, as far as these are not part of rows that are there already."""
        return {}

    @abstractmethod
    def also(self, found: Iterable[Finding], counted: Counted | None = None) -> Self:
        """The rows with what was *found* among them, and with the numbers by which those of one key are *counted*."""

    def __eq__(self, other: object) -> bool:
        """Like a tuple of the same rows."""
        return tuple(self) == tuple(other) if isinstance(other, Rows | tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it would have to put all rows together


def as_text(value: Value | None) -> str | None:
    """*value* as a text that is equal where the value is; None where a cell says nothing or clears."""
    return None if value is None or value is CLEAR else str(to_json(value))
