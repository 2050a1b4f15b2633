"""What a check found, listed and grouped without putting a row together: what is not shown is only counted."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from importer.findings import Finding, from_left
from importer.model import CheckedSheet, Problem, Severity, Where
from importer.reports.causes import MOST_PLACES, Alike, Cause, causes_of
from importer.reports.matched import distinct
from importer.rows import in_columns


class Found:
    """All problems and notes of the sheets of a check."""

    def __init__(self, sheets: Sequence[CheckedSheet]) -> None:
        self._sheets = sheets
        self._own = [_own(sheet) for sheet in sheets]
        """What belongs to a sheet and to no row of it."""

    def __iter__(self) -> Iterator[Problem]:
        """Every problem and note once: sheet by sheet, its own first, then row by row, each from left to right."""
        for own, sheet in zip(self._own, self._sheets, strict=True):
            yield from own
            findings = in_columns(sheet.rows).findings
            for row in findings.rows.tolist():
                yield from sorted(distinct(findings.of(row)), key=_from_left)

    def errors(self, most: int) -> tuple[Problem, ...]:
        """The first errors, in that order."""
        return tuple(islice(chain.from_iterable(map(self._errors, self._own, self._sheets)), most))

    @staticmethod
    def _errors(own: Sequence[Problem], sheet: CheckedSheet) -> Iterator[Problem]:
        findings = in_columns(sheet.rows).findings
        of_rows = (sorted(distinct(findings.of(row)), key=_from_left) for row in findings.rejected.tolist())
        yield from (one for one in chain(own, chain.from_iterable(of_rows)) if one.severity is Severity.ERROR)

    def count(self, severity: Severity) -> int:
        """How many there are of that severity."""
        own = sum(one.severity is severity for of_sheet in self._own for one in of_sheet)
        findings = chain.from_iterable(in_columns(sheet.rows).findings for sheet in self._sheets)
        return own + sum(len(finding.rows) for finding in findings if finding.severity is severity)

    def causes(self, severity: Severity) -> tuple[Cause, ...]:
        """All of that severity, grouped."""
        return causes_of(self._alike(severity))

    def _alike(self, severity: Severity) -> Iterator[Alike]:
        """All of that severity, counted where they differ in their places alone; in no order."""
        for at, (own, sheet) in enumerate(zip(self._own, self._sheets, strict=True)):
            for number, problem in enumerate(own):
                if problem.severity is severity:
                    yield Alike(problem, 1, [((at, 0, 0, "", number), problem.where)])
            for number, finding in enumerate(in_columns(sheet.rows).findings):
                if finding.severity is severity:
                    yield from _counted(finding, at, number)


def _counted(finding: Finding, at: int, number: int) -> Iterator[Alike]:
    """What *finding* tells, which is the one of that *number* in the sheet *at*."""
    order = (*from_left(finding.letters), number)
    for problem, rows in finding.alike():
        file, sheet, column = problem.where.file, problem.where.sheet, problem.where.column
        # Not by `replace`, which takes ten times as long: there may be a million different texts.
        places = [((at, row, *order), Where(file, sheet, row, column)) for row in rows[:MOST_PLACES].tolist()]
        yield Alike(problem, len(rows), places)


def problems_of(sheets: Iterable[CheckedSheet]) -> tuple[Problem, ...]:
    """Every problem and note of *sheets*, once each: sheet by sheet, its own first, then row by row."""
    return tuple(Found(tuple(sheets)))


def _own(sheet: CheckedSheet) -> tuple[Problem, ...]:
    findings = in_columns(sheet.rows).findings
    found = distinct((*sheet.table.problems, *sheet.problems))
    return tuple(one for one in found if one.where.row is None or one not in findings.of(one.where.row))


def _from_left(problem: Problem) -> tuple[int, str]:
    return from_left(problem.where.column)
