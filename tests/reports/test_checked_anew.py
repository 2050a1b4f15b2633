"""`NAME.checked.xlsx` for files that are no workbook of Excel: all rows in a new one, each in its place."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_runs import at, checked, csv_table, outcome, table
from openpyxl import load_workbook

from importer.model import Problem
from importer.reports import checked as checked_module
from importer.reports.checked import write
from importer.reports.matched import matched
from importer.safe_text import is_formula
from importer.sources import tables

HEADLINE = "1 of 2 rows are in."


def made_of(folder, read, *problems, entity="orders"):
    """The workbook that is made of *read*, in which there are *problems*."""
    sheet = checked(read, entity, list(problems))
    (path,) = write(folder, matched([sheet], [outcome(row) for row in sheet.rows]), (), HEADLINE)
    return path


def values(sheet):
    """The values of *sheet*, row by row."""
    return [list(row) for row in sheet.values]


def test_csv_comes_back_as_a_workbook_with_all_rows(tmp_path):
    """Every row stands where it stood, as text, with its status; the bad cell is red, commented and linked."""
    read = csv_table(tmp_path / "orders-june.csv", "Order no;order_date;language\n007;31.01.2026;de\n008;1,5;xx\n", ";")
    wrong = at(read, 3, "language", "not_a_choice", suggestion="de", facts={"choices": "de, en"})

    path = made_of(tmp_path, read, wrong)

    book = load_workbook(path)
    assert (path.name, book.sheetnames) == ("orders-june.checked.xlsx", ["Problems", "Orders"])
    sheet = book["Orders"]
    assert values(sheet) == [
        ["Order no", "order_date", "language", "import_status", "import_message"],
        ["007", "31.01.2026", "de", "created", None],
        ["008", "1,5", "xx", "rejected", "language: one of these is wanted: de, en (did you mean de?)"],
    ]
    assert {cell.number_format for row in sheet for cell in row if cell.value} == {"@"}
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:E3")
    assert [cell.coordinate for row in sheet for cell in row if cell.fill.fgColor.rgb == "FFFFC7CD"] == ["C3", "D3"]
    assert sheet["C3"].comment.text == "— import —\none of these is wanted: de, en (did you mean de?)"
    assert values(book["Problems"])[:3] == [
        [HEADLINE, *[None] * 5],
        ["These are all rows of orders-june.csv, as text and without formulas and formats.", *[None] * 5],
        ["Correct the red cells, save, and import this file. Your own file is as it was.", *[None] * 5],
    ]
    assert values(book["Problems"])[6][:3] == ["Orders", "C3", "language"]
    assert book["Problems"]["B7"].hyperlink.location == "'Orders'!C3"


def test_blank_rows_and_titles_leave_their_room(tmp_path):
    """A header in row 3 and a blank row between others stay so, so that every place is the one that is talked of."""
    read = table(tmp_path / "june.ods", "Orders", [["order_id"], ["SO-1"], ["SO-2"]])
    read = replace(read, header_row=3, frame=read.frame.set_axis([4, 9]))

    sheet = load_workbook(made_of(tmp_path, read))["Orders"]

    assert {row: sheet.cell(row, 1).value for row in range(1, 10) if sheet.cell(row, 1).value} == {
        3: "order_id",
        4: "SO-1",
        9: "SO-2",
    }
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:C9")


def test_row_that_is_not_whole_is_not_taken_for_one(tmp_path):
    """Of a row with too many cells only the reason comes back: imported untouched, nothing of it is sent."""
    read = csv_table(tmp_path / "orders.csv", "order_id,language\nSO-1,de\n")
    ragged = Problem(replace(read.where, row=2), "ragged_row", {"found": "3", "expected": "2"})

    path = made_of(tmp_path, read, ragged)

    message = f"{ragged.message} | the row may not be whole in this copy; correct it in your own file"
    assert values(load_workbook(path)["Orders"])[1] == [None, None, "rejected", message]


def test_text_too_long_for_a_cell_is_not_cut(tmp_path):
    """What Excel cannot hold is an error in its cell, so that no shorter text is sent when the workbook comes back."""
    read = csv_table(tmp_path / "orders.csv", f"order_id,order_tags\nSO-1,{'ä' * 32_767}\nSO-2,{'a' * 32_768}\n")

    path = made_of(tmp_path, read)

    sheet = load_workbook(path, data_only=True)["Orders"]
    assert (len(sheet["B2"].value), sheet["B3"].value) == (32_767, "#N/A")
    assert "32,768 characters" in load_workbook(path)["Orders"]["B3"].comment.text
    (back,) = [one for one in tables(path) if one.where.sheet == "Orders"]
    assert [(one.where.cell, one.code) for one in back.problems] == [("B3", "error_cell")]


def test_long_list_gives_the_rows_that_are_not_in(tmp_path, monkeypatch):
    """Of very many rows only those come that are to be corrected, and the workbook says so."""
    monkeypatch.setattr(checked_module, "MOST_COPIED", 1)
    read = csv_table(tmp_path / "orders.csv", "order_id,language\nSO-1,de\nSO-2,xx\n")

    book = load_workbook(made_of(tmp_path, read, at(read, 3, "language", "missing")))

    assert values(book["Orders"])[1:] == [["SO-2", "xx", "rejected", "row 3: language: a value is required here"]]
    assert book["Problems"]["A2"].value == (
        "These are the rows of orders.csv that need you; all 2 of them are too many to be copied."
    )
    assert book["Problems"]["B7"].hyperlink.location == "'Orders'!B2"


def test_very_many_faulty_rows_come_some_at_a_time(tmp_path, monkeypatch):
    """Of more faulty rows than a workbook is good for the first ones come, and the workbook says so."""
    monkeypatch.setattr(checked_module, "MOST_COPIED", 1)
    read = csv_table(tmp_path / "orders.csv", "order_id,language\nSO-1,xx\nSO-2,xx\n")
    problems = [at(read, row, "language", "missing") for row in (2, 3)]

    book = load_workbook(made_of(tmp_path, read, *problems))

    assert [row[0] for row in values(book["Orders"])[1:]] == ["SO-1"]
    assert book["Problems"]["A2"].value == (
        "These are the first 1 rows of orders.csv that need you; once they are mended, the next ones come."
    )


def test_files_of_one_name_do_not_take_each_others_place(tmp_path):
    """orders.csv and orders.ods give two workbooks."""
    sheets = [
        checked(csv_table(tmp_path / "orders.csv", "order_id\nSO-1\n"), "orders"),
        checked(table(tmp_path / "orders.ods", "Orders", [["order_id"], ["SO-2"]]), "orders"),
    ]

    paths = write(tmp_path, matched(sheets, [outcome(sheet.rows[0]) for sheet in sheets]), (), HEADLINE)

    assert [path.name for path in paths] == ["orders.checked.xlsx", "orders-2.checked.xlsx"]
    assert [load_workbook(path)["Orders"]["A2"].value for path in paths] == ["SO-1", "SO-2"]


TITLES = ["Problems", "Bestellungen [Juni/Juli]: alle, auch 2025", "Bestellungen (Juni Juli)  alle, auch 2026", "'"]


def test_titles_are_such_as_excel_takes(tmp_path):
    """Titles that other programs allow are shortened to 31 letters, freed of signs that Excel refuses, and differ."""
    path = tmp_path / "june.ods"
    sheets = [checked(table(path, title, [["order_id"], ["SO-1"]]), "orders") for title in TITLES]

    (made,) = write(tmp_path, matched(sheets, [outcome(sheet.rows[0]) for sheet in sheets]), (), HEADLINE)

    titles = load_workbook(made).sheetnames
    assert titles[:2] == ["Problems", "Problems 2"]
    assert len({title.casefold() for title in titles}) == len(titles) == 5
    assert [title for title in titles if len(title) > 31 or set(title) & set("[]:*?/\\")] == []


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=30))
@example('=HYPERLINK("http://evil.example")')
@example("<r><t>x</t></r>")
@example("_x0041_ and \x01")
@example(" +49 ")
@example("Weg 1\r\nHof 2\rTor")
def test_every_text_comes_back_as_it_was(tmp_path_factory, text):
    """Whatever a cell says, the workbook holds exactly that as text, starts no formula, and gives it back."""
    folder = tmp_path_factory.mktemp("text")
    read = table(folder / "orders.csv", "", [["order_id", "order_tags"], ["SO-1", text]])

    path = made_of(folder, read)

    (back,) = [one for one in tables(path) if one.where.sheet == "Orders"]
    assert back.frame.at[2, 1] == (text if text.strip() else back.frame.at[2, 1])
    cells = [cell for row in load_workbook(path)["Orders"] for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells if is_formula(cell.value) and not cell.quotePrefix] == []
