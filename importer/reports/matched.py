"""Sheets and what became of their rows, brought together once for all reports; and whether the two add up."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from importer.findings import NONE
from importer.model import CheckedSheet, Outcome, Problem, Row, Severity, Status, Where
from importer.outcomes import Outcomes
from importer.rows import Rows, RowsOnDemand, in_columns
from importer.speech import Speech

AT_ONCE = 2_000
"""So many rows are put together at a time."""
MOST_KEPT = 20_000
"""So many rows are kept from one report to the next; more are put together anew."""

ROWS_NAMED = 5
"""So many row numbers are named where rows and outcomes do not add up."""

CONSEQUENCES = ("blocked", "not_sent")
"""Codes of problems that go when others are mended, or by themselves: the cell they stand at is right."""

NEEDS_YOU = (Status.REJECTED, Status.REFUSED, Status.BLOCKED, Status.IN_DOUBT)
"""What a person has to look at; NOT_SENT goes on by itself when the command is given again."""

WOULD_BE_SENT = "would be sent"
"""Of a row that passed the check, when nothing was sent yet."""

GIVEN_BACK = (Status.REJECTED, Status.REFUSED, Status.BLOCKED, Status.NOT_SENT)
"""Not IN_DOUBT: such a row may be in, and a file is easily carried to where the ledger does not know of it."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row and what became of it."""

    row: Row
    outcome: Outcome | None
    """None before the run, and in one that does not balance."""
    problems: tuple[Problem, ...]
    """Every problem and note of the row once, from the left to the right; those of the whole row first."""
    otherwise: str = ""
    """What is said in place of a status where there is no outcome."""

    @property
    def number(self) -> int:
        """The number the spreadsheet shows."""
        return self.row.where.row or 0

    @property
    def status(self) -> str:
        """The status as a word."""
        return self.outcome.status.value if self.outcome else self.otherwise

    def message(self, speech: Speech) -> str:
        """Every problem and note in one line, errors first: `carrier_country: a two-letter ... | sku: ...`.

        Where the language is not that of the statuses, the row's status comes before it.
        """
        errors_first = sorted(self.problems, key=lambda problem: problem.severity is not Severity.ERROR)
        said = " | ".join(speech.what(problem.column) + speech.advice(problem) for problem in errors_first)
        gloss = speech.gloss(self.outcome.status) if self.outcome else ""
        return ": ".join(part for part in (gloss, said) if part)

    @property
    def needs_you(self) -> bool:
        """A person has to look at the row."""
        return self.outcome is not None and self.outcome.status in NEEDS_YOU

    @property
    def is_given_back(self) -> bool:
        """The row surely did not get in, and is to be sent again once it is mended or its turn comes."""
        if self.outcome is None or self.row.is_example:
            return False
        # What a dry run would have sent waits for nothing but the real run.
        is_dry = any(problem.code == "dry_run" for problem in self.outcome.problems)
        return self.outcome.status in GIVEN_BACK and not is_dry


