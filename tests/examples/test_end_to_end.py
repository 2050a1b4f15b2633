"""The examples through the command line, against a real server on this machine: nothing lost, nothing sent twice."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime
from string import ascii_uppercase
from types import SimpleNamespace
from urllib.request import urlopen

import convert
import make_mistakes
import make_shop
import openpyxl
import pytest
import server_records

from importer.sandbox import SandboxOptions, running
from schemas import ENTITIES, carriers

WRITES = {"POST", "PUT", "DELETE"}
SHEET = {entity.name: entity.sheet for entity in ENTITIES}
PLACE = ("sheet", "cell", "column", "code")
ONLY_AT_UPLOAD = {"blocked", "blocked_missing"}
ENTITY = {entity.sheet: entity.name for entity in ENTITIES}


class Desk:
    """A folder to work in, a server, and the command line between the two."""

    def __init__(self, folder, box):
        self.folder, self._box, self._runs = folder, box, 0
        self.reports = folder

    def importer(self, *arguments):
        """The finished process of `importer ARGUMENTS`."""
        settings = {name: value for name, value in os.environ.items() if not name.startswith("IMPORTER_")}
        return subprocess.run(
            [sys.executable, "-m", "importer", *map(str, arguments)],
            cwd=self.folder,
            env=settings | {"IMPORTER_ACCESS_KEY": self._box.access_key, "XDG_CONFIG_HOME": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=3_600,
        )

    def upload(self, path, *, exits):
        """Upload *path*, which ends with the exit code *exits*; gives the lines of results.csv."""
        self._runs += 1
        run = f"run-{self._runs}"
        options = ("--base-url", self._box.base_url, "--ledger", f"sqlite:///{self.folder / 'ledger.sqlite'}")
        report = ("--report-dir", self.folder / "reports", "--run-id", run, "--no-progress")
        done = self.importer("upload", path, *options, *report)
        assert done.returncode == exits, done.stderr
        assert "Traceback" not in done.stderr
        self.reports = self.folder / "reports" / run
        return _lines(self.reports / "results.csv")

    def state(self):
        """All records on the server."""
        return self._asked("state")

    def writes(self):
        """How many requests have arrived so far that write something; asking for a token does not."""
        return sum(one["method"] in WRITES and one["path"] != "/token" for one in self._asked("requests"))

    def requests(self):
        """How many requests have arrived so far; asking for a token does not count."""
        return sum(one["path"] != "/token" for one in self._asked("requests"))

    def quoted(self):
        """From the least to the most requests that were said to lie ahead of the last upload."""
        quote = json.loads((self.reports / "summary.json").read_text(encoding="utf-8"))["quote"]["requests"]
        return range(quote["least"], quote["most"] + 1)

    def _asked(self, name):
        with urlopen(self._box.base_url.removesuffix("/v2") + f"/_sandbox/{name}", timeout=60) as reply:
            return json.load(reply)


@pytest.fixture(scope="module")
def _server():
    with running() as box:
        yield box


@pytest.fixture(scope="module")
def new_desk(_server, tmp_path_factory):
    """Gives an empty server and an empty folder; one after another, since there is one server for all."""

    def new():
        _server.reset(SandboxOptions())
        return Desk(tmp_path_factory.mktemp("desk"), _server)

    return new


# --- the shop -----------------------------------------------------------------------------------------------------


def test_the_demo_shop_is_imported_whole_and_only_once(new_desk, examples):
    """Every row of the demo is created, the server holds what was sent, and a second import sends nothing."""
    desk, shop = new_desk(), examples / "shop" / "shop.xlsx"

    results = desk.upload(shop, exits=0)
    state, writes = desk.state(), desk.writes()

    assert Counter((line["sheet"], line["status"]) for line in results) == {
        (line["sheet"], line["status"]): int(line["rows"]) for line in _lines(examples / "shop" / "expected-counts.csv")
    }
    assert server_records.held(state) == server_records.expected(_shop(), state, shop.parent)

    results = desk.upload(shop, exits=0)

    assert {line["status"] for line in results} == {"unchanged"}
    assert (desk.state(), desk.writes()) == (state, writes)


# --- the mistakes -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mistakes(new_desk):
    """What comes of uploading the mistakes, and of uploading the rows that came back once they are mended."""
    desk, folder = new_desk(), make_mistakes.FOLDER
    first = desk.upload(folder / "mistakes.xlsx", exits=3)
    reports = desk.reports
    book = openpyxl.load_workbook(reports / "rejected" / "mistakes.xlsx")
    for sheet in book:
        _mend(sheet)
    book.save(desk.folder / "mended.xlsx")
    # Pictures are looked for beside the spreadsheet.
    shutil.copytree(folder / "images", desk.folder / "images")
    second = desk.upload(desk.folder / "mended.xlsx", exits=0)
    return SimpleNamespace(first=first, reports=reports, second=second, desk=desk)


@pytest.fixture
def seen():
    """The errors that can be seen in the file."""
    return _lines(make_mistakes.FOLDER / "expected-problems.csv")


@pytest.fixture
def held_back():
    """The rows that are fine but have to wait for others."""
    return _lines(make_mistakes.FOLDER / "expected-at-upload.csv")


def test_the_check_finds_the_mistakes_and_nothing_else(mistakes, seen):
    """Each seeded mistake is found at its cell, with its code, and no sound cell is blamed."""
    done = mistakes.desk.importer("check", make_mistakes.FOLDER / "mistakes.xlsx", "--format", "json")

    assert done.returncode == 3
    assert _errors(json.loads(done.stdout)["problems"], *PLACE) == _errors(seen, *PLACE)


def test_the_report_suggests_what_may_have_been_meant(mistakes, seen):
    """The list of problems in the report folder names the same cells, each with the suggestion that helps."""
    found = [one for one in _lines(mistakes.reports / "problems.csv") if one["code"] not in ONLY_AT_UPLOAD]

    assert _errors(found, *PLACE, "suggestion") == _errors(seen, *PLACE, "suggestion")


def test_what_is_sound_is_uploaded_and_the_rest_is_accounted_for(mistakes, seen, held_back):
    """Mistaken rows are rejected, rows below them are blocked with the reason, and all others are created."""
    fate = {(one["sheet"], one["cell"].lstrip(ascii_uppercase)): "rejected" for one in seen}
    fate |= {(one["sheet"], one["row"]): one["status"] for one in held_back}

    assert {(line["sheet"], line["row"]): line["status"] for line in mistakes.first} == {
        (SHEET[name], str(number)): fate.get((SHEET[name], str(number)), "created")
        for name, rows in make_mistakes.rows().items()
        for number in range(2, len(rows) + 2)
    }
    assert {(line["sheet"], line["row"], line["code"]) for line in mistakes.first if line["status"] == "blocked"} == {
        (one["sheet"], one["row"], one["code"]) for one in held_back
    }


def test_the_rejected_rows_complete_the_shop_once_they_are_mended(mistakes, seen, held_back):
    """Whoever mends the rows that came back and uploads just these has the whole shop, each thing once."""
    results, state = mistakes.second, mistakes.desk.state()

    assert {line["status"] for line in results} == {"created"}
    assert len(results) == len({(one["sheet"], one["cell"].lstrip(ascii_uppercase)) for one in seen}) + len(held_back)
    assert server_records.held(state) == server_records.expected(_shop(), state, make_mistakes.FOLDER)


# --- Northwind ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "most_pieces",
    [
        pytest.param(2, marks=pytest.mark.slow, id="at most two pieces a line"),
        pytest.param(999, marks=pytest.mark.torture, id="all 51,317 pieces"),
    ],
)
def test_northwind_is_imported_once_whatever_form_it_comes_in(most_pieces, new_desk, northwind):
    """A foreign system's files: each row has one outcome, the server holds what was sent, repeating sends nothing."""
    desk = new_desk()
    convert.convert(_with_fewer_pieces(northwind, desk.folder / "trader", most_pieces), desk.folder)
    sheets = {name: _lines(desk.folder / "csv" / f"{name}.csv") for name in convert.HEADERS}
    ragged = [row for row in sheets["shipments"] if None in row]
    served = [row for row in sheets["shipments"] if row not in ragged and row["carrier_country"] in carriers.table()]
    rejected = len(sheets["shipments"]) - len(served)

    results = desk.upload(desk.folder / "csv", exits=3)
    state, writes = desk.state(), desk.writes()

    assert _by_entity(results) == _northwind("created", len(served), rejected)
    assert desk.requests() in desk.quoted()
    assert Counter(line["code"] for line in results if line["status"] == "rejected") == {
        "ragged_row": len(ragged),
        "country_without_carriers": rejected - len(ragged),
    }
    assert server_records.held(state) == server_records.expected({**sheets, "shipments": served}, state)

    for again in ("csv", "northwind.xlsx"):
        results = desk.upload(desk.folder / again, exits=3)
        assert _by_entity(results) == _northwind("unchanged", len(served), rejected)
        assert desk.writes() == writes


