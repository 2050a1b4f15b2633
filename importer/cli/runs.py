"""`importer runs`: the history of runs."""

import json
from collections import Counter

import click

from importer.cli.history import as_json, counts_told
from importer.cli.logs import Show
from importer.cli.options import common
from importer.ledger import Ledger, RunRecord
from importer.settings import Settings
from importer.speech import Speech


@click.command("runs")
@click.option("--limit", type=click.IntRange(1), default=20, help="At most so many, the newest first. [default: 20]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the result.")
@common
def command(limit: int, form: str, settings: Settings, show: Show) -> None:  # noqa: ARG001
    """List the runs in the ledger, the newest first."""
    with Ledger.open(settings.ledger_url) as ledger:
        runs = ledger.runs(limit)
    if form == "json":
        click.echo(json.dumps([as_json(run) for run in runs], indent=2, ensure_ascii=False))
    elif not runs:
        click.echo(settings.speech.say("No runs yet."))
    else:
        for run in runs:
            click.echo(_line(run, settings.speech))


def _line(run: RunRecord, speech: Speech) -> str:
    counts = sum((Counter(statuses) for statuses in run.counts.values()), Counter[str]())
    is_running = run.exit_code is None
    ended = speech.say("running or killed") if is_running else speech.say("exit {code}", code=str(run.exit_code))
    rows = counts_told(counts, speech) or speech.say("no counts")
    names = ", ".join(file.name for file in run.files)
    return f"{run.run_id}  {run.started_at.astimezone():%Y-%m-%d %H:%M}  {ended:<18}  {names}: {rows}"
