"""Files to read: CSV as bytes, workbooks down to their XML."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from importer.model import Table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Rows = dict[int, list[str]]


@pytest.fixture
def said() -> Callable[[Table], tuple[str, ...]]:
    """The sentences about how a table was read."""
    return lambda table: tuple(note.message for note in table.notes)


@pytest.fixture
def csv_file(tmp_path) -> Callable[..., Path]:
    """Writes bytes, or text as UTF-8, into a file."""

    def write(content: bytes | str, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def workbook(tmp_path) -> Callable[..., Path]:
    """Writes a workbook of one sheet, given as the XML inside of `<sheetData>`; everything else can be replaced."""

    def write(sheet_data: str, *, after: str = "", formats: str = "", name: str = "orders.xlsx", **parts: str) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in (_parts(sheet_data, after, formats) | parts).items():
                archive.writestr(part, content)
        return path

    return write


@pytest.fixture
def rows() -> Callable[[Table], Rows]:
    """What stands in a table, by row number."""
    return lambda table: {number: list(cells) for number, *cells in table.frame.itertuples()}


def _parts(sheet_data: str, after: str, formats: str) -> dict[str, str]:
    """Style 0 is plain, 1 is a date, 2 a duration, 3 five zeros; *formats* may replace the last one's format."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/><sheets>'
        '<sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>'
        f'<numFmt numFmtId="170" formatCode="yyyy-mm-dd hh:mm"/><numFmt numFmtId="171" formatCode="[h]:mm:ss"/>'
        f'<numFmt numFmtId="172" formatCode="{formats or "00000"}"/></numFmts>'
        "<fonts><font/></fonts><fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/></cellXfs>'
        "</styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>order_id</t></si><si><t>order_date</t></si>'
        "<si><r><t>SO</t></r><r><t>-1</t></r><rPh><t>reading aid</t></rPh></si>"
        "<si><t>Lane 1_x000D_&#10;Berlin</t></si><si><t>_x005F_x000D_</t></si></sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/>'
        f"<sheetData>{sheet_data}</sheetData>{after}</worksheet>",
    }


def _relations(*targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'
