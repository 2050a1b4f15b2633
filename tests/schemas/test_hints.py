"""Notes on what the API would take and an experienced eye stops at; each with what must not be noted."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.check import check
from importer.model import Severity, Where
from importer.sources import tables
from schemas import entity_named, phones, postcodes
from schemas.cells import Conventions
from schemas.frames import FrameCheck

TODAY = date(2026, 3, 15)
DHL = {"carrier_name": "dhl", "carrier_country": "DE"}


def hints(entity: str, today: date | None = TODAY, **cells: str) -> list[tuple[str, str, str]]:
    """Field, code and suggestion of every hint on a row with *cells*."""
    frame = pd.DataFrame([cells], index=[2], dtype=str)
    found = FrameCheck(entity_named(entity), Conventions(today=today)).hints(frame)
    return [(hint.field, hint.error.code, hint.error.suggestion) for hint in found]


def test_a_hint_is_a_note_that_keeps_the_private_cell_private(tmp_path):
    """A shipment with an odd postcode is not rejected; the note names the cell and hides the value."""
    path = tmp_path / "shipments.csv"
    path.write_text("recipient_country,recipient_zip\nDE,1067\n", encoding="utf-8")
    (table,) = tables(path)

    (row,) = check(table, Conventions()).rows

    (note,) = [problem for problem in row.problems if problem.code == "postcode_unusual"]
    assert (note.where, note.severity, note.value, note.suggestion, note.private) == (
        Where("shipments.csv", "", 2, "B"),
        Severity.NOTE,
        "1067",
        "01067",
        True,
    )
    assert str(note) == "shipments.csv!B2: recipient_zip: postcodes in DE look like 26133"


# --- postcodes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("postcode", "country", "meant"),
    [
        ("1067", "DE", "01067"),
        ("D-10115", "DE", "10115"),
        ("00950", "PL", "00-950"),
        ("950", "PL", "00-950"),
        ("1150037", "PT", "1150-037"),
        ("187", "IT", "00187"),
        ("501", "US", "00501"),
        ("NL-1234 AB", "NL", "1234 AB"),
        ("Dresden", "DE", ""),
        ("67", "DE", ""),
        ("4000", "BR", ""),
        ("١٢٣٤٥", "DE", ""),
    ],
)
def test_a_postcode_of_another_form_is_noted(postcode, country, meant):
    """A postcode that no address of the country has is noted; what Excel or a habit did to it is proposed undone."""
    assert hints("shipments", recipient_zip=postcode, recipient_country=country) == [
        ("recipient_zip", "postcode_unusual", meant)
    ]


@pytest.mark.parametrize(
    ("postcode", "country"),
    [
        ("01067", "DE"),
        ("SW1A 1AA", "GB"),
        ("sw1a1aa", "GB"),
        ("1234 AB", "NL"),
        ("1234ab", "NL"),
        ("114 55", "SE"),
        ("11455", "SE"),
        ("00-950", "PL"),
        ("A65 F4E2", "IE"),
        ("98101", "US"),
        ("H3Z 2Y7", "CA"),
        ("anything", "HK"),
        ("1", "AQ"),
        ("#CLEAR", "DE"),
    ],
)
def test_a_postcode_of_the_countrys_form_is_left_alone(postcode, country):
    """Good postcodes are not noted, with or without the blank in them, nor those of countries that have none."""
    assert hints("shipments", recipient_zip=postcode, recipient_country=country) == []


def test_a_postcode_without_a_country_is_left_alone():
    """Without a readable country nobody can say what a postcode should look like; the country is said already."""
    assert hints("shipments", recipient_zip="1067", recipient_country="Narnia") == []
    assert hints("shipments", recipient_zip="1067") == []


@given(st.text(max_size=12), st.sampled_from(["DE", "GB", "PL", "NL", "US", "IE", "HK", "XX"]))
def test_what_is_proposed_fits(text, country):
    """Whatever stands in the cell, a proposed postcode is one the country has."""
    meant = postcodes.mended(text, country)

    assert meant == "" or postcodes.fits(meant, country)


# --- phone numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "country", "code", "meant"),
    [
        ("0170 1234567", "DE", "phone_without_country_code", "+491701234567"),
        ("030-0074321", "DE", "phone_without_country_code", "+49300074321"),
        ("4917012345678", "DE", "phone_without_country_code", "+4917012345678"),
        ("06 1234 5678", "IT", "phone_without_country_code", "+390612345678"),
        ("612345678", "ES", "phone_without_country_code", "+34612345678"),
        ("(171) 555-7788", "GB", "phone_without_country_code", ""),
        ("0170 1234567", "", "phone_without_country_code", ""),
        ("0049 170 1234567", "DE", "phone_doubtful", "+491701234567"),
        ("+49 (0)30 123456", "DE", "phone_doubtful", "+4930123456"),
        ("+49 1", "DE", "phone_doubtful", ""),
    ],
)
def test_a_number_that_abroad_cannot_dial_is_noted(number, country, code, meant):
    """A phone number without + and country code is noted, with the international form where there is one."""
    assert hints("shipments", recipient_phone=number, recipient_country=country) == [("recipient_phone", code, meant)]


@pytest.mark.parametrize("number", ["+4915223455981", "+49 30 1234-567", "+49.30/1234567", "#CLEAR", ""])
def test_an_international_number_is_left_alone(number):
    """Numbers with + and country code are not noted, however they are grouped."""
    assert hints("shipments", recipient_phone=number, recipient_country="DE") == []


def test_a_senders_number_is_looked_at_without_a_senders_country():
    """The column of the country may be absent; the note is there all the same, only without a proposal."""
    assert hints("shipments", sender_phone="0170 1234567") == [("sender_phone", "phone_without_country_code", "")]


@given(st.from_regex(r"0[1-9][0-9]{5,10}", fullmatch=True), st.sampled_from(["DE", "FR", "GB", "AT", "SE"]))
def test_what_is_proposed_can_be_dialled(number, country):
    """A proposed number is international by form and ends as the number in the cell does."""
    meant = phones.international(number, country)

    assert meant == "" or (phones.is_international(meant) and meant.endswith(number[1:]))


# --- lockers, numbers and dates -----------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["", "no"])
def test_a_locker_that_is_not_said_to_be_one_is_noted(said):
    """The address says Packstation, the parcel is DHL's in Germany, and pickup_point_selected is not TRUE."""
    row = DHL | {"recipient_address": "DHL-Packstation 123", "pickup_point_selected": said}

    assert hints("shipments", **row) == [("recipient_address", "locker_not_said", "")]


