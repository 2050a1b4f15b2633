"""Marking a workbook in its bytes: what we add and colour is all that is other than it was."""

import difflib
import re
import zipfile

import pytest
import xlsxwriter
from made_runs import at, checked, outcome, table
from openpyxl import load_workbook

from importer.reports import checked as checked_module
from importer.reports.checked import in_place, write
from importer.reports.checked.reds import REDS
from importer.reports.matched import matched
from importer.reports.summary import files_read

LINES = [
    ["order_id", "sku", "price", "packed"],
    ["SO-1", "0012", "1.5", "TRUE"],
    ["SO-1", "0013", "x", ""],
    ["SO-2", "", "2", ""],
]
OURS = ["import_status", "import_message"]


@pytest.fixture(autouse=True)
def _only_in_place(monkeypatch):
    """There is no other way that could step in."""
    monkeypatch.setattr(checked_module, "WAYS", ((in_place.mark, 1_000),))


@pytest.fixture
def path(tmp_path):
    """What programs make that openpyxl would lose: check boxes, pictures, sparklines, number warnings turned off."""
    path = tmp_path / "june.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Order Items")
        other = book.add_worksheet("Figures")
        text = book.add_format({"num_format": "@", "font_color": "navy", "align": "right"})
        yellow = book.add_format({"bg_color": "#FFEE88", "num_format": "0.00 €"})
        head = book.add_format({"bold": True, "bg_color": "#203864", "font_color": "white"})
        sheet.write_row("A1", LINES[0], head)
        for row, line in enumerate(LINES[1:], start=1):
            sheet.write_string(row, 0, line[0])
            sheet.write_string(row, 1, line[1], text) if line[1] else None
        sheet.write_formula("C2", "=1+0.5", yellow, 1.5)
        sheet.write_string("C3", "x", yellow)
        sheet.write_number("C4", 2, yellow)
        sheet.insert_checkbox("D2", True)
        sheet.ignore_errors({"number_stored_as_text": "B2:B9"})
        sheet.add_sparkline("H3", {"range": "'Order Items'!C2:C4"})
        sheet.conditional_format("C2:C9", {"type": "data_bar", "data_bar_2010": True})
        sheet.autofilter("A1:D4")
        sheet.freeze_panes(1, 0)
        sheet.set_column("E:XFD", None, None, {"hidden": True})
        sheet.write_comment("A2", "ask Erika")
        sheet.insert_button("J2", {"caption": "Press"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='Order Items'!$C$2:$C$4"})
        other.insert_chart("B2", chart)
        other.activate()
        book.define_name("Figures!net", "='Order Items'!$C$2")
    return path


def marked(folder, path, lines=LINES, bad=((3, "price"), (4, "sku"))):
    """The marked copy of *path*, in which the cells *bad* are wrong."""
    read = table(path, "Order Items", lines)
    problems = [at(read, row, name, "missing") for row, name in bad]
    sheet = checked(read, "order_items", problems)
    folder.mkdir(exist_ok=True)
    (made,) = write(folder, matched([sheet], [outcome(row) for row in sheet.rows]), files_read([sheet]), "1 of 3.")
    return made


def parts(path):
    """Every part of a workbook, by its name."""
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def changed(before, after):
    """What a part has lost and gained, tag by tag."""
    one, other = (re.findall(r"<[^>]*>|[^<]+", part.decode()) for part in (before, after))
    lines = list(difflib.ndiff(one, other))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


def test_only_parts_that_have_to_change_do(tmp_path, path):
    """Charts, pictures, texts, themes and properties are the same bytes; only what holds our marks is not."""
    before, after = parts(path), parts(marked(tmp_path / "out", path))

    assert {name for name in before if before[name] != after.get(name)} == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    }
    assert after.keys() - before.keys() == {"xl/worksheets/sheet3.xml"}
    assert changed(before["xl/worksheets/sheet2.xml"], after["xl/worksheets/sheet2.xml"]) == (
        ['<sheetView tabSelected="1" workbookViewId="0"/>'],
        ['<sheetView workbookViewId="0"/>'],
    )


def test_sheet_changes_where_we_mark_it_and_nowhere_else(tmp_path, path):
    """In the sheet: how bad cells look, our two columns, and how far the filter, the widths and the range reach."""
    before, after = parts(path), parts(marked(tmp_path / "out", path))

    lost, gained = changed(before["xl/worksheets/sheet1.xml"], after["xl/worksheets/sheet1.xml"])

    rows = [f'<row r="{number}"' for number in (1, 2, 3, 4)]
    assert lost == [
        '<dimension ref="A1:D4"/>',
        '<col min="5" max="16384" width="0" hidden="1" customWidth="1"/>',
        *(f'{row} spans="1:4" x14ac:dyDescent="0.25">' for row in rows[:3]),
        '<c r="C3" s="3" t="s">',
        f'{rows[3]} spans="1:4" x14ac:dyDescent="0.25">',
        '<autoFilter ref="A1:D4"/>',
    ]
    assert [tag for tag in gained if "import" not in tag and tag[1:2] not in "it/"] == [
        '<dimension ref="A1:F4"/>',
        '<col min="5" max="5" width="14" customWidth="1"/>',
        '<col min="6" max="6" width="80" customWidth="1"/>',
        '<col min="7" max="16384" width="0" hidden="1" customWidth="1"/>',
        f'{rows[0]} x14ac:dyDescent="0.25">',
        '<c r="E1" s="1" t="inlineStr">',
        '<c r="F1" s="1" t="inlineStr">',
        f'{rows[1]} x14ac:dyDescent="0.25">',
        '<c r="E2" t="inlineStr">',
        "created",
        f'{rows[2]} x14ac:dyDescent="0.25">',
        '<c r="C3" s="5" t="s">',
        '<c r="E3" s="6" t="inlineStr">',
        "rejected",
        '<c r="F3" t="inlineStr">',
        "price: a value is required here",
        f'{rows[3]} x14ac:dyDescent="0.25">',
        '<c r="B4" s="6"/>',
        '<c r="E4" s="6" t="inlineStr">',
        "rejected",
        '<c r="F4" t="inlineStr">',
        "sku: a value is required here",
        '<autoFilter ref="A1:F4"/>',
    ]


def test_filter_and_names_follow(tmp_path, path):
    """The filter reaches over our columns, so that sorting takes them along; names of one sheet stay with it."""
    after = load_workbook(marked(tmp_path / "out", path))

    assert after["Order Items"].auto_filter.ref == "A1:F4"
    assert after["Figures"].defined_names["net"].attr_text == "'Order Items'!$C$2"
    assert after.active.title == "Problems"


def test_marks_are_gone_once_everything_is_right(tmp_path, path):
    """Marked, mended and marked again, the sheet is as it was before, but for two columns that say "created"."""
    first = marked(tmp_path / "out", path)
    lines = [[*line, *more] for line, more in zip(LINES, [OURS, *[["", ""]] * 3], strict=True)]

    second = marked(tmp_path / "again", first, lines, bad=())

    before, once, twice = (parts(one) for one in (path, first, second))
    sheet = "xl/worksheets/sheet1.xml"
    lost, gained = changed(before[sheet], twice[sheet])
    assert [tag for tag in lost if tag.startswith("<c ")] == []
    assert [tag for tag in gained if tag.startswith("<c ")] == [
        *('<c r="E1" s="1" t="inlineStr">', '<c r="F1" s="1" t="inlineStr">', '<c r="E2" t="inlineStr">'),
        *('<c r="E3" t="inlineStr">', '<c r="F3"/>', '<c r="B4" s="0"/>', '<c r="E4" t="inlineStr">', '<c r="F4"/>'),
    ]
    assert [row[4:] for row in load_workbook(second)["Order Items"].values] == [
        tuple(OURS),
        *[("created", None)] * 3,
    ]
    assert twice["xl/comments1.xml"] == before["xl/comments1.xml"].replace(
        b"</author></authors>", b"</author><author>importer</author></authors>"
    )
    assert twice["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == before["xl/drawings/vmlDrawing1.vml"].count(
        b"<v:shape "
    )
    assert once.keys() == twice.keys()


def test_last_comment_takes_its_drawing_along(tmp_path, path):
    """A sheet that had no comment before has none of the parts that comments need once nothing is wrong any more."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Order Items")
        for row, line in enumerate(LINES):
            sheet.write_row(row, 0, line)
    lines = [[*line, *more] for line, more in zip(LINES, [OURS, *[["", ""]] * 3], strict=True)]

    first = marked(tmp_path / "out", path)
    second = marked(tmp_path / "again", first, lines, bad=())

    assert {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"} <= parts(first).keys()
    assert parts(second).keys() == parts(path).keys() | {
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
    }
    assert b"legacyDrawing" not in parts(second)["xl/worksheets/sheet1.xml"]


def test_users_words_in_a_comment_keep_their_look(tmp_path, path):
    """What the user wrote in colours stands above what we say, and is as before once we have nothing to say."""
    said = parts(path)
    rich = (
        b"<r><rPr><b/><color rgb='FFFF0000'/></rPr><t>ask</t></r><r><t xml:space='preserve'> Erika\n&amp; Max</t></r>"
    )
    said["xl/comments1.xml"] = re.sub(rb"<text>.*</text>", b"<text>" + rich + b"</text>", said["xl/comments1.xml"])
    write_parts(path, said)

    first = marked(tmp_path / "out", path, bad=[(2, "order_id")])
    second = marked(tmp_path / "again", first, bad=())

    assert load_workbook(first)["Order Items"]["A2"].comment.text == (
        "ask Erika\n& Max\n\n— import —\na value is required here"
    )
    assert rich in parts(second)["xl/comments1.xml"].replace(b'xml:space="preserve"', b"xml:space='preserve'")


def test_conversation_is_left_alone(tmp_path, path):
    """The comments of a conversation belong to those who have it; the cell is coloured, and its row tells why."""
    said = parts(path)
    said["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments><threadedComment ref="A2"/></ThreadedComments>'
    )
    said["xl/worksheets/_rels/sheet1.xml.rels"] = said["xl/worksheets/_rels/sheet1.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="t" Target="../threadedComments/threadedComment1.xml" '
        b'Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"/></Relationships>',
    )
    write_parts(path, said)

    made = load_workbook(marked(tmp_path / "out", path, bad=[(2, "order_id"), (3, "sku")]))["Order Items"]

    assert (made["A2"].comment.text, made["A2"].fill.fgColor.rgb) == ("ask Erika", "FFFFC7CD")
    assert made["B3"].comment.text == "— import —\na value is required here"


def test_names_of_elements_may_have_a_prefix(tmp_path, path):
    """Other programs write <x:row> for <row>; what we add is written so, too; and cells need no numbers."""
    said = parts(path)
    for name in ("xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/comments1.xml"):
        text = re.sub(rb"<(/?)([a-zA-Z]+)(?=[ >/])", rb"<\1x:\2", said[name])
        said[name] = text.replace(b"xmlns=", b"xmlns:x=")
    sheet = re.sub(rb"(<x:(?:c|row)) r=\"\w+\"", rb"\1", said["xl/worksheets/sheet1.xml"])
    # Row 4 has no second cell: written without numbers, its third one would come second.
    said["xl/worksheets/sheet1.xml"] = sheet.replace(b'<x:c s="3"><x:v>2', b'<x:c r="C4" s="3"><x:v>2')
    write_parts(path, said)

    made = load_workbook(marked(tmp_path / "out", path))

    assert made.sheetnames == ["Problems", "Order Items", "Figures"]
    assert [list(row) for row in made["Order Items"].values] == [
        [*LINES[0], *OURS],
        ["SO-1", "0012", "=1+0.5", True, "created", None],
        ["SO-1", "0013", "x", None, "rejected", "price: a value is required here"],
        ["SO-2", None, 2, None, "rejected", "sku: a value is required here"],
    ]
    reds = [cell.coordinate for row in made["Order Items"] for cell in row if str(cell.fill.fgColor.rgb)[2:] in REDS]
    assert reds == ["C3", "E3", "B4", "E4"]
    assert [made["Order Items"][cell].comment.text[-10:] for cell in ("C3", "B4")] == ["uired here"] * 2


@pytest.mark.parametrize("oddity", ["UTF-16", "a document type", "a signature", "no styles", "another sheet"])
def test_odd_workbook_is_left_to_the_other_way(tmp_path, path, oddity):
    """What we would not know how to edit is not edited: all rows come in a new workbook."""
    said, sheet = parts(path), "xl/worksheets/sheet1.xml"
    match oddity:
        case "UTF-16":
            text = said[sheet].decode().replace("UTF-8", "UTF-16")
            said[sheet] = text.encode("utf-16")
        case "a document type":
            said[sheet] = said[sheet].replace(b"<worksheet", b"<!DOCTYPE worksheet><worksheet", 1)
        case "a signature":
            said["_xmlsignatures/sig1.xml"] = b"<Signature/>"
        case "no styles":
            said["xl/styles.xml"] = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
        case "another sheet":
            said[sheet] = re.sub(rb"<row r=.4.*</row>", b"", said[sheet])
    write_parts(path, said)

    made = load_workbook(marked(tmp_path / "out", path))

    assert [list(row)[-2] for row in made["Order Items"].values] == ["import_status", "created", "rejected", "rejected"]


def write_parts(path, content):
    """Write a workbook of these parts."""
    with zipfile.ZipFile(path, "w") as book:
        for name, part in content.items():
            book.writestr(name, part)
