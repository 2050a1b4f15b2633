"""What the reports say of the returns portal: a sentence, the causes with their counts, and the cells."""

import json

import pytest
from made_runs import checked, csv_table, outcome, run

from importer.model import NotReady, Problem, Readiness, Severity, Where
from importer.reports.matched import matched
from importer.reports.page import page
from importer.reports.portal import portal_as_json, portal_lines, portal_sentence
from importer.reports.summary import summarised, write


def reason(code: str, sheet: str, row: int, letters: str, column: str) -> Problem:
    """A reason at a cell of june.xlsx."""
    return Problem(Where("june.xlsx", sheet, row, letters), code, column=column, severity=Severity.NOTE)


def language(row: int) -> Problem:
    """A blank language in *row*."""
    return reason("portal_language_missing", "Orders", row, "D", "language")


PICTURE = reason("portal_no_picture", "Products", 5, "A", "sku")
READINESS = Readiness(
    ready=7,
    untold=2,
    orders=(
        NotReady("SO-1", (language(2), PICTURE)),
        NotReady("SO-2", (PICTURE, reason("portal_item_lost", "Order Items", 9, "F", "name"))),
        NotReady("SO-<3>", (PICTURE, reason("portal_item_lost", "Order Items", 11, "H", "sales_price"))),
    ),
)


@pytest.mark.parametrize(
    ("readiness", "sentence"),
    [
        (Readiness(0, 0, ()), ""),
        (Readiness(1, 0, ()), "The returns portal is ready for the only order."),
        (Readiness(1200, 0, ()), "The returns portal is ready for all 1,200 orders."),
        (Readiness(0, 0, READINESS.orders), "The returns portal is not ready for any of 3 orders."),
        (Readiness(0, 0, READINESS.orders[:1]), "The returns portal is not ready for the only order."),
        (Readiness(9, 0, READINESS.orders), "The returns portal is ready for 9 of 12 orders, not for 3."),
        (
            Readiness(0, 1, ()),
            (
                "Whether the returns portal is ready for the only order cannot be told: "
                "what is not in these files may be on the server."
            ),
        ),
        (
            READINESS,
            (
                "The returns portal is ready for 7 of 12 orders, not for 3. "
                "For 2 it cannot be told: what is not in these files may be on the server."
            ),
        ),
    ],
)
def test_one_sentence_says_how_many(readiness, sentence):
    """How many orders are ready, how many are not, and how many cannot be told, is one or two sentences."""
    assert portal_sentence(readiness) == sentence


def test_the_terminal_gets_few_lines():
    """Under the sentence stand the most frequent causes, each with its count and cells; the rest is only counted."""
    assert list(portal_lines(READINESS, most=2))[1:] == [
        "  3 orders: no picture of this product is in these files (june.xlsx › Products!A5)",
        "  2 orders: this item does not get in, so the consumer does not see it (june.xlsx › Order Items!F9, H11)",
        "  ... and for 1 more reason.",
    ]
    assert list(portal_lines(Readiness(0, 0, ()), most=2)) == []


def test_machines_get_counts_causes_and_orders():
    """The JSON says the counts, the causes by code, and for each order the codes and places."""
    told = portal_as_json(Readiness(7, 2, READINESS.orders[:1]))

    assert told == {
        "orders": 10,
        "ready": 7,
        "not_ready": 1,
        "untold": 2,
        "causes": [
            {
                "orders": 1,
                "code": "portal_language_missing",
                "column": "language",
                "message": "without a language the portal has none to show, and no mail is sent",
                "cells": 1,
                "places": ["june.xlsx › Orders!D2"],
            },
            {
                "orders": 1,
                "code": "portal_no_picture",
                "column": "sku",
                "message": "no picture of this product is in these files",
                "cells": 1,
                "places": ["june.xlsx › Products!A5"],
            },
        ],
        "orders_not_ready": [
            {
                "order_id": "SO-1",
                "reasons": [
                    {"code": "portal_language_missing", "place": "june.xlsx › Orders!D2"},
                    {"code": "portal_no_picture", "place": "june.xlsx › Products!A5"},
                ],
            }
        ],
    }


@pytest.fixture
def made(tmp_path):
    """A sheet with one order, and what became of it."""
    sheet = checked(csv_table(tmp_path / "orders.csv", "order_id\nSO-1\n"), "orders")
    return sheet, [outcome(row) for row in sheet.rows]


def test_summary_and_page_say_the_same(made, tmp_path):
    """`summary.json` has the figures, and the page the sentence, each cause and each order, harmless in HTML."""
    sheet, outcomes = made
    summary = summarised(run(0), [sheet], outcomes, READINESS)

    write(tmp_path / "summary.json", summary)
    text = page(summary, matched([sheet], outcomes))

    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["portal"] == portal_as_json(READINESS)
    assert portal_sentence(READINESS) in text
    assert "No picture of this product is in these files." in text
    assert "june.xlsx › Order Items!F9, H11" in text
    assert "<td>SO-&lt;3&gt;</td><td>june.xlsx › Products!A5</td>" in text


def test_a_run_without_orders_says_nothing_of_the_portal(made):
    """Where no order is in the files, the page has no such section."""
    sheet, outcomes = made

    assert "returns portal" not in page(summarised(run(0), [sheet], outcomes, Readiness(0, 0, ())), ())
    assert "returns portal" not in page(summarised(run(0), [sheet], outcomes), ())
