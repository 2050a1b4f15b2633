"""Waiting and trying again, for what was surely not done or is harmless to repeat.  A lost answer is never repeated.

Not left to stamina: its wait cannot be cut short when the run is to stop, and asks a clock of its own.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from importer.api.counters import Counting
from importer.api.request import Request, Sender
from importer.errors import TryLater, Unreachable
from importer.model import Reply

LOG = logging.getLogger("importer.api")
FIRST_S = 0.5
MOST_S = 30.0
TRIES_AT_FIRST = 3
"""A server that was never reached in this run is given up sooner: the address may be wrong."""

Pause = Callable[[float], bool]
"""Stands still for some seconds; True = the run is to stop, and standing still ended at once (`Event.wait`)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to wait, and by which clock."""

    tries: int
    most_s: float
    """Seconds to wait in all for one request to be taken."""
    pause: Pause
    clock: Callable[[], float] = time.monotonic


class Persistent:
    """Sends until the server takes it; shared by all threads."""

    def __init__(self, inner: Sender, patience: Patience, counting: Counting, *, base_url: str) -> None:
        self._inner = inner
        self._patience = patience
        self._counting = counting
        self._base_url = base_url
        self._was_reached = False

    def send(self, request: Request) -> Reply:
        """The reply to *request*, tried so often and for so long as the settings say.

        What the server asks by `Retry-After` is never cut short; where it asks for more patience than there is, we give
        up at once.

        Raises:
            TryLater: the last one, when trying was of no use or the run is to stop.
            Unreachable: there was not even a connection.
            RowRefused, AnswerLost, AccessDenied, WrongSettings: the first time they come.
        """
        started = self._patience.clock()
        tried = 0
        while True:
            tried += 1
            try:
                reply = self._inner.send(request)
            except TryLater as trouble:
                self._was_reached = self._was_reached or trouble.reached
                delay = max(trouble.after_s or 0.0, retry_delay(tried + 1))
                if (
                    tried >= self._tries_for(trouble)
                    or self._patience.clock() - started + delay > self._patience.most_s
                ):
                    raise self._given_up(trouble) from trouble.__cause__
                LOG.info("%s %s: %s; again in %.1f s", request.method, request.path, trouble.answer, delay)
                if self._patience.pause(delay):
                    raise
                self._counting.retried(delay)
            else:
                self._was_reached = True
                return reply

    def _tries_for(self, trouble: TryLater) -> int:
        tries = self._patience.tries
        return tries if trouble.reached or self._was_reached else min(tries, TRIES_AT_FIRST)

    def _given_up(self, trouble: TryLater) -> TryLater | Unreachable:
        if trouble.reached:
            return trouble
        return Unreachable(
            "{address} cannot be reached: {answer}. Nothing is lost; try again later.",
            address=self._base_url,
            answer=trouble.answer,
        )


def retry_delay(tries: int) -> float:
    """Seconds to wait before try number *tries* (2 is the first repeat): doubling, with jitter; in [0, MOST_S].

    Source: the API documents 429 but no numbers (page "Q&A"), hence our own.
    """
    return min(MOST_S, FIRST_S * 2.0 ** (tries - 2)) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
