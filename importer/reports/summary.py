"""What a run did, in figures: counts per sheet and status, causes, files, times; `summary.json` says it to machines.

Private cells are not in it, so that it may go to a monitor or a ticket.
"""

import hashlib
import json
import platform
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import importer
from importer.errors import EXIT_CODES
from importer.model import CheckedSheet, Outcome, Readiness, Status, Where
from importer.outcomes import Outcomes
from importer.reports.causes import MOST_PLACES, Alike, Cause, causes_of
from importer.reports.matched import NEEDS_YOU, SheetResult, matched, unbalanced
from importer.reports.portal import portal_as_json
from importer.reports.quote import Quote, quote_as_json
from importer.reports.results import timestamp
from importer.rows import in_columns
from importer.speech import ENGLISH, Speech
from schemas.entity import Entity

NAME = "summary.json"
SCHEMA_VERSION = 1
"""Of the JSON; a member that goes or changes its meaning makes a new number."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read, as it was then."""

    name: str
    path: Path
    size: int
    """In bytes."""
    sha256: str
    """Hexadecimal; "" when there is no such file (standard input)."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the reports cannot see from rows and outcomes."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    exit_code: int
    files: tuple[ReadFile, ...] = ()
    server: str = ""
    """Base URL of the API."""
    dry_run: bool = False
    stopped: str = ""
    """Why the run ended before its end, in a sentence; "" = it did not."""
    requests: int = 0
    """Requests sent, look-ups and repeats included."""
    retries: int = 0
    """Repeats among them."""
    throttled: int = 0
    """Answers that told us to wait (429, 503)."""
    quote: Quote = field(default_factory=Quote)
    """What was said before anything was sent."""

    @property
    def seconds(self) -> float:
        """From start to end."""
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class SheetCount:
    """How many rows of a sheet ended how."""

    where: Where
    entity: str
    rows: int
    """Rows read."""
    title: str
    """What a person calls it: its place; with the name of ours where a mapping profile made several of one sheet."""
    statuses: Mapping[Status, int]
    """Every status, from best to worst, also where no row has it."""
    examples: int = 0
    """Rows among those that were skipped which are the template's example."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures."""

    run: Run
    sheets: tuple[SheetCount, ...]
    """Those that were to be imported, in the order read."""
    causes: tuple[Cause, ...]
    unbalanced: tuple[str, ...]
    """Sheets whose rows and outcomes do not add up: a mistake in the importer, to be shown to the user."""
    portal: Readiness | None = None
    """For which orders the returns portal is ready; None = it was not asked."""

    @property
    def is_rehearsed(self) -> bool:
        """It was a dry run that came to its end: what it has not sent would be sent."""
        return self.run.dry_run and not self.run.stopped

    @property
    def rows(self) -> int:
        """Rows read."""
        return sum(sheet.rows for sheet in self.sheets)

    @property
    def statuses(self) -> Mapping[Status, int]:
        """Rows per status over all sheets."""
        return {status: sum(sheet.statuses[status] for sheet in self.sheets) for status in Status}

    @property
    def rows_to_import(self) -> int:
        """Rows read but for the template's examples, which are never imported."""
        return self.rows - sum(sheet.examples for sheet in self.sheets)

    @property
    def rows_in(self) -> int:
        """Rows that the server holds as the sheet says, or that were to be left alone; none of the examples."""
        in_or_left = sum(count for status, count in self.statuses.items() if status.is_in)
        return in_or_left - sum(sheet.examples for sheet in self.sheets)

    @property
    def rows_to_mend(self) -> int:
        """Rows that a person has to look at."""
        return sum(self.statuses[status] for status in NEEDS_YOU)

    @property
    def rows_waiting(self) -> int:
        """Rows whose turn did not come; the same command goes on with them."""
        return self.statuses[Status.NOT_SENT]


def files_read(sheets: Iterable[CheckedSheet]) -> tuple[ReadFile, ...]:
    """The files behind *sheets*, once each.  To be called before the upload: a file may change while it goes on."""
    names: defaultdict[Path, set[str]] = defaultdict(set)
    for sheet in sheets:
        names[sheet.table.path].add(sheet.table.where.file)
    # An archive holds files of several names; it is told by its own.
    return tuple(_read_file(path, min(found) if len(found) == 1 else path.name) for path, found in names.items())


def _read_file(path: Path, name: str) -> ReadFile:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return ReadFile(name, path, file.tell(), digest)
    except OSError:
        return ReadFile(name, path, 0, "")


