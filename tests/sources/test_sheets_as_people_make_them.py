"""Workbooks with what people do to them; the numbers are those of the list of pitfalls."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from importer import sources
from importer.model import Problem, Where
from importer.sources import Wishes

ORDERS = ["order_id", "order_date", "language"]


@pytest.fixture
def book(tmp_path):
    """Writes a workbook of the one sheet Orders, given as its rows and what is done to the sheet before it is saved."""

    def write(*lines, change=lambda sheet: None):
        path = tmp_path / "orders.xlsx"
        made = openpyxl.Workbook()
        made.active.title = "Orders"
        for line in lines:
            made.active.append(line)
        change(made.active)
        made.save(path)
        return path

    return write


def test_24_blank_and_doubled_titles_stay_as_they_are(book, rows):
    """No title is invented for a column without one, and none is changed that stands there twice."""
    (table,) = sources.tables(book(["order_id", None, "order_id", "note"], ["SO-1", "x", "SO-2", "y"]))

    assert (table.header, rows(table)) == (("order_id", "", "order_id", "note"), {2: ["SO-1", "x", "SO-2", "y"]})


def test_26_a_merged_title_stands_above_all_its_columns(book):
    """A title merged over two used columns belongs to both, so that the second is not lost in silence."""

    def merge(sheet):
        sheet.merge_cells("B1:D1")

    (table,) = sources.tables(
        book(
            ["order_id", "order_date", None, None, "language"],
            ["SO-1", "2026-01-31", "12:30", None, "de"],
            change=merge,
        )
    )

    assert table.header == ("order_id", "order_date", "order_date", "", "language")


MERGED = "of merged cells only the first has the value, the others are blank; --fill-merged fills them: A2:A4"
FILLED = "merged cells are filled with the value of the first, as you wish: A2:A4"


@pytest.mark.parametrize(("fill", "first", "note"), [(False, ["SO-1", "", ""], MERGED), (True, ["SO-1"] * 3, FILLED)])
def test_27_merged_cells_are_filled_only_on_request(book, rows, said, fill, first, note):
    """Merged cells have their value once, unless the user wishes otherwise; the places are named."""

    def merge(sheet):
        sheet.merge_cells("A2:A4")

    path = book(
        ORDERS, ["SO-1", "2026-01-31", "de"], [None, "b", "fr"], [None, "c", "it"], ["SO-2", "d", "es"], change=merge
    )

    (table,) = sources.tables(path, Wishes(fill_merged=fill))

    assert [cells[0] for cells in rows(table).values()] == [*first, "SO-2"]
    assert said(table) == (note,)


def test_27_a_range_that_is_larger_than_the_sheet_fills_what_is_there(workbook, rows):
    """A merged range is filled where there are rows, and makes none; what stands in it is not overwritten."""
    lines = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>7</v></c></row>'
    more = '<row r="5"><c r="B5"><v>8</v></c></row>'
    path = workbook(lines + more, after='<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>')

    (table,) = sources.tables(path, Wishes(fill_merged=True))

    assert rows(table) == {2: ["7", "7"], 5: ["7", "8"]}


def _hide(sheet):
    sheet.row_dimensions[3].hidden = True


def _filter(sheet):
    _hide(sheet)
    sheet.auto_filter.ref = "A1:C4"
    sheet.auto_filter.add_filter_column(2, ["de"])


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (_hide, "rows that are hidden are imported like the others; --visible-only leaves them out: 1"),
        (_filter, "rows that a filter hides are imported like the others; --visible-only leaves them out: 1"),
    ],
)
def test_28_hidden_rows_are_imported_and_counted(book, rows, said, change, note):
    """Rows that nobody sees are rows; it is said how many, and whether a filter hides them."""
    path = book(ORDERS, ["SO-1", "a", "de"], ["SO-2", "b", "fr"], ["SO-3", "c", "de"], change=change)

    (table,) = sources.tables(path)

    assert (list(rows(table)), said(table)) == ([2, 3, 4], (note,))


def test_28_hidden_rows_are_left_out_on_request(book, rows, said):
    """With --visible-only hidden rows are no rows, nor are they blank ones; what was odd about them is not told."""
    path = book(ORDERS, ["SO-1", "a", "de"], ["SO-2", "=1/0", "fr"], ["SO-3", "c", "de"], change=_filter)

    (table,) = sources.tables(path, Wishes(visible_only=True))

    assert (list(rows(table)), table.blank_rows, table.problems) == ([2, 4], 0, ())
    assert said(table) == ("hidden rows are left out, as you wish: 1",)


def test_28_hidden_columns_are_named(book, rows, said):
    """Columns that nobody sees are imported, and named by their letters."""

    def hide(sheet):
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["X"].hidden = True

    (table,) = sources.tables(book(ORDERS, ["SO-1", "2026-01-31", "de"], change=hide))

    assert rows(table) == {2: ["SO-1", "2026-01-31", "de"]}
    assert said(table) == ("columns that are hidden are imported like the others: B",)


def test_30_formulas_are_counted_and_those_that_change_are_named(workbook, rows, said):
    """The stored result of a formula is read; results that change by themselves, or come from elsewhere, are said."""
    formulas = [
        "A1&amp;B1",
        "TODAY()",
        "IF(NOW()&gt;1,RAND(),2)",
        "[1]Prices!A1",
        "VLOOKUP(A1,'file:///x.ods'#$A.B2,2)",
    ]
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><f>{text}</f><v>{n}</v></c></row>' for n, text in enumerate(formulas, start=2)
    )

    (table,) = sources.tables(workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + cells))

    assert rows(table) == {n: [str(n)] for n in range(2, 7)}
    assert said(table) == (
        "of cells with a formula the stored result is read: 5",
        "formulas with a result that changes by itself (TODAY, NOW, RAND) are read as it was last stored: 2",
        "formulas with values from other workbooks are read as they were last stored: 2",
    )


def test_31_formulas_without_a_result_are_errors_of_their_cells(book):
    """A program wrote the formula and never calculated it: the cell is named, and it is no formula that was read."""
    (table,) = sources.tables(book(ORDERS, ["SO-1", "=TODAY()", "de"], ["=A2", None, None]))

    where = Where("orders.xlsx", "Orders")
    assert [(str(one.where), one.code, one.column) for one in table.problems] == [
        (f"{where}!B2", "formula_without_value", "order_date"),
        (f"{where}!A3", "formula_without_value", "order_id"),
    ]
    assert table.notes == ()


def test_32_error_cells_are_errors_of_their_cells(workbook):
    """Every error that a spreadsheet shows is one here, with its text, also in a column that may be blank."""
    errors = ["#N/A", "#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!"]
    cells = "".join(f'<row r="{n}"><c r="B{n}" t="e"><v>{text}</v></c></row>' for n, text in enumerate(errors, start=2))

    (table,) = sources.tables(workbook('<row r="1"><c r="B1" t="s"><v>0</v></c></row>' + cells))

    assert table.problems == tuple(
        Problem(Where("orders.xlsx", "Orders", n, "B"), "error_cell", column="order_id", value=text)
        for n, text in enumerate(errors, start=2)
    )


def test_33_a_cell_far_to_the_right_costs_nothing(workbook, rows, said):
    """A stray cell in the last column is told and not kept, however many rows there are."""
    lines = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 12_000))
    path = workbook(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + lines + '<row r="12000"><c r="XFD12000"><v>1</v></c></row>'
    )

    (table,) = sources.tables(path)

    assert (table.frame.shape, said(table)) == (
        (11_999, 101),
        ("cells far to the right of the last title are not read, from column XFD on",),
    )


def test_33_what_stands_behind_a_long_blank_area_is_known(workbook, rows, said):
    """In a sheet that is formatted down to its end, merged cells are known all the same."""
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(4, 60_000))
    lines = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    third = '<row r="3"><c r="B3"><v>1</v></c></row>'
    path = workbook(lines + third + blank, after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>')

    (table,) = sources.tables(path, Wishes(fill_merged=True))

    assert rows(table) == {2: ["1", ""], 3: ["1", "1"]}
    assert said(table) == ("merged cells are filled with the value of the first, as you wish: A2:A3",)


def test_36_rows_that_are_struck_through_are_told(book, rows, said):
    """Who strikes a row through may mean that it is gone; it is imported, and that is said."""

    def strike(sheet):
        sheet["A3"].font = Font(strike=True)
        sheet["B3"].font = Font(strike=True, bold=True)
        sheet["C4"].font = Font(strike=True)

    path = book(ORDERS, ["SO-1", "a", "de"], ["SO-2", "b", "fr"], ["SO-3", "c", None], change=strike)

    (table,) = sources.tables(path)

    assert list(rows(table)) == [2, 3, 4]
    assert said(table) == ("rows that are struck through are imported like the others: 1 (3)",)


LINKS = {
    "erika@mail.example": "mailto:other@mail.example",
    "max@mail.example": "mailto:max%40mail.example?subject=Hello",
    "https://shop.example/a": "https://elsewhere.example/a",
    "www.shop.example": "http://shop.example/",
    "SO-1": "https://shop.example/orders/SO-1",
}


def test_37_links_that_lead_elsewhere_than_they_say_are_told(book, rows, said):
    """The text of an e-mail or web address is taken, and where its link leads elsewhere that is said."""

    def link(sheet):
        for number, target in enumerate(LINKS.values(), start=2):
            sheet.cell(number, 1).hyperlink = target
            sheet.cell(number, 1).value = list(LINKS)[number - 2]

    (table,) = sources.tables(book(["order_id"], change=link))

    assert [cells[0] for cells in rows(table).values()] == list(LINKS)
    assert said(table) == ("links that lead elsewhere than their text says are imported as the text: A2, A4",)


def test_40_macros_and_other_workbooks_are_named(workbook, said):
    """Macros are not run and other workbooks are not opened, and that is said."""
    path: Path = workbook('<row><c t="s"><v>0</v></c></row><row><c><v>1</v></c></row>', name="orders.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")

    (table,) = sources.tables(path)

    assert said(table) == (
        "the workbook has macros; they are not run",
        "the workbook refers to other workbooks; they are not opened",
    )
