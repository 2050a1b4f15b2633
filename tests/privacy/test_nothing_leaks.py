"""The access key and personal data are in the user's files, on the server, and in the user's own rows of a report.

Never on the terminal, in a log, in an exception, in the process list, or in the ledger once all is settled.
"""

import csv
import html
import json
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import echoing_server
import pytest
from echoing_server import SCRIPTS, Echoing
from pydantic import SecretStr

from importer import cli
from importer.api import ApiSettings, MemoryPace, connect
from importer.errors import ImporterError, RequestTrouble
from importer.ledger import Ledger
from schemas.shipments import SHIPMENTS

KEY = "seeded-access-key-5dK9"
SEEDED: Mapping[str, str] = {
    "recipient_first_name": "Quirinius",
    "recipient_last_name": "Übelhör-Zwicknagl",
    "recipient_email": "quirinius.zwicknagl@seeded.example",
    "recipient_address": "Hinterkaifecker Gasse 7391482k",
    "recipient_zip": "W-018476",
    "recipient_city": "Niederunterbach",
    "recipient_phone": "+4917638204615",
    "comment": "Ask for Frau Stadlbauer upstairs",
}
TRACES = (
    *(
        KEY,
        "Quirinius",
        "Zwicknagl",
        "belhör",
        "belh\\u00f6r",
        "belhoer",
        "seeded.example",
        "Hinterkaifecker",
        "7391482k",
    ),
    *("W-018476", "Niederunterbach", "17638204615", "176 38204615", "38204615", "Stadlbauer"),
)
"""Pieces that are nowhere else."""

SHIPMENT: Mapping[str, str] = {
    "order_id": "SO-1",
    "reference_number": "S-1",
    "tracking_code": "T-1",
    "carrier_name": "dhl",
    "carrier_country": "DE",
    "planned_pickup_datetime": "2026-02-01T16:00:00Z",
    "warehouse": "Main",
    "warehouse_address": "Lagerstr. 1",
    "recipient_country": "DE",
    "weight": "0.8",
} | SEEDED

BAD_CELLS: Mapping[str, str] = {
    "recipient_email": "quirinius.zwicknagl(at)seeded.example",
    "recipient_phone": "38204615 (Quirinius)",
    "recipient_zip": "1.847E+03",
    "weight": "heavy",
    "carrier_country": "Germania",
}


def traces(text: str) -> list[str]:
    """Which pieces of the key and the person are in *text*, in any case, and as JSON or HTML may write them."""
    spelled = "\n".join((text, html.unescape(text), re.sub(r"\\u([0-9a-f]{4})", lambda n: chr(int(n[1], 16)), text)))
    return [trace for trace in TRACES if trace.casefold() in spelled.casefold()]


def shop(folder: Path, *, bad: bool) -> Path:
    """A folder with one order and its shipments; with *bad* some of them fail the check, each in one cell."""
    folder.mkdir()
    rows = [SHIPMENT | {"reference_number": f"S-{n}", "tracking_code": f"T-{n}"} for n in range(3)]
    if bad:
        wrong = [{name: text} for name, text in BAD_CELLS.items()]
        rows += [
            SHIPMENT | {"reference_number": f"B-{n}", "tracking_code": f"B-{n}"} | one for n, one in enumerate(wrong)
        ]
    for name, lines in {"orders": [{"order_id": "SO-1", "order_date": "2026-01-31"}], "shipments": rows}.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
    return folder


@dataclass(frozen=True)
class Said:
    """What a command left behind for everyone to see."""

    code: int
    terminal: str
    """Both streams."""


@pytest.fixture
def command(monkeypatch, capsys, tmp_path) -> Callable[..., Said]:
    """Run `importer ARGS` in this process, against a server that is named."""
    settings = {
        "ACCESS_KEY": KEY,
        "ACCOUNT": "test",
        "LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        "REPORT_DIR": str(tmp_path / "reports"),
        "API__SETTLE_S": "0",
        "API__TRIES": "1",
        "API__PATIENCE_S": "0",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"IMPORTER_{name}", value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)

    def run(base_url: str, *args: object) -> Said:
        monkeypatch.setenv("IMPORTER_BASE_URL", base_url)
        monkeypatch.setattr(sys, "argv", ["importer", *map(str, args)])
        code = 0
        try:
            cli.main()
        except SystemExit as done:
            code = int(done.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out + said.err)

    return run


def summaries(tmp_path: Path) -> str:
    """Every summary.json and report.html."""
    files = [*tmp_path.glob("reports/*/summary.json"), *tmp_path.glob("reports/*/report.html")]
    return "".join(file.read_text(encoding="utf-8") for file in files)


# --- terminal, logs, summaries ------------------------------------------------------------------------------


def test_the_seeds_are_what_would_be_found(tmp_path):
    """The search finds every seeded value; otherwise the other tests would prove nothing."""
    sent = json.dumps(SHIPMENT)

    assert {name for name, value in SEEDED.items() if not traces(value)} == set()
    assert set(SEEDED) <= SHIPMENTS.private_names
    assert len(traces(sent + KEY)) >= 10


