"""`NAME.checked.xlsx`: the user's own workbook, marked, and nothing else about it changed."""

import re
import zipfile
from copy import copy
from datetime import date

import pytest
import xlsxwriter
from made_runs import at, book, checked, outcome, table
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table as ExcelTable

from importer.model import Outcome, Problem, Status
from importer.reports import checked as checked_module
from importer.reports.checked import in_place, marking, write
from importer.reports.matched import matched
from importer.reports.summary import files_read

HEADLINE = "1 of 2 rows are in. 1 needs you."
ITEMS = [["order_id", "sku", "price"], ["SO-1", "0012", "1.50"], ["SO-1", "0013", "x"]]
WANTED = "a number is wanted, such as 1.50"


def marked(folder, path, lines=ITEMS, *, problems=(3,), title="Order Items"):
    """Mark the workbook *path*, in which the rows *problems* have a bad price, and open what was made."""
    read = table(path, title, lines)
    bad = [at(read, row, "price", "not_a_number", facts={"example": "1.50"}) for row in problems]
    sheet = checked(read, "order_items", bad)
    outcomes = [outcome(row) for row in sheet.rows]
    folder.mkdir(exist_ok=True)
    (made,) = write(folder, matched([sheet], outcomes), files_read([sheet]), HEADLINE)
    assert made == folder / f"{path.stem.removesuffix('.checked')}.checked.xlsx"
    return load_workbook(made)


def rows(sheet):
    """The values of *sheet*, row by row."""
    return [list(row) for row in sheet.values]


@pytest.fixture(autouse=True, params=checked_module.WAYS, ids=["in place", "anew"])
def way(request, monkeypatch):
    """All this holds for either way of marking a workbook."""
    monkeypatch.setattr(checked_module, "WAYS", (request.param,))
    return request.param


@pytest.fixture
def path(tmp_path):
    """A plain workbook with one good and one bad item."""
    return book(tmp_path / "june.xlsx", **{"Order Items": ITEMS})


@pytest.fixture
def fancy(tmp_path):
    """A workbook with much that a careless copy would lose."""
    path = book(tmp_path / "fancy.xlsx", **{"Order Items": ITEMS, "Notes": [["keep"], ["me"]]})
    made = load_workbook(path)
    sheet = made["Order Items"]
    sheet["B2"].font = Font(name="Courier New", italic=True, color="112233")
    sheet["B2"].border = Border(bottom=Side("thick"))
    sheet["C2"].fill = PatternFill("solid", fgColor="FFEE88")
    sheet["C2"].number_format = "0.00 €"
    sheet["A3"].comment = Comment("ask Erika", "Max")
    sheet["E9"] = date(2026, 1, 31)
    sheet["F9"] = "=SUM(1,2)"
    sheet["G9"] = '=HYPERLINK("http://evil.example","click")'
    sheet["G9"].data_type = "s"
    sheet.merge_cells("A11:C12")
    sheet["A11"] = "merged"
    sheet.column_dimensions["B"].width = 33
    sheet.row_dimensions[2].height = 40
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = "A1:C3"
    sheet.conditional_formatting.add("C2:C3", CellIsRule("lessThan", ["1"], fill=PatternFill(bgColor="00FF00")))
    choice = DataValidation("list", formula1='"a,b"')
    choice.add("B2:B9")
    sheet.add_data_validation(choice)
    sheet.add_table(ExcelTable(displayName="Items", ref="A1:C3"))
    sheet.print_title_rows = "1:1"
    made.defined_names["net"] = DefinedName("net", attr_text="'Order Items'!$C$2")
    made["Notes"].sheet_state = "hidden"
    made.save(path)
    return path


def test_bad_cells_are_coloured_and_commented(tmp_path, path):
    """The cell that is wrong is red and says why; the others look as before."""
    sheet = marked(tmp_path, path)["Order Items"]

    assert [cell.coordinate for row in sheet for cell in row if cell.fill.fill_type] == ["C3", "D3"]
    assert [(cell.coordinate, cell.comment.text) for row in sheet for cell in row if cell.comment] == [
        ("C3", f"— import —\n{WANTED}")
    ]


def test_every_row_says_what_became_of_it(tmp_path, path):
    """Two columns at the right have the status of each row, and the reason where there is one."""
    assert rows(marked(tmp_path, path)["Order Items"]) == [
        ["order_id", "sku", "price", "import_status", "import_message"],
        ["SO-1", "0012", "1.50", "created", None],
        ["SO-1", "0013", "x", "rejected", f"price: {WANTED}"],
    ]


