"""Workbooks of LibreOffice and other programs that write .ods, down to their XML."""

import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer import sources
from importer.errors import UnreadableFile
from importer.model import Problem, Where
from importer.sources import Wishes
from schemas.cells import Note

FILES = Path(__file__).parent / "files"
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
COMMENT = "<office:annotation><text:p>a comment</text:p></office:annotation>"
DRAWING = "<draw:frame><text:p>a drawing</text:p></draw:frame>"
HEADER = "<table:table-row><table:table-cell><text:p>order_id</text:p></table:table-cell></table:table-row>"


@pytest.fixture
def ods(tmp_path):
    """Writes a workbook, given as the XML inside of its one sheet Orders, or of all that stands in its body."""

    def write(rows="", *, body="", styles="", name="orders.ods", **parts):
        declared = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMES.items())
        body = body or f'<table:table table:name="Orders">{rows}</table:table>'
        content = (
            f"<office:document-content {declared}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
        )
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, text in ({"mimetype": kind, "content.xml": content} | parts).items():
                archive.writestr(part, text)
        return tmp_path / name

    return write


def row(*cells: str, **attributes: str) -> str:
    """A row of *cells*."""
    return f"<table:table-row{_attributes(attributes)}>{''.join(cells)}</table:table-row>"


def cell(shown: str = "", **attributes: str) -> str:
    """A cell that shows *shown*; attributes are written `office_value_type` for `office:value-type`."""
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in shown.split("\n")) if shown else ""
    return f"<table:table-cell{_attributes(attributes)}>{paragraphs}</table:table-cell>"


def _attributes(named: dict[str, str]) -> str:
    return "".join(f' {name.replace("_", ":", 1).replace("_", "-")}="{value}"' for name, value in named.items())


def number(value: str, shown: str, kind: str = "float", **more: str) -> str:
    """A cell with a number."""
    return cell(shown, office_value_type=kind, office_value=value, **more)


def test_a_workbook_of_libreoffice_reads_like_one_of_excel(rows):
    """Texts, dates, truths and numbers come out as in .xlsx, and an error cell is an error."""
    (table,) = sources.tables(FILES / "orders.ods")

    where = Where("orders.ods", "Orders")
    assert table.header == ("order_id", "order_date", "language", "order_tags")
    assert rows(table) == {
        2: ["EX-1", "2026-01-31T10:00:00", "de", "channel=web"],
        3: ["1067", "2026-02-01", "TRUE", "24.9"],
        5: ["EX-3", "2026-01-31T10:00:30", "#N/A", "2"],
        6: ["1234567890123460", "", "FALSE", "0.1"],
    }
    assert table.problems == (
        Problem(Where(where.file, where.sheet, 5, "C"), "error_cell", column="language", value="#N/A"),
        Problem(Where(where.file, where.sheet, 6, "A"), "code_damaged", column="order_id", value="1234567890123460"),
    )
    assert table.notes == (Note("sheets_hidden", {"sheets": "Old"}), Note("formulas_read", {"count": "3"}))
    assert table.blank_rows == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (cell("SO-1", office_value_type="string"), "SO-1"),
        (cell("SO-1"), "SO-1"),
        (cell("shown", office_value_type="string", office_string_value="meant"), "meant"),
        (cell("Lane 1\nBerlin", office_value_type="string"), "Lane 1\nBerlin"),
        (cell('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d<text:s/>'), "a   b\tc\nd "),
        (cell('Lane <text:span>1 <text:a xlink:href="x">a</text:a></text:span>b'), "Lane 1 ab"),
        (number("1067", "01067"), "01067"),
        (number("1067", "1067"), "1067"),
        (number("0", "00000"), "00000"),
        (number("10670", "010670"), "010670"),
        (number("1067", "02067"), "1067"),
        (number("24.9", "24,90"), "24.9"),
        (number("24.9", "024.9"), "24.9"),
        (number("1234.5", "1.234,50 €", "currency"), "1234.5"),
        (number("0.15", "15 %", "percentage"), "0.15"),
        (number("1E-05", "0.00001"), "0.00001"),
        (number("1", "WAHR"), "TRUE"),
        (number("0", "FALSE"), "FALSE"),
        (number("1", "Stück"), "1"),
        (cell("WAHR", office_value_type="boolean", office_boolean_value="true"), "TRUE"),
        (cell("31.01.26", office_value_type="date", office_date_value="2026-01-31"), "2026-01-31"),
        (cell("31.1.", office_value_type="date", office_date_value="2026-01-31T10:00:30"), "2026-01-31T10:00:30"),
        (cell("x", office_value_type="date", office_date_value="2026-01-31T00:00:00"), "2026-01-31"),
        (cell("9:30", office_value_type="time", office_time_value="PT09H30M00S"), "09:30:00"),
        (cell("26:05", office_value_type="time", office_time_value="PT26H05M00.5S"), "26:05:00"),
        (cell("-1:00", office_value_type="time", office_time_value="-PT1H0M0S"), "-1:00:00"),
        (cell("x", office_value_type="void"), "x"),
        (cell("SO-1").replace("<text:p>", f"{COMMENT}{DRAWING}<text:p>", 1), "SO-1"),
        (cell(f"a{COMMENT}c"), "ac"),
    ],
)
def test_a_cell_reads_as_a_person_reads_it(ods, rows, written, read):
    """Whatever kind a cell is of, its text is the value with the zeros it shows, and nothing that hangs on it."""
    (table,) = sources.tables(ods(HEADER + row(written)))

    assert (rows(table), table.problems) == ({2: [read]}, ())


