"""A sheet is read in columns where that is quick, and always as the parser reads it row by row."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel

from importer.model import column_letters
from importer.sources.excel.columns import BLOCK, blocks
from importer.sources.excel.meaning import Meanings
from importer.sources.excel.sheet import Sheet
from importer.sources.excel.styles import Style
from importer.sources.excel.xml import MAIN
from importer.sources.facts import Facts, Range

HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}"><cols><col min="1" max="2"/></cols><sheetData>'
)
TAIL = '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>'
STRINGS = ["", "Müller & Sohn", " blank ", "x", "łódź", "1067"]
STYLES = {
    "1": Style(zeros=5),
    "2": Style(is_date=True),
    "3": Style(is_date=True, is_duration=True),
    "4": Style(is_struck=True),
}
DAMAGE = (ExpatError, LookupError, ValueError)


@dataclass(frozen=True)
class Read:
    """All that is read from a sheet."""

    rows: list[tuple[int, list[str]]]
    facts: Facts


def meanings() -> Meanings:
    """A workbook with few texts and one style of each sort."""

    def moment(number: float, is_duration: bool) -> object:
        if number < 0:
            raise ValueError(number)
        return from_excel(number, timedelta=is_duration)

    return Meanings(pa.array(STRINGS, pa.string()), STYLES, moment)


def strictly(xml: bytes) -> Read:
    """Row by row."""
    sheet = Sheet(meanings())
    return _read(list(sheet.rows(io.BytesIO(xml))), sheet)


def in_columns(xml: bytes, size: int = BLOCK) -> Read:
    """Block by block."""
    sheet = Sheet(meanings())
    found = blocks(io.BytesIO(xml), sheet, meanings(), size=size)
    return _read([row for block in found for row in block.rows()], sheet)


def _read(rows: list[tuple[int, list[str]]], sheet: Sheet) -> Read:
    return Read(rows, sheet.facts)


# --- sheets as programs write them -------------------------------------------------------------------------------


def numbers() -> st.SearchStrategy[str]:
    """As they stand in <v>: plain, with all digits a program knows, in exponent form, and such as are none."""
    whole = st.integers(-5, 10**17).map(str)
    fractions = st.floats(-1e17, 1e17, allow_nan=False).map(repr)
    return whole | fractions | st.sampled_from(["0.1", "24.899999999999999", "1E-3", "007", "1.50", "46001.4", "x"])


@st.composite
def cell_contents(draw: st.DrawFn) -> tuple[str, str]:
    """Kind, and what stands inside the element."""
    text = draw(st.sampled_from(["a", "M&amp;M", "_x000D_", "&lt;b&gt;", " ", "é", "&#8364;", "&euro;", "=1+1"]))
    formula = draw(st.sampled_from(["", "<f>A1&gt;TODAY()</f>", '<f t="shared" si="0"/>', "<f>[1]A!B2</f>"]))
    kind = draw(st.sampled_from(["n", "n", "n", "s", "s", "str", "inlineStr", "b", "e", "d", "odd"]))
    value = {
        "n": draw(numbers()),
        "s": str(draw(st.integers(-1, len(STRINGS)))),
        "b": draw(st.sampled_from("01")),
        "e": "#N/A",
        "d": "2026-01-31",
    }.get(kind, text)
    if kind == "inlineStr":
        return kind, draw(st.sampled_from([f"<is><t>{text}</t></is>", f"<is><t>{text}</t><t>b</t></is>", "<is/>"]))
    return kind, formula + draw(st.sampled_from([f"<v>{value}</v>", f"<v>{value}</v>", "<v/>", "<v></v>", ""]))


@st.composite
def rows(draw: st.DrawFn, number: int) -> str:
    """One row as XML."""
    width = draw(st.integers(0, 4))
    hidden = draw(st.sampled_from(["", "", ' hidden="1"', ' ht="15" hidden="false"']))
    written = []
    at = -1
    for _ in range(width):
        at += draw(st.sampled_from([1, 1, 1, 2, 25, 800]))
        kind, inside = draw(cell_contents())
        style = draw(st.sampled_from(["", "", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="9"']))
        how = "" if kind == "n" else f' t="{kind}"'
        start = f'<c r="{column_letters(at)}{number}"{style}{how}'
        written.append(f"{start}>{inside}</c>" if inside else f"{start}/>")
    return f'<row r="{number}"{hidden}>{"".join(written)}</row>' if written else f'<row r="{number}"{hidden}/>'


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """A sheet as XML."""
    number, written = 0, []
    for _ in range(draw(st.integers(0, 6))):
        number += draw(st.sampled_from([1, 1, 1, 2, 7]))
        written.append(draw(rows(number)))
    return HEAD + "".join(written) + TAIL


def _outcome(read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except DAMAGE:
        return None


@settings(max_examples=400, deadline=None)
@given(sheets(), st.sampled_from([1, 7, 64, 300, BLOCK]))
def test_columns_hold_what_rows_hold(xml: str, size: int) -> None:
    """Whatever a program writes, reading in columns gives the cells, the oddities and the refusals of the parser."""
    assert _outcome(lambda: in_columns(xml.encode(), size)) == _outcome(lambda: strictly(xml.encode()))


@settings(max_examples=400, deadline=None)
@given(sheets(), st.data())
def test_a_changed_sheet_is_never_read_otherwise(xml: str, data: st.DataObject) -> None:
    """Whatever stands in a sheet, in columns it is read as the parser reads it, or not at all."""
    pieces = [
        "<!-- a -->",
        "<![CDATA[x]]>",
        "\n",
        "\r\n",
        " ",
        "<",
        ">",
        "&",
        "x:",
        "<r/>",
        "'",
        '"',
        "</row>",
        "<v>1</v>",
    ]
    pieces += ['<row r="2">', "</sheetData>", "<sheetData>", 'xmlns="u"', "\x00", "<is><t>a</t></is>", "<t/>", "<?p?>"]
    for _ in range(data.draw(st.integers(1, 3))):
        at, behind = data.draw(st.integers(0, len(xml))), data.draw(st.sampled_from([0, 0, 1, 4]))
        xml = xml[:at] + data.draw(st.sampled_from(pieces)) + xml[at + behind :]
    strict = _outcome(lambda: strictly(xml.encode()))
    read = _outcome(lambda: in_columns(xml.encode(), data.draw(st.sampled_from([7, 64, BLOCK]))))

    assert read == strict or strict is None


@pytest.mark.parametrize("kind", ["namespace prefix", "another encoding", "spread over lines", "single quotes"])
def test_sheets_of_unusual_programs_are_read_as_well(kind: str) -> None:
    """A sheet with prefixes, in another encoding, laid out in lines or with single quotes is read like any other."""
    plain = HEAD + '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1"><v>2.5</v></c></row>' + TAIL
    written = {
        "namespace prefix": plain.replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("<x:?", "<?")
        .replace("xmlns", "xmlns:x"),
        "another encoding": plain.replace("UTF-8", "UTF-16"),
        "spread over lines": plain.replace("><", ">\n  <"),
        "single quotes": plain.replace('"', "'"),
    }[kind]

    read = in_columns(written.encode("utf-16" if kind == "another encoding" else "utf-8"))

    assert read == Read([(1, ["Müller & Sohn", "", "2.5"])], Facts(merged=[Range(2, 0, 3, 0)]))