def test_first_sheet_lists_the_problems_with_links(tmp_path, path):
    """The workbook opens on a list of what is wrong, and each line leads to its cell."""
    made = marked(tmp_path, path)

    assert made.sheetnames == ["Problems", "Order Items"]
    assert made.active.title == "Problems"
    found = rows(made["Problems"])
    assert found[:3] + found[4:] == [
        [HEADLINE, *[None] * 5],
        ["This is a copy of june.xlsx, with marks. Your own file is as it was.", *[None] * 5],
        [
            "Correct the red cells, save, and import this file. Rows that are in already are not sent twice.",
            *[None] * 5,
        ],
        [None] * 6,
        ["Sheet", "Cell", "Column", "Value", "Problem", "Suggestion"],
        ["Order Items", "C3", "price", "x", WANTED, None],
    ]
    assert made["Problems"]["B7"].hyperlink.location == "'Order Items'!C3"


def test_nothing_else_changes(tmp_path, fancy):
    """Values, formulas, formats, widths, filters, tables, names and other sheets are as in the user's file."""
    before = load_workbook(fancy)
    after = marked(tmp_path, fancy)

    # The bad cell, and the first two columns without any cell.
    ours = {"C3", *(f"{letter}{row}" for letter in "HI" for row in (1, 2, 3))}
    assert everything(after["Order Items"], ours) == everything(before["Order Items"], ours)
    assert everything(after["Notes"]) == everything(before["Notes"])
    assert after["Order Items"]["C3"].value == "x"
    assert after.defined_names["net"].attr_text == before.defined_names["net"].attr_text
    assert after.sheetnames == ["Problems", *before.sheetnames]


def everything(sheet, ours=frozenset()):
    """All that can be compared about a sheet, without the cells that are *ours*."""
    cells = {
        cell.coordinate: (
            *(cell.value, cell.data_type, cell.comment and (cell.comment.text, cell.comment.author)),
            *(copy(cell.font), copy(cell.fill), copy(cell.border), copy(cell.alignment), cell.number_format),
        )
        for row in sheet
        for cell in row
        if cell.coordinate not in ours
    }
    empty = (None, "n", None)
    widths = {letter: column.width for letter, column in sheet.column_dimensions.items() if letter not in "HI"}
    return (
        {place: cell for place, cell in cells.items() if cell[:3] != empty},
        widths,
        {number: row.height for number, row in sheet.row_dimensions.items() if row.height},
        (sheet.freeze_panes, sheet.auto_filter.ref, sheet.sheet_state, sheet.print_title_rows),
        [str(area) for area in sheet.merged_cells.ranges],
        [(str(rule.sqref), [one.operator for one in rule.rules]) for rule in sheet.conditional_formatting],
        [(str(one.sqref), one.formula1) for one in sheet.data_validations.dataValidation],
        {one.displayName: one.ref for one in sheet.tables.values()},
    )


def test_own_file_is_not_touched(tmp_path, path):
    """The user's file has the same bytes as before."""
    before = path.read_bytes()

    marked(tmp_path, path)

    assert path.read_bytes() == before


def test_marking_again_replaces_the_old_marks(tmp_path, fancy):
    """A marked workbook that comes back unchanged gets the same marks, not more of them."""
    once = marked(tmp_path, fancy)
    again = tmp_path / "fancy.checked.xlsx"

    lines = [[str(value or "") for value in row] for row in list(once["Order Items"].values)[:3]]
    twice = marked(tmp_path / "again", again, lines)

    assert everything(twice["Order Items"]) == everything(once["Order Items"])
    assert twice.sheetnames == once.sheetnames
    assert rows(twice["Problems"])[5:] == rows(once["Problems"])[5:]


def test_mended_cell_gets_its_own_look_back(tmp_path, fancy):
    """Once a cell is right, its colour and the user's comment are as they were before we marked it."""
    before = load_workbook(fancy)
    cell = before["Order Items"]["C3"]
    cell.fill, cell.comment = PatternFill("solid", fgColor="FF00AA00"), Comment("mine\nstill", "Max")
    before.save(fancy)
    red = marked(tmp_path, fancy)["Order Items"]["C3"]
    assert (red.fill.fgColor.rgb, red.comment.text) == ("FFFFC7CC", f"mine\nstill\n\n— import —\n{WANTED}")

    again_path = (tmp_path / "fancy.checked.xlsx").rename(tmp_path / "again.xlsx")
    lines = [[*ITEMS[0], "", "", "", "", "import_status", "import_message"], *ITEMS[1:]]
    mended = marked(tmp_path, again_path, lines, problems=())["Order Items"]

    assert mended["C3"].fill.fgColor.rgb == "FF00AA00"
    assert (mended["C3"].comment.text, mended["C3"].comment.author) == ("mine\nstill", "Max")
    assert [mended.cell(row, 8).value for row in (1, 2, 3)] == ["import_status", "created", "created"]


