"""Problems grouped by cause, so that a person mends one thing once."""

from made_runs import NOTE

from importer.model import Problem, Severity, Where
from importer.reports.causes import Alike, Cause, causes_of


def grouped(problems):
    """The causes of *problems*, which come one by one."""
    return causes_of(Alike(problem, 1, [((at,), problem.where)]) for at, problem in enumerate(problems))


def country(row: int, value: str, suggestion: str = "", **more) -> Problem:
    """A country that is none, in *row*."""
    where = Where("june.xlsx", "Shipments", row, "D")
    return Problem(where, "country_unknown", column="country", value=value, suggestion=suggestion, **more)


def test_same_mistake_in_many_rows_is_one_cause():
    """412 rows with one typing mistake are told in one sentence with its cure, and the first cells."""
    causes = grouped(country(row, "Deutchland", "DE") for row in range(2, 414))

    assert causes == (
        Cause(
            count=412,
            severity=Severity.ERROR,
            code="country_unknown",
            column="country",
            value="Deutchland",
            suggestion="DE",
            places=tuple(Where("june.xlsx", "Shipments", row, "D") for row in (2, 3, 4, 5, 6)),
        ),
    )
    assert causes[0].line() == (
        '412 rows: country "Deutchland": a two-letter country code is wanted, such as DE (did you mean DE?)'
    )
    assert causes[0].at() == "june.xlsx › Shipments!D2, D3, D4, D5, D6 and 407 more"


def test_private_cells_are_grouped_without_their_words():
    """Rows with different e-mail addresses are one cause, which repeats none of them."""
    problems = [country(2, "anna@", "anna@a.de", private=True), country(3, "ben@", private=True)]

    (cause,) = grouped(problems)

    assert (cause.count, cause.value, cause.suggestion, cause.private) == (2, "", "", True)
    assert cause.line() == "2 rows: country: a two-letter country code is wanted, such as DE"


def test_private_words_are_not_in_the_sentence_either():
    """What a private cell was read as is personal data as well."""
    note = Problem(Where("a.csv", "", 2, "B"), "normalised", {"value": "+49 30 1"}, column="phone", private=True)

    (cause,) = grouped([note])

    assert cause.line() == "1 row: phone: read as …"


def test_blank_private_cell_hides_nothing():
    """A missing postcode is missing; there is no personal data to leave out."""
    (cause,) = grouped([Problem(Where("a.csv", "", 2, "B"), "missing", column="recipient_zip", private=True)])

    assert (cause.private, cause.line()) == (False, "1 row: recipient_zip: a value is required here")


def test_many_rare_values_are_told_together():
    """Forty different unknown numbers are one cause; a frequent one among them keeps its own."""

    def missing(row, value):
        where = Where("a.csv", "", row, "A")
        return Problem(where, "reference_missing", {"entity": "order", "value": value}, column="order_id", value=value)

    causes = grouped([*(missing(row, f"SO-{row}") for row in range(2, 42)), missing(50, "SO-2"), missing(51, "SO-2")])

    assert [cause.line() for cause in causes] == [
        "39 rows: order_id (39 different values): there is no order … in this file",
        '3 rows: order_id "SO-2": there is no order SO-2 in this file',
    ]
    assert causes[0].at() == "a.csv!A3, A4, A5, A6, A7 and 34 more"


def test_what_is_to_be_mended_comes_first():
    """Errors stand before their consequences and both before notes, each the most frequent first."""
    row = Where("a.csv", "", 2)
    problems = [
        *(country(row, "ok", severity=NOTE) for row in range(9)),
        *(Problem(row, "not_sent") for _ in range(5)),
        country(2, "x"),
        *(country(row, "y") for row in (3, 4)),
    ]

    assert [(cause.code, cause.value, cause.count) for cause in grouped(problems)] == [
        ("country_unknown", "y", 2),
        ("country_unknown", "x", 1),
        ("not_sent", "", 5),
        ("country_unknown", "ok", 9),
    ]


def test_blocked_rows_are_grouped_by_what_they_wait_for():
    """Three items that wait for one order are one cause, which names the order's row."""
    blocked = [Problem(Where("a.csv", "", row), "blocked", {"parent": "orders.csv!row 7"}) for row in (2, 3, 9)]

    (cause,) = grouped(blocked)

    assert cause.line() == "3 rows: waits for orders.csv!row 7, which was not imported"
    assert cause.at() == "a.csv!row 2, 3, 9"


def test_trouble_of_a_sheet_is_not_called_a_row():
    """A missing column is a matter of the sheet."""
    (cause,) = grouped([Problem(Where("june.xlsx", "Orders"), "column_missing", {"column": "sku"})])

    assert (cause.rows(), cause.at()) == ("1 sheet", "june.xlsx › Orders")
