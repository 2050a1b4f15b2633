"""`importer show`: one run in full."""

import json
from pathlib import Path

import click

from importer.cli.history import as_json
from importer.cli.logs import Show
from importer.cli.options import common
from importer.errors import EXIT_CODES, WrongSettings
from importer.ledger import Ledger, RunRecord
from importer.settings import Settings


@click.command("show")
@click.argument("run_id", metavar="RUN")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the result.")
@common
def command(run_id: str, form: str, settings: Settings, show: Show) -> None:  # noqa: ARG001
    """Show one run in full: its files, what became of the rows, and where its report is."""
    with Ledger.open(settings.ledger_url) as ledger:
        run = ledger.run(run_id)
    if run is None:
        raise WrongSettings(f"The ledger knows no run {run_id}; `importer runs` lists them.")
    click.echo(json.dumps(as_json(run), indent=2, ensure_ascii=False) if form == "json" else "\n".join(_lines(run)))


def _lines(run: RunRecord) -> list[str]:
    ended = f"{run.ended_at.astimezone():%Y-%m-%d %H:%M:%S}" if run.ended_at else "not ended: still running, or killed"
    meaning = f"{run.exit_code}: {EXIT_CODES[run.exit_code]}" if run.exit_code is not None else "none"
    folder = Path(run.report_dir)
    return [
        f"run      {run.run_id} ({run.command}, importer {run.version})",
        f"account  {run.account} at {run.base_url}",
        f"started  {run.started_at.astimezone():%Y-%m-%d %H:%M:%S}",
        f"ended    {ended}",
        f"exit     {meaning}",
        f"sent     {run.requests:,} requests, {run.retries:,} of them repeats",
        *(f"file     {file.name}, {file.bytes:,} bytes, sha256 {file.sha256}" for file in run.files),
        *(
            f"rows     {entity}: " + ", ".join(f"{count:,} {status}" for status, count in statuses.items())
            for entity, statuses in run.counts.items()
        ),
        f"report   {folder / 'report.html'}{'' if folder.exists() else ' (no longer there)'}",
    ]
