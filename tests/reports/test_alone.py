"""Cells of a few rows mean what they meant in the whole file."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.reports.alone import alone
from schemas import entity_named
from schemas.cells import CellError, Conventions
from schemas.habits import habit

PRICE = entity_named("order_items").field("sales_price")
PIECES = entity_named("order_items").field("quantity")
DAY = entity_named("orders").field("order_date")


@pytest.mark.parametrize(
    ("field", "text", "company", "given_back"),
    [
        (PRICE, "1.234", ["12,50"], "1234"),
        (PRICE, "1,234", ["12.50"], "1234"),
        (PRICE, "1,234", ["0,5"], "1,2340"),
        (PRICE, "1.234", ["0.5"], "1.2340"),
        (PRICE, "12,50", ["1,5"], "12,50"),
        (PRICE, "1.234,56 €", [], "1.234,56 €"),
        (DAY, "03/04/2026", ["31/01/2026"], "2026-04-03"),
        (DAY, "03/04/2026 10:00", ["01/31/2026"], "2026-03-04T10:00:00+01:00"),
        (DAY, "03.04.2026", [], "03.04.2026"),
        (entity_named("orders").field("order_id"), "1.234", ["12,50"], "1.234"),
    ],
)
def test_cell_is_clear_on_its_own(field, text, company, given_back):
    """What only the other cells of the column could tell is written out; what is clear stays as it was written."""
    value = field.kind.read(text, habit(field, [text, *company], Conventions()).conventions).value

    assert alone(text, field, value) == given_back


NUMBERS = st.from_regex(r"[0-9]{1,3}[.,][0-9]{1,4}", fullmatch=True) | st.from_regex(r"[0-9]{1,6}", fullmatch=True)
DAYS = st.from_regex(r"(0[1-9]|1[0-9]|2[0-8])[/.-](0[1-9]|1[0-2])[/.-]2026", fullmatch=True)


@given(
    cells=st.lists(NUMBERS, min_size=1, max_size=5) | st.lists(DAYS, min_size=1, max_size=5),
    sign=st.sampled_from(["", ".", ","]),
)
def test_cell_alone_is_read_as_in_its_column(cells, sign):
    """However the column was decided, and whatever the settings say, the cell alone gives the same value."""
    field = DAY if "/2026" in cells[0] or "-2026" in cells[0] or ".2026" in cells[0] else PRICE
    settings = Conventions(decimal=sign)
    decided = habit(field, cells, settings).conventions
    for text in cells:
        try:
            value = field.kind.read(text, decided).value
        except CellError:
            assert alone(text, field, None) == text
            continue
        back = alone(text, field, value)
        assert field.kind.read(back, habit(field, [back], settings).conventions).value == value


def test_whole_numbers_are_cleared_too():
    """A quantity of 1.000 is no fraction."""
    assert alone("1.000", PIECES, 1) == "1"
    assert alone("1,000", PRICE, Decimal(1000)) == "1000"
