"""The pitfalls of spreadsheets that a single cell can hold, one after another, with what becomes of each.

Their numbers are those of our list of fifty; what a file, a header or a row has is tested elsewhere.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from importer import sources
from importer.check import check
from importer.model import CheckedSheet, Severity
from schemas import entity_named, yes_no
from schemas.cells import CLEAR, CellError, Conventions, Note, Reading

USUAL = Conventions()
LEVI = "\u05dc\u05d5\u05d9"
BERLIN = ZoneInfo("Europe/Berlin")
SHIPMENTS, ITEMS, ORDERS = entity_named("shipments"), entity_named("order_items"), entity_named("orders")

SKU = ITEMS.field("sku")
PRICE = ITEMS.field("sales_price")
CURRENCY = ITEMS.field("currency")
QUANTITY = ITEMS.field("quantity")
RETURNABLE = ITEMS.field("returnable")
ORDER_DATE = ORDERS.field("order_date")
PROMISED = ORDERS.field("promised_delivery_date")
COMPLETE = ORDERS.field("boarding_complete")
TRACKING = SHIPMENTS.field("tracking_code")
CITY = SHIPMENTS.field("recipient_city")
LAST_NAME = SHIPMENTS.field("recipient_last_name")
EMAIL = SHIPMENTS.field("recipient_email")
PHONE = SHIPMENTS.field("recipient_phone")
COUNTRY = SHIPMENTS.field("recipient_country")
COMMENT = SHIPMENTS.field("comment")


def refusal(field, text: str, conventions: Conventions = USUAL) -> tuple[str, str]:
    """Code and suggestion with which *text* is refused."""
    with pytest.raises(CellError) as told:
        field.read(text, conventions)
    return told.value.code, told.value.suggestion


def normalised(value: str) -> Reading:
    """A value that is written otherwise than it is sent."""
    return Reading(value, Note("normalised", {"value": value}))


@pytest.fixture
def checked(tmp_path) -> Callable[[str, str, str], CheckedSheet]:
    """Checks a CSV file of two columns and one row."""

    def run(entity: str, titles: str, *rows: str) -> CheckedSheet:
        path = tmp_path / f"{entity}.csv"
        path.write_text("\n".join([titles, *rows]), encoding="utf-8")
        (table,) = sources.tables(path)
        return check(table, USUAL)

    return run


# --- codes that were taken for numbers (2, 3, 4, 35) --------------------------------------------------------


@pytest.mark.parametrize("text", ["4.01235E+12", "4,01235E+12", "4E+12"])
def test_2_a_code_in_scientific_notation_is_refused(text):
    """Digits are gone that nobody can bring back."""
    assert refusal(TRACKING, text) == ("code_damaged", "")


def test_3_a_long_code_as_text_keeps_every_digit():
    """Twenty digits in a CSV file are twenty digits."""
    assert TRACKING.read("00340434161094042557", USUAL) == Reading("00340434161094042557")


def test_3_a_long_code_as_number_is_refused_though_it_looks_complete(tmp_path: Path):
    """Excel has put zeros in place of what is behind the fifteenth digit."""
    book = openpyxl.Workbook()
    book.active.title = "Shipments"
    book.active.append(["tracking_code"])
    book.active.append([340434161094042557])
    book.save(tmp_path / "shop.xlsx")
    (table,) = sources.tables(tmp_path / "shop.xlsx")

    (row,) = check(table, USUAL).rows

    assert ("B" not in row.values, [one.code for one in row.problems if one.where.cell == "A2"]) == (
        True,
        ["code_damaged"],
    )


def test_4_a_number_cell_in_a_column_of_codes_is_the_whole_number(tmp_path: Path):
    """A float that Excel made of a code comes without a point; a size such as 10.5 keeps it."""
    book = openpyxl.Workbook()
    book.active.title = "Order Items"
    book.active.append(["sku", "size"])
    book.active.append([123.0, 10.5])
    book.save(tmp_path / "shop.xlsx")
    (table,) = sources.tables(tmp_path / "shop.xlsx")

    (row,) = check(table, USUAL).rows

    assert row.values == {"sku": "123", "size": "10.5"}


@pytest.mark.parametrize("field", [SKU, PHONE])
@pytest.mark.parametrize("text", ["'00123456", "\u201900123456", "'00123456'"])
def test_35_an_apostrophe_in_front_of_a_code_is_left_out(field, text):
    """It is how one tells Excel that this is text; it belongs to no code."""
    assert field.read(text, USUAL) == normalised("00123456")


@pytest.mark.parametrize("text", ["'t Hooft", "'s-Gravenhage"])
def test_35_an_apostrophe_in_front_of_a_name_stays(text):
    """Dutch names begin so."""
    assert LAST_NAME.read(text, USUAL) == Reading(text)


def test_35_the_column_decides_what_is_a_number_not_the_cell():
    """A number as text is a number where one is wanted, and digits are a name where one is wanted."""
    assert PRICE.read("'12.50", USUAL) == Reading(Decimal("12.50"), Note("normalised", {"value": "12.50"}))
    assert LAST_NAME.read("1.234", USUAL) == Reading("1.234")


# --- dates (5, 6, 8, 48) ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [("46053", "2026-01-31"), ("46053.4375", "2026-01-31 10:30:00"), ("46053,5", "2026-01-31 12:00:00")],
)
def test_5_the_number_behind_a_date_is_refused_and_the_date_offered(text, day):
    """A date whose format was lost is not guessed; with accept_serial_dates it is taken, and noted."""
    accepted = ORDER_DATE.read(text, Conventions(accept_serial_dates=True))

    assert refusal(ORDER_DATE, text) == ("date_serial", day)
    assert accepted == Reading(datetime.fromisoformat(day).replace(tzinfo=BERLIN), Note("normalised", {"value": day}))


@pytest.mark.parametrize("text", ["1", "10", "12,5", "3.4", "May", "Sat", "19999", "99999", "46053x"])
def test_5_other_numbers_and_words_are_no_dates(text):
    """Nothing is made of what a free parser would take for a date."""
    assert refusal(ORDER_DATE, text, Conventions(accept_serial_dates=True)) == ("not_a_date", "")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026/01/31",
        "20260131",
        "31.01.2026",
        "31. 1. 2026",
        "31/01/2026",
        "1/31/2026",
        "31-01-2026",
        "2026-01-31 00:00",
        "31.01.2026 00:00:00",
        "31.01.2026 0:00 Uhr",
        "1/31/2026 12:00 AM",
        "1/31/2026 12:00\u202fAM",
    ],
)
def test_6_dates_are_read_in_a_closed_list_of_forms(text):
    """All of these are the same midnight."""
    assert ORDER_DATE.read(text, USUAL) == Reading(datetime(2026, 1, 31, tzinfo=BERLIN))


@pytest.mark.parametrize(
    "text", ["2026-01-31T14:30:00Z", "2026-01-31 15:30:00+01", "2026-01-31 15:30:00 +0100", "2026-01-31 14:30 UTC"]
)
def test_6_times_with_an_offset_are_that_instant(text):
    """However the offset is written."""
    assert ORDER_DATE.read(text, USUAL).value == datetime(2026, 1, 31, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "31-Jan-2026",
        "31. Januar 2026",
        "31. Jänner 2026",
        "31 Jan. 2026",
        "Jan 31, 2026",
        "January 31st, 2026",
        "31 janvier 2026",
        "31 de enero de 2026",
        "31 gennaio 2026",
        "31 stycznia 2026",
        "31. ledna 2026",
    ],
)
def test_6_months_may_have_their_names(text):
    """In full or abbreviated, in the languages of the countries served."""
    assert ORDER_DATE.read(text, USUAL) == Reading(datetime(2026, 1, 31, tzinfo=BERLIN))


@pytest.mark.parametrize("text", ["31. listopad 2026", "31 Foo 2026", "Jan 2026", "Jan-26", "1-Mar", "31 Feb 2026"])
def test_6_what_names_no_one_day_is_refused(text):
    """Listopad is October to a Croat and November to a Pole; 1-Mar lacks its year."""
    assert refusal(ORDER_DATE, text) == ("not_a_date", "")


def test_6_excels_short_form_gets_its_century():
    """31-Jan-26 is what Excel writes into a CSV file."""
    assert ORDER_DATE.read("31-Jan-26 2:30 PM", USUAL) == Reading(
        datetime(2026, 1, 31, 14, 30, tzinfo=BERLIN), Note("year_of_two_digits", {"year": "2026"})
    )


def test_6_what_could_be_march_or_april_is_not_guessed_alone():
    """A column in which another date tells is another matter; see the habits."""
    assert refusal(ORDER_DATE, "03/04/2026") == ("ambiguous_date", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1900-02-29", "not_a_date"),
        ("29.02.1900", "not_a_date"),
        ("29.02.2026", "not_a_date"),
        ("10:30", "time_without_day"),
        ("10:30:00", "time_without_day"),
        ("34:10:00", "time_without_day"),
        ("2026-01-31 13:00 PM", "not_a_date"),
        ("1/31/2026 13:00 PM", "not_a_date"),
        ("0001-01-01", "not_a_date"),
        ("0001-01-01T00:00:00+05:00", "not_a_date"),
        ("2026-01-31T10:00:00+99:99", "not_a_date"),
        ("26-01-31", "not_a_date"),
    ],
)
def test_8_days_that_never_were_and_times_without_a_day_are_refused(text, code):
    """29 February 1900 is a mistake of Excel's; 26-01-31 may be somebody's 2026-01-31."""
    assert refusal(ORDER_DATE, text) == (code, "")


@pytest.mark.parametrize(
    ("text", "year"), [("31.01.26", 2026), ("31/01/69", 2069), ("31.01.70", 1970), ("1/31/99", 1999)]
)
def test_8_a_year_of_two_digits_is_completed_and_noted(text, year):
    """Up to 69 it is this century's, from 70 on the last one's."""
    assert ORDER_DATE.read(text, USUAL) == Reading(
        datetime(year, 1, 31, tzinfo=BERLIN), Note("year_of_two_digits", {"year": str(year)})
    )


def test_48_a_time_without_a_zone_is_the_shops():
    """The hour that spring skips is refused, and of the two in autumn the first is taken and noted."""
    assert ORDER_DATE.read("2026-03-29 03:00", USUAL) == Reading(datetime(2026, 3, 29, 3, tzinfo=BERLIN))
    assert refusal(ORDER_DATE, "2026-03-29 02:30") == ("no_such_time", "")
    assert ORDER_DATE.read("2026-10-25 02:30", USUAL) == Reading(
        datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), Note("second_of_two_hours")
    )


# --- characters (9, 10, 11, 12, 37, 49) ---------------------------------------------------------------------


@pytest.mark.parametrize("field", [SKU, CITY, COMMENT])
@pytest.mark.parametrize("text", [" A-1", "A-1\t", "\u00a0A-1\u3000"])
def test_9_blanks_around_a_cell_are_left_out(field, text):
    """The column says so once, instead of every cell."""
    assert field.read(text, USUAL) == Reading("A-1")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SO\u200b-1", "U+200B ZERO WIDTH SPACE"),
        ("\ufeffSO-1", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("SO-1\u2060", "U+2060 WORD JOINER"),
        ("SO\u00ad-1", "U+00AD SOFT HYPHEN"),
    ],
)
def test_9_what_nobody_sees_is_taken_out_of_codes(text, name):
    """A code with a zero-width space is another one to every computer; the note names the character."""
    assert SKU.read(text, USUAL) == Reading("SO-1", Note("invisible_removed", {"characters": name}))


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (SKU, "SO\u00a01", "SO 1"),
        (SKU, "SO  1", "SO 1"),
        (SKU, "SO\t1", "SO 1"),
        (CITY, "Bad\u00a0\u2009Ems", "Bad Ems"),
        (CITY, "Bad  Ems", "Bad Ems"),
    ],
)
def test_9_blanks_inside_become_single_spaces(field, text, value):
    """In codes, names and addresses."""
    assert field.read(text, USUAL) == Reading(value, Note("blanks_made_single"))


@pytest.mark.parametrize("text", ["Qualité\u00a0: bonne", "two  blanks", "a\nb", "👩\u200d🔧"])
def test_9_free_text_keeps_its_blanks(text):
    """A French colon has a no-break space before it, and an emoji may hold a joiner."""
    assert COMMENT.read(text, USUAL) == Reading(text)


@pytest.mark.parametrize("text", ["A\x00B", "A\x07B", "A\x1bB", "A\x96B", "A\ufffdB"])
@pytest.mark.parametrize("field", [SKU, CITY, COMMENT, PRICE])
def test_9_control_characters_are_refused(field, text):
    """No keyboard gives them, so something went wrong on the way."""
    assert refusal(field, text) == ("not_text", "")


def test_9_a_cell_of_invisible_characters_is_blank():
    """Where a value is required, it is missing."""
    assert refusal(SKU, "\u200b\ufeff") == ("missing", "")
    assert COMMENT.read("\u200b", USUAL) == Reading(None, Note("read_as_blank"))


def test_10_line_breaks_in_addresses_become_commas():
    """The API forbids them there; in a code they are refused."""
    assert CITY.read("Berlin\r\nMitte", USUAL) == Reading(
        "Berlin, Mitte", Note("line_break_removed", {"value": "Berlin, Mitte"})
    )
    assert refusal(SKU, "A\nB") == ("not_text", "")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (SKU, "SO\u20131", "SO-1"),
        (SKU, "SO\u20111", "SO-1"),
        (SKU, "\uff21\uff22\uff0d\uff11\uff12", "AB-12"),
        (SKU, "12\u2033", '12"'),
        (EMAIL, "anna\u2011maria@example.com", "anna-maria@example.com"),
        (PHONE, "+49 30 123\u2013456", "+49 30 123-456"),
        (ITEMS.field("shop_product_url"), "https://shop.example.com/a\u2013b", "https://shop.example.com/a-b"),
    ],
)
def test_11_typographic_signs_in_codes_become_those_of_the_keyboard(field, text, value):
    """Word processors turn hyphens into dashes; a full-width digit is a digit."""
    assert field.read(text, USUAL) == normalised(value)


def test_11_full_width_digits_are_digits():
    """In numbers and dates, too."""
    assert PRICE.read("\uff11\uff12.50", USUAL) == Reading(Decimal("12.50"), Note("normalised", {"value": "12.50"}))
    assert ORDER_DATE.read("２０２６-01-31", USUAL).value == datetime(2026, 1, 31, tzinfo=BERLIN)  # noqa: RUF001


@pytest.mark.parametrize("text", ["O\u2019Neill", "Müller\u2013Lüdenscheidt", "\u201eZum Löwen\u201c"])
def test_11_typographic_signs_stay_in_names(text):
    """They are right there."""
    assert LAST_NAME.read(text, USUAL) == Reading(text)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("SО-1", "U+041E CYRILLIC CAPITAL LETTER O"),  # noqa: RUF001
        ("АВ-100", "U+0410 CYRILLIC CAPITAL LETTER A, U+0412 CYRILLIC CAPITAL LETTER VE"),  # noqa: RUF001
        ("SΟ-1", "U+039F GREEK CAPITAL LETTER OMICRON"),  # noqa: RUF001
    ],
)
def test_12_letters_that_only_look_latin_are_noted_in_codes(text, characters):
    """Nobody who types this code will find it; it is sent as it stands, since it may be right."""
    assert SKU.read(text, USUAL) == Reading(text, Note("letters_look_latin", {"characters": characters}))


@pytest.mark.parametrize("text", ["ТОВАР-Я-1", "Größe-42", "10 µm", "β-1"])  # noqa: RUF001
def test_12_other_alphabets_are_no_suspects(text):
    """A code in Cyrillic is a code."""
    assert SKU.read(text, USUAL) == Reading(text)


@pytest.mark.parametrize("text", ["mailto:anna@example.com", "MAILTO:anna@example.com?subject=hello"])
def test_37_a_mail_link_is_the_address_in_it(text):
    """Pasting a link brings its scheme along."""
    assert EMAIL.read(text, USUAL) == normalised("anna@example.com")


@pytest.mark.parametrize("text", ["a@example.com; b@example.com", "Anna <a@example.com>", "anna@", "anna"])
def test_37_anything_but_one_address_is_refused(text):
    """Two addresses are not one."""
    assert refusal(EMAIL, text) == ("not_an_email", "")


def test_49_accents_apart_from_their_letters_are_joined():
    """As macOS writes them; to a computer they would be another name.  The column says so once."""
    assert LAST_NAME.read("Mu\u0308ller", USUAL) == Reading("Müller")
    assert SKU.read("GRO\u0308SSE-1", USUAL) == Reading("GRÖSSE-1")


def test_49_marks_of_direction_go_from_codes_and_are_noted_elsewhere():
    """In a Hebrew name they are right."""
    names = {"characters": "U+202B RIGHT-TO-LEFT EMBEDDING, U+202C POP DIRECTIONAL FORMATTING"}

    assert SKU.read("\u202bSO-1\u202c", USUAL) == Reading("SO-1", Note("invisible_removed", names))
    assert LAST_NAME.read(f"\u202b{LEVI}\u202c", USUAL) == Reading(
        f"\u202b{LEVI}\u202c", Note("direction_marks", names)
    )
    assert LAST_NAME.read(f"{LEVI}\u200f", USUAL) == Reading(f"{LEVI}\u200f")


# --- numbers (13) -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1 234,56 €", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("€ 12.50", "12.50"),
        ("EUR 12,50", "12.50"),
        ("12,50 EUR", "12.50"),
        ("CHF 12.--", "12"),
        ("12,- €", "12"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("+5", "5"),
        ("007", "7"),
    ],
)
def test_13_numbers_are_read_as_people_write_them(text, value):
    """Decimal sign, groups and currency, wherever they leave no doubt."""
    assert PRICE.read(text, USUAL) == Reading(Decimal(value))


@pytest.mark.parametrize(
    "text", ["(32,50)", "32,50-", "-32.50", "\u221232,50 €", "(32,50 €)", "€ -32.50", "32,50- EUR"]
)
def test_13_brackets_and_a_sign_behind_mean_less_than_nothing(text):
    """Understood as people write them; a price below 0 is refused as such."""
    assert refusal(PRICE, text) == ("too_small", "")


@pytest.mark.parametrize(
    "text",
    [
        "12 %",
        "12%",
        "1.2.3",
        "1.23.456",
        "1,23,456.00",
        "12 34",
        "1 2 3",
        "--5",
        "(5",
        "-(5)",
        "EUR 5 EUR",
        "12 PCS",
        "1E3",
        "5 5€",
    ],
)
def test_13_what_is_no_number_or_a_share_is_refused(text):
    """Nothing is read out of it that may not be meant."""
    assert refusal(PRICE, text) == ("not_a_number", "")


@pytest.mark.parametrize(
    ("price", "currency", "told"),
    [
        ("24,90 €", "USD", ["currency_differs"]),
        ("USD 24.90", "EUR", ["currency_differs"]),
        ("24,90 €", "EUR", []),
        ("$24.90", "CAD", []),
        ("$24.90", "EUR", ["currency_differs"]),
        ("24.90 kr", "SEK", []),
        ("24.90 kr.", "DKK", []),
        ("24.90 kr", "EUR", ["currency_differs"]),
        ("24.90 Ft", "HUF", []),
        ("24.90", "USD", []),
    ],
)
def test_13_a_price_in_another_currency_than_its_row_is_noted(checked, price, currency, told):
    """The amount is sent in the row's currency; $ and kr are the money of several countries, and not of others."""
    (row,) = checked("order_items", "sales_price,currency", f'"{price}",{currency}').rows

    noted = [one.code for one in row.problems if one.severity is Severity.NOTE]
    assert (noted, row.values["sales_price"]) == (told, Decimal("24.90"))


