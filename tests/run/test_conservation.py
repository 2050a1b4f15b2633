"""Every row read has exactly one outcome; a run of which that is not true says so and does not pass for a success."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.cli import terminal
from importer.errors import TooManyErrors
from importer.model import CheckedSheet, Outcome, Row, Status, Table, Where
from importer.reports.matched import unbalanced
from importer.run.preparation import prepare
from importer.run.upload import Upload, exit_code
from importer.settings import load as load_settings
from schemas import entity_named


def sheet(name: str, rows: int) -> CheckedSheet:
    """A sheet of products with so many rows under its header."""
    where = Where("june.xlsx", name)
    frame = pd.DataFrame([["A"]] * rows, index=range(2, rows + 2), dtype=str)
    read = tuple(Row("products", replace(where, row=number), f"{name} {number}", {}) for number in frame.index.tolist())
    return CheckedSheet(Table(Path(where.file), where, ("sku",), 1, frame), entity_named("products"), {"sku": 0}, read)


@given(
    sizes=st.lists(st.integers(0, 6), min_size=1, max_size=3),
    statuses=st.lists(st.sampled_from(Status), min_size=18, max_size=18),
    data=st.data(),
)
def test_a_row_without_or_with_two_outcomes_is_always_found(sizes, statuses, data):
    """Whatever outcomes a run ends with, they balance if each row read has one, and else it never exits 0."""
    sheets = [sheet(f"Sheet{number}", size) for number, size in enumerate(sizes)]
    rows = [row for one in sheets for row in one.rows]
    times = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    told = [
        Outcome(row, status) for row, status, count in zip(rows, statuses, times, strict=False) for _ in range(count)
    ]
    outcomes = data.draw(st.permutations(told))

    faults = unbalanced(sheets, outcomes)

    wrong = Counter(row.where.sheet for row, count in zip(rows, times, strict=True) if count != 1)
    assert [fault.split(":")[0] for fault in faults] == [
        f"june.xlsx › {one.table.where.sheet}" for one in sheets if wrong[one.table.where.sheet]
    ]
    right = exit_code(outcomes, None, interrupted=False, balanced=True)
    assert exit_code(outcomes, None, interrupted=False, balanced=not faults) == (max(right, 1) if faults else right)


@pytest.mark.parametrize(
    ("ending", "interrupted", "code"),
    [(None, False, 1), (TooManyErrors("stopped"), False, 4), (None, True, 130)],
    ids=["finished", "stopped", "interrupted"],
)
def test_counts_that_do_not_add_up_hide_no_greater_trouble(ending, interrupted, code):
    """Of two exit codes that apply the higher one is given."""
    assert exit_code([], ending, interrupted=interrupted, balanced=False) == code


def test_a_row_that_got_lost_on_the_way_ends_the_run_with_1(book, sandbox, tmp_path):
    """A run that lost a row between reading and sending says which, everywhere, and exits 1."""
    settings = load_settings(
        {
            "base_url": sandbox.base_url,
            "access_key": sandbox.access_key,
            "ledger": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
            "report_dir": tmp_path / "reports",
        },
        folder=tmp_path,
    )
    prepared = prepare([book(products=["sku", "A", "B", "C"])], settings)
    (products,) = prepared.sheets
    # A mistake in a stage between reading and sending would look like this.
    upload = Upload(replace(prepared, sheets=(replace(products, rows=products.rows[:-1]),)), settings)

    statuses = [outcome.status for outcome in upload.outcomes()]

    fault = "products.csv: 3 rows read, 2 outcomes; not exactly one outcome for row 4"
    assert statuses == [Status.CREATED, Status.CREATED]
    assert upload.summary is not None
    said = list(terminal.summary_lines(upload.summary, upload.folder))
    assert f"The counts do not add up, which is our mistake: {fault}" in said
    assert "Nothing is left to do." not in said
    figures = json.loads((upload.folder / "summary.json").read_text(encoding="utf-8"))
    assert (figures["exit_code"], figures["balanced"], figures["unbalanced"]) == (1, False, [fault])
    assert fault in (upload.folder / "report.html").read_text(encoding="utf-8")
    history = subprocess.run(
        [sys.executable, "-m", "importer", "runs", "--ledger", settings.ledger_url],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "exit 1" in history.stdout
