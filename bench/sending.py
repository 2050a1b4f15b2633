"""Uploading, against a bare loop that sends the same requests and keeps no account of anything."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from bench.measure import medians
from importer.run import Upload, prepare
from importer.sandbox import RunningSandbox, running
from importer.settings import load

ROWS = 600
WORKERS = 16
LATENCY_MS = 50
BODY = {"order_date": "2026-01-31T10:00:00Z"}


def ratios(folder: Path, rounds: int) -> dict[str, float]:
    """Our throughput as a share of a bare `http.client` loop with as many threads, with and without latency."""
    path = folder / "orders.csv"
    path.write_text("order_id,order_date\n" + "".join(f"B-{at},2026-01-31\n" for at in range(ROWS)), encoding="utf-8")
    found = {}
    with running() as sandbox:
        for name, faults in (("no latency", []), (f"{LATENCY_MS} ms", [_latency()])):
            times = medians(
                {
                    "ours": lambda faults=faults: _ours(sandbox, folder, path, faults),
                    "bare": lambda faults=faults: _bare(sandbox, faults),
                },
                rounds,
            )
            found[f"upload of {ROWS} orders, {name}, {WORKERS} workers, share of a bare loop"] = (
                times["bare"] / times["ours"]
            )
    return found


def _latency() -> dict[str, object]:
    return {"match": "POST /orders", "kind": "latency", "seconds": LATENCY_MS / 1000}


def _ours(sandbox: RunningSandbox, folder: Path, path: Path, faults: list[dict[str, object]]) -> None:
    _fresh(sandbox, faults)
    ledger = folder / "ledger.sqlite"
    for file in folder.glob("ledger.sqlite*"):
        file.unlink()
    settings = load(
        {
            "base_url": sandbox.base_url,
            "access_key": sandbox.access_key,
            "account": "bench",
            "ledger": f"sqlite:///{ledger}",
            "report_dir": folder / "reports",
            "workers": WORKERS,
        },
        folder=folder,
    )
    upload = Upload(prepare([path], settings), settings)
    assert all(outcome.status.is_in for outcome in upload.outcomes())


def _bare(sandbox: RunningSandbox, faults: list[dict[str, object]]) -> None:
    _fresh(sandbox, faults)
    where = urlsplit(sandbox.base_url)
    token = json.loads(_post(http.client.HTTPConnection(where.netloc), f"{where.path}/token", _key(sandbox)))["token"]

    def loop(first: int) -> None:
        connection = http.client.HTTPConnection(where.netloc)
        for number in range(first, ROWS, WORKERS):
            _post(connection, f"{where.path}/orders", {"order_id": f"B-{number}", **BODY}, f"Bearer {token}")
        connection.close()

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(loop, range(WORKERS)))


def _key(sandbox: RunningSandbox) -> dict[str, str]:
    return {"access_key": sandbox.access_key}


def _fresh(sandbox: RunningSandbox, faults: list[dict[str, object]]) -> None:
    sandbox.reset()
    sandbox.faults(faults)


def _post(connection: http.client.HTTPConnection, path: str, body: object, authorization: str = "") -> bytes:
    headers = {"Content-Type": "application/json", "Authorization": authorization}
    connection.request("POST", path, json.dumps(body), headers)
    return connection.getresponse().read()
