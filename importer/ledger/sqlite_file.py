"""The file behind a SQLite ledger: where it is, whether it may be used, and whether it is sound.  No tables here."""

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from importer.errors import LedgerTrouble, WrongSettings
from importer.ledger.sqlite import BUSY_S, DAMAGED

OURS = frozenset(("alembic_version", "accounts", "records", "intents"))
"""Tables by which a ledger is known."""

# SQLite's locks and its shared memory do not work across machines; a ledger there would be damaged one day.
NETWORK_KINDS = frozenset(("afs", "cifs", "davfs", "fuse.davfs2", "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs"))


def file_of(url: str) -> Path:
    """The file that *url* names, such as `sqlite:////home/me/ledger.sqlite`.

    Raises:
        WrongSettings: not a URL, another database than SQLite, or no file.  The text leaves out the URL, since it may
            hold a password.
    """
    wanted = "a URL like sqlite:////home/me/ledger.sqlite is wanted (setting ledger, option --ledger)"
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise WrongSettings(f"the ledger's address cannot be understood: {wanted}") from error
    if parsed.get_backend_name() != "sqlite":
        raise WrongSettings(f'no ledger can be kept in "{parsed.get_backend_name()}": {wanted}')
    if parsed.database in {None, "", ":memory:"} or parsed.query:
        raise WrongSettings(f"the ledger has to be a file that outlives the run: {wanted}")
    return Path(str(parsed.database)).absolute()


def prepare(path: Path, mounts: Path) -> None:
    """Make the folder and the file if need be, readable by their owner alone, and see that both are fit.

    Raises:
        LedgerTrouble: on a network share, not a ledger, damaged.
        OSError, sqlite3.Error: what else can go wrong on a disk.
    """
    _refuse_network(path, mounts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Made here, since SQLite would let others read it; its side files take over the mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with opened(path) as connection:
        _refuse_damaged(connection, path)
        _refuse_stranger(connection, path)
        _write_ahead(connection, path)


def copy(path: Path, to: Path) -> None:
    """A complete copy of the ledger at *path*, readable by its owner alone; replaces what stands there."""
    to.unlink(missing_ok=True)
    os.close(os.open(to, os.O_CREAT | os.O_RDWR, 0o600))
    with opened(path) as source, opened(to) as target:
        source.backup(target)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection for what is done before there are tables."""
    with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as connection:
        yield connection


# --- network shares -----------------------------------------------------------------------------------------


def _refuse_network(path: Path, mounts: Path) -> None:
    kind = _kind_of_disk(path, mounts)
    if kind in NETWORK_KINDS:
        raise LedgerTrouble(
            "the folder is on a network share ({kind}), where several machines can damage it; "
            "name a file on a disk of this machine",
            at=f"ledger {path}",
            kind=kind,
        )


def _kind_of_disk(path: Path, mounts: Path) -> str:
    """Kind of the file system that holds *path*, "" where the system does not tell."""
    if str(path).startswith("\\\\"):
        return "smb3"  # \\server\share on Windows
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""  # only Linux has such a list
    real = path.resolve()
    # The last of the innermost counts: a later mount covers an earlier one.
    around = [(len(place.parts), kind) for place, kind in map(_mount, lines) if real.is_relative_to(place)]
    return max(reversed(around), key=lambda found: found[0], default=(0, ""))[1]


def _mount(line: str) -> tuple[Path, str]:
    """Place and kind from a line of /proc/mounts, where a blank in a name is written as its octal number."""
    _, place, kind, *_ = line.split(" ")
    return Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), place)), kind


# --- soundness ----------------------------------------------------------------------------------------------


def _refuse_damaged(connection: sqlite3.Connection, path: Path) -> None:
    """Reads the whole file: about 0.4 s for a million records."""
    [(verdict,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
    if verdict != "ok":
        raise LedgerTrouble(DAMAGED, at=f"ledger {path}")


def _refuse_stranger(connection: sqlite3.Connection, path: Path) -> None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not tables >= OURS:
        raise LedgerTrouble("this is a database, but not a ledger; name another file", at=f"ledger {path}")


def _write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Switch to the write-ahead log, which lets readers go on while somebody writes; the file remembers it.

    SQLite does not wait by itself when another process has the file open in that moment, so we do.
    """
    deadline = time.monotonic() + BUSY_S
    while _journal(connection) != "wal":
        if time.monotonic() > deadline:
            raise LedgerTrouble(
                "this disk cannot share a file between programs; name a file elsewhere", at=f"ledger {path}"
            )
        time.sleep(0.01)


def _journal(connection: sqlite3.Connection) -> str:
    try:
        [(mode,)] = connection.execute("PRAGMA journal_mode=WAL").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return "busy"
    return str(mode)
