"""The workbook full of mistakes: that it has the mistakes it says, where it says, and no others."""

import csv

import make_mistakes
import make_shop
import pytest
from mistakes_table import MISTAKES, ONLY_AT_UPLOAD

from schemas import messages

TEXTS = ("README.md", "expected-problems.csv", "expected-at-upload.csv")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder, freshly made."""
    folder = tmp_path_factory.mktemp("mistakes")
    make_mistakes.make(folder)
    return folder


@pytest.fixture(scope="module")
def problems():
    """The committed list of what the check must find."""
    with (make_mistakes.FOLDER / "expected-problems.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_committed_workbook_is_the_one_that_is_made(examples, made, cells):
    """Whoever changes the table of mistakes and forgets the workbook, or the other way round, is told."""
    assert cells(examples / "mistakes" / "mistakes.xlsx") == cells(made / "mistakes.xlsx")


@pytest.mark.parametrize("name", TEXTS)
def test_the_committed_lists_are_those_that_are_made(name, examples, made):
    """The lists and the README say what the table of mistakes says."""
    assert (examples / "mistakes" / name).read_text() == (made / name).read_text()


def test_each_mistake_is_one_cell_of_the_shop(examples, cells):
    """Apart from the seeded cells the two workbooks are equal, so nothing else can be found."""
    good, bad = cells(examples / "shop" / "shop.xlsx"), cells(examples / "mistakes" / "mistakes.xlsx")
    changed = {
        (sheet, cell): bad[sheet].get(cell, "")
        for sheet in good
        for cell in good[sheet] | bad[sheet]
        if good[sheet].get(cell) != bad[sheet].get(cell)
    }

    assert sorted(changed.values(), key=str) == sorted((mistake.wrong for mistake in MISTAKES), key=str)


def test_every_expected_problem_names_the_column_it_is_in(problems, examples, cells):
    """A cell such as F17 lies below the header that the same line names."""
    book = cells(examples / "mistakes" / "mistakes.xlsx")

    for problem in problems:
        letters = problem["cell"].rstrip("0123456789")
        assert book[problem["sheet"]][f"{letters}1"].rstrip(" *") == problem["column"]


def test_there_are_mistakes_of_every_typical_kind(problems):
    """The example is worth its name: a dozen different codes and more, all of them codes we have."""
    codes = {problem["code"] for problem in problems}

    assert len(codes) >= 12
    assert codes <= set(messages.TEXTS)
    assert any(mistake.code == ONLY_AT_UPLOAD for mistake in MISTAKES)


def test_the_corrections_give_the_shop_back():
    """Whoever follows every correction has the good shop again."""

    def text(row):
        return {name: str(value) for name, value in row.items()}

    for name, rows in make_mistakes.rows().items():
        mended = [make_mistakes.corrected(name, text(row)) for row in rows]
        good = make_shop.rows()[name]
        assert [_filled(text(row)) for row in mended] == [text(row) for row in good]


def _filled(row):
    return {name: value for name, value in row.items() if value}
