"""By what a row is known again without making it: nothing for records that were settled before this."""

from typing import Any

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Text

revision = "0003"
down_revision = "0002"

BYTES = ("stamps", "units", "keys", "server_ids", "links")


def upgrade() -> None:
    op.add_column("records", Column("stamp", LargeBinary))
    op.add_column("records", Column("link", Text))
    op.create_table("fresh", *_identity(), sqlite_with_rowid=False)
    op.create_table("stale", *_identity(), Column("up_to", Integer, nullable=False), sqlite_with_rowid=False)
    op.create_table(
        "packs",
        *_identity()[:2],
        Column("number", Integer, primary_key=True),
        Column("count", Integer, nullable=False),
        *(Column(name, LargeBinary, nullable=False) for name in BYTES),
    )


def _identity() -> list[Column[Any]]:
    return [
        Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
        Column("entity", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("unit", Integer, primary_key=True),
    ]
