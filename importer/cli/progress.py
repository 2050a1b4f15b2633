"""What lies ahead and how far it is: a sentence, then a bar on a terminal, else a log line now and then.

Where nobody looks on, stderr stays empty as long as nothing is wrong and nobody asked (`--verbose`).
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator

import click
from tqdm import tqdm

from importer.cli import logs
from importer.cli.logs import Show
from importer.model import Outcome
from importer.outcomes import EndedAlike
from importer.reports.quote import Quote, Range, duration, quote_sentence
from importer.speech import ENGLISH, Speech

LOG = logging.getLogger("importer.progress")
EVERY_S = 30.0
BAR_AFTER_S = 1.0
BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}{postfix}]"
"""Without tqdm's own estimate, which takes all rows for equal."""


def said_ahead(quote: Quote, show: Show, speech: Speech) -> None:
    """Say what lies ahead, before anything is sent: on a terminal, else above the result, where a dry run has it."""
    if logs.is_json():
        LOG.info(quote_sentence(quote, ENGLISH))
    elif not show.quiet:
        click.echo(quote_sentence(quote, speech), err=show.is_watched)


def left(seconds: Range | None, speech: Speech) -> str:
    """Such as `4 to 6 minutes left`; "" where it cannot be told."""
    return speech.say("{time} left", time=duration(seconds, speech)) if seconds else ""


def followed(
    batches: Iterator[tuple[Outcome, ...] | EndedAlike], *, total: int, show: Show, left: Callable[[], str] = lambda: ""
) -> None:
    """Go through *batches*, and show how far they are; *left* says how long it still takes."""
    if not show.has_bar:
        _log(batches, total, left)
        return
    counts: Counter[str] = Counter()
    with tqdm(total=total, unit="row", delay=BAR_AFTER_S, dynamic_ncols=True, bar_format=BAR) as bar:
        for batch in batches:
            counts += _statuses(batch)
            if bar.update(len(batch)):
                bar.set_postfix_str(_line(left(), counts), refresh=False)
        bar.set_postfix_str(_line("", counts))


def _statuses(batch: tuple[Outcome, ...] | EndedAlike) -> Counter[str]:
    if isinstance(batch, EndedAlike):
        return Counter({batch.status.value: len(batch)})
    return Counter(outcome.status.value for outcome in batch)


def _line(time_left: str, counts: Counter[str]) -> str:
    said = ", ".join(f"{status}={count}" for status, count in counts.items())
    return f"{time_left}; {said}" if time_left else said


def _log(batches: Iterator[tuple[Outcome, ...] | EndedAlike], total: int, left: Callable[[], str]) -> None:
    counts: Counter[str] = Counter()
    said = time.monotonic()
    for batch in batches:
        counts += _statuses(batch)
        if time.monotonic() - said > EVERY_S:
            said = time.monotonic()
            _log_line(counts, total, left())
    _log_line(counts, total, "")


def _log_line(counts: Counter[str], total: int, time_left: str) -> None:
    LOG.info("%d of %d rows: %s", counts.total(), total, _line(time_left, counts))
