"""What all threads of a run share: the API, the ledger, what is in already, and whether to go on."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from importer.api import Api
from importer.errors import ImporterError, RequestTrouble, Unreachable
from importer.ledger import Account
from importer.model import Row
from importer.run.rehearsal import Rehearsal
from schemas.entity import Payload

TROUBLES_IN_A_ROW = 3
"""So many rows, one after another, that the server would not take: it is not the rows."""


class Existing(StrEnum):
    """What to do with a row that is on the server already, with other content."""

    UPDATE = "update"
    SKIP = "skip"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is to behave; each is described in `importer.settings`."""

    run_id: str
    workers: int = 8
    existing: Existing = Existing.UPDATE
    dry_run: bool = False
    settle_s: float = 10.0


class Desk:
    """Shared by all threads of one run."""

    def __init__(
        self,
        api: Api,
        account: Account | Rehearsal,
        options: Options,
        *,
        stop: threading.Event,
        attachment: Callable[[Row], Payload],
        stamp: Callable[[Row], bytes | None] = lambda _: None,
    ) -> None:
        self.api = api
        self.account = account
        self.options = options
        self.stop = stop
        """Set when the run is to end: nothing new is sent, what is under way is finished."""
        self.attachment = attachment
        """The members of an image's payload that come from its file; raises `CellError`."""
        self.stamp = stamp
        """By what a row's cells are known again; None = they are not."""
        self.began_at = time.monotonic()
        """When this run began: whatever was sent by an earlier one was sent before, for only one holds the lease."""
        self.ending: ImporterError | None = None
        """Why the run ended early; None while it did not, or when it was interrupted."""
        self._lost: set[tuple[str, str]] = set()
        """Rows that did not get in, by entity and key."""
        self._troubles = 0
        self._lock = threading.Lock()

    def noted(self, trouble: BaseException | None) -> None:
        """The ledger has taken an answer, or could not; then the run ends, and the next one looks for the record."""
        if isinstance(trouble, ImporterError):
            self.end(trouble)
        elif trouble is not None:
            self.stop.set()  # a mistake of ours, which is raised by the next that is written

    def is_lost(self, row: Row) -> bool:
        """Whether *row*, whose turn is over, did not get in."""
        return (row.entity, row.key) in self._lost

    def note_lost(self, row: Row) -> None:
        """Let rows of other chains know that *row* did not get in."""
        self._lost.add((row.entity, row.key))

    def note_success(self) -> None:
        """The server took something: it is there, and it works."""
        self._troubles = 0

    def note_trouble(self, trouble: RequestTrouble) -> None:
        """The server would not take a row now; several rows in a row, and it is the server."""
        if self.stop.is_set():
            # Waiting was cut short by us; that says nothing of the server.
            return
        with self._lock:
            self._troubles += 1
            many = self._troubles >= TROUBLES_IN_A_ROW
        if many:
            self.end(
                Unreachable(
                    "The server took nothing any more ({answer}). The same command goes on later.",
                    answer=trouble.answer,
                )
            )

    def end(self, reason: ImporterError) -> None:
        """End the run: the first reason counts."""
        with self._lock:
            self.ending = self.ending or reason
        self.stop.set()