def test_zeros_that_a_format_shows_are_counted(ods, said):
    """Where the text has zeros that the value has not, that is said by column."""
    (table,) = sources.tables(ods(HEADER + row(number("1067", "01067")) + row(number("99", "00099"))))

    assert said(table) == ("numbers in column A are read with the leading zeros they show: 2",)


@pytest.mark.parametrize(
    ("written", "code", "text"),
    [
        (cell("#N/A", calcext_value_type="error", office_value_type="string", office_string_value=""), "", "#N/A"),
        (cell("#DIV/0!", table_formula="of:=1/0", office_value_type="float", office_value="0"), "", "#DIV/0!"),
        (cell("Err:508", table_formula="of:=(1", office_value_type="string"), "", "Err:508"),
        (cell("#REF!", office_value_type="float", office_value="0"), "", "#REF!"),
        (cell("", table_formula="of:=A9"), "formula_without_value", ""),
        (number("1234567890123456", "1,23E+15"), "code_damaged", "1234567890123460"),
    ],
)
def test_32_cells_that_hold_no_value_are_errors(ods, written, code, text):
    """Errors and formulas that were never calculated are told at their cells, however the program writes them."""
    (table,) = sources.tables(ods(HEADER + row(written)))

    where = Where("orders.ods", "Orders", 2, "A")
    assert table.problems == (Problem(where, code or "error_cell", column="order_id", value=text),)


def test_32_a_text_that_looks_like_an_error_is_a_text(ods, rows):
    """Who types #N/A as a text gets a text; whether it fits is not known here."""
    (table,) = sources.tables(ods(HEADER + row(cell("#N/A", office_value_type="string"))))

    assert (rows(table), table.problems) == ({2: ["#N/A"]}, ())


def test_30_formulas_are_counted(ods, rows, said):
    """The stored result is read; formulas that change, or reach into other workbooks, are named."""
    formulas = ["of:=[.A1]&amp;&quot;x&quot;", "of:=TODAY()", "of:=['file:///prices.ods'#$A.B2]"]
    cells = [cell("x", office_value_type="string", table_formula=formula) for formula in formulas]

    (table,) = sources.tables(ods(HEADER + "".join(map(row, cells))))

    assert rows(table) == {2: ["x"], 3: ["x"], 4: ["x"]}
    assert [note.code for note in table.notes] == ["formulas_read", "formulas_changing", "formulas_elsewhere"]


# --- places, repetitions ------------------------------------------------------------------------------------


def test_places_are_those_of_the_sheet(ods, rows):
    """Repeated blank rows and cells count, repeated filled ones are there as often as they are said to be."""
    blank = row(cell(table_number_columns_repeated="16384"), table_number_rows_repeated="7")
    twice = row(cell(), cell("x", table_number_columns_repeated="2"), cell("y"), table_number_rows_repeated="2")

    (table,) = sources.tables(ods(HEADER + blank + twice + row(cell("z"))))

    assert rows(table) == {
        9: ["", "x", "x", "y"],
        10: ["", "x", "x", "y"],
        11: ["z", "", "", ""],
    }
    assert table.blank_rows == 7


