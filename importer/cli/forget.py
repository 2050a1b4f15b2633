"""`importer forget`: take a person out of the ledger and the reports."""

from collections.abc import Iterator

import click

from importer.cli.logs import Show
from importer.cli.options import common
from importer.run.forget import Forgotten, forget
from importer.settings import Settings
from importer.speech import Speech


@click.command("forget")
@click.option("--email", "address", required=True, metavar="ADDRESS", help="The person's e-mail address.")
@click.option("--dry-run", "-n", is_flag=True, help="Only list what would be removed.")
@common
def command(address: str, dry_run: bool, settings: Settings, show: Show) -> None:  # noqa: ARG001
    """Remove a person from the ledger and from the reports of its runs.

    In the ledger, the content of requests that are still in doubt; their doubt stays.  In the report folders, every row
    that mentions the address: its cells become "[removed]" but for those of columns that hold no personal data, and so
    does what our lists tell of them.  Rows, statuses and counts stay as they are.

    Not reached, and for you to see to: the server; your own files, which are named; report folders that were moved, and
    those of dry runs, which no ledger knows; backups, copies, mail, and what a disk keeps of deleted files.  Rows
    without the address are not found, even if they are the same person's.  Only the address is looked for, so run it
    once for each address a person had.
    """
    click.echo("\n".join(_lines(forget(address, settings, dry_run=dry_run), settings.speech, dry_run=dry_run)))


def _lines(found: Forgotten, speech: Speech, *, dry_run: bool) -> Iterator[str]:
    done = speech.say("would be removed") if dry_run else speech.say("removed")
    for record in found.payloads:
        yield speech.say("ledger: content of {record}, which is in doubt: {done}", record=record, done=done)
    for one in found.changed:
        if one.rows:
            yield f"{one.path}: {speech.counted('1 place', '{count} places', one.rows)} {done}"
        if one.left:
            yield f"{one.path}: {speech.say('NOT clean: {why}', why=one.left)}"
    if not found.payloads and not found.changed:
        yield speech.say("Nothing of this person is in the ledger or the reports.")
    if found.untouched:
        yield ""
        yield speech.say("Not touched:")
        yield from (f"  {place}: {speech.note(note)}" for place, note in found.untouched)
