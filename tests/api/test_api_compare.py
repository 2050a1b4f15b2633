"""Whether the server's record holds what we would send."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from importer.api import differences

OURS = {
    "order_id": "007",
    "order_date": "2026-01-31T10:00:00Z",
    "weight": 0.5,
    "boarding_complete": True,
    "recipient_country": "DE",
    "carrier": {"name": "dhl", "country": "DE"},
    "order_tags": {"channel": "web"},
    "reference_number_2": None,
}
THEIRS = {
    "id": 4434712,
    "state": "new",
    "order_id": "007",
    "order_date": "2026-01-31T11:00:00+01:00",
    "weight": "0.500",
    "boarding_complete": True,
    "recipient_country": "de",
    "carrier": {"name": "dhl", "country": "de", "label": "DHL"},
    "order_tags": {"channel": "web"},
    "shipments": [],
}


def test_the_same_record_in_the_servers_words():
    """The server writes times, numbers and countries its own way and adds members; the record is the same."""
    assert differences(OURS, THEIRS) == ()


def test_every_difference_is_named():
    """Where the record differs, it is said member by member, with our value and the server's."""
    theirs = THEIRS | {"order_id": "7", "weight": 0.6, "carrier": {"name": "dpd"}, "order_tags": []}

    assert differences(OURS, theirs) == (
        ("order_id", "007", "7"),
        ("weight", 0.5, 0.6),
        ("carrier.name", "dhl", "dpd"),
        ("carrier.country", "DE", None),
        ("order_tags", {"channel": "web"}, []),
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00.000Z"),
        ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00+0000"),
        ("2026-01-31T10:00:00.353Z", "2026-01-31T10:00:00Z"),
        ("2026-01-31T10:00:00Z", "2026-01-31 10:00:00"),
        ("2026-01-31T10:00:00Z", "2026-01-31T05:00-05:00"),
        (19.99, "19.99"),
        (19.9, 19.90),
        (1, 1.0),
        ("123", 123),
        (True, "true"),
        (True, 1),
        (None, ""),
        (None, []),
        ({}, []),
    ],
)
def test_the_same(ours, theirs):
    """Two ways to write one value are no difference."""
    assert differences({"value": ours}, {"value": theirs}) == ()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("2026-01-31T10:00:00Z", "2026-01-31T10:00:01Z"),
        ("2026-01-31T10:00:00.353Z", "2026-01-31T10:00:00.354Z"),
        ("2026-01-31T10:00:00Z", "2026-01-31"),
        ("2026-99-31T10:00:00Z", "2026-99-31T10:00:00.0Z"),
        ("20260131", "2026-01-31"),
        ("500", "500.00"),
        ("Shirt", "shirt"),
        ("DE", "de"),
        (1.0, "one"),
        (False, None),
        ("", "0"),
        ("a", None),
        (0, None),
    ],
)
def test_not_the_same(ours, theirs):
    """Codes are compared sign by sign, and what the server does not have is a difference."""
    assert differences({"value": ours}, {"value": theirs}) == (("value", ours, theirs),)


@pytest.mark.parametrize("name", ["recipient_country", "sender_country", "customs_origin_country_iso2"])
def test_countries_are_blind_to_case(name):
    """Some replies give countries in lower case."""
    assert differences({name: "DE"}, {name: "de"}) == ()


@pytest.mark.parametrize("theirs", [{"shipment": {"id": 12}}, {"shipment": "/v2/shipments/12"}, {"shipment_id": 12}])
def test_a_link_in_the_servers_words(theirs):
    """An item's shipment is the same, whether the server gives its number, its address or the whole of it."""
    assert differences({"shipment_id": "12"}, theirs) == ()
    assert differences({"shipment_id": "13"}, theirs) != ()


MOMENTS = some.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
OFFSETS = some.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, OFFSETS)
def test_an_instant_is_the_same_in_every_zone(moment, offset):
    """Wherever on earth a clock shows it, an instant is the same."""
    ours, theirs = moment.isoformat(), moment.astimezone(offset).isoformat()

    assert differences({"order_date": ours}, {"order_date": theirs}) == ()


VALUES = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text()
BODIES = some.dictionaries(some.text(), VALUES | some.dictionaries(some.text(), VALUES))


@given(BODIES)
def test_a_record_is_the_same_as_itself(body):
    """What the server gives back as we sent it never differs."""
    assert differences(body, body) == ()


@given(BODIES, BODIES)
def test_any_two_records_can_be_compared(ours, theirs):
    """No reply, however odd, is stumbled over."""
    assert all(len(found) == 3 for found in differences(ours, theirs))
