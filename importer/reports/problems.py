"""`problems.csv`: one line per problem and note, in the order of the files, their sheets and their rows."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from importer.model import Problem
from importer.reports.matched import SheetResult
from importer.safe_text import shown
from importer.speech import ENGLISH, Speech

NAME = "problems.csv"
COLUMNS = ("file", "sheet", "row", "column", "cell", "severity", "code", "value", "message", "suggestion")


def write(path: Path, results: Iterable[SheetResult], speech: Speech = ENGLISH) -> None:
    """Write the file *path*; without any problem it holds the header alone."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        lines.writerows(_line(problem, speech) for problem in _in_order(results))


def _in_order(results: Iterable[SheetResult]) -> Iterator[Problem]:
    for result in results:
        yield from result.problems


def _line(problem: Problem, speech: Speech) -> tuple[str | int, ...]:
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
