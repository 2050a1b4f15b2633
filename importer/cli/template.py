"""`importer template`: blank templates to fill in."""

from pathlib import Path
from typing import Literal

import click

from importer import templates
from importer.cli.options import LANG, told_in
from importer.speech import Speech
from schemas import ENTITIES, entity_named

NAMES = [entity.name for entity in ENTITIES]


@click.command("template")
@click.argument("entities", nargs=-1, metavar="[ENTITY...]", type=click.Choice(NAMES))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder to write to.")
@click.option("--format", "style", type=click.Choice(["xlsx", "csv"]), default="xlsx", help="Workbooks or CSV files.")
@LANG
@click.option("--replace", is_flag=True, help="Overwrite files that are there.")
def command(entities: tuple[str, ...], out: Path, style: Literal["xlsx", "csv"], speech: Speech, replace: bool) -> None:
    """Write blank templates to fill in.

    Without ENTITY, one workbook with all sheets.  Row 2 of each sheet is an example; it is never imported.

    \b
    importer template                          all-in-one.xlsx, here
    importer template orders order_items       a workbook for each of the two
    importer template --format csv --out new   a CSV file for each entity
    """
    chosen = [entity_named(name) for name in entities] or list(ENTITIES)
    with told_in(speech):
        for path in templates.write(out, chosen, style=style, language=speech.language, replace=replace):
            click.echo(path)
