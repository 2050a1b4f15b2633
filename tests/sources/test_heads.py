"""Where the header of a sheet is found; the numbers are those of the list of pitfalls."""

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer import sources
from importer.errors import UnreadableFile
from importer.model import Problem, Where
from importer.sources import Wishes
from importer.sources.heads import WINDOW, head
from schemas.naming import Expected, expected

ORDERS = ["order_id", "order_date", "language"]
ROW = ["SO-1", "2026-01-31", "de"]
KNOWN = expected("orders.csv", "")


@pytest.fixture
def book(tmp_path):
    """Writes a workbook of the one sheet Orders, given as its rows; blank ones stay blank."""

    def write(*lines, title="Orders"):
        path = tmp_path / "orders.xlsx"
        made = openpyxl.Workbook()
        made.active.title = title
        for number, line in enumerate(lines, start=1):
            for at, cell in enumerate(line, start=1):
                made.active.cell(number, at, cell or None)
        made.save(path)
        return path

    return write


# --- below titles (23) --------------------------------------------------------------------------------------


def test_23_a_header_below_titles_is_found(book, rows, said):
    """Titles above the header are passed over, rows keep the numbers that the sheet shows, and it is said."""
    path = book(["Orders of June"], ["printed", "2026-07-01"], [], ORDERS, ROW, ["SO-2", "2026-02-01", "fr"])

    (table,) = sources.tables(path)

    assert (table.header, table.header_row) == (tuple(ORDERS), 4)
    assert rows(table) == {5: ROW, 6: ["SO-2", "2026-02-01", "fr"]}
    assert said(table) == ("the header was found in row 4; what stands above it is not imported",)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_23_a_csv_header_below_titles_is_found(csv_file, rows, said, separator):
    """Titles with fewer cells than the header shift nothing, and do not mislead about the separator."""
    lines = [["Orders of June, all shops; printed 2026"], [""], ORDERS, ROW]
    path = csv_file("\n".join(separator.join(line) for line in lines).replace("all shops; printed", "shops"))

    (table,) = sources.tables(path)

    assert (table.header, table.header_row, rows(table)) == (tuple(ORDERS), 3, {4: ROW})
    assert (table.problems, table.separator) == ((), separator)
    assert said(table)[1] == "the header was found in row 3; what stands above it is not imported"


def test_23_headers_in_other_words_are_found_as_well(book, rows):
    """The accepted titles of every language tell the header, not only our own names."""
    (table,) = sources.tables(book(["Bestellungen"], ["Bestellnummer", "Bestelldatum", "Notiz"], ROW))

    assert (table.header_row, rows(table)) == (2, {3: ROW})


def test_23_two_rows_that_look_like_the_header_are_told(book):
    """Where two rows name as many columns and not the same, nobody guesses: both are named, and no row gets in."""
    path = book(["order_id", "language"], ["A", "B"], ["order_id", "order_date"], ["SO-1", "2026-01-31"])

    (table,) = sources.tables(path)

    assert table.problems == (Problem(Where("orders.xlsx", "Orders"), "header_ambiguous", {"row": "1", "second": "3"}),)


def test_23_a_header_further_down_is_not_looked_for(book):
    """Twenty rows are searched; below them stands data."""
    (table,) = sources.tables(book(*[["note"]] * WINDOW, ORDERS, ROW))

    assert table.header_row == 1


def test_23_the_row_that_somebody_named_is_the_header(book, rows):
    """A header that is said to be in a row is there, whatever the other rows look like."""
    wishes = Wishes(expected=lambda *_: Expected(KNOWN.titles, row=3))

    (table,) = sources.tables(book(ORDERS, ROW, ["a", "b", "c"], ["1", "2", "3"]), wishes)

    assert (table.header, rows(table)) == (("a", "b", "c"), {4: ["1", "2", "3"]})


@pytest.mark.parametrize("name", ["orders.csv", "orders.xlsx"])
def test_23_a_blank_row_cannot_be_named_as_the_header(book, csv_file, name):
    """A row without any cell filled is not the header, and that is said."""
    path = book(ORDERS, [], ROW) if name.endswith("xlsx") else csv_file("order_id\n\nSO-1\n")

    with pytest.raises(UnreadableFile) as told:
        sources.tables(path, Wishes(expected=lambda *_: Expected(KNOWN.titles, row=2)))

    assert str(told.value) == f"{name}: row 2 is blank or not there, and it is said to be the header"


