"""`importer template`: blank templates to fill in, or filled with what the account holds."""

import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import click

from importer import templates
from importer.cli.interrupts import finishing_on_interrupt
from importer.cli.logs import Show
from importer.cli.options import common
from importer.errors import EXIT_INTERRUPTED
from importer.run.current import Current, current
from importer.settings import Settings
from importer.speech import Speech
from schemas import ENTITIES, entity_named
from schemas.entity import Entity

NAMES = [entity.name for entity in ENTITIES]
KEYS_NAMED = 5
Style = Literal["xlsx", "csv"]


@click.command("template")
@click.argument("entities", nargs=-1, metavar="[ENTITY...]", type=click.Choice(NAMES))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder to write to.")
@click.option("--format", "style", type=click.Choice(["xlsx", "csv"]), default="xlsx", help="Workbooks or CSV files.")
@click.option("--replace", is_flag=True, help="Overwrite files that are there.")
@click.option("--with-data", is_flag=True, help="Fill in what the account holds, to be corrected and imported again.")
@click.option("--run", "run_id", default="", help="With --with-data: only what RUN has written.", metavar="RUN")
@common
def command(
    entities: tuple[str, ...],
    *,
    out: Path,
    style: Style,
    replace: bool,
    with_data: bool,
    run_id: str,
    settings: Settings,
    show: Show,  # noqa: ARG001 - there is nothing to count before the server has been asked
) -> None:
    """Write blank templates to fill in.

    Without ENTITY, one workbook with all sheets.  Row 2 of each sheet is an example; it is never imported.

    With --with-data the sheets hold what the ledger knows of, as the server shows it now.  Correct them and import the
    file: only rows that you changed are sent.

    \b
    importer template                          all-in-one.xlsx, here
    importer template orders order_items       a workbook for each of the two
    importer template --format csv --out new   a CSV file for each entity
    importer template orders --with-data       orders-data.xlsx, with all orders
    """
    if run_id and not with_data:
        raise click.UsageError("--run goes with --with-data")
    chosen = [entity_named(name) for name in entities] or list(ENTITIES)
    if with_data:
        _write_data(chosen, out, style, settings, run_id=run_id, replace=replace)
        return
    for path in templates.write(out, chosen, style=style, language=settings.speech.language, replace=replace):
        click.echo(path)


def _write_data(
    chosen: Sequence[Entity], out: Path, style: Style, settings: Settings, *, run_id: str, replace: bool
) -> None:
    stop = threading.Event()
    with finishing_on_interrupt(stop, settings.speech):
        found = current(settings, chosen, run_id=run_id, stop=stop)
    if stop.is_set():
        sys.exit(EXIT_INTERRUPTED)
    for path, names in _files(chosen, out, style):
        rows = {name: found.rows[name] for name in names}
        said = settings.speech.language
        click.echo(templates.fill(path, rows, language=said, conventions=found.conventions, replace=replace))
    for line in _told(found, settings.speech):
        click.echo(line, err=True)


def _files(chosen: Sequence[Entity], out: Path, style: Style) -> list[tuple[Path, list[str]]]:
    """The files to write, as blank templates would be but for their names, and the entities in each."""
    names = [entity.name for entity in ENTITIES if entity in chosen]
    if style == "xlsx" and len(names) == len(ENTITIES):
        return [(out / "all-in-one-data.xlsx", names)]
    return [(out / f"{name}-data.{style}", [name]) for name in names]


def _told(found: Current, speech: Speech) -> Iterator[str]:
    """How many rows there are, and what is not among them."""
    for name, rows in found.rows.items():
        yield f"{name}: {speech.counted('1 row', '{count} rows', len(rows))}"
        if changed := found.changed.get(name, 0):
            yield f"  {speech.say('not as they were sent, so an import sends them: {count}', count=changed)}"
    keys: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in found.left_out:
        keys[one.entity, speech.note(one.reason)].append(one.key)
    for (name, reason), of_them in keys.items():
        told = ", ".join(of_them[:KEYS_NAMED]) + (", ..." if len(of_them) > KEYS_NAMED else "")
        yield f"{name}: {speech.say('left out')}{f' {told}' if told else ''}: {reason}"
