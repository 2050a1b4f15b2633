"""A full disk is told in a sentence, wherever it is met."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from importer.reports.folder import Folder

FILLED = """
import resource, sys
from importer.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
sys.argv = ["importer", *{words}]
main()
"""
"""The importer with files that cannot grow beyond so many bytes, as on a disk that is full."""


@pytest.mark.parametrize("most", [16_000, 30_000])
def test_a_full_disk_ends_a_marked_workbook_in_one_sentence(most, tmp_path, examples):
    """Where the disk is too full for the marked workbook, that is said in a line and no traceback is shown."""
    pytest.importorskip("resource")
    shop = str(examples / "shop" / "shop.xlsx")
    words = ["check", shop, "--marked-in", str(tmp_path / "marked"), "--lang", "en"]

    done = subprocess.run(
        [sys.executable, "-c", FILLED.format(most=most, words=words)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"importer: The report in {tmp_path / 'marked'} cannot be written: ")
    assert done.stderr.count("\n") == 1


def test_rows_that_are_sent_are_told_also_without_a_report(online, examples, tmp_path, monkeypatch):
    """Where only the report cannot be written, people and the ledger are told what became of the rows."""
    monkeypatch.setenv("IMPORTER_REPORT_DIR", str(tmp_path / "reports"))

    def in_the_way(folder):
        made = Folder(*folder)
        (made.path / "summary.json").mkdir()
        return made

    monkeypatch.setattr("importer.run.upload.Folder", lambda *folder: in_the_way(folder))
    uploaded = online("upload", examples / "shop" / "shop.xlsx", "--lang", "en")
    again = online("runs")

    assert uploaded.code == 1
    assert "All 82 rows are in." in uploaded.out
    assert "Report:" not in uploaded.out
    assert "cannot be written: Is a directory." in uploaded.err
    assert "82 created" in again.out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk here that is always full")
def test_a_full_disk_behind_the_output_is_no_mistake_of_ours(examples):
    """Where the result cannot be written, as by cron on a full disk, that is what is said."""
    words = ["check", str(examples / "shop" / "shop.xlsx")]

    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "importer", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr == (
        "importer: the result cannot be written: No space left on device. "
        "What was sent is in the ledger, and the same command goes on.\n"
    )