def test_sorted_rows_get_their_own_status(tmp_path, path):
    """Where the status columns were moved, they are filled where they are now."""
    made = marked(tmp_path, path)
    sheet = made["Order Items"]
    sheet.move_range("A1:C3", cols=5)
    made.save(tmp_path / "moved.xlsx")
    lines = [[str(value or "") for value in row] for row in sheet.values]

    moved = marked(tmp_path, tmp_path / "moved.xlsx", lines, problems=(2,))["Order Items"]

    assert [[cell for cell in row if cell] for row in rows(moved)] == [
        ["import_status", "import_message", "order_id", "sku", "price"],
        ["rejected", f"price: {WANTED}", "SO-1", "0012", "1.50"],
        ["created", "SO-1", "0013", "x"],
    ]


def test_formulas_keep_their_stored_results(tmp_path):
    """A copy that nobody opened in Excel still has the values of its formulas, so it can be imported as it is."""
    path = tmp_path / "june.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("Order Items")
        for row, line in enumerate(ITEMS):
            sheet.write_row(row, 0, line)
        sheet.write_formula("F1", "=1+1", None, 2)
        sheet.write_formula("F2", '="a"&"<b>"', None, "a<b>")
        sheet.write_formula("F3", "=1>0", None, True)
        sheet.write_formula("F4", "=1/0", None, "#DIV/0!")
        sheet.write_array_formula("F5:F5", "{=SUM(1,2)}", None, 3)
        made.add_worksheet("Other").write_formula("A1", "='Order Items'!F1", None, 2)

    formulas = marked(tmp_path, path)
    values = load_workbook(tmp_path / "june.checked.xlsx", data_only=True)

    assert [cell.value for cell in values["Order Items"]["F"]] == [2, "a<b>", True, "#DIV/0!", 3]
    assert values["Other"]["A1"].value == 2
    assert [formulas["Order Items"][place].value for place in ("F1", "F2", "F3")] == ["=1+1", '="a"&"<b>"', "=1>0"]


def test_width_said_of_many_columns_stays_single(tmp_path):
    """Where one width holds for all columns, no second one is added: Excel would call the file damaged."""
    path = tmp_path / "june.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("Order Items")
        sheet.set_column(0, 16383, 20)
        for row, line in enumerate(ITEMS):
            sheet.write_row(row, 0, line)

    marked(tmp_path, path)

    with zipfile.ZipFile(tmp_path / "june.checked.xlsx") as made:
        sheets = [made.read(name).decode() for name in made.namelist() if name.startswith("xl/worksheets/sheet")]
    columns = [re.findall(r'<col [^>]*?min="(\d+)" max="(\d+)"|<col [^>]*>', sheet) for sheet in sheets]
    assert [1 for found in columns if found == [("1", "16384")]] == [1]


def test_users_own_sheet_of_that_name_is_kept(tmp_path):
    """A sheet Problems that we did not make is not ours to replace."""
    path = book(tmp_path / "june.xlsx", **{"Order Items": ITEMS, "Problems": [["mine"]]})

    made = marked(tmp_path, path)

    assert made.sheetnames == ["Problems1", "Order Items", "Problems"]
    assert rows(made["Problems"]) == [["mine"]]


def test_trouble_of_a_whole_row_is_seen_too(tmp_path, path):
    """A row that the server refused as a whole has its status coloured, and a line that leads to it."""
    sheet = checked(table(path, "Order Items", ITEMS), "order_items")
    first, second = sheet.rows
    refused = Outcome(second, Status.REFUSED, problems=(Problem(second.where, "refused", {"answer": "=no"}),))

    (made,) = write(tmp_path, matched([sheet], [outcome(first), refused]), files_read([sheet]), HEADLINE)

    found = load_workbook(made)
    assert [cell.coordinate for row in found["Order Items"] for cell in row if cell.fill.fill_type] == ["D3"]
    assert rows(found["Problems"])[6] == ["Order Items", "row 3", None, None, "the server refused it: =no", None]
    assert found["Problems"]["B7"].hyperlink.location == "'Order Items'!A3"


