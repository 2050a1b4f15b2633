"""A person taken out of the ledger and out of the report folders that its runs name.

What it reaches: contents of requests that are still in doubt, and the files of the report folders.  What it does not:
the server, the user's own files, report folders of dry runs (no ledger names them), and copies made by anybody.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from importer.errors import LeaseHeld, UnreadableFile, WrongSettings
from importer.ledger import FileSeen, Ledger, RunRecord
from importer.model import Table
from importer.reports.removal import Person, Place, Removed, remove, rows_told, stem
from importer.settings import Settings
from importer.sources import tables
from schemas.cells import Note
from schemas.mentions import mention_of

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
EVERY = 1_000_000
"""Runs that are looked at: all there are."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed, or would be, and what was not."""

    payloads: tuple[str, ...]
    """Records in the ledger whose content was kept because they are in doubt: `orders SO-1 of account main`."""
    changed: tuple[Removed, ...]
    """Files of reports."""
    untouched: tuple[tuple[str, Note], ...]
    """What is left for the person who asked: a file or folder, and why."""


def forget(address: str, settings: Settings, *, dry_run: bool = False) -> Forgotten:
    """Remove the person with the e-mail *address*; a *dry_run* only says what there is.

    Raises:
        WrongSettings: this is no e-mail address.
        LeaseHeld: a run is at work, whose report is still being written.
        LedgerTrouble: the ledger cannot be read or written.
    """
    address = address.strip()
    if not ADDRESS.fullmatch(address):
        raise WrongSettings("An e-mail address is wanted, such as --email name@example.com.")
    with Ledger.open(settings.ledger_url) as ledger:
        if busy := ledger.at_work():
            raise LeaseHeld("A run is at work ({run}); run this again when it has ended.", run=busy[0])
        payloads = tuple(
            f"{record.entity} {record.key} of account {account}"
            for account, record in ledger.payloads_mentioning(address)
        )
        if payloads and not dry_run:
            ledger.purge_payloads(address)
        runs, copies = ledger.runs(EVERY), ledger.copies
    search = _Search(mention_of(address))
    changed = [one for run in runs for one in search.in_report(run, dry_run=dry_run)]
    untouched = [*search.untouched, *((str(copy), Note("forget_copy")) for copy in copies)]
    once = {(place, note.message): (place, note) for place, note in untouched}
    return Forgotten(payloads, tuple(changed), tuple(once.values()))


class _Search:
    """Goes through the runs; remembers what was said of a file, since many runs may have read it."""

    def __init__(self, mention: re.Pattern[str]) -> None:
        self._mention = mention
        self._rows: dict[str, frozenset[Place] | None] = {}
        """By the digest of an input file; None = it is not there any more."""
        self.untouched: list[tuple[str, Note]] = []

    def in_report(self, run: RunRecord, *, dry_run: bool) -> Iterator[Removed]:
        """Yield what changes in the report folder of *run*."""
        inputs = [(file, self._rows_of(file)) for file in run.files]
        folder = Path(run.report_dir)
        if not folder.is_dir():
            self.untouched.append((str(folder), Note("forget_no_folder", {"run": run.run_id})))
            return
        known = frozenset(place for _, rows in inputs for place in rows or ())
        person = Person(self._mention, known | rows_told(folder, self._mention))
        changed = tuple(remove(folder, person, dry_run=dry_run))
        yield from changed
        gone = [file.name for file, rows in inputs if rows is None]
        if gone and any(folder.glob("*.csv")):
            self.untouched.append((str(folder), Note("forget_file_gone", {"file": ", ".join(gone)})))

    def _rows_of(self, file: FileSeen) -> frozenset[Place] | None:
        if file.sha256 not in self._rows:
            self._rows[file.sha256] = self._looked_up(file)
        return self._rows[file.sha256]

    def _looked_up(self, file: FileSeen) -> frozenset[Place] | None:
        """The person's rows in a file of the user's; None where it is no longer what it was."""
        path = Path(file.path)
        if not file.path or not path.is_file():
            return None
        try:
            found = tables(path)
            is_the_same = _sha256(path) == file.sha256
        except (UnreadableFile, OSError):
            return None
        rows = frozenset(place for table in found for place in self._persons_rows(table))
        if rows:
            self.untouched.append((str(path), Note("forget_your_file", {"count": f"{len(rows):,}"})))
        return rows if is_the_same else None

    def _persons_rows(self, table: Table) -> Iterator[Place]:
        for number, *cells in table.frame.itertuples(name=None):
            if any(self._mention.search(str(cell)) for cell in cells):
                yield stem(table.where.file), table.where.sheet, number


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
