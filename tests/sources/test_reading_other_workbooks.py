"""Workbooks in Excel's older and binary formats; the numbers are those of the list of pitfalls."""

import struct
import zipfile
from pathlib import Path

import pytest

from importer import sources
from importer.errors import UnreadableFile
from importer.model import Problem, Where
from importer.sources import Wishes
from schemas.cells import Note

FILES = Path(__file__).parent / "files"

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def test_old_workbooks_are_read(rows):
    """What LibreOffice saved as .xls reads like the same workbook as .xlsx, error cells included."""
    (table,) = sources.tables(FILES / "orders.xls")

    assert table.header == ("order_id", "order_date", "language", "order_tags")
    assert rows(table) == {
        2: ["EX-1", "2026-01-31T10:00:00", "de", "channel=web"],
        3: ["1067", "2026-02-01", "TRUE", "24.9"],
        5: ["EX-3", "2026-01-31T10:00:30", "#N/A", "2"],
        6: ["1234567890123460", "", "FALSE", "0.1"],
    }
    assert table.problems == (
        Problem(Where("orders.xls", "Orders", 5, "C"), "error_cell", column="language", value="#N/A"),
        Problem(Where("orders.xls", "Orders", 6, "A"), "code_damaged", column="order_id", value="1234567890123460"),
    )
    assert table.blank_rows == 1
    assert table.notes == (Note("sheets_hidden", {"sheets": "Old"}), Note("formulas_read", {"count": "3"}))


@pytest.mark.parametrize("name", ["orders.xls", "orders.ods"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_damaged_workbooks_are_refused(tmp_path, capfd, name, share):
    """A workbook that was cut off is not read half, and nothing but our sentence is said."""
    content = (FILES / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(UnreadableFile, match=f"{name}: "):
        sources.tables(path)
    assert capfd.readouterr() == ("", "")


def test_33_a_cell_far_away_in_an_old_workbook_is_refused(tmp_path):
    """A damaged number of a column would have room made for four thousand million cells; nothing of it is read."""
    content = bytearray((FILES / "orders.xls").read_bytes())
    text = content.index(struct.pack("<HHH", 0x00FD, 10, 1))
    content[text + 4 : text + 8] = struct.pack("<HH", 65_535, 60_000)
    path = tmp_path / "orders.xls"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile) as told:
        sources.tables(path)

    assert str(told.value) == (
        "orders.xls: the workbook is damaged; open it in a spreadsheet program and save it as .xlsx"
    )


# --- .xlsb --------------------------------------------------------------------------------------------------
#
# No program at hand writes it but Excel, so it is put together here.  Source: [MS-XLSB], section 2.


def test_binary_workbooks_are_read(tmp_path, rows):
    """An .xlsb of Excel is a workbook like the others."""
    path = xlsb(tmp_path, [row(text("order_id"), text("weight")), row(text("SO-1"), real(0.5))])

    (table,) = sources.tables(path)

    assert (table.header, rows(table)) == (("order_id", "weight"), {2: ["SO-1", "0.5"]})
    assert (table.where, table.notes, table.problems) == (Where("orders.xlsb", "Orders"), (), ())


def test_places_are_those_of_the_sheet(tmp_path, rows):
    """Blank rows above and between, and a blank column at the left, count."""
    blank = row()
    path = xlsb(tmp_path, [blank, row(None, text("order_id")), row(None, text("SO-1")), blank, row(None, text("SO-2"))])

    (table,) = sources.tables(path)

    assert (table.header, table.header_row) == (("", "order_id"), 2)
    assert rows(table) == {3: ["", "SO-1"], 5: ["", "SO-2"]}


def test_32_error_cells_are_errors(tmp_path, rows):
    """A cell that shows #N/A or #REF! is an error, whether typed or calculated."""
    path = xlsb(tmp_path, [row(text("a"), text("b")), row(error(0x2A), error(0x17, is_formula=True))])

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["#N/A", "#REF!"]}
    assert [(one.where.cell, one.code, one.value) for one in table.problems] == [
        ("A2", "error_cell", "#N/A"),
        ("B2", "error_cell", "#REF!"),
    ]


def test_1_zeros_that_a_format_shows_are_read(tmp_path, rows, said):
    """A number that shows 01067 is 01067; without the format it is 1067."""
    path = xlsb(tmp_path, [row(text("a"), text("b")), row(real(1067, style=1), real(1067)), row(real(99999, style=1))])

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["01067", "1067"], 3: ["99999", ""]}
    assert said(table) == ("numbers in column A are read with the leading zeros they show: 1",)


def test_27_28_30_36_what_else_is_told(tmp_path, rows, said):
    """Merged cells, what is hidden or struck through, and formulas are named as in .xlsx."""
    head = row(text("order_id"), text("weight"))
    first = row(text("SO-1"), formula(2.0, changes=True))
    hidden = row(text("SO-2", style=2), formula(3.0), is_hidden=True)
    merged = record(176, struct.pack("<IIII", 1, 3, 0, 0))
    columns = record(60, struct.pack("<IIIIH", 1, 1, 0, 0, 1))
    path = xlsb(
        tmp_path, [head, first, hidden, row(None, real(1))], before=columns, after=merged + record(163, bytes(8))
    )

    (table,) = sources.tables(path)
    (wished,) = sources.tables(path, Wishes(fill_merged=True, visible_only=True))

    assert rows(table) == {2: ["SO-1", "2"], 3: ["SO-2", "3"], 4: ["", "1"]}
    assert [note.code for note in table.notes] == [
        *("rows_hidden_by_filter", "columns_hidden", "cells_merged"),
        *("formulas_read", "formulas_changing", "rows_struck"),
    ]
    assert rows(wished) == {2: ["SO-1", "2"], 4: ["SO-1", "1"]}


