"""The quick look settles only what is sure: what it passes is read without a note, as what it should be."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import ENTITIES, countries, entity_named, hints, no_value, plain, postcodes, zones
from schemas.cells import CLEAR, CellError, Conventions, Note, Reading
from schemas.entity import Field
from schemas.frames import FrameCheck
from schemas.kinds import decimal, email, integer, moment

FIELDS = {field.kind.name: field for entity in reversed(ENTITIES) for field in reversed(entity.fields)}
"""The first field of each kind."""
CONVENTIONS = (
    Conventions(),
    Conventions(timezone="America/Sao_Paulo", decimal=",", day_first=True),
    Conventions(timezone="Europe/Lisbon", decimal=".", day_first=False),
    Conventions(timezone="Asia/Kolkata", day_first=True, mixed=(3, 4)),
)
PATTERNS = {
    (pattern, name): conventions
    for name, field in FIELDS.items()
    for conventions in reversed(CONVENTIONS)
    if (pattern := field.kind.plain(conventions))
}
"""Every pattern there is with its kind, and conventions under which it holds."""

ALL = pytest.mark.parametrize(("pattern", "kind"), PATTERNS, ids=[name for _, name in PATTERNS])


@ALL
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_what_is_plain_is_read_without_a_note_as_what_it_should_be(pattern, kind, data):
    """Of every kind, in every zone: a text that the pattern fits is a value in itself."""
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    field, conventions = FIELDS[kind], PATTERNS[pattern, kind]

    assert field.read(text, conventions) == Reading(expected(field, text, conventions))


def expected(field: Field, text: str, conventions: Conventions) -> object:
    """What *text* means, found out without our readers."""
    match field.kind.json_type:
        case "string":
            return text
        case "number":
            return Decimal(text)
        case "integer":
            return int(text)
        case "boolean":
            return text == "TRUE"
    return expected_moment(text, conventions)


def expected_moment(text: str, conventions: Conventions) -> datetime:
    """The moment in *text*, by the standard library alone."""
    if text[4] == "-":
        found = datetime.fromisoformat(text)
    else:
        order = "%d.%m.%Y" if "." in text else "%d/%m/%Y" if conventions.day_first else "%m/%d/%Y"
        day, _, time = text.partition(" ")
        found = datetime.strptime(day, order)  # noqa: DTZ007 - the zone comes next
        found = datetime.fromisoformat(f"{found.date()} {time or '00:00'}")
    if found.tzinfo:
        return found
    local = found.replace(tzinfo=ZoneInfo(conventions.timezone))
    assert local.replace(fold=1).utcoffset() == local.utcoffset(), "the clock shows it twice, or never"
    return local


@ALL
@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(st.sampled_from("0123456789.,:-/+ TZabEe@#'\u00e9\u0301\u00a0"), max_size=12), max_size=30))
def test_the_patterns_mean_the_same_to_arrow(pattern, kind, texts):
    """Arrow, which looks at whole columns, finds what Python finds."""
    examples = [field.example for field in FIELDS.values() if field.example]
    column = pa.array([*texts, *examples], pa.string())

    by_arrow = pc.match_substring_regex(column, f"^(?:{pattern})$").to_pylist()

    assert by_arrow == [re.fullmatch(pattern, text) is not None for text in [*texts, *examples]]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("code", "SO-1001"),
        ("code", "00340434161094042557"),
        ("code", "10248"),
        ("code", "EXAMPLE-SHIRT-M"),
        ("text", "T-Shirt „Größe M“, 100 % Baumwolle: weich\nund warm"),
        ("one line of text", "Łódź, ul. Piotrkowska 1/3"),
        ("number", "24.90"),
        ("number", "0.125"),
        ("whole number", "12"),
        ("date and time", "2026-01-31"),
        ("date and time", "2026-01-31 10:00"),
        ("date and time", "2026-01-31T10:00:00+01:00"),
        ("date and time", "2026-01-31T09:00:00.123Z"),
        ("date and time", "31.01.2026 10:00"),
        ("e-mail address", "anna.muster+shop@mail-1.example.com"),
        ("phone number", "+4915223455981"),
        ("phone number", "030 1234567"),
        ("web address", "https://shop.example.com/p/1?x=a&y=b#z"),
        ("yes or no", "TRUE"),
        ("image file", "images/shirt-1.png"),
    ],
)
def test_what_files_are_full_of_is_plain(kind, text):
    """The usual cell is settled by the quick look."""
    assert re.fullmatch(FIELDS[kind].kind.plain(Conventions()), text)


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_no_word_for_nothing_is_plain(field):
    """Words for a blank, errors of spreadsheets, the clear word and what is cleaned are left to be read."""
    words = [
        *field.kind.blank_words,
        "#N/A",
        "Err:502",
        "#CLEAR",
        " a1",
        "a1 ",
        "a1\u200b",
        "'0012",
        "a1\u00a0b2",
        "1.23E+5",
    ]
    pattern = field.kind.plain(Conventions())

    assert [word for word in words if pattern and re.fullmatch(pattern, word)] == []


def test_a_clear_word_like_any_other_makes_nothing_plain():
    """Who clears by the word DELETE has every cell read, in any case of it."""
    postcode, conventions = entity_named("shipments").field("sender_zip"), Conventions(clear_word="delete")

    assert postcode.kind.plain(conventions) == ""
    assert postcode.read("DELETE", conventions) == Reading(CLEAR, Note("normalised", {"value": "delete"}))


def test_bounds_that_no_pattern_knows_make_nothing_plain():
    """A number with other bounds than the usual ones is read."""
    kinds = (decimal(least=1), integer(least=5, most=20), integer(least=1, most=998))

    assert [kind.plain(Conventions()) for kind in kinds] == ["", "", ""]
    assert re.fullmatch(decimal(places=0).plain(Conventions()), "12.5") is None
    assert re.fullmatch(decimal(places=1).plain(Conventions()), "12.50") is None


def test_a_mail_domain_that_is_none_is_not_plain():
    """Special domains are left to the library that knows them."""
    pattern = email().plain(Conventions())

    assert [a for a in ("a@b.test", "a@b.local", "a@localhost", "a@b.c1", "a@-b.de") if re.fullmatch(pattern, a)] == []


# --- the hours that are there once --------------------------------------------------------------------------


def test_two_o_clock_is_left_out_in_berlin():
    """The clock is moved between 2 and 3 there, and never at another hour."""
    assert zones.changing_hours("Europe/Berlin") == {2}
    assert zones.changing_hours("Asia/Kolkata") == frozenset()


def test_a_day_may_lack_its_midnight():
    """Where clocks were moved at midnight, a day without a time is not plain."""
    pattern = moment().plain(Conventions(timezone="America/Sao_Paulo"))

    assert 0 in zones.changing_hours("America/Sao_Paulo")
    assert 0 in zones.changing_hours_of("America/Sao_Paulo", 2018)
    assert zones.changing_hours_of("America/Sao_Paulo", 2022) == frozenset()
    assert [bool(re.fullmatch(pattern, text)) for text in ("2018-11-04", "2018-11-04 12:00")] == [False, True]


@settings(deadline=None)
@given(
    zone=st.sampled_from(
        ["Europe/Berlin", "Europe/Lisbon", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe"]
    ),
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2059, 12, 31)),  # noqa: DTZ001 - on a wall clock
)
def test_other_hours_are_there_exactly_once(zone, moment):
    """A wall-clock time outside those hours survives the way to UTC and back, and means one instant."""
    if moment.hour not in zones.changing_hours_of(zone, moment.year):
        there = moment.replace(tzinfo=ZoneInfo(zone))

        assert there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == moment
        assert there.replace(fold=1).utcoffset() == there.utcoffset()


# --- hints that need not be asked ---------------------------------------------------------------------------

TODAY = date(2026, 3, 15)
RULES = [(entity, rule) for entity in ENTITIES for rule in entity.hints if rule.harmless]
NEAR = [
    TODAY + timedelta(days=days)
    for days in (-9000, -740, -731, -730, -729, -70, -1, 0, 1, 2, 60, 178, 179, 180, 181, 900)
]
TEXTS = (
    *(f"{day}{time}" for day in NEAR for time in ("", " 23:59", "T00:30:00-11:00", "T23:30:00+14:00")),
    *(f"{day:%d.%m.%Y}{time}" for day in NEAR for time in ("", " 10:00")),
    *(
        "",
        "-",
        "0",
        "0,00 €",
        "00.0",
        "12.5",
        "12 EUR",
        "$ 5",
        "USD 7",
        "+4915223455981",
        "0170 1234567",
        "#CLEAR",
        "2026-02-31",
    ),
    *("01067", "1067", "SW1A 1AA", "sw1a 1aa", "00-950", "١٢٣٤٥", "https://shop.example.com", "de", "x"),
)
OTHERS = ("", "-", "DE", "de", "GB", "PL", "HK", "Narnia", "EUR", "USD", "2026-03-01", "https://shop.example.com")


@pytest.mark.parametrize(("entity", "rule"), RULES, ids=lambda one: getattr(one, "at", getattr(one, "name", "")))
@pytest.mark.parametrize("today", [TODAY, None], ids=str)
def test_what_is_harmless_is_never_noted(entity, rule, today):
    """No text that a hint's pattern passes would have been noted by the hint itself, whatever stands beside it."""
    conventions = Conventions(today=today)
    check = FrameCheck(entity, conventions)

    def noted(texts: dict[str, str]) -> bool:
        if rule.suspects and not rule.suspects(texts[rule.at]):
            return False
        try:
            readings = {name: check.reading(name, text).value for name, text in texts.items() if text}
        except CellError:
            return False
        values = {
            name: texts[name] if name in rule.as_written else value
            for name, value in readings.items()
            if value is not None
        }
        return rule.broken(values, conventions) is not None

    others = [name for name in rule.fields if name != rule.at]
    wrong, passed = [], 0
    for other in OTHERS:
        pattern = rule.harmless(conventions, other if rule.harmless_by else "")
        for text in TEXTS:
            if pattern is not None and re.fullmatch(pattern, text):
                passed += 1
                if noted({rule.at: text, **dict.fromkeys(others, other)}):
                    wrong.append((text, other))

    assert wrong == []
    assert passed > 0


