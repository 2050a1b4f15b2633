"""`report.html`: the run on one page for a person, to be opened from anywhere, mailed, printed and kept.

Everything is inside: no script, no address that is fetched.  Private cells are left out, since such a page is passed
on; it says in which cell they stand, and `problems.csv` has them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined

import importer
from importer.errors import EXIT_CODES
from importer.model import NotReady, Problem, Readiness, Severity, Status
from importer.reports.checked import SUFFIX as CHECKED
from importer.reports.matched import SheetResult
from importer.reports.portal import PortalCause, portal_causes, portal_sentence
from importer.reports.problems import NAME as PROBLEMS
from importer.reports.rejected import NAME as REJECTED
from importer.reports.results import NAME as RESULTS
from importer.reports.summary import NAME as SUMMARY
from importer.reports.summary import Summary
from importer.reports.words import headline, next_steps
from importer.speech import ENGLISH, Speech, english

NAME = "report.html"

MOST_PROBLEMS = 2_000
"""On the page; the rest is in `problems.csv`."""
MOST_CAUSES = 100
MOST_ORDERS = 200
FEW_PROBLEMS = 40
"""So many are shown without being asked for."""

LEAST_WIDTH = 1.5
"""Of a part of a bar, in percent, so that one row in a million is still seen."""
LABEL_WIDTH = 9.0
"""A part of a bar this wide, in percent, has room for its number."""

STATUS_WORDS: Mapping[Status, str] = {
    Status.CREATED: english("created"),
    Status.UPDATED: english("updated"),
    Status.UNCHANGED: english("there already, unchanged"),
    Status.SKIPPED: english("skipped as told"),
    Status.REJECTED: english("rejected by the check, not sent"),
    Status.REFUSED: english("refused by the server"),
    Status.BLOCKED: english("waiting for a row that is not in"),
    Status.NOT_SENT: english("not sent, the run ended first"),
    Status.IN_DOUBT: english("in doubt, the answer was lost"),
}
REHEARSED_WORDS = {**STATUS_WORDS, Status.NOT_SENT: english("would be sent")}
"""After a dry run."""
PURPOSES = {
    RESULTS: english("every row and what became of it"),
    PROBLEMS: english("every problem and note, with the values found"),
    SUMMARY: english("the figures, for machines"),
}
UNITS = (english("bytes"), "kB", "MB", "GB")
THOUSAND = 1000
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One colour of a bar: the rows of a status."""

    status: Status
    count: int
    left: float
    """In percent of the bar's length, as is ..."""
    width: float

    @property
    def has_label(self) -> bool:
        """The count fits in."""
        return self.width >= LABEL_WIDTH


@dataclass(frozen=True, slots=True)
class Bar:
    """The rows of a sheet, or of all."""

    title: str
    rows: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SheetProblems:
    """The errors of one sheet, as many as the page has room for."""

    title: str
    count: int
    shown: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Portal:
    """For which orders the returns portal is ready, as much of it as the page has room for."""

    sentence: str
    causes: tuple[PortalCause, ...]
    orders: tuple[NotReady, ...]
    """Those it is not ready for ..."""
    count: int
    """... and how many these are in all."""


def write(
    path: Path, summary: Summary, results: Sequence[SheetResult], written: Sequence[Path], speech: Speech
) -> None:
    """Write the page of *summary* to *path*.  *written* are the run's other files, to which it leads."""
    others = [file.relative_to(path.parent).as_posix() for file in written]
    path.write_text(page(summary, results, others, speech), encoding="utf-8")