class RowResults:
    """All rows of a sheet with what became of them, put together while somebody goes through them."""

    def __init__(self, sheet: CheckedSheet, told: Outcomes, otherwise: Callable[[Row], str] = lambda _: "") -> None:
        """With what is to be said *otherwise*, of rows without an outcome."""
        self._sheet = sheet
        self._told = told
        self._otherwise = otherwise

    def __len__(self) -> int:
        return len(self._sheet.rows)

    def __iter__(self) -> Iterator[RowResult]:
        return map(self._with_outcome, self._sheet.rows)

    @property
    def of_note(self) -> Iterable[RowResult]:
        """Those of which there is something to say: any problem or note, or that they are not in."""
        rows = self._on_demand
        if rows is None:
            return self
        return self._kept if len(self._places) <= MOST_KEPT else self._some(rows, self._places)

    @property
    def of_trouble(self) -> Iterable[RowResult]:
        """Those of note, but for rows of which nothing is to be said than that their turn did not come."""
        rows = self._on_demand
        return self if rows is None else self._some(rows, self._places_of(_is_trouble))

    @cached_property
    def waiting(self) -> NDArray[np.int64]:
        """The numbers of those of note that are not `of_trouble`, ascending; a stopped run may leave a million."""
        rows = self._on_demand
        if rows is None:
            return NONE
        places = np.setdiff1d(self._places, self._places_of(_is_trouble), assume_unique=True)
        return rows.numbers(places)

    def at(self, numbers: Collection[int]) -> Iterator[RowResult]:
        """The rows that have one of these *numbers*."""
        rows = in_columns(self._sheet.rows)
        return self._some(rows, np.flatnonzero(np.isin(rows.all_numbers, list(numbers))))

    @property
    def _on_demand(self) -> RowsOnDemand | None:
        """The rows, where some can be had without the others: not where all are kept out alike."""
        rows = self._sheet.rows
        is_so = isinstance(rows, RowsOnDemand) and not rows.is_kept_out_as_a_whole
        return rows if isinstance(rows, RowsOnDemand) and is_so else None

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        return self._places_of(_is_worth_saying)

    def _places_of(self, is_wanted: Callable[[Status, str], bool]) -> NDArray[np.int64]:
        """Where the rows stand in which something was found, or that ended in a way that *is_wanted*."""
        rows, entity = in_columns(self._sheet.rows), self._sheet.entity
        numbers = rows.all_numbers
        found = np.isin(numbers, rows.findings.rows)
        if entity:
            found |= self._told.are(is_wanted, entity.name, self._sheet.table.where, numbers)
        return np.flatnonzero(found)

    @cached_property
    def _kept(self) -> tuple[RowResult, ...]:
        return tuple(self._some(in_columns(self._sheet.rows), self._places))

    def _some(self, rows: Rows, places: NDArray[np.int64]) -> Iterator[RowResult]:
        for first in range(0, len(places), AT_ONCE):
            yield from map(self._with_outcome, rows.some(places[first : first + AT_ONCE]))

    def _with_outcome(self, row: Row) -> RowResult:
        outcome = self._told[row]
        found = (*row.problems, *(outcome.problems if outcome else ()))
        problems = tuple(sorted(distinct(found), key=_from_left)) if found else ()
        return RowResult(row, outcome, problems, self._otherwise(row))


def _is_worth_saying(status: Status, code: str) -> bool:
    return bool(code) or not status.is_in


def _is_trouble(status: Status, code: str) -> bool:
    return code != "not_sent" and _is_worth_saying(status, code)


@dataclass(frozen=True, slots=True)
class SheetResult:
    """One sheet, and its rows with what became of them."""

    sheet: CheckedSheet
    rows: RowResults | tuple[RowResult, ...]

    @property
    def of_note(self) -> Iterable[RowResult]:
        """The rows of which there is something to say, and perhaps others."""
        return self.rows.of_note if isinstance(self.rows, RowResults) else self.rows

    @property
    def of_trouble(self) -> Iterable[RowResult]:
        """The same but for those that are `waiting`."""
        return self.rows.of_trouble if isinstance(self.rows, RowResults) else self.rows

    @property
    def waiting(self) -> NDArray[np.int64]:
        """The numbers of rows of which nothing is to be said than that their turn did not come, ascending."""
        return self.rows.waiting if isinstance(self.rows, RowResults) else NONE

    @property
    def first_waiting(self) -> RowResult:
        """The first of these: the others differ from it in their rows alone."""
        assert isinstance(self.rows, RowResults)
        return next(self.rows.at([int(self.waiting[0])]))

    @property
    def where(self) -> Where:
        """The file and the sheet."""
        return self.sheet.table.where

    @property
    def own_problems(self) -> tuple[Problem, ...]:
        """What belongs to the sheet and to no row of it."""
        found = distinct((*self.sheet.table.problems, *self.sheet.problems))
        wanted = {problem.where.row for problem in found if problem.where.row}
        named = self.rows.at(wanted) if isinstance(self.rows, RowResults) else self.rows
        rows = {row.number: row for row in named if row.number in wanted}
        return tuple(
            problem
            for problem in found
            if problem.where.row not in rows or problem not in rows[problem.where.row].problems
        )

    @property
    def row_problems(self) -> Iterator[Problem]:
        """Every problem and note of rows once, row by row; those that are `waiting` left out."""
        for row in self.of_trouble:
            # What is wrong with the header keeps every row out, but is one problem.
            yield from (problem for problem in row.problems if problem.where.row == row.row.where.row)

    @property
    def troubles(self) -> tuple[Problem, ...]:
        """The errors that a person has to look at: not those that only say that a row's turn did not come."""
        found = chain(self.own_problems, self.row_problems)
        return tuple(one for one in found if one.severity is Severity.ERROR and one.code != "not_sent")


