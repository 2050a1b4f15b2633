"""`importer show`: one run in full."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from importer.cli.history import as_json, counts_told
from importer.cli.logs import Show
from importer.cli.options import common
from importer.errors import EXIT_CODES, WrongSettings
from importer.ledger import Ledger, RunRecord
from importer.settings import Settings
from importer.speech import Speech


@click.command("show")
@click.argument("run_id", metavar="RUN")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the result.")
@common
def command(run_id: str, form: str, settings: Settings, show: Show) -> None:  # noqa: ARG001
    """Show one run in full: its files, what became of the rows, and where its report is."""
    with Ledger.open(settings.ledger_url) as ledger:
        run = ledger.run(run_id)
    if run is None:
        raise WrongSettings("The ledger knows no run {run}; `importer runs` lists them.", run=run_id)
    click.echo(
        json.dumps(as_json(run), indent=2, ensure_ascii=False)
        if form == "json"
        else "\n".join(_lines(run, settings.speech))
    )


def _lines(run: RunRecord, speech: Speech) -> Iterator[str]:
    facts = list(_facts(run, speech))
    width = max(len(name) for name, _ in facts) + 2
    yield from (f"{name:<{width}}{fact}" for name, fact in facts)


def _facts(run: RunRecord, speech: Speech) -> Iterator[tuple[str, str]]:
    say, code, folder = speech.say, run.exit_code, Path(run.report_dir)
    account, address, requests = run.account, run.base_url, run.requests
    yield say("run"), f"{run.run_id} ({run.command}, importer {run.version})"
    yield say("account"), say("{account} at {address}", account=account, address=address)
    yield say("started"), f"{run.started_at.astimezone():%Y-%m-%d %H:%M:%S}"
    is_over = say("not ended: still running, or killed")
    yield say("ended"), f"{run.ended_at.astimezone():%Y-%m-%d %H:%M:%S}" if run.ended_at else is_over
    yield say("exit"), say("none") if code is None else f"{code}: {say(EXIT_CODES[code])}"
    # Requests are counted at a run's end; a run that was killed has sent some all the same.
    if run.ended_at:
        yield say("sent"), say("{requests} requests, {repeats} of them repeats", requests=requests, repeats=run.retries)
    for file in run.files:
        yield say("file"), f"{file.name}, {speech.number(file.bytes)} {say('bytes')}, sha256 {file.sha256}"
    for entity, statuses in run.counts.items():
        yield say("rows"), f"{entity}: {counts_told(statuses, speech)}"
    gone = "" if folder.exists() else f" {say('(no longer there)')}"
    # Of a run that was killed only the list is there.
    page = folder / "report.html"
    yield say("report"), f"{page if gone or page.exists() else folder}{gone}"
