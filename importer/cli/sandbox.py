"""`importer sandbox`: a local imitation of the API."""

from pathlib import Path

import click

from importer import sandbox
from importer.cli.options import LANG, told_in
from importer.sandbox import SandboxOptions, fault_of
from importer.speech import Speech


@click.command("sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=8700, help="Port on this machine. [default: 8700]")
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), help="File that keeps the records.")
@click.option("--fault", "faults", multiple=True, metavar="FAULT", help='Such as "POST /shipments:drop_after:times=2".')
@LANG
def command(port: int, state: Path | None, faults: tuple[str, ...], speech: Speech) -> None:
    """Run a local imitation of the API, until Ctrl-C.

    It checks what the real API is known to check.  Its documentation is at /v2/docs.html, its records at
    /_sandbox/state, the requests it got at /_sandbox/requests.
    """
    try:
        wanted = tuple(fault_of(text) for text in faults)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fault") from error
    with told_in(speech), sandbox.running(SandboxOptions(state=state, faults=wanted), port=port) as running:
        said = speech.say(
            "Sandbox at {address}, access key {key}. Ctrl-C ends it.", address=running.base_url, key=running.access_key
        )
        click.echo(said, err=True)
        running.wait()
