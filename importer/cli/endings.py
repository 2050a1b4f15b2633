"""Why a command ended before its time, told to whoever called it."""

import errno
import logging
import os
import traceback
from pathlib import Path

import click

from importer.cli import logs
from importer.cli.environment import TRACEBACK
from importer.cli.options import speech_of

NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def stopped(why: str) -> None:
    """Tell *why*, as a log line where those are wanted as JSON."""
    if logs.is_json():
        logging.getLogger("importer").error(why)
    else:
        click.echo(f"importer: {why}", err=True)


def interrupted() -> None:
    """Tell that it was interrupted, and how it goes on."""
    click.echo(f"importer: {speech_of(None).say('interrupted; the same command goes on')}.", err=True)


def is_out_of_room(mistake: Exception) -> bool:
    """The result could not be written: the disk that it is led to is full.

    Everything else that is written says so itself, with the file's name.
    """
    return isinstance(mistake, OSError) and mistake.filename is None and mistake.errno in NO_ROOM


def out_of_room(mistake: OSError) -> None:
    """Tell that the result was lost, and what was not."""
    stopped(
        speech_of(None).say(
            "the result cannot be written: {reason}. What was sent is in the ledger, and the same command goes on.",
            reason=str(mistake.strerror),
        )
    )


def broken(mistake: Exception) -> None:
    """Tell what went wrong and where, without the exception's text, which may hold private data."""
    place = traceback.extract_tb(mistake.__traceback__)[-1]
    at = f"{Path(place.filename).name}:{place.lineno}"
    # The settings are gone with the command, so the environment says in which language.
    apology = speech_of(None).say(
        "this is a mistake in the importer ({what}), not in your file. What was sent is in the ledger, and the same "
        "command goes on. Please report it; {variable}=1 shows more.",
        what=f"{type(mistake).__name__} at {at}",
        variable=TRACEBACK,
    )
    stopped(apology)


def is_traceback_wanted() -> bool:
    """Whoever mends the importer has asked for it."""
    return bool(os.environ.get(TRACEBACK))
