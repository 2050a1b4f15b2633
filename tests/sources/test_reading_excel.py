import re
import zipfile
from datetime import datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer import sources
from importer.errors import UnreadableFile
from importer.model import Problem, Table, Where
from importer.sources.cell_text import number_text
from schemas.cells import Note

HEADER = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'


def problem(row: int, letters: str, code: str, *, column: str = "", value: str = "") -> Problem:
    """A problem of one cell of the sheet Orders."""
    return Problem(Where("orders.xlsx", "Orders", row, letters), code, column=column, value=value)


# --- what a cell says ---------------------------------------------------------------------------------------


def test_cells_read_as_people_read_them(workbook, rows):
    """Texts, whole and broken numbers, dates, times, durations and truths become the text a person would type."""
    path = workbook(
        HEADER
        + '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>46053</v></c><c r="C2"><v>1067</v></c>'
        + '<c r="D2"><v>24.9</v></c><c r="E2" t="b"><v>1</v></c><c r="F2" t="inlineStr"><is><t>in </t></is></c></row>'
        + '<row r="3"><c r="A3" t="str"><f>"a"</f><v>a</v></c><c r="B3" s="1"><v>46053.416666666664</v></c>'
        + '<c r="C3"><v>1067.0</v></c><c r="D3"><v>0.30000000000000004</v></c><c r="E3" t="b"><v>0</v></c></row>'
        + '<row r="4"><c r="B4" s="1"><v>0.5</v></c><c r="C4" s="2"><v>1.25</v></c><c r="D4"><v>1E-05</v></c>'
        + '<c r="E4" t="d"><v>2026-01-31T10:00:00</v></c></row>'
    )

    (table,) = sources.tables(path)

    assert rows(table) == {
        2: ["SO-1", "2026-01-31", "1067", "24.9", "TRUE", "in "],
        3: ["a", "2026-01-31T10:00:00", "1067", "0.3", "FALSE", ""],
        4: ["", "12:00:00", "30:00:00", "0.00001", "2026-01-31T10:00:00", ""],
    }
    read = (Note("formulas_read", {"count": "1"}),)
    assert table == Table(path, Where("orders.xlsx", "Orders"), ("order_id", "order_date"), 1, table.frame, notes=read)


def test_texts_come_out_of_the_file_as_they_are_read_in_the_cell(workbook, rows):
    """Line breaks that the file escapes are line breaks, and a text that merely looks escaped stays."""
    path = workbook(HEADER + '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c></row>')

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["Lane 1\r\nBerlin", "_x000D_"]}


def test_leading_zeros_of_a_number_format_are_kept_and_told(workbook, rows, said):
    """A postcode typed as 1067 under the format 00000 shows 01067, and that is what is read."""
    path = workbook(
        HEADER
        + '<row r="2"><c r="A2" s="3"><v>1067</v></c><c r="B2" s="3"><v>-5</v></c><c r="C2" s="3"><v>1.5</v></c></row>'
        + '<row r="3"><c r="A3" s="3"><v>123456</v></c></row>'
    )

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["01067", "-5", "1.5"], 3: ["123456", "", ""]}
    assert said(table) == ("numbers in column A are read with the leading zeros they show: 1",)


def test_a_format_that_shows_more_than_zeros_adds_nothing(workbook, rows, said):
    """Only the zeros-only format is followed: decimals and thousands are not part of the value."""
    path = workbook(HEADER + '<row r="2"><c r="A2" s="3"><v>7</v></c></row>', formats="0000.00")

    (table,) = sources.tables(path)

    assert (rows(table), said(table)) == ({2: ["7", ""]}, ())


def test_dates_count_from_1904_where_the_workbook_says_so(workbook, rows, said):
    """Workbooks of old Macs count their days from 1904; the date is right and the fact is told."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="1"/>'
        '<sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    path = workbook(HEADER + '<row r="2"><c r="B2" s="1"><v>44591</v></c></row>', **{"xl/workbook.xml": book})

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["", "2026-01-31"]}
    assert said(table) == ("the workbook counts its dates from 1904, and they are read so",)


def test_places_need_not_be_written_down(workbook, rows):
    """Rows and cells without a reference stand where they stand: some programs leave the references out."""
    path = workbook('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row/><row><c/><c><v>5</v></c></row>')

    (table,) = sources.tables(path)

    assert rows(table) == {3: ["", "5"]}


def test_the_namespace_may_have_a_prefix(workbook, rows):
    """Some programs write <x:row> for <row>."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:r><x:t>SO</x:t></x:r><x:r><x:t>-9</x:t></x:r>'
        "<x:rPh><x:t>reading aid</x:t></x:rPh></x:is></x:c></x:row></x:sheetData></x:worksheet>"
    )

    (table,) = sources.tables(workbook("", **{"xl/worksheets/sheet1.xml": sheet}))

    assert rows(table) == {2: ["SO-9"]}


