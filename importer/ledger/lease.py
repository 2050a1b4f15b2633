"""One run at a time for an account: a row that says who holds it until when, renewed while the holder lives.

Decided by the database's clock and in single statements, so two takers at once are no race and no file lock is needed.
"""

import os
import socket
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Double, Executable, and_, bindparam, delete, select, update
from sqlalchemy.engine.interfaces import DBAPICursor

from importer.errors import LeaseHeld, LedgerTrouble
from importer.ledger.database import Database
from importer.ledger.sqlite import insert, now, plain
from importer.ledger.tables import accounts, leases
from schemas.cells import Note


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who has the lease."""

    token: str
    owner: str
    host: str
    pid: int
    since: datetime
    left_s: float
    """Until it runs out unless it is renewed; below 0 = it has."""

    @property
    def note(self) -> Note:
        """Who that is, and since when."""
        since = f"{self.since:%Y-%m-%d %H:%M:%S} UTC"
        return Note("lease_holder", {"run": self.owner, "pid": str(self.pid), "host": self.host, "since": since})


class Lease:
    """Held from `take` to `release`; every write of a record makes sure of it in its own transaction."""

    def __init__(self, database: Database, account_id: int, account: str, seconds: float) -> None:
        self._database = database
        self._account_id = account_id
        self._account = account
        self._seconds = seconds
        self._token = uuid.uuid4().hex
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="lease", daemon=True)

    def take(self, owner: str) -> None:
        """Take the lease for *owner*, such as the run's id, unless somebody else holds it.

        Raises:
            LeaseHeld: somebody does; says who, since when and for how long at least.
        """
        taken = self._mine | {
            "new_token": self._token,
            "new_owner": owner,
            "new_host": socket.gethostname(),
            "new_pid": os.getpid(),
            "new_since": datetime.now(UTC),
        }
        holder = self._database.writer.ask(lambda connection: _take(connection, self._account_id, taken))
        if holder is not None:
            raise LeaseHeld(
                "another run is at work, {holder}; wait until it has ended, or, if it was killed, {seconds} seconds",
                at=f'account "{self._account}"',
                holder=holder.note,
                seconds=max(round(holder.left_s), 1),
            )
        self._heart.start()

    def check(self) -> None:
        """Raises `LeaseHeld` if the lease has gone to somebody else, as it may when this machine was suspended."""
        lost = self._lost()
        if lost is not None:
            raise lost

    def guard(self, cursor: DBAPICursor) -> LeaseHeld | None:
        """As `check`, inside the transaction of a write; renews a lease that is past half of its time.

        So what is intended can be sent well before anybody else could take it for a dead run's doubt.
        """
        cursor.execute(_LEFT, self._mine)
        row = cursor.fetchone()
        if row is None:
            return self._lost()
        if row[0] < self._seconds / 2:
            cursor.execute(_RENEW, self._mine)
        return None

    def release(self) -> None:
        """Let the next one in at once.  A ledger in trouble is no reason to fail here: the lease runs out by itself."""
        self._ended.set()
        self._heart.join()
        with suppress(LedgerTrouble):
            self._database.writer.write((_RELEASE,), self._mine)

    @property
    def _mine(self) -> dict[str, object]:
        return {"the_account": self._account_id, "the_token": self._token, "seconds": self._seconds}

    def _beat(self) -> None:
        """Renew until the end.  A lease that is lost or a ledger in trouble is told by the next write."""
        while not self._ended.wait(self._seconds / 3):
            try:
                self._database.writer.write((_RENEW,), self._mine)
            except LedgerTrouble:
                return

    def _lost(self) -> LeaseHeld | None:
        """Why the lease is not ours; None = it is."""
        with self._database.reading() as connection:
            holder = _holder(connection, self._account_id)
        if holder is None:
            return LeaseHeld("this run has given up its place; nothing more is sent", at=f'account "{self._account}"')
        if holder.token == self._token:
            return None
        return LeaseHeld(
            "this run stood still too long (was the machine suspended?) and another has taken over, {holder}; "
            "wait until that one has ended, then run the same command again",
            at=f'account "{self._account}"',
            holder=holder.note,
        )


# --- statements ---------------------------------------------------------------------------------------------

_MINE = and_(leases.c.account_id == bindparam("the_account"), leases.c.token == bindparam("the_token"))
_UNTIL = now() + bindparam("seconds", type_=Double)


def _taking() -> Executable:
    new: dict[str, ColumnElement[Any]] = {
        name: bindparam(f"new_{name}") for name in ("token", "owner", "host", "pid", "since")
    }
    statement = insert(leases).values(account_id=bindparam("the_account"), expires_at=_UNTIL, **new)
    return statement.on_conflict_do_update(
        index_elements=[leases.c.account_id],
        set_={name: statement.excluded[name] for name in (*new, "expires_at")},
        where=leases.c.expires_at <= now(),
    ).returning(leases.c.token)


_TAKE = _taking()
_HOLDER = select(
    leases.c.token, leases.c.owner, leases.c.host, leases.c.pid, leases.c.since, leases.c.expires_at - now()
)
_LEFT = plain(select(leases.c.expires_at - now()).where(_MINE))
_RENEW = plain(update(leases).where(_MINE).values(expires_at=_UNTIL))
_RELEASE = plain(delete(leases).where(_MINE))


def _take(connection: Connection, account_id: int, values: dict[str, object]) -> _Holder | None:
    """Take the lease, or give back who holds it."""
    if connection.execute(_TAKE, values).first() is not None:
        return None
    return _holder(connection, account_id)


def at_work(connection: Connection) -> tuple[str, ...]:
    """Every lease that is held, in words."""
    held = _HOLDER.add_columns(accounts.c.name).join(accounts).where(leases.c.expires_at > now())
    return tuple(f'account "{name}": {_Holder(*holder).note}' for *holder, name in connection.execute(held))


def _holder(connection: Connection, account_id: int) -> _Holder | None:
    row = connection.execute(_HOLDER.where(leases.c.account_id == account_id)).first()
    return None if row is None else _Holder(*row)
