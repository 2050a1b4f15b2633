"""A shop's own workbook: uploaded, got back marked, mended in part, shuffled, and dropped in again."""

import random
from collections import Counter
from copy import copy

import big_workbook
import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.formula.translate import Translator

from importer.reports.checked.reds import REDS

pytestmark = pytest.mark.slow

XLSX = "xlsx:Calc MS Excel 2007 XML"
OURS = ("import_status", "import_message")
RED = {f"FF{red}" for red in REDS}
HEADER_ROW = {"Orders": 1, "Order Items": 1, "Shipments": 1 + big_workbook.TITLE_ROWS}
KEY = {"Orders": ("order_id",), "Order Items": ("order_id", "sku"), "Shipments": ("order_id", "reference_number")}
"""What the requests that are sent for a row have in common, and no other row has."""


@pytest.fixture(scope="module")
def source(tmp_path_factory, libreoffice):
    """The workbook as a spreadsheet program saves it: every formula has its result."""
    return libreoffice(big_workbook.make(tmp_path_factory.mktemp("shop") / "shop.xlsx"), XLSX)


@pytest.fixture
def upload_shop(upload, tmp_path):
    """Import a workbook into an account that has the products already."""
    lines = ["sku", *(f"00{number}" for number in range(17))]
    (tmp_path / "products.csv").write_text("\n".join(lines), encoding="utf-8")
    upload(tmp_path / "products.csv")
    return upload


# --- what a workbook is -------------------------------------------------------------------------------------


def cells(sheet, values):
    """Every cell with something in it or about it: value, formula, stored result, look, comment, link."""
    return {
        cell.coordinate: (
            (cell.value, cell.data_type, values[sheet.title][cell.coordinate].value),
            (copy(cell.font), copy(cell.fill), copy(cell.border), copy(cell.alignment), cell.number_format),
            (copy(cell.protection), cell.comment and (cell.comment.text, cell.comment.author)),
        )
        for row in sheet
        for cell in row
    }


def rest(sheet):
    """All else that can be compared of a sheet."""
    return {
        "widths": {letters: (column.width, column.hidden) for letters, column in sheet.column_dimensions.items()},
        "heights": {number: (row.height, row.hidden) for number, row in sheet.row_dimensions.items()},
        "frozen": sheet.freeze_panes,
        "filter": (sheet.auto_filter.ref, [one.colId for one in sheet.auto_filter.filterColumn]),
        "merged": [str(area) for area in sheet.merged_cells.ranges],
        "conditions": [
            (str(area.sqref), [(rule.type, rule.operator, rule.formula) for rule in area.rules])
            for area in sheet.conditional_formatting
        ],
        "choices": [(str(one.sqref), one.formula1, one.type) for one in sheet.data_validations.dataValidation],
        "charts": len(sheet._charts),
        "state": sheet.sheet_state,
    }


def columns(sheet):
    """Name -> number of the column."""
    return {cell.value: cell.column for cell in sheet[HEADER_ROW[sheet.title]] if cell.value}


def ours(sheet):
    """The cells of our two columns."""
    found = [number for name, number in columns(sheet).items() if name in OURS]
    return {sheet.cell(row, column).coordinate for row in range(1, sheet.max_row + 1) for column in found}


# --- the copy -----------------------------------------------------------------------------------------------


