"""`results.csv`: there while the run goes on, and after a kill."""

import csv
import errno
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_runs import at, checked, csv_table, outcome

from importer.errors import UnwritableReport
from importer.model import Action, Outcome, Problem, Status
from importer.reports.folder import Folder
from importer.reports.results import Results

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 1, 31, 12, 0, 0, 1000, tzinfo=UTC)


@pytest.fixture
def sheet(tmp_path):
    """Two orders; the language of the second is none."""
    table = csv_table(tmp_path / "orders.csv", "order_id,language\nSO-1,de\nSO-2,xx\n")
    return checked(table, "orders", [at(table, 3, "language", "not_a_choice", facts={"choices": "de, en"})])


def test_every_column_says_what_the_contract_says(tmp_path, sheet):
    """A row that came in and one that did not, as they stand in the file, byte for byte."""
    good, bad = sheet.rows
    results = Results(tmp_path / "results.csv", "r-1", clock=lambda: NOON)

    results.add(Outcome(good, Status.CREATED, Action.CREATE, ("11", "12"), 201, attempts=3, seconds=1.23456))
    results.add(outcome(bad))

    assert (tmp_path / "results.csv").read_bytes() == (
        b"\xef\xbb\xbfrun,file,sheet,row,entity,key,status,action,server_id,http_status,"
        b"column,cell,code,message,attempts,seconds,finished_at\r\n"
        b"r-1,orders.csv,,2,orders,SO-1,created,create,11 12,201,,,,,3,1.235,2026-01-31T12:00:00.001Z\r\n"
        b'r-1,orders.csv,,3,orders,SO-2,rejected,none,,,language,B3,not_a_choice,"one of these is wanted: de, en",'
        b"0,0.000,2026-01-31T12:00:00.001Z\r\n"
    )


def test_suggestion_is_part_of_the_message(tmp_path, sheet):
    """The reader of one line learns what may have been meant."""
    row = sheet.rows[1]
    results = Results(tmp_path / "results.csv", "r-1")

    results.add(Outcome(row, Status.REFUSED, problems=(Problem(row.where, "missing", suggestion="DE"),)))

    assert lines(tmp_path / "results.csv")[0]["message"] == "a value is required here (did you mean DE?)"


def test_lines_can_be_read_while_the_run_goes_on(tmp_path, sheet):
    """Each outcome is in the file as soon as it is added, though the file is still open."""
    with Folder(tmp_path / "reports", "r-1") as folder:
        for count, row in enumerate(sheet.rows, start=1):
            folder.add(outcome(row))

            assert len(lines(folder.path / "results.csv")) == count


def test_a_kill_leaves_whole_lines(tmp_path):
    """A run that is killed while it writes leaves every line it had added, and no half of one."""
    writer = textwrap.dedent("""
        import sys
        from pathlib import Path
        from importer.model import Outcome, Row, Status, Where
        from importer.reports.folder import Folder
        folder = Folder(Path(sys.argv[1]), "r-1")
        number = 1
        while True:
            number += 1
            row = Row("orders", Where("orders.csv", "", number), f"SO-{number}" * 40, {})
            folder.add(Outcome(row, Status.CREATED))
            if number % 1000 == 0:
                print(number, flush=True)
    """)
    run = subprocess.Popen([sys.executable, "-c", writer, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    added = int(run.stdout.readline())
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=30)

    found = lines(tmp_path / "r-1" / "results.csv")

    assert len(found) >= added - 1
    assert [int(line["row"]) for line in found] == list(range(2, len(found) + 2))
    assert {line["key"] == f"SO-{line['row']}" * 40 for line in found} == {True}


def test_full_disk_leaves_whole_lines(tmp_path, sheet, monkeypatch):
    """When the disk takes only a part of a line, that part is taken back and the run is told."""
    folder = Folder(tmp_path, "r-1")
    folder.add(outcome(sheet.rows[0]))
    before = (folder.path / "results.csv").read_bytes()
    write, calls = os.write, []

    def full_disk(file, data):
        calls.append(data)
        if len(calls) == 1:
            return write(file, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full_disk)
    with pytest.raises(UnwritableReport, match=r"cannot be written: .*No space left on device.* Make room"):
        folder.add(outcome(sheet.rows[1]))

    assert (folder.path / "results.csv").read_bytes() == before


def test_same_run_id_again_keeps_the_earlier_results(tmp_path, sheet):
    """The same command after a kill, with the same --run-id, starts a new file and loses no earlier line."""
    for row in sheet.rows:
        with Folder(tmp_path, "r-1") as folder:
            folder.add(outcome(row))
    with Folder(tmp_path, "r-1") as folder:
        pass

    kept = {path.name: [line["key"] for line in lines(path)] for path in folder.path.iterdir()}

    assert kept == {"results-1.csv": ["SO-1"], "results-2.csv": ["SO-2"], "results.csv": []}


def test_folder_that_cannot_be_made_ends_the_run(tmp_path):
    """A report folder whose place is taken by a file is told in a sentence with what to do."""
    (tmp_path / "reports").write_text("")

    with pytest.raises(UnwritableReport, match=r"reports/r-1 cannot be written: .* name another folder"):
        Folder(tmp_path / "reports", "r-1")


def lines(path: Path) -> list[dict[str, str]]:
    """The file as a reader sees it at this moment."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))