def test_33_cells_that_lie_too_far_apart_are_refused(tmp_path):
    """A stray cell in the last row and column would take all memory there is; that is told."""
    path = xlsb(tmp_path, [row(text("order_id")), row(*[None] * 16_383, text("x"), number=1_048_575)])

    with pytest.raises(UnreadableFile) as told:
        sources.tables(path)

    wanted = "the cells of a sheet lie too far apart; delete what stands far away, or save it as .xlsx"
    assert str(told.value) == f"orders.xlsb: {wanted}"


def test_40_macros_and_other_workbooks_are_named(tmp_path, said):
    """Macros are not run, other workbooks are not opened, and that is said."""
    path = xlsb(tmp_path, [row(text("order_id"))])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"")
        archive.writestr("xl/externalLinks/externalLink1.bin", b"")

    (table,) = sources.tables(path)

    assert [note.code for note in table.notes] == ["macros_not_run", "other_books_not_opened"]


def test_of_workbooks_before_excel_97_less_is_known(tmp_path, rows):
    """Where nothing but the values can be read, that is said; the records of that time have another form."""
    content = (FILES / "orders.xls").read_bytes()
    name, older = "Workbook\0".encode("utf-16-le"), "Book\0\0\0\0\0".encode("utf-16-le")
    path = tmp_path / "orders.xls"
    # The name alone makes it one of those; its values are then read by the same library.
    path.write_bytes(
        content.replace(name + b"\0" * 46, older + b"\0" * 46).replace(b"\x12\0\x02\x01", b"\x0a\0\x02\x01")
    )

    (table,) = sources.tables(path)

    assert table.notes[0] == Note("less_is_known")
    assert rows(table)[3] == ["1067", "2026-02-01", "TRUE", "24.9"]


def xlsb(folder: Path, rows: list[bytes], *, before: bytes = b"", after: bytes = b"") -> Path:
    """A workbook with the one sheet Orders; style 0 is plain, 1 has five zeros, 2 is struck through."""
    relations = (
        '<Relationships xmlns="{}/relationships"><Relationship Id="rId1" Type="{}/{}" Target="{}"/></Relationships>'
    )
    bundle = struct.pack("<II", 0, 1) + wide("rId1") + wide("Orders")
    numbered = b"".join(
        record(0, struct.pack("<I", int.from_bytes(one[:4], "little") or at) + one[4:25]) + one[25:]
        for at, one in enumerate(rows)
    )
    fonts = record(43, bytes(30)) + record(43, struct.pack("<HH", 200, 8) + bytes(26))
    formats = record(44, struct.pack("<H", 170) + wide("00000"))
    styles = b"".join(record(47, struct.pack("<HHH", 0, *one) + bytes(10)) for one in [(0, 0), (170, 0), (0, 1)])
    path = folder / "orders.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.bin" '
            'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        archive.writestr("_rels/.rels", relations.format(PACKAGE, OFFICE, "officeDocument", "xl/workbook.bin"))
        archive.writestr(
            "xl/_rels/workbook.bin.rels", relations.format(PACKAGE, OFFICE, "worksheet", "worksheets/sheet1.bin")
        )
        archive.writestr("xl/workbook.bin", record(131) + record(143) + record(156, bundle) + record(144) + record(132))
        archive.writestr("xl/styles.bin", formats + fonts + record(617, bytes(4)) + styles + record(618))
        archive.writestr(
            "xl/worksheets/sheet1.bin",
            record(129)
            + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, 1))
            + before
            + record(145)
            + numbered
            + record(146)
            + after
            + record(130),
        )
    return path


def row(*cells: tuple[int, int, bytes] | None, is_hidden: bool = False, number: int = 0) -> bytes:
    """A row: the rest of its header, and its cells; None leaves a cell out."""
    header = struct.pack("<IIHBB", number, 0, 0, 0, 0x10 if is_hidden else 0) + bytes(13)
    return header + b"".join(
        record(kind, struct.pack("<II", at, style) + value)
        for at, (kind, style, value) in ((at, cell) for at, cell in enumerate(cells) if cell)
    )


def text(value: str, style: int = 0) -> tuple[int, int, bytes]:
    """A cell with a text of its own."""
    return 6, style, wide(value)


def real(value: float, style: int = 0) -> tuple[int, int, bytes]:
    """A cell with a number."""
    return 5, style, struct.pack("<d", value)


def error(code: int, *, is_formula: bool = False) -> tuple[int, int, bytes]:
    """A cell that shows an error."""
    return (11, 0, bytes([code]) + struct.pack("<HI", 0, 0)) if is_formula else (3, 0, bytes([code]))


def formula(value: float, *, changes: bool = False) -> tuple[int, int, bytes]:
    """A cell with a formula and its result."""
    code = b"\x19\x01\0\0" if changes else b"\x1e\x01\0"
    return 9, 0, struct.pack("<dHI", value, 0, len(code)) + code + struct.pack("<I", 0)


def record(number: int, content: bytes = b"") -> bytes:
    """One record; numbers and lengths are written seven bits a byte."""
    return _variable(number) + _variable(len(content)) + content


def _variable(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def wide(text: str) -> bytes:
    """A text with its length in front."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_a_number_with_three_decimals_is_known_as_one(tmp_path):
    """1.275 that is a number is no thousand, whatever a text of the same look may be."""
    path = xlsb(tmp_path, [row(text("weight"), text("price")), row(real(1.275), text("1.234")), row(real(2.5))])

    (table,) = sources.tables(path)

    assert table.decimals == {"1.275"}
