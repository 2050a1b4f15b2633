"""Sheets that a mapping profile led to ours, laid back upon the sheets of the file as they stand there.

For what is given back in the user's own form: his columns, his order, each of his rows once, even where one sheet fed
several of ours.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path

from importer.model import Status, Where
from importer.reports.matched import RowResult, SheetResult, distinct

WORST_LAST = tuple(Status)


def as_it_stands(results: Iterable[SheetResult]) -> tuple[SheetResult, ...]:
    """*results*, those that come from one sheet of the file as one; others as they are."""
    groups: dict[tuple[Path, Where], list[SheetResult]] = defaultdict(list)
    for result in results:
        groups[result.sheet.table.path, result.where].append(result)
    return tuple(one for found in groups.values() for one in _together(found))


def _together(results: list[SheetResult]) -> Iterable[SheetResult]:
    first = results[0].sheet
    if first.table.source is None:
        return results
    by_number: dict[int, list[RowResult]] = defaultdict(list)
    for row in chain.from_iterable(result.rows for result in results):
        by_number[row.number].append(row)
    rows = tuple(_one_row(by_number[number]) for number in sorted(by_number))
    # Problems of cells that no sheet of ours uses are nobody's concern; the others are with their rows.
    table = replace(first.table.source, problems=())
    problems = distinct(chain.from_iterable(result.own_problems for result in results))
    # Our fields have no columns in it.
    sheet = replace(first, table=table, columns={}, rows=tuple(row.row for row in rows), problems=problems)
    return [SheetResult(sheet, rows)]


def _one_row(rows: list[RowResult]) -> RowResult:
    """What became of a row of the file: the worst of what became of the rows made of it, and all their problems."""
    worst = max(rows, key=_badness)
    return replace(worst, problems=distinct(chain.from_iterable(row.problems for row in rows)))


def _badness(row: RowResult) -> int:
    return WORST_LAST.index(row.outcome.status) if row.outcome else -1
