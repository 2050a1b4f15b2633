"""The tables of the ledger as they stand now; how they came to be is told by `migrations`."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as seconds since 1970 (UTC): the one form that all databases compare alike."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:  # noqa: ARG002, D102
        return None if value is None else value.timestamp()

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        return None if value is None else datetime.fromtimestamp(value, UTC)


def _account() -> Column[int]:
    return Column("account_id", ForeignKey("accounts.id"), primary_key=True)


def _identity() -> tuple[Column[int], Column[str], Column[str], Column[int]]:
    """What tells one record from all others."""
    return (
        _account(),
        Column("entity", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("unit", Integer, primary_key=True),
    )


accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("base_url", Text, nullable=False),
    Column("key_print", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

records = Table(
    "records",
    metadata,
    *_identity(),
    Column("server_id", Text),
    Column("digest", Text),
    Column("run_id", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("row", Integer),
    Column("settled_at", Moment, nullable=False),
    Column("stamp", LargeBinary),
    Column("link", Text),
    sqlite_with_rowid=False,
)
"""What the server has confirmed."""

intents = Table(
    "intents",
    metadata,
    *_identity(),
    Column("action", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("payload", Text),
    Column("run_id", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("intended_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
"""What is on its way or in doubt.  A table of its own: what is taken back leaves no trace, and personal data stands
nowhere else."""

packs = Table(
    "packs",
    metadata,
    _account(),
    Column("entity", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    *(Column(name, LargeBinary, nullable=False) for name in ("stamps", "units", "keys", "server_ids", "links")),
)
"""Stamped records, thousands side by side, since a million rows of a table take seconds to read.  They say nothing
that `records` does not say, but for those that are ..."""

stale = Table(
    "stale",
    metadata,
    *_identity(),
    Column("up_to", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""... not so any more: what packs up to that number say of them does not hold."""

fresh = Table("fresh", metadata, *_identity(), sqlite_with_rowid=False)
"""Records that were stamped since the last pack."""

leases = Table(
    "leases",
    metadata,
    _account(),
    Column("token", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("expires_at", Double, nullable=False),
)

pace = Table(
    "pace",
    metadata,
    _account(),
    Column("interval_s", Double, nullable=False),
    Column("next_at", Double, nullable=False),
    Column("blocked_until", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("command", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("report_dir", Text, nullable=False),
    Column("started_at", Moment, nullable=False, index=True),
    Column("ended_at", Moment),
    Column("exit_code", Integer),
    Column("counts", JSON, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
)

run_files = Table(
    "run_files",
    metadata,
    Column("run_id", ForeignKey("runs.run_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("path", Text, nullable=False, server_default=""),
)
