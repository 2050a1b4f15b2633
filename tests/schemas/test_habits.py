"""How a column is written is decided by its clear cells, said once, and never guessed cell by cell."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import entity_named
from schemas.cells import CellError, Conventions, Note, Reading
from schemas.habits import Evidence, Habit, habit, telling

PRICE = entity_named("order_items").field("sales_price")
ORDERED = entity_named("orders").field("order_date")
NAME = entity_named("order_items").field("name")
USUAL = Conventions()


def numbers(*texts: str, usual: Conventions = USUAL) -> list[object]:
    """What each of *texts* is read as in a column of prices that holds them all; the code where it is refused."""
    return [_read(PRICE, text, habit(PRICE, texts, usual)) for text in texts]


def dates(*texts: str, usual: Conventions = USUAL) -> list[object]:
    """The same for a column of order dates."""
    return [_read(ORDERED, text, habit(ORDERED, texts, usual)) for text in texts]


def _read(field, text: str, found: Habit) -> object:
    try:
        value = field.kind.read(text, found.conventions).value
    except CellError as error:
        return error.code
    return value.date() if field is ORDERED else value


# --- numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "clear", ["12,5", "1.234,56", "1.234.567", "1234,567", "0,125", "1 234,567", "(3,20 €)", "12,-", "12,30-"]
)
def test_a_comma_somewhere_makes_the_points_of_the_column_thousands(clear):
    """One number that can only be written the German way tells how the others of its column are meant."""
    wanted = Decimal(1234) if clear != "12,-" else Decimal("1.234")

    assert numbers("1.234", clear)[0] == wanted


@pytest.mark.parametrize("clear", ["12.5", "1,234.56", "1,234,567", "1234.567", "0.125", "1'234.500", "$3.20"])
def test_a_point_somewhere_makes_the_commas_of_the_column_thousands(clear):
    """A comma before three digits, refused on its own, is understood beside a number that settles it."""
    assert numbers("1,234", clear)[0] == Decimal(1234)
    assert numbers("1,234") == ["ambiguous_number"]


def test_what_the_column_tells_goes_before_the_setting():
    """The setting is for columns that do not tell."""
    german, english = Conventions(decimal=","), Conventions(decimal=".")

    assert numbers("1.234", "2.500", usual=german) == [1234, 2500]
    assert numbers("1.234", "2.5", usual=german) == [Decimal("1.234"), Decimal("2.5")]
    assert numbers("1.234", "2,5", usual=english) == [1234, Decimal("2.5")]


def test_the_decision_is_said_once_with_its_reason():
    """The note names how many cells it concerned, one of them, and one that told."""
    texts = Counter({"1.234": 3, " 12,50 ": 2, "7,90": 1, "5": 9})

    assert habit(PRICE, texts, USUAL) == Habit(
        Conventions(decimal=","),
        (
            Note("column_read_decimal_comma", {"value": "1.234", "count": "3", "sample": "12,50", "told": "3"}),
            Note("blanks_around", {"count": "2"}),
        ),
    )
    assert habit(PRICE, texts, USUAL).notes[0].message == (
        "numbers such as 1.234 (3) were read with a decimal comma, "
        "because others of this column such as 12,50 (3) can only be meant so"
    )


@pytest.mark.parametrize(
    ("texts", "decimal"),
    [
        (["12,5", "3,99"], ""),
        (["1.234", "12.5"], ""),
        (["1.234", "12.5"], "."),
        (["1.234", "12,5"], ","),
        (["1,234", "12,5"], ","),
        (["1.234"], ","),
        (["5", "1 234", "many"], ""),
    ],
)
def test_nothing_is_said_where_nothing_had_to_be_decided(texts, decimal):
    """No note where every cell reads the same without looking at its neighbours."""
    assert habit(PRICE, texts, Conventions(decimal=decimal)).notes == ()


def test_points_that_may_be_thousands_are_pointed_at():
    """Where nobody can tell, a point before three digits stays a decimal point, and it is said that it was taken so."""
    found = habit(PRICE, ["1.234", "2.500"], USUAL)

    assert found == Habit(USUAL, (Note("points_read_as_decimal", {"value": "1.234", "count": "2"}),))


def test_a_column_of_both_signs_settles_nothing():
    """Numbers that are clear are read as they stand; the others are refused with the count of either form."""
    texts = ["1.234", "1,234", "1.234,56", "1,234.56", "9.5"]
    found = habit(PRICE, texts, Conventions(decimal=","))

    assert numbers(*texts) == [
        "ambiguous_number_mixed",
        "ambiguous_number_mixed",
        Decimal("1234.56"),
        Decimal("1234.56"),
        Decimal("9.5"),
    ]
    assert (found.conventions.mixed, found.notes) == ((2, 1), ())
    with pytest.raises(CellError) as told:
        PRICE.kind.read("1.234", found.conventions)
    assert told.value.facts == {"one": "1.234", "other": "1234", "points": "2", "commas": "1"}


def test_a_number_of_a_workbook_is_what_it_is():
    """1.234 that is a number in the workbook itself has a decimal point, however texts beside it are written."""
    usual = Conventions(decimals=frozenset({"1.275"}))

    assert numbers("1.275", "0,5", "1.234", usual=usual) == [Decimal("1.275"), Decimal("0.5"), 1234]
    assert numbers("1.275", "0,5", "0.5", "1.234", usual=usual)[::3] == [Decimal("1.275"), "ambiguous_number_mixed"]
    assert habit(PRICE, ["1.275"], usual).notes == ()


# --- dates --------------------------------------------------------------------------------------------------


def test_the_31st_tells_the_order_of_day_and_month():
    """One date that can only have the day first settles the others, whatever the setting says."""
    for usual in (USUAL, Conventions(day_first=False)):
        assert dates("03/04/2026", "31/01/2026", usual=usual) == [date(2026, 4, 3), date(2026, 1, 31)]
    for usual in (USUAL, Conventions(day_first=True)):
        assert dates("03-04-2026", "1/31/2026", usual=usual) == [date(2026, 3, 4), date(2026, 1, 31)]


def test_dates_that_nobody_can_tell_are_left_to_the_setting():
    """Without a clear date in the column the setting decides, and without a setting nothing is guessed."""
    texts = ("03/04/2026", "05/05/2026", "2026-01-31", "03.04.2026")

    assert dates(*texts)[0] == "ambiguous_date"
    assert dates(*texts, usual=Conventions(day_first=True))[0] == date(2026, 4, 3)
    assert dates(*texts, usual=Conventions(day_first=False))[0] == date(2026, 3, 4)
    assert dates(*texts)[1:] == [date(2026, 5, 5), date(2026, 1, 31), date(2026, 4, 3)]


def test_a_clear_date_is_read_as_it_stands_against_the_setting():
    """1/31/2026 is 31 January also for somebody who writes the day first."""
    assert dates("1/31/2026", usual=Conventions(day_first=True)) == [date(2026, 1, 31)]


def test_a_column_of_both_orders_settles_nothing():
    """Clear dates are read as they stand; the others are refused with the count of either order."""
    texts = ["13/02/2026", "14/02/2026", "02/13/2026", "03/04/2026"]
    found = habit(ORDERED, texts, Conventions(day_first=True))

    assert dates(*texts)[2:] == [date(2026, 2, 13), "ambiguous_date_mixed"]
    assert (found.conventions.mixed, found.notes) == ((2, 1), ())
    with pytest.raises(CellError) as told:
        ORDERED.kind.read("03/04/2026", found.conventions)
    assert told.value.facts == {"day_first": "2", "month_first": "1"}


def test_the_order_is_said_once_with_its_reason():
    """The note is there if a date needed it, and only then."""
    found = habit(ORDERED, ["03/04/2026 10:00", "05/04/2026", "31/01/2026"], USUAL)
    facts = {"value": "03/04/2026 10:00", "count": "2", "sample": "31/01/2026", "told": "1"}

    assert found == Habit(Conventions(day_first=True), (Note("column_read_day_first", facts),))
    assert habit(ORDERED, ["31/01/2026", "30/01/2026"], USUAL).notes == ()
    assert habit(ORDERED, ["03/04/2026", "31/01/2026"], Conventions(day_first=True)).notes == ()


# --- any column ---------------------------------------------------------------------------------------------


def test_what_looks_like_a_number_or_date_tells_nothing_elsewhere():
    """A name such as 1.234 or 31/01/2026 is a name."""
    assert habit(NAME, ["1.234", "12,5", "31/01/2026"], USUAL) == Habit(USUAL)


def test_what_nobody_sees_is_said_once_for_the_column():
    """Blanks around cells and accents apart from their letters are left out or joined, counted, and no note at each."""
    found = habit(NAME, Counter({" Anna": 2, "Bo\u00a0": 1, "Rene\u0301": 4, "René": 5}), USUAL)

    assert found == Habit(USUAL, (Note("blanks_around", {"count": "3"}), Note("accents_composed", {"count": "4"})))
    assert NAME.read(" Rene\u0301 ", USUAL) == Reading("René")


TEXTS = st.lists(st.text(st.sampled_from("0123456789.,/- \u00a0'€()eé\u0301"), max_size=12), max_size=8)


@pytest.mark.parametrize("field", [PRICE, ORDERED, NAME])
@given(one=TEXTS, other=TEXTS)
def test_evidence_of_pieces_adds_up_to_that_of_the_whole(field, one, other):
    """A file checked piece by piece is understood as one read at once, and a text without a telling sign is no loss."""
    of = Evidence.of
    whole = of(field.kind, one + other)

    assert of(field.kind, one) + of(field.kind, other) == whole
    assert of(field.kind, Counter(one + other)) == whole
    assert of(field.kind, [text for text in one + other if re.search(telling(field.kind), text)]) == whole
