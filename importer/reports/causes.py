"""Problems grouped by cause: 412 rows that say "Deutchland" are one thing to mend, not 412.

A cause is fit for a page or a terminal: the words of private cells are not in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from importer.model import Problem, Severity, Where
from importer.reports.matched import CONSEQUENCES
from importer.speech import ENGLISH, Speech
from schemas import messages

MOST_PLACES = 5
FEW_VALUES = 5
"""So many values of a column are told one by one, however few rows each has; beyond, only ..."""
MOST_VALUES = 10
"""... so many of the frequent ones, and the rest together."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Problems with the same reason and, most likely, the same cure."""

    count: int
    """Problems of this cause: as a rule, rows."""
    severity: Severity
    code: str
    column: str
    """Name of the field; "" = the row or the sheet as a whole."""
    value: str
    """The cell as written; "" where there is none, where it is private, or where many values are told together."""
    suggestion: str
    """A value that may have been meant; "" = none is near."""
    places: tuple[Where, ...]
    """The first of them, never none."""
    private: bool = False
    """The cells hold personal data (a blank one holds none), so neither value nor suggestion is given."""
    values: int = 1
    """How many different values are told together."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """For the sentence of the code; the words of private cells are not among them."""

    def rows(self, speech: Speech = ENGLISH) -> str:
        """How many, in words: `412 rows`, `1 sheet`."""
        if self.places[0].row:
            return speech.counted("1 row", "{count} rows", self.count)
        return speech.counted("1 sheet", "{count} sheets", self.count)

    def message(self, speech: Speech = ENGLISH) -> str:
        """The sentence of the code."""
        return speech.text(self.code, self.facts)

    def at(self, speech: Speech = ENGLISH) -> str:
        """The first places, in words: `june.xlsx › Shipments!F17, F23, F40 and 409 more`."""
        sheets: dict[str, list[str]] = {}
        for place in self.places:
            sheet = str(Where(place.file, place.sheet))
            # The first cell says the sheet; for whole rows "row" is said once as well.
            first = speech.place(place) if sheet not in sheets else place.cell or str(place.row or "")
            sheets.setdefault(sheet, []).append(first)
        named = "; ".join(", ".join(cells) for cells in sheets.values())
        more = self.count - len(self.places)
        return speech.say("{named} and {count} more", named=named, count=more) if more else named

    def line(self, speech: Speech = ENGLISH) -> str:
        """`412 rows: country "Deutchland": a two-letter country code is wanted (did you mean DE?)`."""
        many = speech.say("({count} different values)", count=self.values) if self.values > 1 else ""
        column = f"{self.column} {many}" if many and not self.value else self.column
        what = speech.what(column, self.value)
        return f"{self.rows(speech)}: {what}{self.message(speech)}{speech.near(self.suggestion)}"


Order = tuple[int | str, ...]
"""Where a problem comes among all; those that are compared are of one form."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Problems that differ in their places alone."""

    first: Problem
    count: int
    places: Sequence[tuple[Order, Where]]
    """The first of them, as many as are shown, each with where it comes among all problems."""


def causes_of(alike: Iterable[Alike]) -> tuple[Cause, ...]:
    """The causes of problems: what is to be mended, then its consequences, then notes; the most frequent first."""
    kinds: defaultdict[tuple[Severity, str, str], list[_Group]] = defaultdict(list)
    for group in sorted(_groups(alike), key=lambda group: group.places[0][0]):
        kinds[group.first.severity, group.first.code, group.first.column].append(group)
    causes = [cause for groups in kinds.values() for cause in _told(groups)]
    return tuple(sorted(causes, key=_urgency))


def _urgency(cause: Cause) -> tuple[bool, bool, int]:
    return cause.severity is not Severity.ERROR, cause.code in CONSEQUENCES, -cause.count


@dataclass(slots=True)
class _Group:
    """Problems with one code, column and value, as they are being counted."""

    first: Problem
    count: int
    places: list[tuple[Order, Where]]

    def add(self, more: Alike) -> None:
        """Count *more* of them in."""
        if more.places[0][0] < self.places[0][0]:
            self.first = more.first
        self.count += more.count
        if len(self.places) < MOST_PLACES or more.places[0][0] < self.places[-1][0]:
            self.places = sorted([*self.places, *more.places], key=itemgetter(0))[:MOST_PLACES]


def _groups(alike: Iterable[Alike]) -> Iterable[_Group]:
    groups: dict[tuple[str, ...], _Group] = {}
    for one in alike:
        problem = one.first
        cell = ("", "") if problem.private else (problem.value, problem.suggestion)
        key = (problem.severity, problem.code, problem.column, problem.discreet_message, *cell)
        if key in groups:
            groups[key].add(one)
        else:
            groups[key] = _Group(problem, one.count, list(one.places))
    return groups.values()


def _told(groups: list[_Group]) -> Iterator[Cause]:
    """Causes of one code and column, told one by one as long as that helps."""
    groups = sorted(groups, key=lambda group: -group.count)
    frequent = sum(group.count > 1 for group in groups[:MOST_VALUES])
    one_by_one = len(groups) if len(groups) <= FEW_VALUES else frequent
    yield from (_cause(group) for group in groups[:one_by_one])
    if rest := groups[one_by_one:]:
        yield _cause(rest[0]) if len(rest) == 1 else _together(rest)


def _cause(group: _Group) -> Cause:
    problem = group.first
    return Cause(
        count=group.count,
        severity=problem.severity,
        code=problem.code,
        column=problem.column,
        value="" if problem.private else problem.value,
        facts=messages.discreet_facts(problem.facts) if problem.private else problem.facts,
        suggestion="" if problem.private else problem.suggestion,
        places=tuple(where for _, where in group.places),
        private=problem.private and bool(problem.value),
    )


def _together(groups: list[_Group]) -> Cause:
    first = groups[0].first
    return replace(
        _cause(groups[0]),
        count=sum(group.count for group in groups),
        value="",
        # What is said of one value is not true of the next.
        facts=messages.discreet_facts(first.facts),
        suggestion="",
        places=tuple(where for group in groups[:MOST_PLACES] for _, where in group.places)[:MOST_PLACES],
        values=len(groups),
    )
