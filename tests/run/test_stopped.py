"""A run that ends early tells the rows whose turn did not come in columns, and all else is as if each was asked."""

import csv
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shops import Shop, uploads, write_shop

from importer.outcomes import EndedAlike
from importer.plan import order
from importer.rows import in_columns
from importer.run import canary, loop, not_sent
from importer.run.preparation import prepare
from importer.run.row_keys import row_keys
from importer.run.upload import Upload
from importer.settings import Settings
from importer.settings import load as load_settings

NEVER = 10**9
ANOTHER_EACH_TIME = ("run", "started_at", "finished_at", "seconds", "quote")


class StopAfter(threading.Event):
    """Set once the workers have asked so many times whether to go on; of one worker these are always the same."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self._left = questions

    def is_set(self) -> bool:
        """Whether to stop."""
        if threading.current_thread().name.startswith("upload"):
            self._left -= 1
            if self._left < 0:
                self.set()
        return super().is_set()


@pytest.fixture(autouse=True)
def step_by_step(monkeypatch):
    """One worker, and hardly a chain is put together before its turn comes."""
    monkeypatch.setattr(loop, "_threads", lambda _: 1)
    monkeypatch.setattr(loop, "LEAST_AHEAD", 1)
    monkeypatch.setattr(loop, "AHEAD_PER_WORKER", 1)
    monkeypatch.setattr(canary, "MOST_LOOKED_AT", 2)
    monkeypatch.setattr(order, "AT_ONCE", 1)


@settings(
    max_examples=8, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(uploads(), st.integers(0, 60), st.booleans(), st.booleans())
def test_a_stopped_run_is_as_if_every_row_was_asked(sandbox, monkeypatch, shop, questions, strict, completes):
    """Wherever a run is stopped, its report, its requests and its exit code are those of the long way."""
    short, long = (
        stopped(sandbox, monkeypatch, shop, questions, worth_it, strict=strict, complete_boarding=completes)
        for worth_it in (0, NEVER)
    )

    assert short == long


def test_rows_without_a_turn_are_told_together(sandbox, monkeypatch, tmp_path):
    """Of a run that is stopped before it begins, only the rows that the check keeps out are put together."""
    monkeypatch.setattr(not_sent, "WORTH_IT", 0)
    write_shop(tmp_path / "book", {"orders": [{"order_id": "SO-1"}, {"order_id": ""}, {"order_id": "SO-3"}]})
    chosen = _settings(tmp_path, sandbox)
    upload = Upload(prepare([tmp_path / "book"], chosen), chosen, stop=StopAfter(0))
    upload.stop.set()

    together, alone = [], []
    for batch in upload.batches():
        (together if isinstance(batch, EndedAlike) else alone).append(batch)

    assert [(one.rows.tolist(), one.keys.to_pylist()) for one in together] == [([2, 4], ["SO-1", "SO-3"])]
    assert [outcome.row.where.row for outcomes in alone for outcome in outcomes] == [3]


def test_keys_in_columns_are_those_of_the_rows(book, tmp_path, sandbox):
    """Every kind of key, odd signs and shared ones included, is the same in columns as in its row."""
    folder = book(
        products=["sku", "P-1", "a/b", "back\\slash", "Ä ö"],
        orders=["order_id", "SO-1", "00017", "=1+1"],
        order_states=["order_id | state | datetime", "SO-1 | in_production | 2026-01-31T13:00:00+01:00"],
        shipments=[
            "order_id | reference_number | tracking_code",
            *("SO-1 | S-1 | T-1", "SO-1 |  | T/2", "SO-1 | #CLEAR | T-3"),
        ],
        order_items=[
            "order_id | line | sku | name",
            *("SO-1 | 1 | P-1 | Shirt", "SO-1 |  | P-1 | Shirt", "SO-1 |  | P-1 | Trousers", "SO-1 |  | a/b | Hat"),
        ],
        shipment_events=["shipment_reference | datetime", "S-1 | 2026-02-20T09:30:00+02:00", "T-1 | 21.02.2026 10:00"],
    )

    for sheet in prepare([folder], _settings(tmp_path, sandbox)).sheets:
        rows = in_columns(sheet.rows)
        assert row_keys(rows, sheet.entity, np.arange(len(rows))).to_pylist() == [row.key for row in rows]


# --- one run ------------------------------------------------------------------------------------------------


def stopped(sandbox, monkeypatch, shop: Shop, questions: int, worth_it: int, **chosen: object) -> Mapping[str, object]:
    """Upload *shop* to a server that knows nothing yet, stopped after some *questions*; all that came of it."""
    monkeypatch.setattr(not_sent, "WORTH_IT", worth_it)
    sandbox.reset()
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_shop(folder / "book", shop)
        given_settings = _settings(folder, sandbox, **chosen)
        stop = StopAfter(questions)
        upload = Upload(prepare([folder / "book"], given_settings), given_settings, stop=stop)
        told = sum(len(batch) for batch in upload.batches())
        assert upload.summary is not None
        figures = json.loads((upload.folder / "summary.json").read_text(encoding="utf-8"))
        return {
            "rows": told,
            "exit": upload.summary.run.exit_code,
            "results": _results(upload.folder / "results.csv"),
            "figures": {name: figure for name, figure in figures.items() if name not in ANOTHER_EACH_TIME},
            "files": {path.name: path.read_text(encoding="utf-8") for path in _lists(upload.folder)},
            "requests": [(one["method"], one["path"]) for one in sandbox.requests()],
        }


def _settings(folder: Path, sandbox, **chosen: object) -> Settings:
    usual = {
        "base_url": sandbox.base_url,
        "access_key": sandbox.access_key,
        "account": "test",
        "ledger": f"sqlite:///{folder / 'ledger.sqlite'}",
        "report_dir": folder / "reports",
        "workers": 1,
        "api": {"settle_s": 0.1, "tries": 2, "patience_s": 1},
    }
    return load_settings(usual | chosen, folder=folder)


def _results(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [{**line, "run": "", "seconds": "", "finished_at": ""} for line in csv.DictReader(file)]
    return sorted(lines, key=lambda line: (line["file"], int(line["row"])))


def _lists(folder: Path) -> list[Path]:
    return [folder / "problems.csv", *sorted((folder / "rejected").glob("*"))]