@pytest.mark.parametrize(
    ("rule", "text", "other"),
    [
        (hints.not_in_future("order_date"), "2026-03-15 10:00", ""),
        (hints.not_in_future("order_date"), "31.12.2025", ""),
        (hints.not_far_away("planned_pickup_datetime"), "2026-03-16T10:00:00+01:00", ""),
        (hints.postcode("recipient_zip", "recipient_country"), "01067", "DE"),
        (hints.postcode("recipient_zip", "recipient_country"), "SW1A 1AA", "GB"),
        (hints.phone("recipient_phone", "recipient_country"), "+4915223455981", "DE"),
        (hints.not_zero("weight", "weight_zero"), "0.25", ""),
        (hints.same_currency("sales_price", "currency"), "1.234,56", "EUR"),
        (hints.together("order_url", "language", "language_without_url"), "https://shop.example.com", "de"),
    ],
)
def test_the_usual_cell_needs_no_asking(rule, text, other):
    """What files are full of is settled by the pattern."""
    assert re.fullmatch(rule.harmless(Conventions(today=TODAY), other), text)


def test_postcodes_of_every_country_are_known_to_arrow():
    """Every country's pattern is one that Arrow takes, and it fits the country's own example."""
    for country in countries.codes():
        form = postcodes.form(country)
        examples = pa.array([form.example if form else "anything", "١٢٣٤٥" if form else ""], pa.string())
        found = pc.match_substring_regex(examples, f"^(?:{postcodes.pattern(country)})$").to_pylist()

        assert found == [True, form is None], country


def test_a_pattern_of_days_holds_the_days_between_and_no_other():
    """In both forms, over years and months of any length."""
    first, last = date(2023, 2, 27), date(2026, 3, 2)
    pattern = re.compile(plain.days(first, last))
    for number in range(-40, (last - first).days + 40):
        day = first + timedelta(days=number)
        assert bool(pattern.fullmatch(f"{day}")) is (first <= day <= last)
        assert bool(pattern.fullmatch(f"{day:%d.%m.%Y} 10:00")) is (first <= day <= last)


def test_words_for_nothing_are_in_lower_case():
    """They are compared so."""
    assert {word for word in no_value.BLANK_WORDS | no_value.ZERO_DAYS if word != word.casefold()} == set()
