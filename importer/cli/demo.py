"""`importer demo`: the shipped example into the built-in sandbox; needs no account."""

import tempfile
from importlib.resources import files
from pathlib import Path

import click
from pydantic import SecretStr

from importer import sandbox
from importer.cli.logs import Show
from importer.cli.options import common, setting
from importer.cli.upload import run_to_its_end
from importer.errors import UnreadableFile
from importer.run.preparation import prepare
from importer.run.upload import Upload
from importer.settings import Settings

EXAMPLE = "shop.xlsx"


@click.command("demo")
@setting("report_dir")
@common
def command(settings: Settings, show: Show) -> None:
    """Import the shipped example into the built-in sandbox, and say where the report is.

    Nothing leaves this machine, and neither your ledger nor your access key is touched.
    """
    example = _example()
    said = settings.speech.say("Importing {file} into a sandbox on this machine ...", file=str(example))
    click.echo(said, err=True)
    with tempfile.TemporaryDirectory() as folder, sandbox.running() as api:
        ours = settings.model_copy(
            update={
                "base_url": api.base_url,
                "access_key": SecretStr(api.access_key),
                "ledger": f"sqlite:///{folder}/ledger.sqlite",
                "account": "demo",
            }
        )
        run_to_its_end(Upload(prepare([example], ours), ours, command="demo"), show, settings.speech)


def _example() -> Path:
    """The example as installed with the wheel, else the one of the checkout."""
    package = Path(str(files("importer")))
    for folder in (package / "_examples" / "shop", package.parent / "examples" / "shop"):
        if (folder / EXAMPLE).exists():
            return folder / EXAMPLE
    raise UnreadableFile("The example {file} is not part of this installation.", file=EXAMPLE)
