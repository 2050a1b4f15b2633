"""What is particular to SQLite: connections, three pieces of statements, and the words for its errors.

Another database, such as PostgreSQL, needs a module like this one; the statements elsewhere suit both.
"""

import errno
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Double,
    Engine,
    bindparam,
    create_engine,
    event,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite import dialect, insert
from sqlalchemy.engine import URL, Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from importer.errors import LedgerTrouble
from importer.speech import english

__all__ = [
    "BUSY_S",
    "DAMAGED",
    "among",
    "begin",
    "greatest",
    "insert",
    "now",
    "plain",
    "reading_engine",
    "several",
    "trouble",
    "writing_engine",
]

BUSY_S = 30.0
"""How long one process waits for another's transaction, which lasts milliseconds; only a hung one takes so long."""

# A read takes a fraction of a millisecond, so that 64 workers need not have a connection each.
READERS = 16

_COMMON = (f"busy_timeout={int(BUSY_S * 1000)}", "foreign_keys=ON")
# FULL: a commit survives a power cut, too.  secure_delete: a payload that is gone is overwritten, not only unlinked.
_WRITING = (*_COMMON, "synchronous=FULL", "secure_delete=ON")
_READING = (*_COMMON, "query_only=ON")


def writing_engine(path: Path) -> Engine:
    """One durable connection; every transaction takes the write lock at its beginning."""
    engine = create_engine(_url(path), pool_size=1, max_overflow=0, hide_parameters=True)
    _prepare(engine, _WRITING)

    @event.listens_for(engine, "begin")
    def begin_at_once(connection: Connection) -> None:
        begin(connection.connection.cursor())

    return engine


def reading_engine(path: Path) -> Engine:
    """Connections that see the last commit and wait for nobody."""
    engine = create_engine(
        _url(path),
        pool_size=READERS,
        max_overflow=0,
        pool_use_lifo=True,  # the one used last has its statements and pages at hand
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )
    _prepare(engine, _READING)
    return engine


def _url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _prepare(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _: object) -> None:
        # Python's module would begin transactions by itself, late and without the write lock.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")


def begin(cursor: DBAPICursor) -> None:
    """Begin a transaction that writes, with the write lock: one that takes it later may be refused."""
    cursor.execute("BEGIN IMMEDIATE")


def plain(statement: ClauseElement) -> str:
    """*statement* as text for the driver, its values by name; it must not hold any of its own.

    For what is done with every row: through SQLAlchemy a commit of one, or a look at one, costs three times as much.
    """
    return str(statement.compile(dialect=dialect(paramstyle="named")))


# --- pieces of statements -----------------------------------------------------------------------------------


def now() -> ColumnElement[float]:
    """The database's clock in seconds since 1970, good to a millisecond; the same all through a statement."""
    return literal_column("((julianday('now') - 2440587.5) * 86400.0)", Double)


def greatest(*values: ColumnElement[float]) -> ColumnElement[float]:
    """The largest of *values*."""
    return func.max(*values, type_=Double)


def among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether *column* is one of the texts that are handed over as *name*, packed by `several`."""
    return column.in_(select(literal_column("value")).select_from(func.json_each(bindparam(name))))


def several(texts: Iterable[str]) -> str:
    """*texts* as one value, so that a statement is the same however many they are."""
    return json.dumps(list(texts))


# --- errors -------------------------------------------------------------------------------------------------

DAMAGED = english("the file is damaged; put a copy of it back, since a new ledger would not know what was sent")

FULL = english("the disk is full; make room, then run the same command again")
LOCKED_OUT = english("it cannot be opened or written; see that it is a file, and that you may write it and its folder")
LOCKED_OUT_FOR = english(
    "it cannot be opened or written; see that it is a file, and that you may write it and its folder ({reason})"
)

_SENTENCES = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: LOCKED_OUT,
    sqlite3.SQLITE_PERM: LOCKED_OUT,
    sqlite3.SQLITE_CANTOPEN: LOCKED_OUT,
    sqlite3.SQLITE_NOTADB: english("this is not a ledger; name another file"),
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_BUSY: english(
        "another program has locked it for {seconds} seconds; end that one, then run the same command again"
    ),
    sqlite3.SQLITE_IOERR: english(
        "the disk does not take or give data (is it full, or over quota?); look after it, then run "
        "the same command again"
    ),
}


def trouble(error: BaseException, path: Path) -> LedgerTrouble:
    """*error* of SQLite, of SQLAlchemy or of the file system as a sentence, without anything that was to be stored."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    # The low byte is the kind, the rest its details.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    at = f"ledger {path}"
    if code in _SENTENCES:
        return LedgerTrouble(_SENTENCES[code], at=at, seconds=int(BUSY_S))
    if isinstance(cause, OSError):
        if cause.errno in {errno.ENOSPC, errno.EDQUOT}:
            return LedgerTrouble(FULL, at=at)
        return LedgerTrouble(LOCKED_OUT_FOR, at=at, reason=str(cause.strerror))
    return LedgerTrouble(getattr(cause, "sqlite_errorname", type(cause).__name__), at=at)
