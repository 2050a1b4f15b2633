"""What is said to lie ahead, before anything is sent, against what is sent in the end."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from importer.model import Outcome, Row, Status, Where
from importer.reports.quote import Quote, Range
from importer.run.forecast import Forecast
from importer.run.quote import seconds

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "shop.xlsx"


@pytest.fixture
def sent(sandbox):
    """How many requests came since it was asked last; fetching a token does not count."""
    before = 0

    def count() -> int:
        nonlocal before
        came = [one for one in sandbox.requests() if not one["path"].endswith("/token")]
        new, before = len(came) - before, len(came)
        return new

    return count


def requests(loaded) -> tuple[int, int]:
    """The requests that were quoted, as `summary.json` has them."""
    quote = json.loads((loaded.folder / "summary.json").read_text(encoding="utf-8"))["quote"]
    return quote["requests"]["least"], quote["requests"]["most"]


@pytest.mark.parametrize("settings", [{}, {"link": "create"}, {"complete_boarding": True}, {"existing": "skip"}])
def test_a_first_upload_takes_as_many_requests_as_quoted(load, sent, settings):
    """Where nothing is on the server yet the number of requests is known before; look-ups make it a range."""
    loaded = load(SHOP, **settings)

    least, most = requests(loaded)
    assert least <= sent() <= most
    assert (least == most) == ("existing" not in settings)


def test_a_second_upload_takes_none_or_as_many_as_have_changed(load, sent):
    """What the ledger knows is sent only where it has changed."""
    first = load(SHOP)
    sent()
    again = load(SHOP)

    least, most = requests(again)
    assert (least, sent()) == (0, 0)
    assert 0 < most <= requests(first)[1]


def test_a_dry_run_quotes_the_real_run(load, sent):
    """A dry run says what the real run will take, and takes none of it."""
    dry = load(SHOP, dry_run=True)
    sent()
    loaded = load(SHOP)

    least, most = requests(dry)
    assert requests(loaded) == (least, most)
    assert least <= sent() <= most


def test_new_items_of_a_known_order_are_looked_for_first(book, load, sent):
    """Below an order of an earlier run, and below one that is in no file, look-ups are part of the range."""
    order = ["order_id", "SO-1"]
    load(book(orders=order))
    load(book(orders=["order_id", "SO-9"]), ledger="sqlite:///" + str(book().parent / "other.sqlite"))
    (book() / "orders.csv").unlink()
    sent()
    items = ["order_id | sku", "SO-1 | A", "SO-1 | B", "SO-9 | A", "SO-9 | B"]
    loaded = load(book(orders=order, products=["sku", "A", "B"], order_items=items))

    least, most = requests(loaded)
    assert least <= sent() <= most


def test_rows_in_doubt_are_asked_for(book, load, sandbox, sent):
    """A record in doubt takes a look-up at least, and may have to be sent again."""
    sandbox.faults(["POST /orders:drop_before"])
    load(book(orders=["order_id", "SO-1", "SO-2"]), api={"settle_s": 0, "read_timeout_s": 1}, max_errors="")
    sandbox.faults(["GET /orders:status:status=500"])
    sandbox.faults([])
    sent()
    loaded = load(book(orders=["order_id", "SO-1", "SO-2"]))

    least, most = requests(loaded)
    assert least <= sent() <= most


def test_nothing_is_asked_of_the_server_where_nothing_may_be_sent(book, load, sandbox):
    """A run of rows that all failed the check does not even fetch a token."""
    loaded = load(book(orders=["order_id | order_date", "SO-1 | soon"]))

    assert (requests(loaded), sandbox.requests()) == ((0, 0), [])


@pytest.mark.parametrize(
    ("rate", "latency", "expected"),
    [
        (None, None, None),
        (10.0, None, Range(100, 200)),
        (None, Range(0.05, 0.2), Range(6.25, 50)),
        (10.0, Range(0.05, 2.0), Range(100, 500)),
    ],
)
def test_how_long_requests_take(rate, latency, expected):
    """The slower of two counts: the rate that is allowed, and how soon answers come to so many workers."""
    assert seconds(Range(1_000, 2_000), workers=8, rate=rate, latency_s=latency) == expected


def test_the_estimate_follows_what_happens():
    """What is left is told by the rate of late and by the requests that rows have taken, not by the quote."""
    quote = Quote({"orders": Range(100, 100), "products": Range(10, 30)}, Range(50, 60))
    forecast = Forecast(quote, {"orders": 100, "products": 10}, now=0.0)
    first = forecast.seconds_left
    forecast.note([_outcome(attempts=2)] * 50, sent=100, now=10.0)

    left = forecast.seconds_left
    assert first == quote.seconds
    # 50 orders of 2 requests each, and 10 to 30 requests for products, at 10 a second, give or take a tenth.
    assert (round(left.least, 3), round(left.most, 3)) == (9.9, 14.3)


def _outcome(attempts: int) -> Outcome:
    row = Row("orders", Where("orders.csv", "", 2), "SO-1", {})
    return replace(Outcome(row, Status.CREATED), attempts=attempts)
