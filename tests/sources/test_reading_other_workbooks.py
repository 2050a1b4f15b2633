import struct
import zipfile
from pathlib import Path

import pytest

from importer import sources
from importer.errors import UnreadableFile
from importer.model import Problem, Where
from schemas.cells import Note

FILES = Path(__file__).parent / "files"
NOTE = Note("less_is_known")


@pytest.mark.parametrize(("name", "yes", "no"), [("orders.xls", "TRUE", "FALSE"), ("orders.ods", "1", "0")])
def test_workbooks_of_other_programs_are_read(rows, name, yes, no):
    """What LibreOffice saved as .xls and .ods reads like the same workbook as .xlsx, but for what is said."""
    (table,) = sources.tables(FILES / name)

    assert table.header == ("order_id", "order_date", "language", "order_tags")
    assert rows(table) == {
        2: ["EX-1", "2026-01-31T10:00:00", "de", "channel=web"],
        3: ["1067", "2026-02-01", yes, "24.9"],
        5: ["EX-3", "2026-01-31T10:00:30", "", "2"],
        6: ["1234567890123460", "", no, "0.1"],
    }
    assert table.problems == (
        Problem(Where(name, "Orders", 6, "A"), "code_damaged", column="order_id", value="1234567890123460"),
    )
    assert (table.blank_rows, table.notes[0]) == (1, NOTE)


def test_binary_workbooks_are_read(tmp_path, rows):
    """An .xlsb of Excel is a workbook like the others."""
    path = tmp_path / "orders.xlsb"
    _write_xlsb(path, [["order_id", "weight"], ["SO-1", 0.5], [], ["SO-2", 12.0]])

    (table,) = sources.tables(path)

    assert (table.header, rows(table)) == (("order_id", "weight"), {2: ["SO-1", "0.5"], 4: ["SO-2", "12"]})
    assert (table.where, table.notes) == (Where("orders.xlsb", "Orders"), (NOTE,))


def test_hidden_sheets_are_told_here_too(rows):
    """The hidden sheet of the old workbook is not imported, and that is said."""
    (table,) = sources.tables(FILES / "orders.xls")

    assert table.notes == (NOTE, Note("sheets_hidden", {"sheets": "Old"}))


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


def _write_xlsb(path: Path, lines: list[list[str | float]]) -> None:
    """A workbook in Excel's binary format with the one sheet Orders.  Source: [MS-XLSB], section 2."""
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        '<Relationships xmlns="{}/relationships"><Relationship Id="rId1" Type="{}/{}" Target="{}"/></Relationships>'
    )
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Orders")
    dimension = struct.pack("<IIII", 0, len(lines) - 1, 0, 1)
    cells = b"".join(_record(0, struct.pack("<I", at) + bytes(21)) + _cells(line) for at, line in enumerate(lines))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Override PartName="/xl/workbook.bin" '
            'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        archive.writestr("_rels/.rels", relations.format(package, office, "officeDocument", "xl/workbook.bin"))
        archive.writestr(
            "xl/_rels/workbook.bin.rels", relations.format(package, office, "worksheet", "worksheets/sheet1.bin")
        )
        archive.writestr(
            "xl/workbook.bin", _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
        )
        archive.writestr(
            "xl/worksheets/sheet1.bin",
            _record(129) + _record(148, dimension) + _record(145) + cells + _record(146) + _record(130),
        )


def _cells(line: list[str | float]) -> bytes:
    return b"".join(
        _record(6, struct.pack("<II", at, 0) + _wide(cell))
        if isinstance(cell, str)
        else _record(5, struct.pack("<IId", at, 0, cell))
        for at, cell in enumerate(line)
    )


def _record(number: int, content: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    size = bytes([len(content)]) if len(content) < 128 else bytes([len(content) & 0x7F | 0x80, len(content) >> 7])
    return head + size + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
