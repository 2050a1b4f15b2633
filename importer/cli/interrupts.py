"""Ctrl-C and SIGTERM: the first finishes what is under way, the second stops at once and still loses nothing."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from importer.errors import EXIT_INTERRUPTED
from importer.speech import Speech

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def finishing_on_interrupt(stop: threading.Event, speech: Speech) -> Iterator[None]:
    """Set *stop* at the first signal; leave the process at the second.

    Leaving at once is safe: intents and answers are in the ledger, lines of `results.csv` are whole, and what was under
    way is in doubt, which the next run settles.
    """
    seen: list[int] = []

    def handle(number: int, _: FrameType | None) -> None:
        seen.append(number)
        if len(seen) > 1:
            os._exit(EXIT_INTERRUPTED)
        stop.set()
        said = speech.say("Finishing what is under way; once more stops at once. The same command goes on later.")
        click.echo(f"\n{said}", err=True)

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
