"""What the ledger holds for one account: records, the lease, the pace, the runs.  For any number of threads at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import update

from importer.errors import WrongSettings
from importer.ledger import records, runs, stamps
from importer.ledger.database import Database
from importer.ledger.lease import Lease
from importer.ledger.pace import SharedPace
from importer.ledger.tables import accounts
from importer.ledger.values import Counts, FileSeen, Intent, Record, Stamp, Stamped
from importer.ledger.writer import Guard, Statements, Then, Values


class Account:
    """An account at a base URL.  Every write is durable when the call returns, or when it says so by its *then*.

    What is asked here includes all that was written before.  Once a lease was taken here, records can be written only
    as long as it is held.
    """

    def __init__(self, database: Database, account_id: int, name: str) -> None:
        self._database = database
        self._id = account_id
        self._lease: Lease | None = None
        self.name = name
        self.shared_pace = SharedPace(database, account_id)

    # --- what is known --------------------------------------------------------------------------------------
    # What is still on its way to the disk is waited for first.

    def record(self, entity: str, key: str, unit: int = 1) -> Record | None:
        """What is known of one record; None = nothing."""
        return self.records(entity, [key]).get((key, unit))

    def records(self, entity: str, keys: Sequence[str]) -> dict[tuple[str, int], Record]:
        """What is known of the records with *keys*, by key and unit: all units, and nothing for unknown keys."""
        self._database.writer.catch_up()
        with self._database.looking() as cursor:
            return {(found.key, found.unit): found for found in records.by_key(cursor, self._id, entity, keys)}

    def unstamped_keys(self, entity: str) -> list[str]:
        """The keys of those records of *entity* that `stamped` does not tell."""
        self._database.writer.catch_up()
        with self._database.looking() as cursor:
            return records.unstamped_keys(cursor, self._id, entity)

    def stamped(self, entity: str) -> Stamped:
        """All records of *entity* by which rows are known again, but those with an intent."""
        self._database.writer.catch_up()
        with self._database.looking() as cursor:
            return stamps.stamped(cursor, self._id, entity)

    def server_ids_below(self, entity: str, prefix: str) -> frozenset[str]:
        """Numbers on the server of all records of *entity* whose key begins with *prefix*, which is not empty."""
        self._database.writer.catch_up()
        with self._database.reading() as connection:
            return records.server_ids_below(connection, self._id, entity, prefix)

    def in_doubt(self) -> Iterator[Record]:
        """Every intended record, by entity, key and unit; settling them on the way is fine."""
        last = ("", "", 0)
        while True:
            self._database.writer.catch_up()
            with self._database.reading() as connection:
                some = records.pending_after(connection, self._id, last)
            if not some:
                return
            yield from some
            last = (some[-1].entity, some[-1].key, some[-1].unit)

    def settled(self, entity: str, run_id: str = "") -> Iterator[Record]:
        """Every record of *entity* that was ever confirmed, by key and unit; with *run_id*, those it wrote last."""
        last = ("", 0)
        while True:
            self._database.writer.catch_up()
            with self._database.reading() as connection:
                some = records.settled_after(connection, self._id, entity, run_id, last)
            if not some:
                return
            yield from some
            last = (some[-1].key, some[-1].unit)

    # --- what is sent and answered --------------------------------------------------------------------------
    # Each of these raises LeaseHeld if the lease was lost, LedgerTrouble if the ledger cannot be written.

    def intend(self, intent: Intent) -> None:
        """Note what is about to be sent; takes the place of an earlier intent.  What was confirmed before is kept."""
        self._write(records.INTEND, records.intended(self._id, intent))

    def settle(  # noqa: PLR0913 - what there is to say of a record
        self,
        entity: str,
        key: str,
        unit: int,
        server_id: str | None,
        digest: str | None,
        run_id: str,
        *,
        stamp: Stamp | None = None,
        then: Then | None = None,
    ) -> None:
        """Note that the server has the record with the content of *digest*; the intent, if any, is over.

        A *server_id* of None keeps the one that is known; a *digest* of None says that the content is not known.
        *stamp* is that of the row that this content is of; None = it cannot be known again without making it.
        With *then* the disk is not waited for: *then* is told once it is durable, or what would have been raised.
        """
        values = records.identity(self._id, entity, key, unit) | records.confirmed(server_id, digest, run_id, stamp)
        if then is None:
            self._write(records.SETTLE, values)
        else:
            self._database.writer.write_then(records.SETTLE, values, self._guard, then)

    def stamp(self, entity: str, key: str, unit: int, digest: str, stamp: Stamp, *, then: Then) -> None:
        """Note by what the row is known again whose content of *digest* was confirmed last; *then* as in `settle`."""
        values = records.identity(self._id, entity, key, unit) | records.stamped(stamp) | {"the_digest": digest}
        self._database.writer.write_then(records.STAMP, values, self._guard, then)

    def pack(self) -> None:
        """Put what was stamped of late beside the rest, if it is much, so that `stamped` is quick."""
        self._database.writer.ask(lambda connection: stamps.pack(connection, self._id))

    def behind(self, then: Callable[[], None]) -> None:
        """Call *then* when all that was written here before is durable, or never will be; now, if nothing waits."""
        self._database.writer.behind(then)

    def withdraw(self, entity: str, key: str, unit: int) -> None:
        """Take back an intent that surely came to nothing: refused, or never sent.  All is as it was before it."""
        self._write(records.WITHDRAW, records.identity(self._id, entity, key, unit))

    def forget(self, entity: str, key: str, unit: int) -> None:
        """Note that the server no longer has the record: nothing is known of it from now on."""
        self._write(records.FORGET, records.identity(self._id, entity, key, unit))

    def _write(self, statements: Statements, values: Values) -> None:
        self._database.writer.write(statements, values, self._guard)

    @property
    def _guard(self) -> Guard | None:
        return self._lease.guard if self._lease else None

    # --- one run at a time ----------------------------------------------------------------------------------

    @contextmanager
    def lease(self, owner: str, seconds: float) -> Iterator[Lease]:
        """Hold the account for *owner*, such as a run's id; renewed in the background, over *seconds* after a crash.

        Raises:
            LeaseHeld: another run has it.
        """
        lease = Lease(self._database, self._id, self.name, seconds)
        lease.take(owner)
        self._lease = lease
        try:
            yield lease
        finally:
            lease.release()

    # --- history --------------------------------------------------------------------------------------------

    def confirm_key(self, key_print: str) -> None:
        """Remember the fingerprint of an access key, now that the API has accepted it."""
        change = update(accounts).where(accounts.c.id == self._id).values(key_print=key_print)
        self._database.writer.ask(lambda connection: connection.execute(change).rowcount)

    def start_run(self, run_id: str, *, files: Sequence[FileSeen], version: str, report_dir: str, command: str) -> None:
        """Begin the history of a run.

        Raises:
            WrongSettings: there is a run of that id already.
        """
        run = {"run_id": run_id, "version": version, "report_dir": report_dir, "command": command}
        if not self._database.writer.ask(lambda connection: runs.start(connection, self._id, run, files)):
            raise WrongSettings(f'run "{run_id}": there is a run of this name already; choose another one (--run-id)')

    def end_run(self, run_id: str, *, exit_code: int, counts: Counts, requests: int, retries: int = 0) -> None:
        """Complete the history of a run that was started."""
        sent = (requests, retries)
        self._database.writer.ask(lambda connection: runs.end(connection, run_id, exit_code, counts, sent))