def summarised(
    run: Run,
    sheets: Sequence[CheckedSheet],
    outcomes: Iterable[Outcome] | Outcomes,
    portal: Readiness | None = None,
) -> Summary:
    """*run* in figures.  *sheets* are those after the plan; *outcomes* has one for each row of theirs."""
    outcomes = Outcomes.of(outcomes)
    results = matched(sheets, outcomes)
    return Summary(
        run=run,
        sheets=tuple(_count(sheet, sheet.entity, outcomes) for sheet in sheets if sheet.entity),
        causes=causes_of(alike for at, result in enumerate(results) for alike in _alike(at, result)),
        unbalanced=unbalanced(sheets, outcomes),
        portal=portal,
    )


def _alike(at: int, result: SheetResult) -> Iterator[Alike]:
    """All that is told of a sheet, the one at that place among all: its own first, then by the rows."""
    for number, problem in enumerate(result.own_problems):
        yield Alike(problem, 1, [((at, 0, number), problem.where)])
    for number, problem in enumerate(result.row_problems):
        yield Alike(problem, 1, [((at, problem.where.row or 0, number), problem.where)])
    if len(waiting := result.waiting):
        (problem,) = result.first_waiting.problems
        places = [((at, row, 0), replace(problem.where, row=row)) for row in waiting[:MOST_PLACES].tolist()]
        yield Alike(problem, len(waiting), places)


def _count(sheet: CheckedSheet, entity: Entity, outcomes: Outcomes) -> SheetCount:
    where = sheet.table.where
    counts = outcomes.counts(entity.name, where)
    return SheetCount(
        where=where,
        entity=entity.name,
        rows=len(sheet.table.frame),
        title=f"{where} ({entity.sheet})" if sheet.table.source else str(where),
        statuses={status: counts.get(status, 0) for status in Status},
        examples=min(len(in_columns(sheet.rows).examples), counts.get(Status.SKIPPED, 0)),
    )


# --- for machines -------------------------------------------------------------------------------------------


def write(path: Path, summary: Summary, speech: Speech = ENGLISH) -> None:
    """Write *summary* as JSON."""
    path.write_text(json.dumps(as_json(summary, speech), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def as_json(summary: Summary, speech: Speech = ENGLISH) -> dict[str, object]:
    """*summary* in JSON's types."""
    run = summary.run
    return {
        "schema_version": SCHEMA_VERSION,
        "run": run.run_id,
        "versions": {"importer": importer.__version__, "python": platform.python_version()},
        "server": run.server,
        "dry_run": run.dry_run,
        "started_at": timestamp(run.started_at),
        "finished_at": timestamp(run.finished_at),
        "seconds": round(run.seconds, 3),
        "exit_code": run.exit_code,
        "exit_meaning": speech.say(EXIT_CODES[run.exit_code]),
        "stopped": run.stopped,
        "balanced": not summary.unbalanced,
        "unbalanced": list(summary.unbalanced),
        "rows": summary.rows,
        "rows_in": summary.rows_in,
        "rows_to_mend": summary.rows_to_mend,
        "rows_waiting": summary.rows_waiting,
        "statuses": _counts(summary.statuses),
        "sheets": [_sheet(sheet) for sheet in summary.sheets],
        "files": [{"file": file.name, "sha256": file.sha256 or None, "bytes": file.size} for file in run.files],
        "requests": run.requests,
        "retries": run.retries,
        "throttled": run.throttled,
        "quote": quote_as_json(run.quote),
        "causes": [_cause(cause, speech) for cause in summary.causes],
        "portal": portal_as_json(summary.portal, speech) if summary.portal else None,
    }


def _sheet(sheet: SheetCount) -> dict[str, object]:
    return {
        "file": sheet.where.file,
        "sheet": sheet.where.sheet,
        "entity": sheet.entity,
        "rows": sheet.rows,
        "statuses": _counts(sheet.statuses),
    }


def _counts(statuses: Mapping[Status, int]) -> dict[str, int]:
    return {status.value: count for status, count in statuses.items()}


def _cause(cause: Cause, speech: Speech) -> dict[str, object]:
    return {
        "count": cause.count,
        "severity": cause.severity.value,
        "code": cause.code,
        "column": cause.column,
        "value": None if cause.private else cause.value,
        "values": cause.values,
        "message": cause.message(speech),
        "suggestion": None if cause.private else cause.suggestion,
        "places": [str(place) for place in cause.places],
    }
