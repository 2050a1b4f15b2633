"""A run of the ledger as JSON, for `runs` and `show`."""

from dataclasses import asdict

from importer.ledger import RunRecord


def as_json(run: RunRecord) -> dict[str, object]:
    """*run* in JSON's types; times in UTC."""
    times = {
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
    }
    counts = {entity: dict(statuses) for entity, statuses in run.counts.items()}
    files = [asdict(file) for file in run.files]
    rest = ("run_id", "account", "base_url", "command", "version", "report_dir", "exit_code", "requests", "retries")
    return {name: getattr(run, name) for name in rest} | times | {"counts": counts, "files": files}
