"""Run by Alembic for every migration: hands it the connection that `importer.ledger.migrating` has opened.

A change of the tables is one more file in `versions`; a test compares what they lead to with `importer.ledger.tables`.
"""

from alembic import context

# The caller has begun a transaction and ends it, so a migration is done as a whole or not at all.
context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
