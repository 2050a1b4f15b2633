"""The frozen values that go into the ledger and come out of it.  No behaviour beyond them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Counts = Mapping[str, Mapping[str, int]]
"""Number of rows by entity and status."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be sent for a record; durable before the request leaves."""

    entity: str
    key: str
    """Identity within the account, never a row number."""
    unit: int
    """Which of the records that one row becomes, from 1; always 1 unless the row has a quantity."""
    action: str
    """A word of `importer.model.Action`, such as "create"."""
    digest: str
    """Of the content that is about to be sent."""
    payload: str
    """JSON text for whoever has to settle a doubt; may hold personal data, gone as soon as the answer is known.

    Not for attachments: it is written to disk with every request.
    """
    file: str
    sheet: str
    row: int
    run_id: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a row is known again whose content was confirmed, without making its payload."""

    cells: bytes
    """16 bytes that stand for what its cells say, and how they are read."""
    link: str = ""
    """What else went into its payload: the number on the server of the record that it was linked to."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger knows of one record on the server."""

    entity: str
    key: str
    unit: int
    state: Literal["done", "intended"]
    """`intended` = a request may be on its way; found so at the start of a run, it is in doubt."""
    server_id: str | None
    """Number on the server; None = not known, or never confirmed."""
    digest: str | None
    """Of the content last confirmed; None = not known, or never confirmed."""
    pending_action: str | None
    pending_digest: str | None
    pending_payload: str | None
    """None when nothing is pending, and when the payload was purged."""
    run_id: str
    """Run and place are those of the intent while the record is intended, else of what was last confirmed."""
    file: str
    """"" when a record was found on the server and taken over without an intent."""
    sheet: str
    row: int | None
    settled_at: datetime | None
    """When it was last confirmed; None = never."""
    intended_at: datetime | None
    """When what is pending was begun; None = nothing is."""
    stamp: Stamp | None = None
    """Of the row whose content was last confirmed; None = not known."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Stamped records side by side, in no order; each member holds one thing of all of them, one behind the other."""

    number: int
    count: int
    stamps: bytes
    """16 bytes each."""
    units: bytes
    """Whole numbers of 4 bytes, the lowest first."""
    keys: bytes
    """As are the other texts: their lengths in bytes, as such numbers, then all of them in UTF-8."""
    server_ids: bytes
    links: bytes


@dataclass(frozen=True, slots=True)
class Stamped:
    """All stamped records of an entity."""

    packs: tuple[Pack, ...]
    void: Mapping[tuple[str, int], int]
    """Key and unit -> what packs up to that number say of the record does not hold."""


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file that a run read."""

    name: str
    sha256: str
    """Hexadecimal; "" for standard input."""
    bytes: int
    path: str = ""
    """Absolute, where it was then; "" = not known: standard input, or a run before paths were kept."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of the command, as history tells it."""

    run_id: str
    account: str
    base_url: str
    command: str
    version: str
    """Of the importer."""
    report_dir: str
    files: tuple[FileSeen, ...]
    started_at: datetime
    ended_at: datetime | None
    """None = still running, or killed."""
    exit_code: int | None
    counts: Counts
    """Empty until the run has ended."""
    requests: int
    retries: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly an account lets us send, learned and shared by all that send for it.

    All times are seconds relative to the database's clock, so machines whose clocks differ agree.
    """

    interval_s: float
    """Between two requests; 0 = nothing learned yet."""
    blocked_s: float
    """How long nobody may send, as the server asked; 0 = sending is allowed."""
    calm_s: float
    """Since the interval last changed."""


def storable(text: str) -> str:
    """*text* in a form that a database takes: a file's name need not be valid Unicode on Linux."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