# --- cells that cannot be taken -----------------------------------------------------------------------------


def test_error_cells_keep_their_text_and_are_problems(workbook, rows):
    """A cell that shows #N/A is never a blank, and a text that says #N/A is no error."""
    path = workbook(
        HEADER
        + '<row r="2"><c r="A2" t="e"><f>NA()</f><v>#N/A</v></c><c r="B2" t="str"><v>#N/A</v></c></row>'
        + '<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" s="1"><v>-1</v></c><c r="C3" t="e"><v>#REF!</v></c></row>'
        + '<row r="4"><c r="A4" s="1"><v>60</v></c><c r="B4" s="1"><v>99999999</v></c></row>'
    )

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["#N/A", "#N/A", ""], 3: ["SO-1", "-1", "#REF!"], 4: ["60", "99999999", ""]}
    assert table.problems == (
        problem(2, "A", "error_cell", column="order_id", value="#N/A"),
        problem(3, "B", "error_cell", column="order_date", value="-1"),
        problem(3, "C", "error_cell", value="#REF!"),
        # The 29 February 1900, which never was, and a day in a year of six digits.
        problem(4, "A", "error_cell", column="order_id", value="60"),
        problem(4, "B", "error_cell", column="order_date", value="99999999"),
    )


def test_formulas_that_were_never_calculated_are_problems(workbook, rows):
    """Scripts write formulas without results; such a cell is not blank, and its row is not left out."""
    path = workbook(
        HEADER
        + '<row r="2"><c r="A2"><f>1+1</f></c><c r="B2" t="s"><v>2</v></c></row>'
        + '<row r="3"><c r="A3"><f>1+1</f><v></v></c></row>'
        + '<row r="4"><c r="A4"><f>1+1</f><v/></c><c r="B4"><f>1+1</f><v>2</v></c></row>'
        + '<row r="5"><c r="A5" t="str"><f>IF(1,"")</f><v></v></c><c r="B5" t="s"><v>2</v></c></row>'
        + '<row r="6"><c r="A6" t="str"><f>IF(1,"")</f><v></v></c></row>'
    )

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["", "SO-1"], 3: ["", ""], 4: ["", "2"], 5: ["", "SO-1"]}
    assert table.problems == tuple(problem(row, "A", "formula_without_value", column="order_id") for row in (2, 3, 4))


def test_numbers_longer_than_excel_keeps_are_problems(workbook, rows):
    """A tracking number of 20 digits that was typed as a number has lost its end, whatever it looks like."""
    path = workbook(
        HEADER
        + '<row r="2"><c r="A2"><v>3.4043416109404E+19</v></c><c r="B2"><v>999999999999999</v></c></row>'
        + '<row r="3"><c r="A3"><v>1234567890123456</v></c><c r="B3"><v>3.3333333333333335</v></c></row>'
    )

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["34043416109404000000", "999999999999999"], 3: ["1234567890123456", "3.33333333333333"]}
    assert table.problems == (
        problem(2, "A", "code_damaged", column="order_id", value="34043416109404000000"),
        problem(3, "A", "code_damaged", column="order_id", value="1234567890123456"),
    )


# --- rows and columns ---------------------------------------------------------------------------------------


def test_rows_keep_their_numbers(workbook, rows):
    """Rows above the header, blank rows and formatted rows take nothing away from the numbers the sheet shows."""
    path = workbook(
        '<row r="2"><c r="A2" s="1"/></row>'
        '<row r="3"><c r="A3" t="s"><v>0</v></c></row><row r="5"><c r="A5"><v>5</v></c></row>'
        '<row r="6"><c r="A6" t="str"><v>  </v></c></row><row r="9"><c r="A9"><v>9</v></c></row>'
        '<row r="10"><c r="A10" s="1"/></row>'
    )

    (table,) = sources.tables(path)

    assert (table.header, table.header_row, table.blank_rows) == (("order_id",), 3, 4)
    assert rows(table) == {5: ["5"], 9: ["9"]}


def test_cells_beyond_the_header_are_not_cut_off(workbook, rows):
    """Data under no header, and titles that are there twice or blank, keep their places."""
    path = workbook(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>0</v></c></row>'
        '<row r="2"><c r="B2"><v>1</v></c><c r="E2"><v>2</v></c></row>'
    )

    (table,) = sources.tables(path)

    assert (table.header, rows(table)) == (("order_id", "", "order_id"), {2: ["", "1", "", "", "2"]})


