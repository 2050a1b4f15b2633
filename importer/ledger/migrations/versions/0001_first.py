"""The first tables."""

from alembic import op
from sqlalchemy import JSON, Column, Double, ForeignKey, Integer, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    _accounts()
    _records()
    _lease_and_pace()
    _runs()


def _accounts() -> None:
    op.create_table(
        "accounts",
        Column("id", Integer, primary_key=True),
        Column("name", Text, nullable=False, unique=True),
        Column("base_url", Text, nullable=False),
        Column("key_print", Text, nullable=False),
        Column("created_at", Double, nullable=False),
    )


def _records() -> None:
    op.create_table(
        "records",
        *_identity(),
        Column("server_id", Text),
        Column("digest", Text),
        Column("run_id", Text, nullable=False),
        Column("file", Text, nullable=False),
        Column("sheet", Text, nullable=False),
        Column("row", Integer),
        Column("settled_at", Double, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "intents",
        *_identity(),
        Column("action", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("payload", Text),
        Column("run_id", Text, nullable=False),
        Column("file", Text, nullable=False),
        Column("sheet", Text, nullable=False),
        Column("row", Integer, nullable=False),
        Column("intended_at", Double, nullable=False),
        sqlite_with_rowid=False,
    )


def _lease_and_pace() -> None:
    op.create_table(
        "leases",
        _account(),
        Column("token", Text, nullable=False),
        Column("owner", Text, nullable=False),
        Column("host", Text, nullable=False),
        Column("pid", Integer, nullable=False),
        Column("since", Double, nullable=False),
        Column("expires_at", Double, nullable=False),
    )
    op.create_table(
        "pace",
        _account(),
        Column("interval_s", Double, nullable=False),
        Column("next_at", Double, nullable=False),
        Column("blocked_until", Double, nullable=False),
        Column("changed_at", Double, nullable=False),
        Column("seen_at", Double, nullable=False),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        Column("run_id", Text, primary_key=True),
        Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
        Column("command", Text, nullable=False),
        Column("version", Text, nullable=False),
        Column("report_dir", Text, nullable=False),
        Column("started_at", Double, nullable=False),
        Column("ended_at", Double),
        Column("exit_code", Integer),
        Column("counts", JSON, nullable=False),
        Column("requests", Integer, nullable=False),
        Column("retries", Integer, nullable=False),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"])
    op.create_table(
        "run_files",
        Column("run_id", Text, ForeignKey("runs.run_id"), primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("bytes", Integer, nullable=False),
    )


def _account() -> Column[int]:
    return Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True)


def _identity() -> tuple[Column[int], Column[str], Column[str], Column[int]]:
    return (
        _account(),
        Column("entity", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("unit", Integer, primary_key=True),
    )
