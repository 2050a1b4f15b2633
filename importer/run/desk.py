"""What all threads of a run share: the API, the ledger, what is in already, and whether to go on."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from importer.api import Api
from importer.errors import ImporterError, RequestTrouble, Unreachable
from importer.ledger import Account
from importer.model import Row, Status
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


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of a row that others may need."""

    status: Status
    server_id: str
    is_fresh: bool
    """Created by this run, so that nothing of it can be on the server yet."""


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
    ) -> None:
        self.api = api
        self.account = account
        self.options = options
        self.stop = stop
        """Set when the run is to end: nothing new is sent, what is under way is finished."""
        self.attachment = attachment
        """The members of an image's payload that come from its file; raises `CellError`."""
        self.began_at = time.monotonic()
        """When this run began: whatever was sent by an earlier one was sent before, for only one holds the lease."""
        self.ending: ImporterError | None = None
        """Why the run ended early; None while it did not, or when it was interrupted."""
        self._arrived: dict[tuple[str, str], Arrived] = {}
        self._troubles = 0
        self._lock = threading.Lock()

    def arrived(self, entity: str, key: str) -> Arrived | None:
        """What became of that row in this run; None before its turn."""
        return self._arrived.get((entity, key))

    def note_arrival(self, row: Row, arrived: Arrived) -> None:
        """Let other rows know what became of *row*."""
        if row.key:
            self._arrived[row.entity, row.key] = arrived

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