def test_marked_copy_is_the_same_but_for_our_marks(source, upload_shop):
    """Values, formulas, results, looks, widths, filters, names and the chart are as they were; bad cells are red."""
    report = upload_shop(source).report
    before, after = load_workbook(source), load_workbook(report / "shop.checked.xlsx")
    results_before, results = (load_workbook(one, data_only=True) for one in (source, report / "shop.checked.xlsx"))
    wrong = {
        name: {
            before[name].cell(HEADER_ROW[name] + 1 + at, columns(before[name])[column]).coordinate
            for sheet, at, column, *_ in big_workbook.MISTAKES
            if sheet == name
        }
        for name in HEADER_ROW
    }
    # What stands on a bad date cannot be read either.
    wrong["Orders"] |= {"E104", "E109"}

    assert after.sheetnames == ["Problems", *before.sheetnames]
    names = {name: one.attr_text for name, one in after.defined_names.items() if not one.hidden}
    assert names == {name: one.attr_text for name, one in before.defined_names.items()}
    assert cells(after["Auswertung"], results) == cells(before["Auswertung"], results_before)
    assert rest(after["Auswertung"]) == rest(before["Auswertung"])
    for name in HEADER_ROW:
        marked = cells(after[name], results)
        red = {at for at, (_, look, _) in marked.items() if look[1].fgColor.rgb in RED} - ours(after[name])
        assert red == wrong[name]
        untouched = marked.keys() - ours(after[name]) - red
        known = cells(before[name], results_before)
        assert {at: marked[at] for at in untouched} == {at: cell for at, cell in known.items() if at not in red}
        assert {at: marked[at][0] for at in red} == {at: known[at][0] for at in red}
        _compare_rest(rest(before[name]), rest(after[name]))


def _compare_rest(before, after):
    wider = {letters: width for letters, width in after["widths"].items() if letters not in before["widths"]}
    assert sorted(width for width, _ in wider.values()) in ([], [14.0, 80.0])
    after["widths"] = {letters: width for letters, width in after["widths"].items() if letters not in wider}
    assert (after["filter"][0] or "")[:2] == (before["filter"][0] or "")[:2]
    after["filter"], before["filter"] = after["filter"][1], before["filter"][1]
    assert after == before


def test_marked_copy_dropped_in_as_it_is_sends_nothing(source, upload_shop):
    """Nobody has to open the copy in Excel first: its formulas have their results, and no row is sent twice."""
    first = upload_shop(source)
    second = upload_shop(first.report / "shop.checked.xlsx")

    assert second.writes == []
    assert Counter(outcome.status.value for outcome in second.outcomes) == {
        "unchanged": sum(outcome.status.value == "created" for outcome in first.outcomes),
        "rejected": len(big_workbook.MISTAKES),
    }


# --- mended and dropped in again ----------------------------------------------------------------------------


def test_only_what_is_not_done_is_sent(source, upload_shop, libreoffice, tmp_path):
    """Half the mistakes mended, rows shuffled, some deleted, some new: exactly the mended and new rows are sent."""
    first = upload_shop(source)
    assert first.summary.run.exit_code == 3
    book = load_workbook(first.report / "shop.checked.xlsx")
    mended = [mistake for at, mistake in enumerate(big_workbook.MISTAKES) if at % 2 == 0]
    wanted = {_mend(book, mistake) for mistake in mended} | set(_add_rows(book))
    rng = random.Random(1)
    for name in HEADER_ROW:
        _shuffle(book[name], rng)
    _delete_rows(book["Order Items"], [9, 10, 60])
    book.save(tmp_path / "shop.checked.xlsx")

    second = upload_shop(libreoffice(tmp_path / "shop.checked.xlsx", XLSX))

    assert {_row_of(request) for request in second.writes} == wanted
    assert Counter(outcome.status.value for outcome in second.outcomes) == {
        "created": len(mended) + 2,
        "rejected": len(big_workbook.MISTAKES) - len(mended),
        "unchanged": 500 - len(big_workbook.MISTAKES) - 3,
    }
    _marks_do_not_pile_up(load_workbook(second.report / "shop.checked.xlsx"), load_workbook(source))


def _mend(book, mistake):
    name, at, column, _, right = mistake
    sheet = book[name]
    row, at_column = HEADER_ROW[name] + 1 + at, columns(sheet)[column]
    sheet.cell(row, at_column).value = right
    return name, tuple(str(sheet.cell(row, columns(sheet)[key]).value) for key in KEY[name])


