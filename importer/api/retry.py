"""Waiting and trying again, for what was surely not done or is harmless to repeat.  A lost answer is never repeated."""

import random
import threading
from collections.abc import Callable

from importer.errors import TryLater
from importer.model import Reply

FIRST_S = 0.5
MOST_S = 30.0


def retry_delay(tries: int) -> float:
    """Seconds to wait before try number *tries* (2 is the first repeat): doubling, with jitter; in [0, MOST_S].

    A `Retry-After` from the server comes on top where it is longer.  Source: the API documents 429 but no numbers.
    """
    return min(MOST_S, FIRST_S * 2.0 ** (tries - 2)) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret


def persistent(
    send: Callable[[], Reply],
    *,
    tries: int,
    patience_s: float,
    stop: threading.Event,
    on_retry: Callable[[], None],
) -> Reply:
    """The reply to *send*, tried at most *tries* times and waiting at most *patience_s* seconds in all.

    What the server asks by `Retry-After` is never cut short; where it asks for more patience than there is, we give up.

    Raises:
        TryLater: the last one, when it was of no use, or *stop* was set.
    """
    waited = 0.0
    for number in range(2, tries + 2):
        try:
            return send()
        except TryLater as trouble:
            delay = max(trouble.after_s or 0.0, retry_delay(number))
            waited += delay
            if number > tries or waited > patience_s or stop.wait(delay):
                raise
            on_retry()
    raise AssertionError("unreachable: the loop returns or raises")
