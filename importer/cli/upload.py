"""`importer upload`: check, send, report.  Run again with the same files, it goes on."""

import logging
import re
import sys
from pathlib import Path

import click

from importer.cli import fixes, terminal
from importer.cli.interrupts import finishing_on_interrupt
from importer.cli.logs import Show
from importer.cli.options import ENTITY, FILES, MAPPING, SAVE_FIXES, common, reading, setting
from importer.cli.progress import followed, left, said_ahead
from importer.errors import UnwritableReport, WrongSettings
from importer.run.preparation import prepare
from importer.run.upload import Upload
from importer.settings import Settings
from importer.speech import ENGLISH, Speech

LOG = logging.getLogger("importer.upload")
RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""It becomes the name of a folder."""


@click.command("upload")
@FILES
@ENTITY
@MAPPING
@reading
@SAVE_FIXES
@click.option("--dry-run", "-n", is_flag=True, help="Read the server, but write nothing to it.")
@setting("existing")
@setting("strict")
@setting("workers")
@setting("rate")
@setting("max_errors")
@setting("link")
@setting("complete_boarding")
@setting("report_dir")
@click.option("--run-id", help="Name of the run and of its report folder; made if not given.", metavar="ID")
@common
def command(
    *,
    files: tuple[Path, ...],
    entity: str | None,
    mapping: Path | None,
    save_fixes: Path | None,
    dry_run: bool,
    run_id: str | None,
    settings: Settings,
    show: Show,
) -> None:
    """Check FILEs, send what is fine, and report what became of every row.

    FILE is a workbook, a CSV file, a folder or .zip of these, or - for CSV on standard input (with --entity).
    The same command again goes on where it ended: what is in is not sent twice.

    \b
    importer upload june.xlsx --dry-run
    importer upload june.xlsx
    importer upload drop/ --max-errors 5% --report-dir /var/reports
    """
    if run_id is not None and not RUN_ID.fullmatch(run_id):
        raise WrongSettings(
            "up to 64 letters, digits, points, dashes and underscores are wanted.", at=f'--run-id "{run_id}"'
        )
    settings.wanted_base_url()
    settings.secret()
    if run_id is not None and (settings.report_dir / run_id).exists():
        raise WrongSettings("There is a report folder for the run {run} already; choose another --run-id.", run=run_id)
    prepared = prepare(files, settings, entity=entity, mapping=mapping)
    if save_fixes:
        fixes.save(save_fixes, prepared.sheets, settings.speech)
    for line in terminal.empty_lines(prepared.empty, settings.speech):
        click.echo(line)
    run = Upload(prepared, settings, dry_run=dry_run, run_id=run_id)
    run_to_its_end(run, show, settings.speech)


def run_to_its_end(run: Upload, show: Show, speech: Speech) -> None:
    """Send everything, print the summary, and exit with the run's code."""
    told = speech if show.has_bar else ENGLISH  # without a bar it goes to the log
    with finishing_on_interrupt(run.stop, speech):
        # A dry run has it in its result.
        batches = run.batches() if run.is_dry else run.batches(lambda quote: said_ahead(quote, show, speech))
        try:
            followed(batches, total=run.rows, show=show, left=lambda: left(run.seconds_left, told))
        except UnwritableReport:
            # The rows are sent all the same, and this may be all that anybody is told of them.
            if run.summary:
                click.echo("\n".join(terminal.lines_without_report(run.summary, speech)))
            raise
    assert run.summary is not None
    if run.stopped:
        LOG.error(run.stopped)
    click.echo("\n".join(terminal.summary_lines(run.summary, run.folder, speech)))
    sys.exit(run.summary.run.exit_code)