# --- yes and no, and nothing (14, 15, 16, 17, 32) -----------------------------------------------------------


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("ja", "nein"),
        ("yes", "no"),
        ("oui", "non"),
        ("sí", "no"),
        ("si\u0301", "NO"),
        ("sì", "no"),
        ("tak", "nie"),
        ("ano", "ne"),
        ("igen", "nem"),
        ("kyllä", "ei"),
        ("sim", "não"),
        ("ja", "nej"),
        ("WAHR", "FALSCH"),
        ("VRAI", "FAUX"),
        ("WAAR", "ONWAAR"),
        ("PRAWDA", "FAŁSZ"),
        ("X", "✗"),
        ("✓", "0"),
        ("1", "0.0"),
        ("Y", "N"),
    ],
)
def test_14_yes_and_no_are_understood_in_many_languages(yes, no):
    """As people type them and as the spreadsheet programs of the countries served show them."""
    assert (RETURNABLE.read(yes, USUAL), RETURNABLE.read(no, USUAL)) == (Reading(value=True), Reading(value=False))


def test_14_no_word_means_yes_and_no():
    """And every word is in the case in which it is compared."""
    assert set() == yes_no.YES & yes_no.NO
    assert {word for word in yes_no.YES | yes_no.NO if word != word.casefold()} == set()


