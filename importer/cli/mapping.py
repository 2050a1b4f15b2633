"""`importer mapping`: a first mapping profile for another system's files, to be confirmed by a person."""

from pathlib import Path

import click

from importer.check.recognise import entity_of, is_for_people
from importer.cli.options import ENTITY, FILES, LANG, told_in
from importer.errors import WrongSettings
from importer.mapping import proposed
from importer.sources import tables
from importer.speech import Speech
from schemas import entity_named


@click.command("mapping")
@FILES
@ENTITY
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write to.", metavar="FILE")
@LANG
def command(files: tuple[Path, ...], entity: str | None, out: Path | None, speech: Speech) -> None:
    """Propose a mapping profile that leads the columns of FILEs to ours.

    Headers that we know are filled in; near ones stand there as comments to be confirmed, and so do the columns that
    are missing and those that are not used.  Nothing is sent, and FILEs stay as they are.

    \b
    importer mapping export.csv --out shop.toml
    importer check export.csv --mapping shop.toml
    """
    with told_in(speech):
        wanted = entity_named(entity) if entity else None
        found = [table for path in files for table in tables(path) if not is_for_people(table)]
        profile = proposed((table, wanted or entity_of(table)) for table in found)
        if out is None:
            click.echo(profile, nl=False)
        else:
            _write(out, profile)
            click.echo(out)


def _write(out: Path, profile: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(profile)
    except FileExistsError as error:
        raise WrongSettings(
            "{path} is there already; give another name, or take it away first.", path=str(out)
        ) from error
    except OSError as error:
        raise WrongSettings("{path} cannot be written: {reason}.", path=str(out), reason=str(error.strerror)) from error
