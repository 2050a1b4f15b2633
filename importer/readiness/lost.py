"""Which rows of a sheet do not get in, or did not, and what keeps them out."""

from dataclasses import replace

import numpy as np

from importer.findings import NONE, Numbers
from importer.model import Problem, Row, Severity, Status
from importer.outcomes import Outcomes
from importer.readiness.marks import Mask
from importer.rows import Rows

CONSEQUENCE = "blocked"
"""Code of a row that waits for another one of these files, which is told of itself."""


class Lost:
    """The rows of one sheet that were rejected, or that were not in after an upload; asked for by their numbers."""

    def __init__(self, entity: str, rows: Rows, outcomes: Outcomes) -> None:
        self._entity = entity
        self._rows = rows
        self._outcomes = outcomes

    @property
    def at_once(self) -> bool:
        """Whether one trouble, such as a header without a mandatory column, keeps all rows out."""
        return any(fault.severity is Severity.ERROR for fault in self._rows.faults)

    def among(self, numbers: Numbers) -> Mask:
        """Which of some rows are lost."""
        return self._rejected(numbers) | self._outcomes.are(_is_out, self._entity, self._rows.place, numbers)

    def with_reason_among(self, numbers: Numbers) -> Mask:
        """Which of them are lost for a reason of their own: not only since another row of these files is."""
        return self._rejected(numbers) | self._outcomes.are(_is_out_itself, self._entity, self._rows.place, numbers)

    def trouble(self, number: int) -> Problem:
        """What keeps a row out: its first error, else what the upload says first."""
        where = replace(self._rows.place, row=number)
        row = Row(self._entity, where, "", {}, (*self._rows.faults, *self._rows.findings.of(number)))
        outcome = self._outcomes[row]
        return next(iter((*row.errors, *(outcome.problems if outcome else ()))), Problem(where, "not_sent"))

    def columns(self, numbers: Numbers) -> set[str]:
        """In which columns the troubles of some rows stand; "" among them for those of whole rows."""
        return {self.trouble(number).column for number in self._unlike(numbers).tolist()}

    def _unlike(self, numbers: Numbers) -> Numbers:
        """A few of the rows, such that the trouble of each other one stands in the column of one of these."""
        if self.at_once:
            return numbers[:1]
        few = [NONE]
        for finding in self._rows.findings:
            if finding.severity is Severity.ERROR:
                has_it = np.isin(numbers, finding.rows)
                few.append(numbers[has_it][:1])
                numbers = numbers[~has_it]
        return np.concatenate([*few, self._outcomes.unlike(self._entity, self._rows.place, numbers)])

    def _rejected(self, numbers: Numbers) -> Mask:
        if self.at_once:
            return ~np.isin(numbers, self._rows.examples)
        rejected = self._rows.findings.rejected
        if not len(rejected) or not len(numbers):
            return np.zeros(len(numbers), dtype=np.bool_)
        # Of a million rows some are asked for at a time, so only a part of the rejected ones matters.
        first, end = np.searchsorted(rejected, (numbers.min(), numbers.max() + 1))
        return np.isin(numbers, rejected[first:end])


def _is_out(status: Status, _: str) -> bool:
    return not status.is_in


def _is_out_itself(status: Status, code: str) -> bool:
    return not status.is_in and code != CONSEQUENCE