@pytest.mark.parametrize("text", ["maybe", "2", "?", "y/n", "jain"])
def test_14_anything_else_is_neither(text):
    """And is refused."""
    assert refusal(RETURNABLE, text) == ("not_a_boolean", "")


def test_14_a_blank_is_not_no(checked):
    """A mandatory yes or no is missing, and an optional one is not sent."""
    (row,) = checked("order_items", "sku,returnable,shop_product_url", "A,,").rows

    assert [(one.column, one.code) for one in row.errors if one.where.column] == [("returnable", "missing")]
    assert row.values == {"sku": "A"}


@pytest.mark.parametrize("name", ["Null", "None", "NaN", "nan", "True", "NA", "N", "False", "Inf", "Nil", "Void"])
def test_15_names_are_names(checked, name):
    """Ms Null gets her parcel."""
    (row,) = checked("shipments", "recipient_last_name,recipient_country", f"{name},NA").rows

    assert row.values == {"recipient_last_name": name, "recipient_country": "NA"}
    assert [one for one in row.problems if one.where.column] == []


@pytest.mark.parametrize("text", ["-", "–", "--", ".", "n/a", "N/A", "k.A.", "k. A.", " - "])
@pytest.mark.parametrize("field", [PROMISED, COMMENT, QUANTITY, PHONE, COMPLETE, SHIPMENTS.field("sender_country")])
def test_16_words_for_nothing_are_blank_where_a_cell_may_be(field, text):
    """Nothing is sent, and it is noted."""
    assert field.read(text, USUAL) == Reading(None, Note("read_as_blank"))


