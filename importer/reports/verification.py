"""`verify.csv`: every record of a run that the server does not hold as it was written, or that could not be compared.

Personal data is in it, since whoever mends a record has to see both values; it is nowhere else that `verify` writes to.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from importer.model import Row, Where
from importer.safe_text import shown

NAME = "verify.csv"
COLUMNS = (
    *("run", "file", "sheet", "row", "entity", "key", "server_id", "verdict"),
    *("column", "cell", "written", "on_server", "message"),
)


class Verdict(StrEnum):
    """What reading a record back came to; the order is that of reports."""

    SAME = "same"
    DIFFERENT = "different"
    MISSING = "missing"
    """The server surely has no such record, as of now."""
    NOT_COMPARED = "not_compared"
    """It could not be looked up, or not as a whole.  Never to be taken for fine."""
    NOT_WRITTEN = "not_written"
    """The run did not write it, or another run has written over it: nothing to compare."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell, and what the server has in its place."""

    where: Where
    column: str
    written: str
    on_server: str
    private: bool = False
    """The values are personal data: for the file, not for the terminal."""

    def __str__(self) -> str:
        """`june.xlsx › Orders!C2: language: "de" was written, the server has "fr"`; private values left out."""
        if self.private:
            return f"{self.where}: {self.column}: the server has another value (personal data, see {NAME})"
        return f'{self.where}: {self.column}: "{self.written}" was written, the server has "{self.on_server}"'


@dataclass(frozen=True, slots=True)
class Verified:
    """One record on the server, as it should be and as it is."""

    row: Row
    unit: int
    """Which of the records that the row became, from 1."""
    server_id: str
    """As the ledger knows it; "" = it knows none."""
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    """Some only where the verdict is `DIFFERENT`."""
    reason: str = ""
    """Why it was not compared, or what else is to be said."""

    def __str__(self) -> str:
        """One line for each difference, or what else is the matter; private values left out."""
        if self.differences:
            return "\n".join(map(str, self.differences))
        number = f" (number {self.server_id})" if self.server_id else ""
        if self.verdict is Verdict.MISSING:
            return f"{self.row.where}: {self.row.entity} {self.row.key}{number}: no longer on the server"
        return f"{self.row.where}: {self.row.entity} {self.row.key}{number}: {self.reason}"


def write(path: Path, run_id: str, records: Iterable[Verified]) -> None:
    """Write the file *path*; records that are the same are not in it, nor those that the run did not write."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for record in records:
            if record.verdict not in {Verdict.SAME, Verdict.NOT_WRITTEN}:
                lines.writerows(_lines(run_id, record))


def _lines(run_id: str, record: Verified) -> Iterator[tuple[object, ...]]:
    row = record.row
    of_record = (
        *(shown(text) for text in (run_id, row.where.file, row.where.sheet)),
        *(row.where.row, row.entity, shown(row.key), shown(record.server_id), record.verdict.value),
    )
    if not record.differences:
        yield (*of_record, "", "", "", "", shown(record.reason))
    for one in record.differences:
        yield (*of_record, one.column, one.where.cell, shown(one.written), shown(one.on_server), shown(record.reason))