def test_23_unknown_titles_leave_the_header_in_the_first_row(book, rows):
    """Without a title that we know the first filled row is the header, as in any other table."""
    (table,) = sources.tables(book([], ["a", "b"], ["1", "2"], ["c", "d"]))

    assert (table.header_row, rows(table)) == (2, {3: ["1", "2"], 4: ["c", "d"]})


def test_23_a_word_of_ours_in_a_cell_is_no_header(csv_file, rows):
    """A cell that happens to say "language" makes no header of its row."""
    (table,) = sources.tables(csv_file("order_id,comment\nSO-1,language\nSO-2,order_id\n"))

    assert (table.header_row, rows(table)) == (1, {2: ["SO-1", "language"], 3: ["SO-2", "order_id"]})


# --- two lines, units, repetitions (26) ---------------------------------------------------------------------


def test_26_groups_above_the_titles_are_part_of_them(book, rows, said):
    """The group "Recipient" over "City" is the recipient's city, also where the group is merged over columns."""
    path = book(
        ["Order number", "Tracking code", "Recipient", "", "", "Sender", ""],
        ["", "", "First name", "City", "Country", "City", "Country"],
        ["SO-1", "T-1", "Erika", "Köln", "DE", "Bonn", "DE"],
        title="Shipments",
    )
    made = openpyxl.load_workbook(path)
    for cells in ("C1:E1", "F1:G1", "A1:A2", "B1:B2"):
        made.active.merge_cells(cells)
    made.save(path)

    (table,) = sources.tables(path)

    assert table.header == (
        *("Order number", "Tracking code", "Recipient First name", "Recipient City", "Recipient Country"),
        *("Sender City", "Sender Country"),
    )
    assert (table.header_row, rows(table)) == (2, {3: ["SO-1", "T-1", "Erika", "Köln", "DE", "Bonn", "DE"]})
    assert "the header was found in two lines, rows 1 and 2" in said(table)


def test_26_a_group_that_adds_nothing_is_a_title(book):
    """Where the lower line names its columns alone, the upper one is only a title above it."""
    (table,) = sources.tables(book(["Order", "", "Language"], ORDERS, ROW))

    assert (table.header, table.header_row) == (tuple(ORDERS), 2)


def test_26_data_is_never_taken_for_a_second_line(csv_file, rows):
    """A first row of data stays data, even if one of its cells is a word that we know."""
    (table,) = sources.tables(csv_file("order_id,what,order_date\nlanguage,order_url,2026-01-31\n"))

    assert rows(table) == {2: ["language", "order_url", "2026-01-31"]}


@pytest.mark.parametrize(
    "beneath",
    [
        ["text", "date", "text"],
        ["(mandatory)", "YYYY-MM-DD", "max. 2 letters"],
        ["Pflichtfeld", "TT.MM.JJJJ hh:mm", "z. B. de"],
        ["Order number", "Order date", "Language"],
        ["required", "ISO 8601", ""],
    ],
)
def test_26_a_line_that_explains_the_header_is_no_row(book, rows, said, beneath):
    """Units, formats and the same titles in other words right beneath the header belong to it; it is said."""
    (table,) = sources.tables(book(ORDERS, beneath, ROW))

    assert (table.header, table.header_row, rows(table)) == (tuple(ORDERS), 1, {3: ROW})
    assert said(table) == ("row 2 belongs to the header, which it explains or repeats; it is not imported",)


@pytest.mark.parametrize(
    "first", [["SO-1", "text", "date"], ["M", "", ""], ["kg", "SO-1", ""], ["text", "", ""], ["", "t", "t"]]
)
def test_26_a_first_row_that_could_be_data_is_a_row(book, rows, first):
    """A row with a single cell that is no explanation, with one cell at all, or with letters alone, is data."""
    (table,) = sources.tables(book(ORDERS, first, ROW))

    assert rows(table) == {2: first, 3: ROW}


# --- whatever it is -----------------------------------------------------------------------------------------

CELLS = st.sampled_from(["", "order_id", "Bestellnummer", "order_date", "language", "Recipient", "kg", "1", "text"])
SHEETS = st.lists(st.lists(CELLS, max_size=4), max_size=30)


@settings(deadline=None)
@given(SHEETS)
def test_every_row_is_above_in_or_below_the_header(sheet):
    """Whatever stands in a sheet, no row below the header is lost, doubled or moved."""
    numbered = [(number, texts) for number, texts in enumerate(sheet, start=1) if any(texts)]
    rest = iter(numbered)

    found = head(rest, KNOWN)

    if found is None:
        assert numbered == []
    else:
        assert [*found.below, *rest] == [row for row in numbered if row[0] > found.last]
        assert found.row <= found.last
        assert found.row in [number for number, _ in numbered]
