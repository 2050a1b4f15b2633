"""Uploading, against bare loops that send the same requests and keep no account of anything.

The server runs in another process and counts; a rate is what it has taken from the first request to the last.  Cases
of a round follow each other at once, in turning order, and a ratio is the median of those of the rounds.
"""

import http.client
import json
import os
import shutil
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter

from bench.server import MeasuringServer, measuring
from importer.api.http import Connection
from importer.api.request import Request
from importer.run.preparation import prepare
from importer.run.upload import Upload
from importer.settings import load

KEY = "measuring"
LIMIT = 200.0
"""Requests a second that the limited server takes; it says so by refusing."""
ROWS_AT_LIMIT = 12_000
"""For a minute; nobody can know the limit before the first refusals."""
SETTLED_S = 10.0
"""What comes later shows whether the limit was found."""
BODY = {"order_date": "2026-01-31T10:00:00+01:00"}


def ratios(folder: Path, rounds: int) -> dict[str, float]:
    """Our throughput as a share of bare loops with as many threads, and of what latency or a limit allows."""
    names = count()
    found: dict[str, float] = {}
    for latency_s, workers, rows in ((0.0, 16, 5_000), (0.05, 32, 6_400)):
        with measuring(latency_s=latency_s) as server:
            send = Sending(folder, server, rows, workers, names)
            rates = _rates(send.cases(), rounds)
        what = f"upload, {latency_s * 1000:.0f} ms, {workers} workers"
        for name in ("http.client", "tuned requests", "plain requests"):
            found[f"{what}, share of the {name} loop"] = _ratio(rates["upload"], rates[name])
        found[f"{what}, report and all, share of the tuned requests loop"] = _ratio(
            rates["upload, report and all"], rates["tuned requests"]
        )
        found[f"our connection alone, {latency_s * 1000:.0f} ms, share of the http.client loop"] = _ratio(
            rates["our connection"], rates["http.client"]
        )
        if latency_s:
            found[f"{what}, share of {workers / latency_s:.0f}/s"] = statistics.median(
                rate * latency_s / workers for rate in rates["upload"]
            )
    return found | _limited(folder, names)


def _limited(folder: Path, names: "count[int]") -> dict[str, float]:
    """What is made of a limit that shows itself by refusals alone."""
    with measuring(latency_s=0.05, rate=LIMIT) as server:
        Sending(folder, server, ROWS_AT_LIMIT, 32, names).upload()
        seen = server.counts()
    late = [at for at in seen.taken_at if at > seen.first_at + SETTLED_S]
    return {
        f"limit of {LIMIT:.0f}/s, used once settled": (len(late) - 1) / (late[-1] - late[0]) / LIMIT,
        f"limit of {LIMIT:.0f}/s, refused of 1,000 taken": 1_000 * seen.refused / seen.taken,
    }


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def _rates(cases: Mapping[str, Callable[[], Mapping[str, float]]], rounds: int) -> dict[str, list[float]]:
    """Requests a second by name, one for each round."""
    names = list(cases)
    found: dict[str, list[float]] = {}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            for measured, rate in cases[name]().items():
                found.setdefault(measured, []).append(rate)
    return found


class Sending:
    """The ways to send *rows* orders to *server* with so many threads."""

    def __init__(self, folder: Path, server: MeasuringServer, rows: int, workers: int, names: "count[int]") -> None:
        self._folder = folder
        self._server = server
        self._rows = rows
        self._workers = workers
        self._names = names

    def cases(self) -> dict[str, Callable[[], Mapping[str, float]]]:
        """The ways by name; each gives the rate it was counted at."""
        loops = {
            "http.client": self._by_http_client,
            "tuned requests": self._by_tuned_requests,
            "plain requests": self._by_plain_requests,
            "our connection": self._by_our_connection,
        }
        return {"upload": self.upload} | {name: partial(self._looped, name, loop) for name, loop in loops.items()}

    def upload(self) -> dict[str, float]:
        """All that an upload does, with a new and durable ledger."""
        self._server.fresh()
        folder = self._folder / f"upload-{next(self._names)}"
        shutil.rmtree(folder, ignore_errors=True)  # of an earlier time, where the folder is kept
        folder.mkdir()
        path = folder / "orders.csv"
        lines = (f"B-{number},2026-01-31T10:00:00+01:00\n" for number in range(self._rows))
        path.write_text("order_id,order_date\n" + "".join(lines), encoding="utf-8")
        options = {
            "base_url": self._server.base_url,
            "access_key": KEY,
            "account": "bench",
            "ledger": f"sqlite:///{folder / 'ledger.sqlite'}",
            "report_dir": folder / "reports",
            "workers": self._workers,
        }
        settings = load(options, folder=folder)
        prepared = prepare([path], settings)
        started = time.perf_counter()
        assert all(outcome.status.is_in for outcome in Upload(prepared, settings).outcomes())
        whole = self._rows / (time.perf_counter() - started)
        return {"upload": self._counted(), "upload, report and all": whole}

    # --- loops ----------------------------------------------------------------------------------------------

    def _looped(self, name: str, loop: Callable[[range], None]) -> dict[str, float]:
        self._server.fresh()
        shares = [range(first, self._rows, self._workers) for first in range(self._workers)]
        with ThreadPoolExecutor(self._workers) as threads:
            list(threads.map(loop, shares))
        return {name: self._counted()}

    def _counted(self) -> float:
        seen = self._server.counts()
        assert seen.taken == self._rows
        return seen.rate

    def _by_http_client(self, numbers: range) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
        for number in numbers:
            connection.request("POST", "/v2/orders", _body(number), headers)
            json.loads(connection.getresponse().read())
        connection.close()

    def _by_tuned_requests(self, numbers: range) -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=1))
            session.headers.update({"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"})
            for number in numbers:
                session.post(f"{self._server.base_url}/orders", data=_body(number)).json()

    def _by_plain_requests(self, numbers: range) -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {KEY}"
            for number in numbers:
                session.post(f"{self._server.base_url}/orders", json=_order(number)).json()

    def _by_our_connection(self, numbers: range) -> None:
        connection = Connection(self._server.base_url)
        for number in numbers:
            connection.send(Request("POST", "/orders", _order(number)), KEY)
        connection.close()


def _order(number: int) -> dict[str, str]:
    return {"order_id": f"B-{number}", **BODY}


def _body(number: int) -> bytes:
    return json.dumps(_order(number)).encode()


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name, ratio in ratios(Path(folder), int(os.environ.get("ROUNDS", "3"))).items():
            print(f"{ratio:8.3f}  {name}")
