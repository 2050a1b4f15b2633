"""When to stop a run that goes wrong: `--max-errors`, and rows that fail one after another in one way."""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Mapping

from importer.errors import TooManyErrors
from importer.model import Outcome, Row, Status
from importer.plan import Plan
from schemas import entity_named, messages
from schemas.cells import Note
from schemas.kinds import to_json

FAILED = {Status.REJECTED, Status.REFUSED}
SENT = {Status.CREATED, Status.UPDATED, Status.REFUSED}
FIRST = 3
"""So many first rows of an entity, all refused in one way, are enough ..."""
WINDOW = 12
"""... and so many in a row later on."""
WORTH_IT = 20
"""With fewer rows of the entity left, sending them costs less than stopping."""

Refusal = tuple[str, Note]
"""The column, "" for the row as a whole, and why."""


class Watch:
    """Looks at every outcome as it comes; `verdict` says whether to stop."""

    def __init__(self, plan: Plan, max_errors: str) -> None:
        self._left = Counter(plan.counts)
        self._limit = _limit(max_errors, plan.total)
        self._failed = 0
        self._last: defaultdict[str, deque[Refusal | None]] = defaultdict(lambda: deque(maxlen=WINDOW))
        self._any_in: set[str] = set()
        self._verdict = self._over(plan.rejected)

    @property
    def left(self) -> Mapping[str, int]:
        """Rows by entity that have no outcome yet."""
        return self._left

    @property
    def verdict(self) -> TooManyErrors | None:
        """Why to stop; None = go on."""
        return self._verdict

    def note(self, outcome: Outcome) -> None:
        """Take *outcome* into account."""
        entity = outcome.row.entity
        self._left[entity] -= 1
        self._failed += outcome.status in FAILED
        if outcome.http_status is not None and outcome.status in SENT:
            cause = _cause(outcome)
            self._last[entity].append(cause)
            if cause is None:
                self._any_in.add(entity)
        self._verdict = self._verdict or self._over(self._failed) or self._one_way(entity)

    def _over(self, failed: int) -> TooManyErrors | None:
        if self._limit is None or failed < self._limit:
            return None
        return TooManyErrors("Stopped: {count} rows failed, more than --max-errors allows.", count=failed)

    def _one_way(self, entity: str) -> TooManyErrors | None:
        """The last rows sent were all refused for one reason: all of the first few, or a whole window later on."""
        last = self._last[entity]
        enough = len(last) >= (WINDOW if entity in self._any_in else FIRST)
        cause = last[0] if enough else None
        if cause is None or any(other != cause for other in last) or self._left[entity] < WORTH_IT:
            return None
        column, why = cause
        return TooManyErrors(
            "Stopped: the last {count} rows of {entity} were all refused in one way ({column}{cause}), "
            "and {left} more would follow. Mend the cause and run the same command again.",
            count=len(last),
            entity=entity_named(entity).sheet,
            column=f"{column}: " if column else "",
            cause=why,
            left=self._left[entity],
        )


def _cause(outcome: Outcome) -> Refusal | None:
    """What a refusal has in common with others like it; None when the row is in."""
    if outcome.status is not Status.REFUSED or not outcome.problems:
        return None
    problem = outcome.problems[0]
    facts = messages.discreet_facts(problem.facts) if problem.private else problem.facts
    return problem.column, Note(problem.code, {name: _alike(fact, outcome.row) for name, fact in facts.items()})


def _alike(reason: str, row: Row) -> str:
    """*reason* without the cells that it repeats, which differ from row to row while the reason stays the same."""
    for text in sorted({str(to_json(value)) for value in row.values.values()}, key=len, reverse=True):
        reason = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", "…", reason) if text else reason
    return reason


def _limit(max_errors: str, rows: int) -> int | None:
    """The number of failed rows that stops the run; None = none does."""
    if not max_errors:
        return None
    if max_errors.endswith("%"):
        # 0 % allows none; otherwise the run stops once the share is exceeded.
        return int(rows * int(max_errors[:-1]) / 100) + 1
    return int(max_errors) + 1
