"""What is said before a run and while it goes on."""

import json
import sys

import pytest

from importer.reports.quote import Quote, Range, duration, quote_sentence
from importer.speech import Speech

ENGLISH, GERMAN = Speech("en"), Speech("de")


def test_what_lies_ahead_is_said_before_the_result(online, examples):
    """The upload begins with how many requests lie ahead, by sheet; a second one says how many there may be."""
    shop = examples / "shop" / "shop.xlsx"
    dry = online("upload", shop, "--dry-run")
    first = online("upload", shop)
    again = online("upload", shop)
    quiet = online("upload", shop, "--quiet")

    said = first.out.splitlines()[0]
    assert said.startswith("About ")
    assert said.endswith(": less than a minute.")
    assert said in dry.out.splitlines()
    assert again.out.splitlines()[0].endswith(", as much as is new or has changed.")
    assert quiet.out.splitlines()[0].split()[0] == "rows"


def test_cron_has_nothing_to_mail_of_a_night_without_trouble(online, examples):
    """Where nobody looks on, an upload that went well leaves stderr empty, in either form of the log."""
    shop = examples / "shop" / "shop.xlsx"

    said = [online("upload", shop, *options).err for options in ((), ("--log-format", "json"), ("--dry-run",))]

    assert said == ["", "", ""]


def test_on_a_terminal_what_lies_ahead_stands_beside_the_bar(online, examples, monkeypatch):
    """Somebody who looks on reads it above the bar, also when the result goes into a file."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    said = online("upload", examples / "shop" / "shop.xlsx")

    assert said.err.startswith("About ")
    assert not said.out.startswith("About ")


def test_the_log_of_a_run_ends_with_all_its_rows(online, tmp_path):
    """`--verbose` tells in the log what lies ahead and how far it is; the last line is the end, not a while before."""
    (tmp_path / "orders.csv").write_text(
        "order_id,order_date\nSO-1,2026-01-31T10:00:00Z\nSO-2,2026-01-31\n", encoding="utf-8"
    )

    said = online("upload", "orders.csv", "--verbose", "--log-format", "json")

    assert [json.loads(line)["message"] for line in said.err.splitlines()] == [
        "About 2 requests (Orders 2): less than a minute.",
        "2 of 2 rows: created=2",
    ]


REQUESTS = {"products": Range(77, 77), "orders": Range(830, 830), "order_items": Range(4_073, 4_073)}
CHANGED = {"orders": Range(0, 830), "order_items": Range(10, 4_073)}


@pytest.mark.parametrize(
    ("quote", "english", "german"),
    [
        (Quote(), "There is nothing to send.", "Es ist nichts zu senden."),
        (
            Quote(REQUESTS, Range(250, 350)),
            "About 4,980 requests (Products 77, Orders 830, Order Items 4,073): 4 to 6 minutes.",
            "Etwa 4.980 Anfragen (Produkte 77, Bestellungen 830, Bestellpositionen 4.073): 4 bis 6 Minuten.",
        ),
        (
            Quote(CHANGED),
            "10 to 4,903 requests (Orders 0 to 830, Order Items 10 to 4,073), as much as is new or has changed.",
            (
                "10 bis 4.903 Anfragen (Bestellungen 0 bis 830, Bestellpositionen 10 bis 4.073), "
                "so viel wie neu oder geändert ist."
            ),
        ),
    ],
)
def test_a_quote_in_words(quote, english, german):
    """How much lies ahead is said in one sentence, with the numbers of the language."""
    assert (quote_sentence(quote, ENGLISH), quote_sentence(quote, GERMAN)) == (english, german)


@pytest.mark.parametrize(
    ("least", "most", "english", "german"),
    [
        (0, 3, "less than a minute", "weniger als eine Minute"),
        (10, 200, "up to 4 minutes", "bis zu 4 Minuten"),
        (290, 299, "about 5 minutes", "etwa 5 Minuten"),
        (250, 350, "4 to 6 minutes", "4 bis 6 Minuten"),
        (5_500, 9_100, "1.5 to 3 hours", "1,5 bis 3 Stunden"),
        (360_000, 360_000, "about 100 hours", "etwa 100 Stunden"),
    ],
)
def test_how_long_in_words(least, most, english, german):
    """A time is said as finely as it can be known."""
    seconds = Range(least, most)

    assert (duration(seconds, ENGLISH), duration(seconds, GERMAN)) == (english, german)