def test_the_size_that_a_sheet_claims_is_not_believed(workbook, rows):
    """The stored dimension says A1 in every workbook of these tests, and no row is lost for it."""
    path = workbook(HEADER + "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 30_000)))

    (table,) = sources.tables(path)

    assert rows(table) == {number: [str(number), ""] for number in range(2, 30_000)}


@pytest.mark.parametrize("at", [5_000, 30_000])
def test_nothing_below_a_long_blank_area_is_lost(workbook, rows, at):
    """However many formatted blank rows lie between, a filled cell below them is read."""
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(3, at))
    last = f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>here</t></is></c></row>'
    path = workbook(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>' + blank + last)

    (table,) = sources.tables(path)

    assert (rows(table), table.blank_rows) == ({2: ["1", ""], at: ["here", ""]}, at - 3)


def test_a_sheet_formatted_down_to_its_end_reads_like_any_other(workbook, rows):
    """Formatted blank rows below the last filled one are no rows."""
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(3, 60_000))

    (table,) = sources.tables(workbook(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>' + blank))

    assert (rows(table), table.blank_rows) == ({2: ["1", ""]}, 0)


def test_hidden_rows_and_merged_cells_are_told(workbook, rows, said):
    """Hidden rows are imported like the others, and merged cells have their value once; both are said."""
    path = workbook(
        HEADER
        + '<row r="2" hidden="1"><c r="A2"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'
        + '<row r="9" hidden="true"><c r="A9" s="1"/></row>',
        after='<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A3:A4"/></mergeCells>',
    )

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["2", ""], 3: ["3", ""]}
    assert said(table) == (
        "rows that are hidden are imported like the others; --visible-only leaves them out: 1",
        "of merged cells only the first has the value, the others are blank; --fill-merged fills them: A3:A4",
    )


# --- workbooks ----------------------------------------------------------------------------------------------


def test_every_visible_sheet_with_a_filled_cell_is_a_table(tmp_path, rows, said):
    """Sheets come in their order; blank ones are passed over, hidden ones too, and that is said."""
    book = openpyxl.Workbook()
    book.active.title = "Orders"
    for title in ("Products", "Blank", "Old orders", "_lists"):
        book.create_sheet(title)
    for title in ("Orders", "Products", "Old orders", "_lists"):
        book[title].append(["sku"])
        book[title].append([title])
    book["Old orders"].sheet_state = "hidden"
    book["_lists"].sheet_state = "veryHidden"
    book.save(tmp_path / "shop.xlsx")

    tables = sources.tables(tmp_path / "shop.xlsx")

    assert [(str(table.where), rows(table)) for table in tables] == [
        ("shop.xlsx › Orders", {2: ["Orders"]}),
        ("shop.xlsx › Products", {2: ["Products"]}),
    ]
    assert {said(table) for table in tables} == {("hidden sheets are not imported: Old orders",)}


def test_macros_are_not_run_and_do_no_harm(workbook, rows):
    """A workbook with macros is read like any other."""
    path = workbook(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>', name="orders.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0macro")

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["1", ""]}


def test_the_name_does_not_decide_the_format(workbook, rows):
    """A workbook called .csv is read as the workbook it is."""
    (table,) = sources.tables(workbook(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>', name="orders.csv"))

    assert (str(table.where), rows(table)) == ("orders.csv › Orders", {2: ["1", ""]})


ODD = "orders.xlsx: the workbook is damaged or written in an odd way; open it in Excel or LibreOffice and save it again"


@pytest.mark.parametrize(
    "data",
    [
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="2"><c r="XFE2"><v>1</v></c></row>',
        '<row r="2"><c r="2"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>99</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>',
        '<row r="2"><c r="A2" t="odd"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>eleven</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c>',
    ],
)
def test_what_would_be_misread_is_refused(workbook, data):
    """Rows or cells out of order, and values that are none, are not passed over: the workbook is to be saved again."""
    with pytest.raises(UnreadableFile) as told:
        sources.tables(workbook(HEADER + data))

    assert str(told.value) == ODD


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_document_type_is_refused(workbook, part):
    """Entities that unfold to gigabytes need a document type, and no workbook has one."""
    bomb = '<!DOCTYPE b [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><b>&b;</b>'

    with pytest.raises(UnreadableFile) as told:
        sources.tables(workbook(HEADER, **{part: bomb}))

    assert str(told.value) == ODD


def test_a_workbook_in_strict_form_is_refused(workbook):
    """Excel's "Strict Open XML" looks blank to many readers; here the user is told what to do."""
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    office = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    sheet = '<sheet name="A" sheetId="1" r:id="rId1"/>'
    book = f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{sheet}</sheets></workbook>'

    with pytest.raises(UnreadableFile, match=r"save it as an Excel Workbook \(\.xlsx\)"):
        sources.tables(workbook(HEADER, **{"xl/workbook.xml": book}))


def test_a_workbook_without_any_filled_cell_is_refused(workbook):
    """There is nothing to import, and that is said."""
    with pytest.raises(UnreadableFile) as told:
        sources.tables(workbook('<row r="1"><c r="A1" s="1"/></row>'))

    assert str(told.value) == "orders.xlsx: no sheet has a filled cell"


# --- what was written comes back ----------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20) | st.sampled_from(["_x000D_", "a\nb"])
MOMENTS = st.datetimes(datetime.fromisoformat("1904-01-02"), datetime.fromisoformat("2200-01-01")).map(
    lambda moment: moment.replace(microsecond=0)
)
WRITTEN = {
    str: lambda text: text,
    bool: lambda truth: "TRUE" if truth else "FALSE",
    int: str,
    float: number_text,
    datetime: lambda moment: re.sub("T00:00:00$", "", moment.isoformat()),
    type(None): lambda _: "",
}
NUMBERS = st.integers(-(10**15) + 1, 10**15 - 1) | st.floats(-1e9, 1e9, allow_nan=False).map(lambda n: round(n, 4))
CELLS = st.none() | TEXTS | st.booleans() | NUMBERS | MOMENTS
TABLES = st.lists(
    st.lists(CELLS, min_size=3, max_size=3).filter(lambda row: WRITTEN[type(row[0])](row[0]).strip()),
    min_size=1,
    max_size=5,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES)
def test_any_table_written_by_another_program_reads_back_equal(tmp_path, rows, table):
    """Texts, numbers, dates and truths written by XlsxWriter come back to the letter and the digit."""
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, ["a", "b", "c"])
        for number, row in enumerate(table, start=1):
            for at, cell in enumerate(row):
                (sheet.write_string if isinstance(cell, str) else sheet.write)(number, at, cell)

    (found,) = sources.tables(path)

    assert list(rows(found).values()) == [[WRITTEN[type(cell)](cell) for cell in row] for row in table]
    assert found.problems == ()


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES)
def test_another_reader_agrees(tmp_path, rows, table):
    """What openpyxl writes and reads by itself is what we read, cell by cell."""
    path = tmp_path / "orders.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    for row in table:
        # openpyxl would take a text that begins with "=" for a formula, and does not write "_x000D_" as Excel does.
        book.active.append(
            [cell.replace("=", "+").replace("_", "-") if isinstance(cell, str) else cell for cell in row]
        )
    book.save(path)
    witness = openpyxl.load_workbook(path).active.iter_rows(min_row=2, values_only=True)

    (found,) = sources.tables(path)

    assert list(rows(found).values()) == [[WRITTEN[type(cell)](cell) for cell in row] for row in witness]


@given(st.decimals(-(10**12), 10**12, places=3).filter(lambda n: len(n.as_tuple().digits) <= 15))
def test_numbers_keep_every_digit_that_was_typed(number):
    """Up to 15 digits, the text of a number is the number that was typed, without exponent or trailing zeros."""
    text = number_text(float(number))

    assert (Decimal(text), "e" in text.lower(), text.rstrip("0") == text or "." not in text) == (number, False, True)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (-0.0, "0"), (1e-7, "0.0000001"), (123456789012345.0, "123456789012345"), (1e300, "1e+300")],
)
def test_numbers_have_no_exponent_where_people_write_none(number, text):
    """Small and large numbers are written out; what would need pages of zeros is not."""
    assert number_text(number) == text


def test_times_and_durations_written_by_another_program(tmp_path, rows):
    """A time of day is a time of day, and a duration may be longer than one."""
    path = tmp_path / "orders.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([time(10, 30), timedelta(hours=26, minutes=5)])
    book.save(path)

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["10:30:00", "26:05:00"]}


def test_a_number_with_three_decimals_is_known_as_one(tmp_path):
    """1.275 that is a number is no thousand, whatever a text of the same look may be; only such numbers are kept."""
    book = openpyxl.Workbook()
    book.active.append(["weight", "price"])
    for cells in ((1.275, "1.234"), (-12.125, 24.9), (0.125, 1067), (1234.125, "x")):
        book.active.append(cells)
    book.save(tmp_path / "orders.xlsx")

    (table,) = sources.tables(tmp_path / "orders.xlsx")

    assert table.decimals == {"1.275", "-12.125"}
