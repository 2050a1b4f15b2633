"""Where the files of a run were, so that they can be read again; "" for runs before this and for standard input."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("run_files", Column("path", Text, nullable=False, server_default=""))
