"""Text that a spreadsheet would run: made harmless in CSV, and read back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.safe_text import is_formula, read, shown, written

RUN = ["=1+1", "+1", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "\0=1", "  =1", "\u00a0=1", "\uff1d1+1"]
HARMLESS = ["", "a", "a=1", "'", "''", "O'Neil", "'00123", "'a", "0123", " a", "1-2"]

TEXTS = st.text() | st.text(alphabet="'=+-@ \t\r\n\0;|,\"a1\uff1d")


@pytest.mark.parametrize("text", RUN)
def test_formula_is_marked(text):
    """What a spreadsheet may run gets an apostrophe in front, which every spreadsheet takes for "this is text"."""
    assert written(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays(text):
    """All other text is written, and read, exactly as it is; codes with an apostrophe too."""
    assert (written(text), read(text)) == (text, text)


@pytest.mark.parametrize("text", ["'=1", "''=1", "'\t"])
def test_text_that_looks_marked_is_marked_again(text):
    """An apostrophe of the user's own before a formula is not taken for our mark on the way back."""
    assert (written(text), read(written(text))) == (f"'{text}", text)


@given(TEXTS)
def test_reading_gives_back_what_was_written(text):
    """Whatever a cell says comes back unchanged."""
    assert read(written(text)) == text


@given(TEXTS)
def test_nothing_written_is_run(text):
    """No text is written in a way that a spreadsheet may run."""
    assert not is_formula(written(text))
    assert not is_formula(shown(text))


@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(";\t|"))
def test_shown_text_is_not_run_by_a_program_set_to_another_separator(cells, separator):
    """A comma-separated report opened where cells end at semicolons or tabs has no formula in any of them."""
    line = io.StringIO()
    csv.writer(line).writerow([shown(cell) for cell in ["a", *cells]])

    # Such a program ends cells and lines also inside of our quotation marks, since they do not begin a cell to it.
    found = line.getvalue().replace("\r", "\n").replace(separator, "\n").split("\n")

    assert [cell for cell in found if cell.lstrip('" ').startswith(("=", "+", "@"))] == []
