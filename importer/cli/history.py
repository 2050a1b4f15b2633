"""A run of the ledger as JSON, and its counts in words, for `runs` and `show`."""

from collections.abc import Mapping
from dataclasses import asdict

from importer.ledger import RunRecord
from importer.model import Status
from importer.speech import Speech


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


def counts_told(counts: Mapping[str, int], speech: Speech) -> str:
    """`12 created, 3 rejected`."""
    return ", ".join(f"{speech.number(count)} {speech.status(Status(status))}" for status, count in counts.items())
