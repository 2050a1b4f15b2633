"""The ledger as a whole: opened once, one `Account` for each account that is imported to."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select

from importer.errors import WrongSettings
from importer.ledger import records, runs, sqlite_file
from importer.ledger.account import Account
from importer.ledger.database import Database
from importer.ledger.lease import at_work
from importer.ledger.sqlite import insert, now
from importer.ledger.tables import accounts, pace
from importer.ledger.values import Record, RunRecord

UNCONFIRMED = ""
"""Fingerprint of an account whose key the API has not accepted yet."""
MOUNTS = Path("/proc/mounts")


class Ledger:
    """An open ledger; use it in a `with` statement, or close it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str, *, mounts: Path = MOUNTS) -> Self:
        """Open the ledger at *url*, such as `sqlite:////home/me/ledger.sqlite`; made if there is none.

        An older one is brought up to date, after a copy was put beside it.  *mounts* is the system's list of disks.

        Raises:
            WrongSettings: *url* makes no sense.
            LedgerTrouble: damaged, no ledger, of a newer importer, cannot be written, on a network share.
        """
        return cls(Database(sqlite_file.file_of(url), mounts))

    def close(self) -> None:
        """Finish what is being written and let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def account(self, name: str, *, base_url: str, key_print: str, named: bool) -> Account:
        """The account called *name*, added if it is new.

        *key_print* is a fingerprint of the access key; *named* = the user has named the account, so that another key
        is surely a new one for the same account.  It is only remembered by `Account.confirm_key`, once it was accepted.

        Raises:
            WrongSettings: known with another base URL, or, unless *named*, with another access key.
        """
        here = base_url.rstrip("/")
        work = partial(_found_account, new={"name": name, "base_url": here, "key_print": UNCONFIRMED})
        account_id, known_url, known_print = self._database.writer.ask(work)
        if known_url != here:
            raise WrongSettings(
                f'account "{name}": the ledger knows it at {known_url}, but base_url is {here}; mend base_url, or give '
                "each its own name (setting account)"
            )
        if known_print not in {UNCONFIRMED, key_print} and not named:
            raise WrongSettings(
                f'account "{name}": the access key is not the one that the API has accepted before; look for a slip in '
                "it; if it opens another account, name that one (setting account); if it is a new key of the same "
                f'account, set account = "{name}"'
            )
        return Account(self._database, account_id, name)

    # --- history --------------------------------------------------------------------------------------------

    def runs(self, limit: int = 20) -> tuple[RunRecord, ...]:
        """The last *limit* runs of all accounts, the newest first."""
        with self._database.reading() as connection:
            return runs.newest(connection, limit)

    def run(self, run_id: str) -> RunRecord | None:
        """One run; None = there is none of that id."""
        with self._database.reading() as connection:
            return runs.one(connection, run_id)

    def at_work(self) -> tuple[str, ...]:
        """Who holds the lease of which account at this moment, in words."""
        with self._database.reading() as connection:
            return at_work(connection)

    # --- personal data --------------------------------------------------------------------------------------

    def payloads_mentioning(self, words: str) -> tuple[tuple[str, Record], ...]:
        """Account and record of every payload that mentions *words* in any case, an e-mail address only as a whole.

        Payloads are the only personal data in the ledger.
        """
        with self._database.reading() as connection:
            return tuple(records.mentioning(connection, words))

    def purge_payloads(self, words: str) -> int:
        """Remove the payloads that mention *words*, and say how many; their records stay in doubt."""
        return self._database.writer.ask(lambda connection: records.purge(connection, words))

    @property
    def copies(self) -> tuple[Path, ...]:
        """The copies that were put beside the ledger before its tables were altered; they are never changed."""
        path = self._database.path
        return tuple(sorted(path.parent.glob(f"{path.name}.before-*")))


def _found_account(connection: Connection, new: dict[str, str]) -> tuple[int, str, str]:
    """Id, base URL and fingerprint as the ledger knows them; added where it is *new*."""
    added = insert(accounts).on_conflict_do_nothing().returning(accounts.c.id)
    account_id = connection.execute(added, new | {"created_at": datetime.now(UTC)}).scalar()
    if account_id is not None:
        free = dict.fromkeys(("interval_s", "next_at", "blocked_until", "seen_at"), 0.0)
        connection.execute(insert(pace).values(account_id=account_id, changed_at=now(), **free))
        return account_id, new["base_url"], new["key_print"]
    known = select(accounts.c.id, accounts.c.base_url, accounts.c.key_print).where(accounts.c.name == new["name"])
    found = connection.execute(known).one()
    return found.id, found.base_url, found.key_print
