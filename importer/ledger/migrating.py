"""Brings the tables of a ledger up to date, with a copy of the file beside it before anything old is changed."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from importer.errors import LedgerTrouble
from importer.ledger import sqlite_file

SCRIPTS = "importer.ledger:migrations"
"""Package and folder, so that an installed wheel needs no configuration file."""


def migrate(engine: Engine, path: Path, scripts: str = SCRIPTS) -> None:
    """Make or alter the tables until they are those of the last migration.

    Two processes that open a new ledger at once take turns: the transaction begins with the write lock.

    Raises:
        LedgerTrouble: written by a newer version of the importer.
    """
    config = Config()
    config.set_main_option("script_location", scripts)
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    with engine.connect() as connection, connection.begin():
        found = MigrationContext.configure(connection).get_current_revision()
        if found == known[0]:
            return
        if found is not None and found not in known:
            raise LedgerTrouble(
                "a newer importer has written it (version {found} of the tables, this one knows up to {known}); "
                "install the newest importer",
                at=f"ledger {path}",
                found=found,
                known=known[0],
            )
        if found is not None:
            sqlite_file.copy(path, path.with_name(f"{path.name}.before-{known[0]}"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
