"""What a run says at its end, in text for a person.  Private cells are never in it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from importer.cli import fixes
from importer.model import Severity, Status
from importer.reports.causes import Cause
from importer.reports.portal import portal_lines
from importer.reports.quote import quote_sentence
from importer.reports.summary import Summary
from importer.reports.words import headline, next_steps
from importer.speech import ENGLISH, Speech

MOST_CAUSES = 8
MOST_PROBLEMS = 100
MOST_PORTAL_CAUSES = 2
INDENT = "  "


def summary_lines(summary: Summary, folder: Path, speech: Speech = ENGLISH) -> Iterator[str]:
    """The summary of a run: what became of its rows, where the report is, and what to do next."""
    yield from lines_without_report(summary, speech)
    yield speech.say("Report: {path}", path=str(folder / "report.html"))
    yield from next_steps(summary, [str(path) for path in sorted((folder / "rejected").glob("*"))], speech)


def lines_without_report(summary: Summary, speech: Speech = ENGLISH) -> Iterator[str]:
    """What became of the rows of a run: a table, the causes and one plain sentence."""
    if summary.sheets:
        yield from table(summary, speech)
    yield from cause_lines([cause for cause in summary.causes if cause.severity is Severity.ERROR], speech)
    yield ""
    yield " ".join([*headline(summary, speech), summary.run.stopped]).rstrip()
    if summary.run.dry_run:
        yield quote_sentence(summary.run.quote, speech)
    yield from fixes.changed_lines(summary.causes, speech)
    yield from portal_lines(summary.portal, speech, most=MOST_PORTAL_CAUSES) if summary.portal else ()
    for sheet in summary.unbalanced:
        yield speech.say("The counts do not add up, which is our mistake: {sheet}", sheet=sheet)


def empty_lines(folders: Sequence[Path], speech: Speech) -> Iterator[str]:
    """A line for each of the *folders* into which nothing was delivered."""
    yield from (speech.say("{folder}: there are no files in this folder.", folder=str(folder)) for folder in folders)


def table(summary: Summary, speech: Speech) -> Iterator[str]:
    """Rows per sheet and status; statuses that no row has are left out."""
    sheets = summary.sheets
    statuses = [status for status in Status if any(sheet.statuses[status] for sheet in sheets)]
    head = ["", speech.say("rows"), *(_head(status, summary, speech) for status in statuses)]
    body = [
        [sheet.title, speech.number(sheet.rows), *(_count(sheet.statuses[status], speech) for status in statuses)]
        for sheet in sheets
    ]
    widths = [max(len(row[at]) for row in [head, *body]) for at in range(len(head))]
    for row in [head, *body]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield INDENT.join(cells).rstrip()


def _head(status: Status, summary: Summary, speech: Speech) -> str:
    if status is Status.NOT_SENT and summary.is_rehearsed:
        return speech.say("would be sent")
    return speech.status(status)


def _count(number: int, speech: Speech) -> str:
    return speech.number(number) if number else "·"


def cause_lines(causes: Sequence[Cause], speech: Speech) -> Iterator[str]:
    """The first causes, each with its first places."""
    for cause in causes[:MOST_CAUSES]:
        yield ""
        yield cause.line(speech)
        yield f"{INDENT}{cause.at(speech)}"
    if len(causes) > MOST_CAUSES:
        yield ""
        yield speech.say("... and {count} more causes; all are in the report.", count=len(causes) - MOST_CAUSES)