def _add_rows(book):
    """An order and an item nobody has seen, put in among the others as Excel does: with the look of a neighbour."""
    for name, row, key in (("Orders", 30, ("NEW-1",)), ("Order Items", 100, ("NEW-1", "001"))):
        sheet = book[name]
        sheet.insert_rows(row)
        _write(sheet, row, _read(sheet, row + 1))
        named = columns(sheet)
        for column, value in zip(KEY[name], key, strict=True):
            sheet.cell(row, named[column]).value = value
        if "shipment_reference" in named:
            sheet.cell(row, named["shipment_reference"]).value = None
        for below in range(row + 1, sheet.max_row + 1):
            _translate(sheet, below, by=1)
        yield name, key


def _shuffle(sheet, rng):
    """Sort the rows by nothing at all, each with its looks and comments, as a spreadsheet program sorts."""
    rows = range(HEADER_ROW[sheet.title] + 1, sheet.max_row + 1)
    lines = [(_read(sheet, row), row) for row in rows]
    rng.shuffle(lines)
    for row, (line, was) in zip(rows, lines, strict=True):
        _write(sheet, row, line)
        _translate(sheet, row, by=row - was)


def _delete_rows(sheet, rows):
    for row in sorted(rows, reverse=True):
        sheet.delete_rows(row)
        for below in range(row, sheet.max_row + 1):
            _translate(sheet, below, by=-1)


def _read(sheet, row):
    return [
        (cell.value, copy(cell._style), cell.comment and (cell.comment.text, cell.comment.author))
        for cell in sheet[row]
    ]


def _write(sheet, row, line):
    for column, (value, style, comment) in enumerate(line, start=1):
        cell = sheet.cell(row, column)
        cell.value, cell._style = value, copy(style)
        cell.comment = Comment(*comment) if comment else None


def _translate(sheet, row, by):
    """What a spreadsheet program does to the formulas of a row that moves *by* so many rows."""
    for cell in sheet[row]:
        if isinstance(cell.value, str) and cell.value.startswith("=") and by:
            was = f"{cell.column_letter}{row - by}" if row - by > 0 else cell.coordinate
            cell.value = Translator(cell.value, was).translate_formula(cell.coordinate)


def _row_of(request):
    """Sheet and key of the row that a request was sent for."""
    sheet = {"orders": "Orders", "order_items": "Order Items", "shipments": "Shipments"}[request["path"].split("/")[1]]
    return sheet, tuple(str(request["keys"][key]) for key in KEY[sheet])


def _marks_do_not_pile_up(after, source):
    """Every mark in *after* is of this round, and cells that are right look as they do in *source*."""
    assert after.sheetnames == ["Problems", *source.sheetnames]
    for name, header_row in HEADER_ROW.items():
        sheet = after[name]
        named = columns(sheet)
        assert [cell.value for cell in sheet[header_row]].count("import_status") == 1
        assert list(named)[-2:] == list(OURS)
        for row in sheet.iter_rows(header_row + 1):
            if row[0].value is None:
                continue
            status = sheet.cell(row[0].row, named["import_status"]).value
            assert status in ("created", "unchanged", "rejected")
            red = [cell for cell in row if cell.fill.fgColor.rgb in RED and cell.column < named["import_status"]]
            assert bool(red) == (status == "rejected")
            # Every second row is green from end to end.
            users = [cell for cell in row if cell not in red and cell.column < named["import_status"]]
            assert {cell.fill.fgColor.rgb for cell in users} in ({"00000000"}, {"FFE2EFDA"})
            told = [cell for cell in row if cell.comment and "— import —" in cell.comment.text]
            assert [cell.coordinate for cell in told] == [cell.coordinate for cell in red]
            assert all(cell.comment.text.count("— import —") == 1 for cell in told)
    users = {cell.comment.text for name in HEADER_ROW for row in after[name] for cell in row if cell.comment}
    assert {"ask Erika about this one", "price agreed with Max"} <= users
