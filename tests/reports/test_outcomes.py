"""What is kept of outcomes until the reports are written: little, and all that these need."""

import tracemalloc
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from importer.model import Outcome, Problem, Row, Severity, Status, Where
from importer.outcomes import Outcomes

FILES = st.sampled_from([("june.xlsx", "Orders"), ("june.xlsx", "Products"), ("orders.csv", "")])
PROBLEMS = st.sampled_from(
    [
        ("not_sent", {}, "", Severity.ERROR),
        ("dry_run", {"status": "created"}, "", Severity.NOTE),
        ("try_later", {"answer": "HTTP 503"}, "", Severity.ERROR),
        ("refused", {"answer": "no"}, "order_date", Severity.ERROR),
    ]
)


@st.composite
def outcomes(draw) -> list[Outcome]:
    """Outcomes of different rows: without problems, with those of their rows, with others."""
    places = draw(st.lists(st.tuples(FILES, st.integers(2, 400)), unique=True, max_size=20))
    return [_outcome(draw, Where(file, sheet, row)) for (file, sheet), row in places]


def _outcome(draw, where: Where) -> Outcome:
    def made() -> tuple[Problem, ...]:
        drawn = draw(st.lists(PROBLEMS, max_size=2))
        return tuple(
            Problem(where, code, facts, column=column, severity=severity) for code, facts, column, severity in drawn
        )

    row = Row(draw(st.sampled_from(["orders", "products"])), where, "", {}, made())
    problems = draw(st.sampled_from([row.errors, row.problems, made()]))
    return Outcome(row, draw(st.sampled_from(Status)), problems=problems)


@given(told=outcomes())
def test_what_the_reports_need_is_what_was_told(told):
    """Whatever became of rows, their status and the reasons come out as they went in, and they are counted."""
    kept = Outcomes(told)

    assert [kept[one.row] for one in told] == told
    assert [kept.status(one.row) for one in told] == [one.status for one in told]
    for file, sheet in {(one.row.where.file, one.row.where.sheet) for one in told}:
        here = [one for one in told if (one.row.where.file, one.row.where.sheet) == (file, sheet)]
        assert kept.rows_told(Where(file, sheet)).tolist() == sorted(one.row.where.row for one in here)
        for entity in ("orders", "products"):
            assert kept.counts(entity, Where(file, sheet)) == Counter(
                one.status for one in here if one.row.entity == entity
            )


@given(told=outcomes(), others=st.lists(st.integers(2, 500), max_size=5))
def test_many_rows_are_asked_about_together(told, others):
    """Of many rows at once it is known what their statuses and first problems are; one without an outcome is none."""
    kept, sheet = Outcomes(told), Where("june.xlsx", "Orders")
    by_row = {one.row.where.row: one for one in told if one.row.entity == "orders" and one.row.where.sheet == "Orders"}
    rows = sorted({*by_row, *others})

    def is_wanted(status: Status, code: str) -> bool:
        return not status.is_in and code != "refused"

    def code(outcome: Outcome) -> str:
        is_own = any(one is other for one in outcome.problems for other in outcome.row.problems)
        return outcome.problems[0].code if outcome.problems and not is_own else ""

    found = kept.are(is_wanted, "orders", sheet, np.array(rows, dtype=np.int64))

    assert found.tolist() == [row in by_row and is_wanted(by_row[row].status, code(by_row[row])) for row in rows]


@given(told=outcomes())
def test_a_few_rows_stand_for_all(told):
    """Among the rows that are unlike, there is one for everything that an outcome may tell."""
    kept, sheet = Outcomes(told), Where("june.xlsx", "Orders")
    here = [one for one in told if one.row.entity == "orders" and one.row.where.sheet == "Orders"]
    rows = np.array(sorted(one.row.where.row for one in here), dtype=np.int64)

    few = kept.unlike("orders", sheet, rows).tolist()

    assert {_what(one) for one in here} == {_what(one) for one in here if one.row.where.row in few}


def _what(outcome: Outcome) -> tuple[Status, tuple[tuple[str, str], ...]]:
    """What an outcome tells but for the row."""
    return outcome.status, tuple((problem.code, problem.column) for problem in outcome.problems)


def test_a_row_that_nothing_is_known_of():
    """A row without an outcome has none, in a sheet that is known as in one that is not."""
    row = Row("orders", Where("june.xlsx", "Orders", 7), "SO-1", {})
    kept = Outcomes([Outcome(row, Status.CREATED)])

    assert kept[Row("orders", Where("june.xlsx", "Orders", 8), "SO-2", {})] is None
    assert kept[Row("products", row.where, "A", {})] is None


def test_a_row_told_twice_is_told_twice():
    """A second outcome for a row does not go unnoticed."""
    row = Row("orders", Where("orders.csv", "", 7), "SO-1", {})
    kept = Outcomes([Outcome(row, Status.CREATED), Outcome(row, Status.UPDATED)])

    assert (kept.rows_told(Where("orders.csv")).tolist(), kept.status(row)) == ([7, 7], Status.UPDATED)


def test_a_thousand_different_answers_are_kept():
    """However many different things a server says of rows, each row keeps what was said of it."""
    places = [Where("orders.csv", "", number) for number in range(2, 3_000)]
    told = [
        Outcome(
            Row("orders", where, "", {}),
            Status.NOT_SENT,
            problems=(Problem(where, "try_later", {"answer": str(where.row)}),),
        )
        for where in places
    ]

    kept = Outcomes(told)

    assert [kept[one.row] for one in told] == told


def test_memory_does_not_grow_with_rows_that_are_in():
    """A hundred thousand rows that got in, or whose turn did not come, take some bytes each."""
    tracemalloc.start()
    kept = Outcomes(_many(100_000))
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert used < 1_000_000
    assert kept.counts("orders", Where("orders.csv")) == {Status.CREATED: 50_000, Status.NOT_SENT: 50_000}


def _many(rows: int):
    for number in range(2, rows + 2):
        where = Where("orders.csv", "", number)
        row = Row("orders", where, f"SO-{number}", {})
        if number % 2:
            yield Outcome(row, Status.NOT_SENT, problems=(Problem(where, "not_sent"),))
        else:
            yield Outcome(row, Status.CREATED, server_ids=(str(number),), http_status=201)