def page(summary: Summary, results: Sequence[SheetResult], others: Sequence[str] = (), speech: Speech = ENGLISH) -> str:
    """The page as text.  *others* are the run's other files, by their path from the page's folder."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= {"say": speech.say, "counted": speech.counted, "speech": speech}
    environment.filters |= {"number": speech.number, "moment": speech.moment, "link": quote}
    environment.filters |= {"duration": partial(_duration, speech), "size": partial(_size, speech)}
    template = files("importer.reports").joinpath("page.html.jinja").read_text(encoding="utf-8")
    problems = _problems(results)
    to_mend = [name for name in others if name.endswith(CHECKED) or name.startswith(f"{REJECTED}/")]
    return environment.from_string(template).render(
        summary=summary,
        run=summary.run,
        headline=headline(summary, speech),
        next_steps=tuple(next_steps(summary, to_mend, speech)),
        mood=_mood(summary),
        errors=[cause for cause in summary.causes if cause.severity is Severity.ERROR][:MOST_CAUSES],
        notes=[cause for cause in summary.causes if cause.severity is Severity.NOTE][:MOST_CAUSES],
        causes_left_out=_left_out(summary),
        portal=_portal(summary.portal, speech),
        total=_bar(speech.say("All rows"), summary.rows, summary.statuses),
        bars=[_bar(sheet.title, sheet.rows, sheet.statuses) for sheet in summary.sheets],
        words={status: speech.say(words) for status, words in _status_words(summary).items()},
        problems=problems,
        problems_left_out=sum(sheet.count - len(sheet.shown) for sheet in problems),
        open=sum(sheet.count for sheet in problems) <= FEW_PROBLEMS,
        decisions=[(str(result.where), made) for result in results if (made := _decisions(result, speech))],
        others=[(name, speech.say(_purpose(name, is_dry=summary.run.dry_run))) for name in others],
        exit_meaning=speech.say(EXIT_CODES[summary.run.exit_code]),
        version=importer.__version__,
    )


def _portal(readiness: Readiness | None, speech: Speech) -> Portal | None:
    if readiness is None or not readiness.total:
        return None
    causes = portal_causes(readiness)
    sentence = portal_sentence(readiness, speech)
    return Portal(sentence, causes[:MOST_CAUSES], tuple(readiness.orders[:MOST_ORDERS]), len(readiness.orders))


def _status_words(summary: Summary) -> Mapping[Status, str]:
    return REHEARSED_WORDS if summary.is_rehearsed else STATUS_WORDS


def _mood(summary: Summary) -> str:
    """One of good, mixed and bad: a colour beside the headline, which says the same in words."""
    if summary.unbalanced or summary.run.stopped:
        return "bad"
    return "mixed" if summary.rows_to_mend or summary.rows_waiting else "good"


def _bar(title: str, rows: int, statuses: Mapping[Status, int]) -> Bar:
    counts = {status: count for status, count in statuses.items() if count}
    widths = [max(LEAST_WIDTH, 100 * count / sum(counts.values())) for count in counts.values()]
    parts, left = [], 0.0
    for (status, count), width in zip(counts.items(), widths, strict=True):
        share = 100 * width / sum(widths)
        parts.append(Part(status, count, round(left, 2), round(share, 2)))
        left += share
    return Bar(title, rows, tuple(parts))


def _problems(results: Sequence[SheetResult]) -> list[SheetProblems]:
    found, room = [], MOST_PROBLEMS
    for result in results:
        if troubles := result.troubles:
            found.append(SheetProblems(str(result.where), len(troubles), troubles[:room]))
            room -= len(found[-1].shown)
    return found


def _left_out(summary: Summary) -> int:
    by_severity = Counter(cause.severity for cause in summary.causes)
    return sum(max(0, count - MOST_CAUSES) for count in by_severity.values())


def _decisions(result: SheetResult, speech: Speech) -> tuple[str, ...]:
    """What reading the sheet decided, for the user to agree with."""
    if not result.sheet.entity:
        return ()
    table = result.sheet.table
    rows = table.blank_rows
    blank = (speech.counted("1 blank row left out", "{count} blank rows left out", rows),) if rows else ()
    read = (speech.note(note) for note in table.notes)
    return (*read, *blank)


def _purpose(name: str, *, is_dry: bool) -> str:
    if name.startswith(f"{REJECTED}/") and is_dry:
        return english("the rows that would not get in, as they came, with the reason")
    if name.startswith(f"{REJECTED}/"):
        return english("the rows that did not get in, as they came, with the reason: correct and import")
    if name.endswith(CHECKED):
        return english("your workbook with bad cells coloured, and the status of every row")
    return PURPOSES[name]


def _duration(speech: Speech, seconds: float) -> str:
    if seconds < MINUTE:
        return f"{speech.number(seconds, 1)} s"
    minutes, rest = divmod(round(seconds), MINUTE)
    hours, minutes = divmod(minutes, MINUTE)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _size(speech: Speech, size: float) -> str:
    for unit in UNITS[:-1]:
        if size < THOUSAND:
            return f"{size:.0f} {speech.say(unit)}" if unit == UNITS[0] else f"{speech.number(size, 1)} {unit}"
        size /= THOUSAND
    return f"{speech.number(size, 1)} {UNITS[-1]}"