@pytest.mark.parametrize("text", ["-", "n/a", "k.A."])
@pytest.mark.parametrize("field", [SKU, ORDER_DATE, PRICE, CURRENCY, RETURNABLE, TRACKING])
def test_16_words_for_nothing_are_missing_where_a_value_is_required(field, text):
    """A dash is no order number."""
    assert refusal(field, text) == ("missing", "")


def test_16_not_everything_has_a_size():
    """In two mandatory columns a dash is the only way to say so, and is sent."""
    assert ITEMS.field("size").read("-", USUAL) == Reading("-")
    assert ITEMS.field("description").read("n/a", USUAL) == Reading("n/a")


@pytest.mark.parametrize("field", [PHONE, PROMISED, SHIPMENTS.field("sender_country"), SHIPMENTS.field("sender_email")])
def test_16_zero_is_blank_where_it_can_be_no_value(field):
    """A formula shows it for every blank cell of its list; it is no e-mail, phone, country or day."""
    assert field.read("0", USUAL) == Reading(None, Note("read_as_blank"))
    assert refusal(ORDER_DATE, "0") == ("missing", "")


def test_16_zero_stays_where_it_is_a_value():
    """A number, a code or a no."""
    assert SHIPMENTS.field("weight").read("0", USUAL) == Reading(Decimal(0))
    assert SHIPMENTS.field("sender_zip").read("0", USUAL) == Reading("0")
    assert COMPLETE.read("0", USUAL) == Reading(value=False)


