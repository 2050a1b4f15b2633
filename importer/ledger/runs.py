"""The history of runs: written at the start and the end of each, read by `importer runs` and `importer show`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from importer.ledger import sqlite
from importer.ledger.tables import accounts, run_files, runs
from importer.ledger.values import Counts, FileSeen, RunRecord, storable


def start(connection: Connection, account_id: int, run: dict[str, str], files: Sequence[FileSeen]) -> bool:
    """Begin a run, *run* being its `run_id`, `command`, `version` and `report_dir`; False where the id is taken."""
    new = {name: storable(text) for name, text in run.items()}
    unknown_yet = {"counts": {}, "requests": 0, "retries": 0}
    statement = sqlite.insert(runs).on_conflict_do_nothing().returning(runs.c.run_id)
    values = new | unknown_yet | {"account_id": account_id, "started_at": datetime.now(UTC)}
    if connection.execute(statement, values).first() is None:
        return False
    if files:
        connection.execute(insert(run_files), [_line(run["run_id"], *numbered) for numbered in enumerate(files)])
    return True


def end(connection: Connection, run_id: str, exit_code: int, counts: Counts, sent: tuple[int, int]) -> bool:
    """Complete a run, *sent* being its requests and retries; False where there is no such run."""
    requests, retries = sent
    statement = update(runs).where(runs.c.run_id == run_id).returning(runs.c.run_id)
    values = {"ended_at": datetime.now(UTC), "exit_code": exit_code, "requests": requests, "retries": retries}
    plain = {entity: dict(statuses) for entity, statuses in counts.items()}
    return connection.execute(statement.values(**values, counts=plain)).first() is not None


def newest(connection: Connection, limit: int) -> tuple[RunRecord, ...]:
    """The last *limit* runs of all accounts, the newest first."""
    rows = connection.execute(_RUNS.order_by(runs.c.started_at.desc(), runs.c.run_id.desc()).limit(limit))
    return tuple(_run(connection, row) for row in rows.all())


def one(connection: Connection, run_id: str) -> RunRecord | None:
    """The run called *run_id*."""
    row = connection.execute(_RUNS.where(runs.c.run_id == run_id)).first()
    return None if row is None else _run(connection, row)


_RUNS = select(runs, accounts.c.name, accounts.c.base_url).join_from(runs, accounts)


def _run(connection: Connection, row: Row[Any]) -> RunRecord:
    columns = (run_files.c[name] for name in ("name", "sha256", "bytes", "path"))
    files = select(*columns).order_by(run_files.c.position)
    seen = connection.execute(files.where(run_files.c.run_id == row.run_id))
    return RunRecord(
        run_id=row.run_id,
        account=row.name,
        base_url=row.base_url,
        command=row.command,
        version=row.version,
        report_dir=row.report_dir,
        files=tuple(FileSeen(*line) for line in seen),
        started_at=row.started_at,
        ended_at=row.ended_at,
        exit_code=row.exit_code,
        counts=row.counts,
        requests=row.requests,
        retries=row.retries,
    )


def _line(run_id: str, position: int, file: FileSeen) -> dict[str, object]:
    texts = {"name": storable(file.name), "path": storable(file.path)}
    return texts | {"run_id": run_id, "position": position, "sha256": file.sha256, "bytes": file.bytes}
