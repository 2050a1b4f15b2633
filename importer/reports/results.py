"""`results.csv`: one line per row, there to be read as soon as the row's outcome is told, also after a kill.

The lines of all outcomes that are told together are written by one call of the system and nothing is kept back, so
there is never half a line and there is no buffer to lose.  What a kill can keep out of it is what was not told yet,
some hundredths of a second; the ledger has that, too.
"""

import csv
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa

from importer.model import Action, Outcome, Problem
from importer.outcomes import EndedAlike
from importer.reports import csv_columns
from importer.reports.csv_columns import cell, cells
from importer.safe_text import shown
from importer.speech import ENGLISH, Speech

NAME = "results.csv"
COLUMNS = (
    *("run", "file", "sheet", "row", "entity", "key", "status", "action", "server_id", "http_status"),
    *("column", "cell", "code", "message", "attempts", "seconds", "finished_at"),
)
BOM = "\ufeff"


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class Results:
    """The file while it is being written.  `close` it, or use it in a `with`.

    Raises OSError wherever the file cannot be written; what is in it then still ends with a whole line.
    """

    def __init__(self, path: Path, run_id: str, speech: Speech = ENGLISH, clock: Callable[[], datetime] = now) -> None:
        self._run_id = shown(run_id)
        self._speech = speech
        self._clock = clock
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        self._size = 0
        self._made: list[str] = []
        """Lines on their way to the file."""
        # The csv module decides on quotes.
        self._lines = csv.writer(SimpleNamespace(write=self._made.append))
        header = (BOM + ",".join(COLUMNS) + "\r\n").encode()
        self._append(header, [len(header)])

    def add(self, *outcomes: Outcome) -> None:
        """Write the lines of *outcomes*; they can be read when this returns."""
        finished_at = timestamp(self._clock())
        self._made.clear()
        self._lines.writerows(self._line(outcome, finished_at) for outcome in outcomes)
        lines = [line.encode() for line in self._made]
        self._append(b"".join(lines), list(accumulate(map(len, lines))))

    def add_alike(self, those: EndedAlike) -> None:
        """The same for many rows at once, put together in columns."""
        why = _why(Problem(those.sheet, those.code), self._speech) if those.code else ("", "", "", "")
        columns = (
            *map(cell, (self._run_id, shown(those.sheet.file), shown(those.sheet.sheet))),
            pa.array(those.rows).cast(csv_columns.TEXT),
            those.entity,
            cells(those.keys, shown),
            those.status.value,
            Action.NONE.value,
            cells(those.server_ids, shown),
            "",  # nothing was asked
            *map(cell, why),
            "0",
            f"{0:.3f}",
            timestamp(self._clock()),
        )
        lines = csv_columns.lines(columns)
        bounds = np.frombuffer(lines.buffers()[1], np.int64)[: len(lines) + 1].tolist()
        self._append(memoryview(lines.buffers()[2])[: bounds[-1]], bounds)

    def _line(self, outcome: Outcome, finished_at: str) -> tuple[object, ...]:
        row, why = outcome.row, next(iter(outcome.problems), None)
        where = row.where
        return (
            self._run_id,
            shown(where.file),
            shown(where.sheet),
            where.row,
            row.entity,
            shown(row.key),
            outcome.status.value,
            outcome.action.value,
            shown(" ".join(outcome.server_ids)),
            outcome.http_status,
            *(_why(why, self._speech) if why else ("", "", "", "")),
            outcome.attempts,
            f"{outcome.seconds:.3f}",
            finished_at,
        )

    def close(self) -> None:
        """Nothing more comes; may be called twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _append(self, data: bytes | memoryview, bounds: Sequence[int]) -> None:
        """Write *data*, in which lines end at *bounds*."""
        rest = data
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            # A full disk takes a part of a line; nobody shall read that part.
            written = len(data) - len(rest)
            whole = max((size for size in bounds if size <= written), default=0)
            os.ftruncate(self._file, self._size + whole)
            raise
        self._size += len(data)


def _why(problem: Problem, speech: Speech) -> tuple[str, str, str, str]:
    return shown(problem.column), problem.where.cell, problem.code, shown(speech.advice(problem))


def timestamp(moment: datetime) -> str:
    """*moment* as RFC 3339 in UTC, to the millisecond: 2026-01-31T10:00:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
