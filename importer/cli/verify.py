"""`importer verify`: read the server back and compare it with what a run wrote."""

import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from importer.cli import terminal
from importer.cli.interrupts import finishing_on_interrupt
from importer.cli.logs import Show
from importer.cli.options import ENTITY, MAPPING, common, reading, setting
from importer.reports.verification import Difference, Verdict, Verified
from importer.run.verify import Verification, verify
from importer.settings import Settings
from importer.speech import Speech, english

SCHEMA_VERSION = 1
TOLD = (Verdict.DIFFERENT, Verdict.MISSING, Verdict.NOT_COMPARED)
MEANINGS = {
    Verdict.SAME: english("as written"),
    Verdict.DIFFERENT: english("different on the server"),
    Verdict.MISSING: english("no longer on the server"),
    Verdict.NOT_COMPARED: english("not compared, or not as a whole"),
    Verdict.NOT_WRITTEN: english("not written by this run, or written over by another"),
}


@click.command("verify")
@click.argument("run_id", metavar="RUN")
@click.argument("files", nargs=-1, metavar="[FILE...]", type=click.Path(path_type=Path))
@ENTITY
@MAPPING
@reading
@setting("workers")
@setting("rate")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the result.")
@common
def command(
    *,
    run_id: str,
    files: tuple[Path, ...],
    entity: str | None,
    mapping: Path | None,
    form: str,
    settings: Settings,
    show: Show,  # noqa: ARG001
) -> None:
    """Read the server back and compare it, field by field, with what RUN has written.  Changes nothing.

    The run's FILEs are read again, from where they were unless they are named; they must be the same to the byte, and
    be read with the same settings.  What differs is listed by cell; personal data stands in verify.csv alone, which
    is written into the run's report folder.  Pictures cannot be read back, and neither can what a look-up that is off
    would show: they count as not compared, never as fine.

    \b
    exit 0   every record is on the server as written
    exit 3   some differ, or are no longer there (also when others could not be compared)
    exit 6   none differs, but some could not be compared
    """
    stop = threading.Event()
    with finishing_on_interrupt(stop, settings.speech):
        found = verify(run_id, files, settings, entity=entity, mapping=mapping, stop=stop)
    click.echo(_json(found, settings.speech) if form == "json" else "\n".join(_text(found, settings.speech)))
    sys.exit(found.exit_code)


def _text(found: Verification, speech: Speech) -> Iterator[str]:
    told = [record for record in found.records if record.verdict in {Verdict.DIFFERENT, Verdict.MISSING}]
    for record in told[: terminal.MOST_PROBLEMS]:
        yield from record.lines(speech)
    if len(told) > terminal.MOST_PROBLEMS:
        more = len(told) - terminal.MOST_PROBLEMS
        yield speech.say("... and {count} more; all are in {file}.", count=more, file=found.path.name)
    if told:
        yield ""
    yield from _not_compared(found, speech)
    records = speech.counted("1 record.", "{count} records.", len(found.records))
    yield f"{speech.say('Run')} {found.run_id}: {records}"
    for verdict, count in found.counts.items():
        if count:
            yield f"{terminal.INDENT}{speech.number(count):>9}  {speech.say(MEANINGS[verdict])}"
    if any(found.counts[verdict] for verdict in TOLD):
        yield speech.say("Details: {path}", path=str(found.path))
    if found.interrupted:
        yield speech.say("Interrupted: the rest was not looked up.")


def _not_compared(found: Verification, speech: Speech) -> Iterator[str]:
    """Why, with how many records of which sheet."""
    reasons = Counter(
        (record.row.entity, record.why(speech)) for record in found.records if record.verdict is Verdict.NOT_COMPARED
    )
    for (entity, reason), count in reasons.most_common(terminal.MOST_CAUSES):
        yield speech.say("{count} of {entity} not compared: {reason}", count=count, entity=entity, reason=reason)
    if len(reasons) > terminal.MOST_CAUSES:
        more = len(reasons) - terminal.MOST_CAUSES
        yield speech.say("... and {count} more reasons; all are in {file}.", count=more, file=found.path.name)
    if reasons:
        yield ""


def _json(found: Verification, speech: Speech) -> str:
    document = {
        "schema_version": SCHEMA_VERSION,
        "run": found.run_id,
        "exit_code": found.exit_code,
        "records": len(found.records),
        "verdicts": {verdict.value: count for verdict, count in found.counts.items()},
        "details": str(found.path),
        "findings": [_finding(record, speech) for record in found.records if record.verdict in TOLD],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _finding(record: Verified, speech: Speech) -> dict[str, object]:
    row = record.row
    return {
        "file": row.where.file,
        "sheet": row.where.sheet,
        "row": row.where.row,
        "entity": row.entity,
        "key": row.key,
        "server_id": record.server_id or None,
        "verdict": record.verdict.value,
        "reason": record.why(speech),
        "differences": [_difference(one) for one in record.differences],
    }


def _difference(one: Difference) -> dict[str, object]:
    """A difference for a machine; the values of a private cell stay in verify.csv."""
    return {
        "column": one.column,
        "cell": one.where.cell,
        "written": None if one.private else one.written,
        "on_server": None if one.private else one.on_server,
        "private": one.private,
    }