@pytest.mark.parametrize(
    "other",
    [
        {"pickup_point_selected": "TRUE"},
        {"carrier_name": "gls"},
        {"carrier_country": "AT"},
        {"recipient_address": "Stationsweg 1"},
    ],
)
def test_what_is_no_locker_or_said_to_be_one_is_left_alone(other):
    """Nothing is said of a locker that is marked, of another carrier, country or address."""
    assert hints("shipments", **(DHL | {"recipient_address": "Packstation 123"} | other)) == []


def test_a_weight_or_price_of_0_is_noted():
    """0 is sent, since the API takes it, but it is worth a look; the smallest real number is not."""
    assert hints("order_items", sales_price="0,00 €", weight="0") == [
        ("sales_price", "price_zero", ""),
        ("weight", "weight_zero", ""),
    ]
    assert hints("shipments", weight="0.0") == [("weight", "weight_zero", "")]
    assert hints("order_items", sales_price="0.01", weight="0.001") == []


def test_a_promise_before_the_order_is_noted():
    """A delivery promised for the day before the order is noted; one for the same day, without a time, is not."""
    assert hints("orders", order_date="2026-03-02 10:00", promised_delivery_date="2026-03-01") == [
        ("promised_delivery_date", "promised_before_ordered", "")
    ]
    assert hints("orders", order_date="2026-03-02 10:00", promised_delivery_date="2026-03-02") == []


@pytest.mark.parametrize(
    ("entity", "column", "day", "code"),
    [
        ("orders", "order_date", "2026-03-17", "date_in_future"),
        ("shipments", "planned_pickup_datetime", "2062-03-14", "date_far_away"),
        ("shipments", "planned_pickup_datetime", "2016-03-14", "date_far_away"),
    ],
)
def test_a_date_that_cannot_be_meant_is_noted(entity, column, day, code):
    """An order of the day after tomorrow and a pick-up years away are noted, if it is known what day it is."""
    assert hints(entity, **{column: day}) == [(column, code, "")]
    assert hints(entity, None, **{column: day}) == []


@pytest.mark.parametrize(
    ("entity", "column", "day"),
    [
        ("orders", "order_date", "2026-03-16 23:59"),
        ("orders", "order_date", "1998-05-06"),
        ("shipments", "planned_pickup_datetime", "2025-03-14"),
        ("shipments", "planned_pickup_datetime", "2026-06-01"),
    ],
)
def test_a_date_that_may_be_meant_is_left_alone(entity, column, day):
    """Old orders, last year's parcels and those of the coming months are usual."""
    assert hints(entity, **{column: day}) == []


def test_shop_address_and_language_belong_together():
    """One without the other is noted at the blank cell; both blank is the shop's choice."""
    assert hints("orders", order_url="https://shop.example.com", language="") == [
        ("language", "url_without_language", "")
    ]
    assert hints("orders", order_url="", language="de") == [("order_url", "language_without_url", "")]
    assert hints("orders", order_url="", language="") == []
    assert hints("orders", order_url="https://shop.example.com", language="de") == []
