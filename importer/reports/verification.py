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
from importer.speech import ENGLISH, Speech
from schemas.cells import Note

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

    def line(self, speech: Speech = ENGLISH) -> str:
        """`june.xlsx › Orders!C2: language: "de" was written, the server has "fr"`; private values left out."""
        if self.private:
            said = speech.say("the server has another value (personal data, see {file})", file=NAME)
        else:
            said = speech.say(
                "{written} was written, the server has {found}",
                written=speech.quoted(self.written),
                found=speech.quoted(self.on_server),
            )
        return f"{speech.place(self.where)}: {self.column}: {said}"


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
    reason: Note | None = None
    """Why it was not compared, or what else is to be said."""

    def lines(self, speech: Speech = ENGLISH) -> Iterator[str]:
        """One line for each difference, or what else is the matter; private values left out."""
        if self.differences:
            yield from (one.line(speech) for one in self.differences)
            return
        number = f" ({speech.say('number {number}', number=self.server_id)})" if self.server_id else ""
        is_missing = self.verdict is Verdict.MISSING
        said = speech.say("no longer on the server") if is_missing else self.why(speech)
        yield f"{speech.place(self.row.where)}: {self.row.entity} {self.row.key}{number}: {said}"

    def why(self, speech: Speech) -> str:
        """The reason as a sentence; "" where there is none."""
        return speech.note(self.reason) if self.reason else ""


def write(path: Path, run_id: str, records: Iterable[Verified], speech: Speech) -> None:
    """Write the file *path*; records that are the same are not in it, nor those that the run did not write."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for record in records:
            if record.verdict not in {Verdict.SAME, Verdict.NOT_WRITTEN}:
                lines.writerows(_lines(run_id, record, speech))


def _lines(run_id: str, record: Verified, speech: Speech) -> Iterator[tuple[object, ...]]:
    row, why = record.row, shown(record.why(speech))
    of_record = (
        *(shown(text) for text in (run_id, row.where.file, row.where.sheet)),
        *(row.where.row, row.entity, shown(row.key), shown(record.server_id), record.verdict.value),
    )
    if not record.differences:
        yield (*of_record, "", "", "", "", why)
    for one in record.differences:
        yield (*of_record, one.column, one.where.cell, shown(one.written), shown(one.on_server), why)
