"""What a cell alone tells, before any column is looked at."""

import pytest

from schemas import kinds
from schemas.cells import CellError, Conventions


@pytest.mark.parametrize("code", ["3E10", "1E5", "12E45", "1e3-X", "E5", "4.01235", "4E-5"])
def test_an_article_number_with_an_e_in_it_is_taken(code):
    """No program writes a number that way, so it is the code that somebody entered."""
    assert kinds.code().read(code, Conventions()).value == code


@pytest.mark.parametrize("shown", ["4.01235E+12", "4,01235E+12", "3E+10", "3.00E+10", "4.012345678901E12", "4e+16"])
def test_a_code_that_a_program_shortened_is_not_taken(shown):
    """A sign after the E, or decimals before it, are how programs write numbers that are too long for them."""
    with pytest.raises(CellError) as found:
        kinds.code().read(shown, Conventions())

    assert found.value.code == "code_damaged"
