"""An open database: the one writer, connections for reading, and every error as a sentence for a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError

from importer.errors import LedgerTrouble
from importer.ledger import migrating, sqlite, sqlite_file
from importer.ledger.writer import Writer


class Database:
    """What the parts of the ledger share."""

    def __init__(self, path: Path, mounts: Path) -> None:
        """Open the ledger in *path*, making it or bringing it up to date; *mounts* as in `Ledger.open`."""
        self.path = path
        self._writing = sqlite.writing_engine(path)
        self._reading = sqlite.reading_engine(path)
        self._is_closed = False
        with ExitStack() as undo:
            undo.callback(self._writing.dispose)
            try:
                sqlite_file.prepare(path, mounts)
                migrating.migrate(self._writing, path)
                self.writer = Writer(self._writing, self._trouble)
            except (SQLAlchemyError, sqlite3.Error, OSError) as error:
                raise self._trouble(error) from error
            undo.pop_all()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees the last commit; it does not wait for the writer."""
        if self._is_closed:
            raise LedgerTrouble("the ledger has been closed")
        try:
            with self._reading.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self._trouble(error) from error

    @contextmanager
    def looking(self) -> Iterator[DBAPICursor]:
        """As `reading`, past SQLAlchemy: for what is asked with every row, in the text of `sqlite.plain`."""
        if self._is_closed:
            raise LedgerTrouble("the ledger has been closed")
        try:
            with closing(self._reading.raw_connection()) as connection:
                yield connection.cursor()
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._trouble(error) from error

    def close(self) -> None:
        """Finish what waits, and let go of the file; may be called twice."""
        self._is_closed = True
        self.writer.close()
        self._reading.dispose()
        self._writing.dispose()

    def _trouble(self, error: BaseException) -> LedgerTrouble:
        return sqlite.trouble(error, self.path)