def test_cell_that_only_waits_is_not_coloured(tmp_path, path):
    """An item whose order did not get in has nothing wrong in its own cells; its status and message tell."""
    read = table(path, "Order Items", ITEMS)
    sheet = checked(read, "order_items")
    first, second = sheet.rows
    waits = at(read, 3, "order_id", "blocked", facts={"parent": "Orders!row 9"})

    outcomes = [outcome(first), Outcome(second, Status.BLOCKED, problems=(waits,))]
    (made,) = write(tmp_path, matched([sheet], outcomes), files_read([sheet]), HEADLINE)

    found = load_workbook(made)["Order Items"]
    assert [cell.coordinate for row in found for cell in row if cell.fill.fill_type] == ["D3"]
    assert rows(found)[2][3:] == ["blocked", "order_id: waits for Orders!row 9, which was not imported"]


def test_comments_are_limited(tmp_path, path, monkeypatch):
    """Beyond the limit cells are still coloured, but no longer commented."""
    for module in (marking, in_place):
        monkeypatch.setattr(module, "MOST_COMMENTS", 1)

    sheet = marked(tmp_path, path, problems=(2, 3))["Order Items"]

    assert [bool(sheet[place].comment) for place in ("C2", "C3")] == [True, False]
    assert [sheet[place].fill.fgColor.rgb for place in ("C2", "C3")] == ["FFFFC7CD"] * 2


PLAIN = [
    ["order_id", "sku", "price", "import_status", "import_message"],
    ["SO-1", "0013", "x", "rejected", f"row 3: price: {WANTED}"],
]


def test_huge_workbook_gives_its_faulty_rows_only(tmp_path, path, monkeypatch):
    """With more rows than can be marked, the rows to correct come in a plain workbook, with marks and links into it."""
    ((mark, _),) = checked_module.WAYS
    monkeypatch.setattr(checked_module, "WAYS", ((mark, 1),))
    monkeypatch.setattr(checked_module, "MOST_COPIED", 1)

    made = marked(tmp_path, path)

    assert made.sheetnames == ["Problems", "Order Items"]
    assert rows(made["Order Items"]) == PLAIN
    assert made["Order Items"]["C2"].fill.fgColor.rgb == "FFFFC7CD"
    assert made["Order Items"]["C2"].comment.text == f"— import —\n{WANTED}"
    assert made["Problems"]["B7"].hyperlink.location == "'Order Items'!C2"
    assert rows(made["Problems"])[6] == ["Order Items", "C3", "price", "x", WANTED, None]


@pytest.mark.parametrize("damage", ["another kind", "not a workbook", "changed since", "gone"])
def test_workbook_that_cannot_be_marked_gives_its_rows_in_a_new_one(tmp_path, path, damage):
    """A kind we cannot write, one that cannot be read, and one changed since give all rows in a new workbook."""
    if damage == "another kind":
        path = path.rename(path.with_suffix(".ods"))
    read = table(path, "Order Items", ITEMS)
    sheet = checked(read, "order_items", [at(read, 3, "price", "not_a_number", facts={"example": "1.50"})])
    if damage == "not a workbook":
        path.write_bytes(b"PK\3\4 and then nothing")
    files = files_read([sheet])
    if damage == "changed since":
        book(path, **{"Order Items": [ITEMS[0], ITEMS[2], ITEMS[1]]})
    if damage == "gone":
        path.unlink()

    (made,) = write(tmp_path, matched([sheet], [outcome(row) for row in sheet.rows]), files, HEADLINE)

    assert made.name == "june.checked.xlsx"
    assert rows(load_workbook(made)["Order Items"]) == [
        PLAIN[0],
        ["SO-1", "0012", "1.50", "created", None],
        ["SO-1", "0013", "x", "rejected", f"price: {WANTED}"],
    ]


def test_macros_are_told_to_be_gone(tmp_path, path):
    """What the copy does not keep is said in it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/vbaProject.bin"] = b"macros"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="vba" Target="vbaProject.bin" '
        b'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Relationships>',
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )
    path = path.with_suffix(".xlsm")
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)

    made = marked(tmp_path, path)

    assert made["Problems"]["A4"].value.startswith("Not kept in this copy: macros.")
    with zipfile.ZipFile(tmp_path / "june.checked.xlsx") as book:
        assert "xl/vbaProject.bin" not in book.namelist()
        assert b"macroEnabled" not in book.read("[Content_Types].xml")
        assert b"vbaProject" not in book.read("xl/_rels/workbook.xml.rels")
