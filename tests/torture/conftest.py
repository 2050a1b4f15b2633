"""The importer as a real process, against a server that outlives it."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from made_shop import make_shop
from warm_importer import WarmImporter

from importer.sandbox import running

if os.name != "posix":
    collect_ignore_glob = ["test_*.py"]  # forks and signals as here are not known elsewhere

PLACE = ("entity", "file", "row", "key")
SAID = (*PLACE, "status", "action", "column", "cell", "code", "message")
"""Columns of results.csv that are the same for two runs that find the same."""
IN = {"created", "updated", "unchanged", "skipped"}

LEASE_HELD = 7
MOST_TURNED_AWAY = 3

QUICK = {
    "IMPORTER_WORKERS": "8",
    "IMPORTER_LEASE_S": "0.3",
    "IMPORTER_API__SETTLE_S": "0.5",
    "IMPORTER_API__READ_TIMEOUT_S": "10",
    "IMPORTER_API__TRIES": "4",
    "IMPORTER_API__PATIENCE_S": "5",
    "IMPORTER_TRACEBACK": "1",
}


@dataclass(frozen=True)
class Report:
    """What a run left behind."""

    folder: Path

    @property
    def results(self) -> list[dict[str, str]]:
        """The lines of results.csv; none where the run was ended before there was such a file."""
        try:
            with (self.folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))
        except FileNotFoundError:
            return []

    @property
    def lines(self) -> int:
        """How many lines results.csv has by now, its header being one."""
        try:
            return (self.folder / "results.csv").read_bytes().count(b"\n")
        except FileNotFoundError:
            return 0

    @property
    def summary(self) -> dict:
        """What summary.json says."""
        return json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))

    @property
    def said(self) -> list[tuple[str, ...]]:
        """What the run says of every row, in no order of time."""
        return sorted(tuple(line[name] for name in SAID) for line in self.results)

    @property
    def statuses(self) -> dict[tuple[str, ...], str]:
        """What became of every row."""
        return {tuple(line[name] for name in PLACE): line["status"] for line in self.results}


class Desk:
    """A folder with a ledger of its own, and runs of the importer one after another or side by side."""

    def __init__(self, folder: Path, warm: WarmImporter, sandbox) -> None:
        folder.mkdir()
        self.folder = folder
        self.ledger = folder / "ledger.sqlite"
        self._warm = warm
        self._numbers = count(1)
        self.settings = QUICK | {
            "IMPORTER_BASE_URL": sandbox.base_url,
            "IMPORTER_ACCESS_KEY": sandbox.access_key,
            "IMPORTER_ACCOUNT": "torture",
            "IMPORTER_LEDGER": f"sqlite:///{self.ledger}",
            "IMPORTER_REPORT_DIR": str(folder / "reports"),
            "XDG_CONFIG_HOME": str(folder),
            "XDG_STATE_HOME": str(folder),
        }

    def start(self, *arguments: object, is_fresh: bool = False, **settings: str) -> "Started":
        """Start `importer upload ARGUMENTS`; *is_fresh*: in an interpreter of its own."""
        number = next(self._numbers)
        words = ["upload", *map(str, arguments), "--run-id", f"run-{number}", "--quiet"]
        output = self.folder / f"printed-{number}.txt"
        chosen = self.settings | settings
        if is_fresh:
            with output.open("a") as printed:
                command = [sys.executable, "-m", "importer", *words]
                clean = {name: value for name, value in os.environ.items() if not name.startswith("IMPORTER_")}
                environment = clean | {"PYTHONPATH": str(Path(__file__).parents[2])} | chosen
                run = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=printed, stderr=printed)
        else:
            run = self._warm.start(words, folder=self.folder, settings=chosen, output=output)
        return Started(run, Report(self.folder / "reports" / f"run-{number}"), output)

    def upload(self, *arguments: object, exits: int, **settings: str) -> Report:
        """A whole run, which ends with the exit code *exits*; a killed one holds its place for a moment."""
        started = self.start(*arguments, **settings)
        for _ in range(MOST_TURNED_AWAY):
            if started.wait() != LEASE_HELD:
                break
            time.sleep(float(self.settings["IMPORTER_LEASE_S"]))
            started = self.start(*arguments, **settings)
        assert started.wait() == exits, started.printed
        return started.report

    def records(self) -> int:
        """How many records the ledger has confirmed."""
        return self._counted("SELECT count(*) FROM records")

    def intents(self) -> int:
        """How many records are on their way or in doubt."""
        return self._counted("SELECT count(*) FROM intents")

    def _counted(self, question: str) -> int:
        with (
            suppress(sqlite3.OperationalError),  # not there yet
            closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True, timeout=30)) as connection,
        ):
            return connection.execute(question).fetchone()[0]
        return 0


@dataclass
class Started:
    """A run that goes on by itself."""

    run: object
    report: Report
    _output: Path

    def wait(self) -> int:
        """Its exit code; below 0 the signal that ended it."""
        return self.run.wait()

    def send(self, number: int) -> None:
        """Send it a signal."""
        if isinstance(self.run, subprocess.Popen):
            self.run.send_signal(number)
        else:
            self.run.send(number)

    def has_ended(self) -> bool:
        """Whether it has come to its end."""
        return self.run.poll() is not None if isinstance(self.run, subprocess.Popen) else self.run.has_ended()

    @property
    def printed(self) -> str:
        """What it said on both of its channels."""
        return self._output.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmImporter]:
    """The importer with its libraries loaded."""
    with WarmImporter() as importer:
        importer.warm_up(make_shop(tmp_path_factory.mktemp("warm") / "shop", orders=3, seed=0).folder)
        yield importer


@pytest.fixture
def server():
    """A server of this test's own: it is not to be reset while another test's run goes on."""
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def another_server():
    """A second one, on which nothing goes wrong."""
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def new_desk(tmp_path: Path, warm: WarmImporter):
    """A desk before the server that is given."""
    names = (f"desk-{number}" for number in count(1))
    return lambda sandbox: Desk(tmp_path / next(names), warm, sandbox)


@pytest.fixture
def new_shop(tmp_path: Path):
    """A shop of so many orders."""
    return lambda orders, seed=1: make_shop(tmp_path / f"shop-{orders}", orders=orders, seed=seed)