def _with_fewer_pieces(northwind, folder, most):
    """A copy of the trader's files, the same line by line but for quantities above *most*."""
    shutil.copytree(northwind, folder, copy_function=shutil.copyfile)
    header, *lines = (northwind / "order-details.csv").read_text(encoding="utf-8").splitlines()
    cells = [line.split(",") for line in lines]
    fewer = [",".join((*line[:3], str(min(int(line[3]), most)), line[4])) for line in cells]
    (folder / "order-details.csv").write_text("\n".join((header, *fewer)), encoding="utf-8")
    return folder


def _northwind(status, served, rejected):
    """Rows by entity and status, those that are in being *status*."""
    return {
        ("products", status): 77,
        ("orders", status): 830,
        ("order_items", status): 2155,
        ("shipments", status): served,
        ("shipments", "rejected"): rejected,
    }


# --- helpers ------------------------------------------------------------------------------------------------------


def _shop():
    return {name: _lines(make_shop.SOURCE / f"{name}.csv") for name in SHEET}


def _lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _by_entity(results):
    return Counter((line["entity"], line["status"]) for line in results)


def _errors(problems, *members):
    """These members of every error, sorted; the expected problems are all errors and do not say so."""
    return sorted(
        tuple(problem[name] for name in members) for problem in problems if problem.get("severity", "error") == "error"
    )


def _mend(sheet):
    """Put the right values into the mistaken cells of a sheet that came back."""
    header = [str(cell.value or "").rstrip(" *") for cell in sheet[1]]
    for cells in sheet.iter_rows(min_row=2):
        row = {name: str(cell.value or "") for name, cell in zip(header, cells, strict=True) if name}
        for name, value in make_mistakes.corrected(ENTITY[sheet.title], row).items():
            if str(value) != row.get(name, ""):
                typed = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
                cells[header.index(name)].value = typed