@pytest.mark.parametrize(
    ("at", "log_format"), [("/orders", "text"), ("/shipments", "text"), ("/shipments", "json")], ids=str
)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_a_server_that_repeats_everything_is_not_repeated(command, tmp_path, script, at, log_format):
    """A failing, very verbose run shows neither people nor the key, of rejected rows or in the server's echo."""
    with Echoing(script, at=at) as server:
        files = shop(tmp_path / "shop", bad=True)
        said = command(server.base_url, "upload", files, "-vv", "--log-format", log_format)

    assert said.code in {3, 5, 6}
    assert f"POST {at}" in said.terminal
    assert "recipient_email" in said.terminal
    assert traces(said.terminal + summaries(tmp_path)) == []


@pytest.mark.parametrize("script", SCRIPTS[:5], ids=lambda script: script.__name__)
def test_a_refused_log_in_does_not_show_the_key(command, tmp_path, script):
    """A server that repeats the access key in its refusal is not repeated."""
    with Echoing(script, at="/token") as server:
        said = command(server.base_url, "upload", shop(tmp_path / "shop", bad=False), "-vv")

    assert said.code in {2, 5}
    assert traces(said.terminal + summaries(tmp_path)) == []


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_check_shows_no_ones_data(command, tmp_path, form):
    """What is wrong with private cells is told without them, to people and to machines."""
    said = command("", "check", shop(tmp_path / "shop", bad=True), "-vv", "--format", form)

    assert said.code == 3
    assert "not_an_email" in said.terminal or "one e-mail address is wanted" in said.terminal
    assert traces(said.terminal) == []


@pytest.mark.parametrize("damage", ["cut", "quote", "ragged", "headless"])
def test_a_damaged_file_is_not_repeated(command, tmp_path, damage):
    """Files that cannot be read, and rows that cannot be told apart, are named and not quoted."""
    file = shop(tmp_path / "shop", bad=False) / "shipments.csv"
    text = file.read_text(encoding="utf-8")
    line = text.splitlines()[1]
    headless = text.partition("\n")[2]
    damaged = {
        "headless": headless,
        "cut": text + '"' + line,
        "quote": f'{text}{line}"x"y\n',
        "ragged": f"{text}{line},{line}\n",
    }
    file.write_text(damaged[damage], encoding="utf-8")

    said = command("http://127.0.0.1:9/v2", "check", file.parent, "-vv")

    assert said.code in {1, 3}
    assert traces(said.terminal) == []


# --- exceptions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["/shipments", "/token"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_no_exception_holds_what_was_sent(script, at):
    """Whatever a server answers, a traceback of it shows neither the key nor the person."""
    with Echoing(script, at=at) as server:
        api = connect(ApiSettings(server.base_url, tries=1), SecretStr(KEY), pace=MemoryPace())
        with pytest.raises((RequestTrouble, ImporterError)) as caught:
            api.create(SHIPMENTS, dict(SHIPMENT))

    assert traces("".join(traceback.format_exception(caught.value))) == []


# --- ledger and process list --------------------------------------------------------------------------------


def ledger_bytes(tmp_path: Path) -> str:
    """Everything in the files of the ledger, as far as it can be read as text."""
    return "".join(file.read_bytes().decode("utf-8", "replace") for file in tmp_path.glob("ledger.sqlite*"))


def test_the_ledger_forgets_what_is_settled(command, tmp_path):
    """Once every answer is known, no byte of the ledger's files holds a person or the key, whatever happened first."""
    files = shop(tmp_path / "shop", bad=False)
    with Echoing(echoing_server.broken, at="/shipments") as server:
        assert command(server.base_url, "upload", files).code == 5
        server.script = echoing_server.refused
        assert command(server.base_url, "upload", files).code == 3
        server.at = "/nowhere"
        assert command(server.base_url, "upload", files).code == 0

    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        assert [run.exit_code for run in ledger.runs()] == [0, 3, 5]
    assert traces(ledger_bytes(tmp_path)) == []


def test_the_ledger_keeps_what_is_in_doubt_and_no_key(command, tmp_path):
    """What may be on the server, and cannot be asked for, is kept to settle the doubt; the access key never is."""
    with Echoing(echoing_server.broken, at="/shipments") as server:
        server.is_blind = True
        said = command(server.base_url, "upload", shop(tmp_path / "shop", bad=False), "-vv")

    assert said.code == 6
    assert traces(said.terminal + summaries(tmp_path)) == []
    held = traces(ledger_bytes(tmp_path))
    assert KEY not in held
    assert "Zwicknagl" in held


def test_the_process_list_shows_no_key(tmp_path, sandbox):
    """While an upload runs, its command line, which everyone on the machine can read, does not hold the access key."""
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("only Linux lists processes this way")
    sandbox.faults(["POST /orders:latency:seconds=20"])
    environment = {
        "PATH": "/usr/bin:/bin",
        "IMPORTER_ACCESS_KEY": sandbox.access_key,
        "IMPORTER_BASE_URL": sandbox.base_url,
        "IMPORTER_LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    command = [sys.executable, "-m", "importer", "upload", shop(tmp_path / "shop", bad=False)]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as upload:
        try:
            patience = time.monotonic() + 60
            while not any(one["path"].endswith("/token") for one in sandbox.requests()) and time.monotonic() < patience:
                time.sleep(0.05)
            shown = Path(f"/proc/{upload.pid}/cmdline").read_text(encoding="utf-8")
        finally:
            upload.kill()

    assert "importer\0upload" in shown
    assert sandbox.access_key not in shown
