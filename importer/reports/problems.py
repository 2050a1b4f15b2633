"""`problems.csv`: one line per problem and note, in the order of the files, their sheets and their rows."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from importer.model import Problem
from importer.reports.csv_columns import TEXT, cell, in_order, line, lines
from importer.reports.matched import SheetResult
from importer.safe_text import shown
from importer.speech import ENGLISH, Speech

NAME = "problems.csv"
COLUMNS = ("file", "sheet", "row", "column", "cell", "severity", "code", "value", "message", "suggestion")


def write(path: Path, results: Iterable[SheetResult], speech: Speech = ENGLISH) -> None:
    """Write the file *path*; without any problem it holds the header alone."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(line(COLUMNS))
        for result in results:
            file.writelines(line(_cells(problem, speech)) for problem in result.own_problems)
            file.writelines(_of_rows(result, speech))


def _of_rows(result: SheetResult, speech: Speech) -> Iterator[str]:
    alone = ((problem.where.row or 0, line(_cells(problem, speech))) for problem in result.row_problems)
    if not len(result.waiting):
        return (told for _, told in alone)
    (problem,) = result.first_waiting.problems
    return in_order(alone, result.waiting, partial(_alike, _cells(problem, speech)))


def _alike(told: Sequence[str | int], rows: NDArray[np.int64]) -> pa.Array:
    """The lines of *rows* that are *told* what one of them is."""
    columns = [cell(str(one)) for one in told]
    at = COLUMNS.index("row")
    return lines([*columns[:at], pa.array(rows).cast(TEXT), *columns[at + 1 :]])


def _cells(problem: Problem, speech: Speech) -> tuple[str | int, ...]:
    where = problem.where
    return (
        shown(where.file),
        shown(where.sheet),
        where.row or "",
        shown(problem.column),
        where.cell,
        problem.severity.value,
        problem.code,
        shown(problem.value),
        shown(speech.message(problem)),
        shown(problem.suggestion),
    )
