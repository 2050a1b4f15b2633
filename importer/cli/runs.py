"""`importer runs`: the history of runs."""

import json
from collections import Counter

import click

from importer.cli.history import as_json
from importer.cli.logs import Show
from importer.cli.options import common
from importer.ledger import Ledger, RunRecord
from importer.settings import Settings


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
        click.echo("No runs yet.")
    else:
        for run in runs:
            click.echo(_line(run))


def _line(run: RunRecord) -> str:
    counts = sum((Counter(statuses) for statuses in run.counts.values()), Counter[str]())
    ended = "running or killed" if run.exit_code is None else f"exit {run.exit_code}"
    rows = ", ".join(f"{count:,} {status}" for status, count in counts.items()) or "no counts"
    names = ", ".join(file.name for file in run.files)
    return f"{run.run_id}  {run.started_at.astimezone():%Y-%m-%d %H:%M}  {ended:<18}  {names}: {rows}"
