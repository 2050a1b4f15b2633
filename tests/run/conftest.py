"""A small shop in text tables, and the importer run on it against a real server on loopback."""

import csv
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from importer.model import Outcome
from importer.reports.summary import Summary
from importer.run.preparation import prepare
from importer.run.upload import Upload
from importer.settings import load as load_settings

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "products": {},
    "orders": {"order_date": "2026-01-31T10:00:00Z"},
    "order_items": {
        "name": "Shirt",
        "description": "A shirt",
        "sales_price": "24.90",
        "currency": "EUR",
        "size": "M",
        "weight": "0.25",
        "returnable": "TRUE",
    },
    "shipments": {
        "carrier_name": "dhl",
        "carrier_country": "DE",
        "planned_pickup_datetime": "2026-02-01T16:00:00Z",
        "warehouse": "Main",
        "warehouse_address": "Lagerstr. 1, Berlin",
        "recipient_first_name": "Erika",
        "recipient_last_name": "Mustermann",
        "recipient_email": "erika@example.com",
        "recipient_address": "Beispielweg 1",
        "recipient_zip": "01067",
        "recipient_city": "Dresden",
        "recipient_country": "DE",
        "weight": "0.8",
    },
    "order_states": {"datetime": "2026-01-31T12:00:00Z"},
    "shipment_events": {"event": "Refunded", "datetime": "2026-02-20T09:30:00Z"},
}
"""Mandatory cells that a test does not care about."""

Book = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Write a folder of CSV files: `book(orders=["order_id", "SO-1", "SO-2"])`, the first line being the header."""

    def write(**sheets: list[str]) -> Path:
        folder = tmp_path / "book"
        folder.mkdir(exist_ok=True)
        for name, (header, *lines) in sheets.items():
            rows = [dict(zip(_cells(header), _cells(line), strict=True)) for line in lines]
            full = [row | {cell: text for cell, text in DEFAULTS[name].items() if cell not in row} for row in rows]
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(full[0]))
                writer.writeheader()
                writer.writerows(full)
        return folder

    return write


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


@dataclass(frozen=True)
class Loaded:
    """What became of a run."""

    outcomes: tuple[Outcome, ...]
    summary: Summary
    folder: Path

    @property
    def statuses(self) -> dict[str, str]:
        """Entity and row number -> status."""
        ordered = sorted(self.outcomes, key=lambda outcome: (outcome.row.entity, outcome.row.where.row))
        return {f"{outcome.row.entity} {outcome.row.where.row}": outcome.status.value for outcome in ordered}

    def problem(self, row: str) -> str:
        """The deciding problem of a row, such as "orders 2", as people read it."""
        found = {f"{outcome.row.entity} {outcome.row.where.row}": outcome for outcome in self.outcomes}
        return str(found[row].problems[0])


def _stop_when(is_reached: Callable[[], bool], stop: threading.Event, over: threading.Event) -> None:
    while not over.wait(0.02):
        if is_reached():
            stop.set()
            return


@pytest.fixture
def load(tmp_path: Path, sandbox) -> Callable[..., Loaded]:
    """Import folders and files into the sandbox; keyword arguments are settings, `dry_run` is the option."""

    def run(
        *paths: Path, dry_run: bool = False, stop_when: Callable[[], bool] = lambda: False, **settings: object
    ) -> Loaded:
        given = {
            "base_url": sandbox.base_url,
            "access_key": sandbox.access_key,
            "account": "test",
            "ledger": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
            "report_dir": tmp_path / "reports",
            "workers": 4,
            "api": {"settle_s": 0.2, "tries": 3, "patience_s": 1} | settings.pop("api", {}),
        } | settings
        chosen = load_settings(given, folder=tmp_path)
        upload = Upload(prepare(paths, chosen), chosen, dry_run=dry_run)
        over = threading.Event()
        stopper = threading.Thread(target=_stop_when, args=(stop_when, upload.stop, over), daemon=True)
        stopper.start()
        outcomes = tuple(upload.outcomes())
        over.set()
        stopper.join()
        assert upload.summary is not None
        return Loaded(outcomes, upload.summary, upload.folder)

    return run


@pytest.fixture
def writes(sandbox) -> Callable[[], list[str]]:
    """Method and path of every request so far that may have changed something."""

    def sent() -> list[str]:
        return [
            f"{request['method']} {request['path'].removeprefix('/v2')}"
            for request in sandbox.requests()
            if request["method"] != "GET" and not request["path"].endswith("/token")
        ]

    return sent
