"""Rows that are no data: repeated headers and totals (34 in the list of pitfalls)."""

import openpyxl
import pytest

from importer import sources
from importer.check import check
from schemas.cells import Conventions

HEADER = "sku;customs_description;customs_item_value;pieces"


@pytest.fixture
def codes(tmp_path):
    """The codes of each row's errors in a CSV file of the given lines, by row number."""

    def read(*lines: str, name: str = "products.csv") -> dict[int, list[str]]:
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        (table,) = sources.tables(tmp_path / name)
        sheet = check(table, Conventions(decimal=","))
        return {row.where.row: [error.code for error in row.errors] for row in sheet.rows}

    return read


def test_34_a_header_in_the_middle_is_told_once(codes):
    """A list with its header on every page: each is one problem of its row, and the rows around it are fine."""
    found = codes(HEADER, "A;Shirt;1,50;2", HEADER, "B;Trousers;2,50;3")

    assert found == {2: [], 3: ["header_repeated"], 4: []}


def test_34_a_row_that_only_begins_like_the_header_is_data(codes):
    """One word of the header in its column does not make a row a header."""
    assert codes("sku;customs_description", "sku;Shirt") == {2: []}


@pytest.mark.parametrize(
    "total",
    [
        ";Summe;4,00;5",
        ";;Total: 4,00;",
        ";Grand total;;",
        "Gesamt;;;",
        ";;4,00;5",
        ";;;5",
        "Total;;4;",
        ";Zwischensumme netto;4,00;",
    ],
)
def test_34_a_row_of_totals_is_told_once(codes, total):
    """A row without a key that says "total", or whose numbers are the sum of those above, is one problem."""
    assert codes(HEADER, "A;Shirt;1,50;2", "B;Trousers;2,50;3", total) == {2: [], 3: [], 4: ["looks_like_totals"]}


def test_34_totals_between_the_rows_are_told_as_well(codes):
    """A total after each group, and one of all at the end."""
    found = codes(HEADER, "A;a;1;2", "B;b;2;3", ";Summe;3;5", "C;c;4;4", ";;7;9")

    assert found == {2: [], 3: [], 4: ["looks_like_totals"], 5: [], 6: ["looks_like_totals"]}


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ("SUM-41;Shirt;4,00;5", []),
        ("Total white;Shirt;1;1", []),
        ("Summer;Total loss;;", []),
        ("Summe;Shirt;;", []),
        (";Shirt;4,00;5", ["missing"]),
        (";;3,99;4", ["missing"]),
    ],
)
def test_34_a_row_that_may_be_data_is_looked_into(codes, row, errors):
    """A row with a key of its own, with words beside its numbers, or with another sum is data like any other."""
    assert codes(HEADER, "A;Shirt;1,50;2", "B;Trousers;2,50;3", row)[4] == errors


def test_34_a_sheet_without_any_key_has_no_totals(codes):
    """Where the key is missing in every row, that is what is told."""
    assert codes(HEADER, *[";Shirt;1;2"] * 3) == {row: ["missing"] for row in (2, 3, 4)}


def test_34_of_a_row_of_totals_nothing_else_is_told(tmp_path):
    """A formula without a result in a row of totals is no second problem."""
    book = openpyxl.Workbook()
    book.active.title = "Products"
    for line in (["sku", "customs_item_value"], ["A", 1], ["Total", "=SUM(B2:B2)"]):
        book.active.append(line)
    book.save(tmp_path / "shop.xlsx")

    (table,) = sources.tables(tmp_path / "shop.xlsx")
    sheet = check(table, Conventions())

    assert [(one.where.row, one.code) for row in sheet.rows for one in row.problems] == [(3, "looks_like_totals")]
    assert [one.code for one in sheet.table.problems] == ["looks_like_totals"]