def test_27_merged_cells_have_one_value(ods, rows, said):
    """What a merged cell covers is blank, whatever may be hidden there, and it is said; on request it is filled."""
    merged = cell("SO-1", table_number_rows_spanned="2", table_number_columns_spanned="2")
    covered = "<table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>"
    path = ods(HEADER + row(merged, covered, cell("a")) + row(covered * 2, cell("b")))

    (plain,) = sources.tables(path)
    (filled,) = sources.tables(path, Wishes(fill_merged=True))

    assert (rows(plain), said(plain)) == (
        {2: ["SO-1", "", "a"], 3: ["", "", "b"]},
        ("of merged cells only the first has the value, the others are blank; --fill-merged fills them: A2:B3",),
    )
    assert rows(filled) == {2: ["SO-1", "SO-1", "a"], 3: ["SO-1", "SO-1", "b"]}


def test_28_what_is_hidden_is_told(ods, rows, said):
    """Hidden and filtered rows, hidden columns and hidden sheets are named; rows are left out on request."""
    styles = '<style:style style:name="gone"><style:table-properties table:display="false"/></style:style>'
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    lines = row(cell("order_id"), cell("language")) + row(cell("1"), table_visibility="filter") + row(cell("2"))
    old = f'<table:table table:name="Old" table:style-name="gone">{HEADER}</table:table>'
    path = ods(body=f'<table:table table:name="Orders">{columns}{lines}</table:table>{old}', styles=styles)

    (table,) = sources.tables(path)
    (visible,) = sources.tables(path, Wishes(visible_only=True))

    assert (list(rows(table)), said(table)) == (
        [2, 3],
        (
            "hidden sheets are not imported: Old",
            "rows that a filter hides are imported like the others; --visible-only leaves them out: 1",
            "columns that are hidden are imported like the others: B",
        ),
    )
    assert list(rows(visible)) == [3]


def test_36_37_40_what_else_is_told(ods, said):
    """Rows struck through, links that lead elsewhere, macros and other workbooks are named as in .xlsx."""
    styles = (
        '<style:style style:name="out"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="not"><style:text-properties style:text-line-through-style="none"/></style:style>'
    )
    struck = cell("SO-1", table_style_name="out") + cell("a@mail.example", table_style_name="not")
    link = cell('<text:a xlink:href="mailto:b@mail.example">a@mail.example</text:a>', table_style_name="not")
    kept = f'<table:table table:name="\'file:///p.ods\'#$A" table:style-name="ta_extref">{HEADER}</table:table>'
    body = f'<table:table table:name="Orders">{HEADER}{row(struck)}{row(link)}</table:table>{kept}'

    (table,) = sources.tables(ods(body=body, styles=styles, **{"Basic/Standard/Module1.xml": "<x/>"}))

    assert said(table) == (
        "the workbook has macros; they are not run",
        "the workbook refers to other workbooks; they are not opened",
        "rows that are struck through are imported like the others: 1 (2)",
        "links that lead elsewhere than their text says are imported as the text: A3",
    )


def test_what_was_there_once_is_not_read(ods, rows):
    """Tracked changes hold old cells, and those are no rows."""
    change = "<table:tracked-changes><table:cell-content-change><table:table-cell><text:p>old</text:p>"
    change += "</table:table-cell></table:cell-content-change></table:tracked-changes>"
    body = f'{change}<table:table table:name="Orders">{HEADER}{row(cell("new"))}</table:table>'

    (table,) = sources.tables(ods(body=body))

    assert rows(table) == {2: ["new"]}


# --- limits -------------------------------------------------------------------------------------------------


def test_33_a_sheet_formatted_down_to_its_end_reads_like_any_other(ods, rows):
    """A million blank rows of sixteen thousand blank columns are no rows, and take no time."""
    blank = cell(table_number_columns_repeated="16384", table_style_name="ce1")
    lines = row(cell("1"), blank) + row(blank, table_number_rows_repeated="1048574")

    (table,) = sources.tables(ods(HEADER + lines))

    assert (rows(table), table.blank_rows) == ({2: ["1"]}, 0)


