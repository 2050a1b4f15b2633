"""`importer carriers`: the carrier table in force, and where it came from."""

import json
import threading
from datetime import UTC, datetime

import click

from importer import carrier_table
from importer.api import MemoryPace
from importer.cli.logs import Show
from importer.cli.options import common
from importer.errors import Unreachable
from importer.run.connect import api_for
from importer.settings import Settings
from schemas import carriers


@click.command("carriers")
@click.option("--refresh", is_flag=True, help="Fetch the account's list from the API and use it from now on.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the result.")
@common
def command(refresh: bool, form: str, settings: Settings, show: Show) -> None:  # noqa: ARG001
    """Show the carriers per country that are in force, and where the list came from."""
    table = _refreshed(settings) if refresh else carrier_table.in_force(settings.state_folder, settings.account_name)
    if form == "json":
        click.echo(json.dumps({"origin": table.origin, "carriers": table.carriers}, indent=2))
        return
    for country, codes in sorted(table.carriers.items()):
        click.echo(f"{country}  {', '.join(codes)}")
    said = settings.speech.say("From {origin}.", origin=settings.speech.say(table.origin))
    click.echo(f"\n{said}")


def _refreshed(settings: Settings) -> carrier_table.CarrierTable:
    base_url = settings.wanted_base_url()
    body = api_for(settings, pace=MemoryPace(), stop=threading.Event()).carriers()
    try:
        found = carriers.parse_reply(body)
    except ValueError as error:
        raise Unreachable(
            "GET {address}/carriers answered in no form that is known: {reason}", address=base_url, reason=str(error)
        ) from error
    return carrier_table.keep(settings.state_folder, settings.account_name, base_url, found, datetime.now(UTC))
