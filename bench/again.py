"""Uploading once more: a file of which nothing has changed, and one whose upload was killed half-way.

Both against `importer check` of the same files, each a whole command in a process of its own.  The ledger is that of a
real upload without latency, which takes most of the time: half a minute for 50,000 rows.  For more of them:
`python -m bench.again 1000000`.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import data
from bench.server import MeasuringServer, measuring

AFFORDABLE = 100_000
LONGEST_S = 7200.0
LOOK_EVERY_S = 0.02
LONG_S = 1.0
REPORTED = (0, 3)
"""Exit codes of commands that did what they were asked."""


def ratios(folder: Path, rounds: int, rows: int) -> dict[str, float]:
    """The second run, and the time to a resumed run's first new request, as multiples of a check."""
    files = tuple(map(str, data.good_order_items(folder, rows)))
    checks, seconds, firsts = [], [], []
    with measuring() as server, tempfile.TemporaryDirectory() as scratch:
        again = Again(Path(scratch), server, files)
        again.fill()
        for _ in range(rounds):
            checks.append(again.check())
            seconds.append(again.second_run())
            firsts.append(again.first_request())
    what = f"{rows:,} order items"
    return {
        f"second run of {what}, nothing changed / check": _ratio(seconds, checks),
        f"resume of {what}, start to first new request / check": _ratio(firsts, checks),
    }


def _ratio(ours: Sequence[float], checks: Sequence[float]) -> float:
    return statistics.median(one / check for one, check in zip(ours, checks, strict=True))


class Again:
    """Commands on some files and on two ledgers: one of a whole upload, one of an upload that was killed."""

    def __init__(self, folder: Path, server: MeasuringServer, files: Sequence[str]) -> None:
        self._folder = folder
        self._server = server
        self._files = files

    def fill(self) -> None:
        """Upload all, killed half-way and taken up again."""
        rows = sum(data.as_text(Path(file)).num_rows for file in self._files)
        with self._command("upload", "whole") as process:
            self._wait_for(rows // 2, process)
            process.kill()
        shutil.copytree(self._folder / "whole", self._folder / "killed")
        self._timed("upload", "whole")

    def check(self) -> float:
        """Seconds that `importer check` takes."""
        return self._timed("check", "whole")

    def second_run(self) -> float:
        """Seconds that `importer upload` takes when all is in; nothing is sent."""
        self._server.fresh()
        seconds = self._timed("upload", "whole")
        assert self._server.counts().taken == 0
        return seconds

    def first_request(self) -> float:
        """Seconds from the start of `importer upload` until the server takes something new."""
        shutil.rmtree(self._folder / "resumed", ignore_errors=True)
        shutil.copytree(self._folder / "killed", self._folder / "resumed")
        self._server.fresh()
        started = time.monotonic()
        with self._command("upload", "resumed") as process:
            self._wait_for(1, process)
            process.kill()
        return self._server.counts().first_at - started

    # --- commands -------------------------------------------------------------------------------------------

    def _timed(self, command: str, state: str) -> float:
        started = time.perf_counter()
        with self._command(command, state) as process:
            assert process.wait(LONGEST_S) in REPORTED
        return time.perf_counter() - started

    def _command(self, command: str, state: str) -> "subprocess.Popen[bytes]":
        folder = self._folder / state
        folder.mkdir(exist_ok=True)
        options = {
            "BASE_URL": self._server.base_url,
            "ACCESS_KEY": "measuring",
            "ACCOUNT": "bench",
            "LEDGER": f"sqlite:///{folder / 'ledger.sqlite'}",
            "REPORT_DIR": str(folder / "reports"),
            "LEASE_S": "1",
            # What was under way when the run was killed is looked for once, not until the server surely has not got it.
            "API__SETTLE_S": "0",
        }
        environment = os.environ | {f"IMPORTER_{name}": text for name, text in options.items()}
        line = [sys.executable, "-m", "importer", command, *self._files]
        return subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _wait_for(self, requests: int, process: "subprocess.Popen[bytes]") -> None:
        while self._server.taken < requests:
            assert process.poll() is None, "the upload ended before it should have"
            time.sleep(LOOK_EVERY_S if requests == 1 else LONG_S)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        rows_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else AFFORDABLE
        for name, ratio in ratios(Path(made), int(os.environ.get("ROUNDS", "3")), rows_wanted).items():
            print(f"{ratio:8.3f}  {name}")