@pytest.mark.parametrize(
    "lines",
    [
        row(cell("x", table_number_columns_repeated="16384"), table_number_rows_repeated="1048570"),
        row(cell("x"), table_number_rows_repeated="1048577"),
        row(cell(table_number_columns_repeated="16384"), cell("x")),
        row(cell(table_number_columns_repeated="99999999999")),
        row(cell(table_number_columns_repeated="-1")),
        row(cell('<text:s text:c="2000000"/>' * 3)),
        row(number("eleven", "11")),
        row(cell("x", office_value_type="date", office_date_value="2026-02-30")),
        row(cell("x", office_value_type="float")),
        row(cell("x")).removesuffix("</table:table-row>"),
    ],
)
def test_what_cannot_be_is_refused(ods, lines):
    """More cells than anybody means, places outside of the sheet and values that are none: save it again."""
    with pytest.raises(UnreadableFile) as told:
        sources.tables(ods(HEADER + lines))

    wanted = "the workbook is damaged or written in an odd way; open it in LibreOffice and save it again"
    assert str(told.value) == f"orders.ods: {wanted}"


def test_a_document_type_is_refused(ods):
    """Entities that unfold to gigabytes need a document type, and no workbook has one."""
    bomb = '<!DOCTYPE b [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><b>&b;</b>'

    with pytest.raises(UnreadableFile, match="damaged or written in an odd way"):
        sources.tables(ods(**{"content.xml": bomb}))


@pytest.mark.parametrize(
    "parts", [{"META-INF/manifest.xml": "<manifest:encryption-data/>"}, {"encrypted-package": "x", "content.xml": ""}]
)
def test_a_password_is_told(tmp_path, ods, parts):
    """A workbook that is locked by a password is named as such."""
    path = ods(HEADER, **parts)
    if "encrypted-package" in parts:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("encrypted-package", "x")

    with pytest.raises(UnreadableFile) as told:
        sources.tables(path)

    assert str(told.value) == "orders.ods: the workbook has a password; open it and save it without one"


def test_nothing_in_it_is_told(ods):
    """There is nothing to import, and that is said."""
    with pytest.raises(UnreadableFile, match=r"orders\.ods: no sheet has a filled cell"):
        sources.tables(ods(row(cell())))


# --- what was written comes back ----------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=8)


def _escaped(text: str) -> str:
    named = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return named.replace(" ", "<text:s/>")


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXTS, st.integers(1, 3), st.integers(0, 3)), max_size=6))
def test_no_cell_is_lost_or_moved(ods, rows, lines):
    """However rows are repeated and however many blank cells stand before a cell, it is where it was."""
    written, expected, at = "", {}, 2
    for text, times, blanks in lines:
        before = cell(table_number_columns_repeated=str(blanks)) if blanks else ""
        written += row(before, cell(_escaped(text)), table_number_rows_repeated=str(times))
        if text.strip():
            expected |= {number: [*[""] * blanks, text] for number in range(at, at + times)}
        at += times

    (table,) = sources.tables(ods(HEADER + written))

    width = max([1, *map(len, expected.values())])
    assert rows(table) == {number: cells + [""] * (width - len(cells)) for number, cells in expected.items()}


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there")
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_libreoffice_writes_what_we_read(tmp_path, rows, kind):
    """A workbook that LibreOffice saved in another format reads as the .xlsx it was made of, zeros and errors too."""
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, ["order_id", "order_date", "zip", "price", "error", "flag", "note"])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        zeros = book.add_format({"num_format": "00000"})
        for number in range(1, 4):
            sheet.write_string(number, 0, f"SO-{number}")
            sheet.write_datetime(number, 1, datetime(2026, 1, number), day)  # noqa: DTZ001 - a spreadsheet knows no zones
            sheet.write_number(number, 2, 1066 + number, zeros)
            sheet.write_number(number, 3, 24.9 * number)
            sheet.write_formula(number, 4, "=NA()", value="#N/A")
            sheet.write_boolean(number, 5, boolean=number == 2)
        sheet.merge_range("G2:G4", "merged")
        sheet.set_row(2, options={"hidden": True})
        sheet.set_column("D:D", options={"hidden": True})
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/user", "--convert-to", kind]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)

    (original,) = sources.tables(path)
    (converted,) = sources.tables(tmp_path / f"orders.{kind}")

    assert rows(converted) == rows(original)
    assert [(str(one.where.cell), one.code, one.value) for one in converted.problems] == [
        (str(one.where.cell), one.code, one.value) for one in original.problems
    ]
    assert {note.code for note in original.notes} == {note.code for note in converted.notes}


def test_a_number_with_three_decimals_is_known_as_one(ods):
    """1.275 that is a number is no thousand, whatever a text of the same look may be."""
    lines = row(cell("weight"), cell("price")), row(number("1.275", "1,275"), cell("1.234")), row(number("2.5", "2,5"))

    (table,) = sources.tables(ods("".join(lines)))

    assert table.decimals == {"1.275"}