def before_sending(sheets: Sequence[CheckedSheet]) -> tuple[SheetResult, ...]:
    """*sheets* after a check alone: rows are rejected, or would be sent."""
    told = Outcomes(Outcome(row, Status.REJECTED, problems=row.errors) for sheet in sheets for row in _rejected(sheet))
    return tuple(SheetResult(sheet, RowResults(sheet, told, _word)) for sheet in sheets)


def _rejected(sheet: CheckedSheet) -> Iterator[Row]:
    rows = in_columns(sheet.rows)
    if rows.is_kept_out_as_a_whole:
        yield from (row for row in rows if row.is_rejected)
        return
    places = np.flatnonzero(np.isin(rows.all_numbers, rows.findings.rejected))
    for first in range(0, len(places), AT_ONCE):
        yield from (row for row in rows.some(places[first : first + AT_ONCE]) if row.is_rejected)


def _word(row: Row) -> str:
    return "" if row.is_example else WOULD_BE_SENT


def matched(sheets: Sequence[CheckedSheet], outcomes: Iterable[Outcome] | Outcomes) -> tuple[SheetResult, ...]:
    """*sheets* in their order, each row with its outcome."""
    told = Outcomes.of(outcomes)
    return tuple(SheetResult(sheet, RowResults(sheet, told)) for sheet in sheets)


def unbalanced(sheets: Sequence[CheckedSheet], outcomes: Iterable[Outcome] | Outcomes) -> tuple[str, ...]:
    """One sentence for every sheet whose rows and outcomes do not add up; () when each row read has exactly one."""
    told = Outcomes.of(outcomes)
    read: defaultdict[Where, list[NDArray[np.int64]]] = defaultdict(list)
    for sheet in sheets:
        if sheet.entity:
            read[sheet.table.where].append(sheet.table.frame.index.to_numpy(dtype=np.int64))
    found = []
    for place in dict.fromkeys((*read, *told.sheets)):
        rows = np.sort(np.concatenate([*read[place], np.array([], dtype=np.int64)]))
        if not np.array_equal(rows, told.rows_told(place)):
            found.append(_fault(place, Counter(rows.tolist()), Counter(told.rows_told(place).tolist())))
    return tuple(found)


def _fault(place: Where, read: Counter[int], told: Counter[int]) -> str:
    rows = sorted(row for row in read | told if read[row] != told[row])
    named = ", ".join(str(row) for row in rows[:ROWS_NAMED])
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    return f"{place}: {read.total()} rows read, {told.total()} outcomes; not exactly one outcome for row {named}{more}"


def distinct(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """*problems* in their order without repetitions: several stages may tell of the same trouble."""
    return tuple({(one.where, one.code, one.column, one.value): one for one in problems}.values())


def _from_left(problem: Problem) -> tuple[int, str]:
    """Letters in the order of columns: "" before B before AA."""
    return len(problem.where.column), problem.where.column