@pytest.mark.parametrize("text", ["00.00.0000", "0000-00-00", "0000-00-00 00:00:00", "1900-01-00", "30.12.1899"])
def test_16_the_days_that_programs_write_for_none_are_blank(text):
    """As SAP, MySQL and Excel do."""
    assert PROMISED.read(text, USUAL) == Reading(None, Note("read_as_blank"))
    assert refusal(ORDER_DATE, text) == ("missing", "")


def test_17_the_clear_word_removes_a_value():
    """In any case, with a note where it is not as set; never from a mandatory cell."""
    assert PROMISED.read(" #CLEAR ", USUAL) == Reading(CLEAR)
    assert COMMENT.read("#clear", USUAL) == Reading(CLEAR, Note("normalised", {"value": "#CLEAR"}))
    assert refusal(SKU, "#CLEAR") == ("cannot_clear", "")


@pytest.mark.parametrize(
    "text",
    [
        "#N/A",
        "#REF!",
        "#NAME?",
        "#DIV/0!",
        "#SPILL!",
        "#NV",
        "#WERT!",
        "#BEZUG!",
        "#ARG!",
        "#¡VALOR!",
        "#n/a",
        "Err:502",
        "#####",
    ],
)
@pytest.mark.parametrize("field", [SKU, COMMENT, CITY, PROMISED, PRICE, COUNTRY])
def test_32_an_error_of_a_spreadsheet_is_refused_in_every_column(field, text):
    """Whatever language the program speaks, and also in a column that may be blank."""
    assert refusal(field, text) == ("error_cell", "")


@pytest.mark.parametrize("text", ["#1", "#blessed", "# 5", "Err: see below", "#"])
def test_32_a_number_sign_alone_is_no_error(text):
    """Apartment #1 is an address."""
    assert CITY.read(text, USUAL) == Reading(text)


def test_46_long_texts_are_sent_whole():
    """The vendor documents no lengths, so nothing is cut and nothing refused for it."""
    assert COMMENT.read("ä" * 40_000, USUAL) == Reading("ä" * 40_000)
