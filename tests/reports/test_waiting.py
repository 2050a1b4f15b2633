"""Rows whose turn did not come are written in columns, letter by letter as if one by one."""

from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import run

from importer.model import CheckedSheet, Outcome, Problem, Status
from importer.outcomes import Outcomes
from importer.reports import csv_columns, problems, rejected
from importer.reports.matched import matched
from importer.reports.summary import as_json, summarised
from importer.rows import RowsInHand
from importer.run.preparation import prepare
from importer.settings import load
from importer.speech import Speech

TEXT = """\
order_id{0}language{0}order_date{0}note
SO-1{0}de{0}03/04/2026{0}plain
SO-2{0}de{0}30/04/2026{0}"a{0}b"
=3{0}de{0}2026-04-05{0}"two
lines"
SO-4{0}Klingon{0}2026-04-05{0}bad
'SO-5{0}xx{0}05/04/2026{0}bad
SO-6{0}{0}01/04/2026{0}"say ""no"" to it"
Ä-7{0}de{0}20/04/2026{0};=1+1
SO-8{0}de{0}2026-04-05T10:00:00Z{0}last
"""


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("turns", [0, 2, 5, 8])
def test_rows_in_columns_are_those_one_by_one(tmp_path, monkeypatch, separator, language, turns):
    """Whatever is in the cells and wherever the run stopped, all lists and figures are the same."""
    monkeypatch.setattr(csv_columns, "AT_ONCE", 2)
    path = tmp_path / "orders.csv"
    path.write_text(TEXT.format(separator), encoding="utf-8")
    (sheet,) = prepare([path], load({})).sheets
    by_hand = replace(sheet, rows=RowsInHand(tuple(sheet.rows)))
    outcomes = Outcomes(_outcome(row, is_over=at >= turns) for at, row in enumerate(sheet.rows))

    assert _written(tmp_path / "columns", sheet, outcomes, Speech(language)) == _written(
        tmp_path / "rows", by_hand, outcomes, Speech(language)
    )
    assert len(matched([sheet], outcomes)[0].waiting) == sum(not row.problems for row in tuple(sheet.rows)[turns:])


def _outcome(row, *, is_over: bool) -> Outcome:
    if row.is_rejected:
        return Outcome(row, Status.REJECTED, problems=row.errors)
    if is_over:
        return Outcome(row, Status.NOT_SENT, problems=(Problem(row.where, "not_sent"),))
    return Outcome(row, Status.CREATED)


def _written(folder: Path, sheet: CheckedSheet, outcomes: Outcomes, speech: Speech) -> object:
    folder.mkdir()
    results = matched([sheet], outcomes)
    problems.write(folder / "problems.csv", results, speech)
    given_back = rejected.write(folder / "rejected", results, speech)
    texts = [path.read_bytes().decode() for path in (folder / "problems.csv", *given_back)]
    return texts, as_json(summarised(run(), [sheet], outcomes), speech)["causes"]
