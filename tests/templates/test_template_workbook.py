"""What a person finds in a blank workbook, read back from the file."""

import re
import zipfile
from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from importer import templates
from importer.model import TEMPLATE_SHEETS
from importer.templates.words import words
from importer.templates.workbook import STAMP, version
from schemas import ENTITIES, entity_named, examples
from schemas.cells import Conventions
from schemas.entity import bare, headers

ALL = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
LAST_ROW = 1_048_576
PLAIN_KINDS = {"text", "one line of text", "code"}


def listed(book, name):
    """The words of the named range *name*."""
    sheet, cells = book.defined_names[name].attr_text.rsplit("!", 1)
    return tuple(cell.value for (cell,) in book[sheet.strip("'")][cells.replace("$", "")])


def validations(sheet):
    """The rule of each column, by its letters."""
    return {str(rule.sqref).partition("2:")[0]: rule for rule in sheet.data_validations.dataValidation}


def columns(entity):
    """Letters and field of each column."""
    return [(get_column_letter(at), field) for at, field in enumerate(entity.fields, start=1)]


def test_sheets_stand_in_upload_order(book, german_book):
    """Instructions come first, the data sheets follow in upload order, the lists are hidden at the end."""
    assert book.sheetnames == ["Instructions", *(entity.sheet for entity in ENTITIES), "_lists"]
    assert german_book.sheetnames == ["Anleitung", *(entity.blatt for entity in ENTITIES), "_lists"]
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == ["_lists"]
    assert book.active.title == "Instructions"
    assert {*book.sheetnames, *german_book.sheetnames} >= set(TEMPLATE_SHEETS)


@ALL
def test_no_note_says_a_thing_twice(book, german_book, entity):
    """Each line of the note at a column's title says something that the other lines do not."""
    for sheet in (book[entity.sheet], german_book[entity.blatt]):
        notes = [cell.comment.text.splitlines() for cell in sheet[1]]
        assert notes == [list(dict.fromkeys(lines)) for lines in notes]


@ALL
def test_headers_are_the_field_names(book, german_book, entity):
    """Row 1 holds the field names in either language, mandatory ones with an asterisk; the importer knows them."""
    wanted = [f"{field.name} *" if field.mandatory else field.name for field in entity.fields]

    for sheet in (book[entity.sheet], german_book[entity.blatt]):
        written = [cell.value for cell in sheet[1]]
        assert written == wanted
        assert [headers(entity)[bare(text)] for text in written] == list(entity.names)


@ALL
def test_headers_show_what_is_mandatory(book, entity):
    """Mandatory, recommended and optional headers are bold and have three fills of different lightness."""
    fills = {"mandatory": "FF1F4E78", "recommended": "FF9DC3E6", "optional": "FFEDEDED"}

    for cell, field in zip(book[entity.sheet][1], entity.fields, strict=True):
        need = "mandatory" if field.mandatory else "recommended" if field.recommended else "optional"
        assert (cell.font.bold, cell.fill.start_color.rgb) == (True, fills[need]), field.name


@ALL
def test_header_and_key_stay_in_view(book, entity):
    """Header row and key column are frozen, every column can be filtered, and prints repeat both."""
    sheet = book[entity.sheet]
    after_key = get_column_letter(entity.names.index(entity.key[0]) + 2)

    assert sheet.freeze_panes == f"{after_key}2"
    assert sheet.auto_filter.ref == f"A1:{columns(entity)[-1][0]}{LAST_ROW}"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


@ALL
def test_notes_explain_every_column(book, entity):
    """The note at a header gives title, whether it is needed, meaning and example."""
    for cell, field in zip(book[entity.sheet][1], entity.fields, strict=True):
        need = "Mandatory" if field.mandatory else "Recommended" if field.recommended else "Optional"
        lines = cell.comment.text.splitlines()
        assert lines[:2] == [f"{field.title} ({need})", field.meaning]
        assert (lines[-1] == f"Example: {field.example}") == bool(field.example)


def test_note_lists_the_allowed_values(book):
    """Where the values are few, the note names them all."""
    assert book["Order States"]["B1"].comment.text == (
        "State (Mandatory)\n"
        "The state it took.\n"
        "One of the values in the list.\n"
        "Allowed: new, paid, in_production, in_preparation, warehouse_handover, refunded, returned, cancelled\n"
        "Example: in_preparation"
    )


def test_german_notes_are_german(german_book):
    """The German note has the German title, and its sentence is German."""
    assert german_book["Sendungen"]["Q1"].comment.text == (
        "Postleitzahl (Pflichtfeld)\nPostleitzahl als Text, damit führende Nullen bleiben.\nBeispiel: 01067"
    )


@ALL
def test_dropdowns_offer_the_allowed_values(book, entity):
    """Every column of a closed list has a drop-down with exactly its values, on all rows, and refuses others."""
    rules = validations(book[entity.sheet])

    for letters, field in columns(entity):
        rule = rules.get(letters)
        if field.kind.name == "carrier":
            assert (listed(book, "list_carrier"), rule.errorStyle) == (field.kind.choices(), "warning")
        elif field.kind.choices():
            assert (rule.type, str(rule.sqref)) == ("list", f"{letters}2:{letters}{LAST_ROW}")
            assert listed(book, rule.formula1) == field.kind.choices()
            # "stop" is the default and left out of the file.
            assert (rule.errorStyle, rule.showErrorMessage, rule.allow_blank) == (None, True, True)
        else:
            assert rule is None or rule.type is None


def test_carriers_follow_the_country_of_the_row(book):
    """The carrier's drop-down reads the country beside it; each country's range holds the carriers of the table."""
    rule = validations(book["Shipments"])["E"]

    assert rule.formula1 == 'IF(COUNTIF(carrier_countries,$F2)=0,list_carrier,INDIRECT("carriers_"&$F2))'
    assert book["Shipments"]["F1"].value == "carrier_country *"
    assert listed(book, "carriers_CZ") == ("ceskaposta", "dpd", "ups")
    assert {f"carriers_{country}" for country in listed(book, "carrier_countries")} <= set(book.defined_names)


def test_carriers_of_the_account_replace_the_shipped_table(tmp_path):
    """A template made for an account offers that account's carriers and no others."""
    conventions = Conventions(carriers={"DE": ("dhl", "gls"), "FR": ("dpd",)})
    (path,) = templates.write(tmp_path, [entity_named("shipments")], style="xlsx", conventions=conventions)
    book = load_workbook(path)

    carriers = {name: listed(book, name) for name in book.defined_names if "carrier" in name}
    assert carriers.pop("list_carrier_service") == ("standard", "express", "other")
    assert carriers == {
        "list_carrier": ("dhl", "dpd", "gls"),
        "carrier_countries": ("DE", "FR"),
        "carriers_DE": ("dhl", "gls"),
        "carriers_FR": ("dpd",),
    }


@ALL
def test_prompts_help_where_the_form_matters(book, entity):
    """Selecting a cell explains how to write it, except in plain text; Excel's limits on prompts are kept."""
    rules = validations(book[entity.sheet])

    for letters, field in columns(entity):
        assert (letters in rules) == (field.kind.name not in PLAIN_KINDS or field.reference is not None), field.name
    assert all(len(rule.promptTitle) <= 32 and len(rule.prompt) <= 255 for rule in rules.values())
    assert all(rule.showInputMessage for rule in rules.values())


@ALL
def test_columns_keep_codes_as_text(book, entity):
    """Whole columns have the number format of their kind, so that a typed 01067 keeps its zero."""
    dimensions = book[entity.sheet].column_dimensions

    assert {field.name: dimensions[letters].number_format for letters, field in columns(entity)} == {
        field.name: field.kind.excel_format for field in entity.fields
    }


def test_numbers_in_text_columns_are_no_fault(all_in_one):
    """Excel puts no green triangle on codes made of digits."""
    with zipfile.ZipFile(all_in_one) as parts:
        products = parts.read("xl/worksheets/sheet2.xml").decode()

    ranges = " ".join(f"{letters}2:{letters}{LAST_ROW}" for letters in "ABCDEF")
    assert f'<ignoredError sqref="{ranges}" numberStoredAsText="1"/>' in products


@ALL
def test_example_row_is_typed_and_recognised(book, entity):
    """Row 2 shows the example in grey italics, dates and numbers as real ones, and is known again as an example."""
    conventions = Conventions()
    cells = dict(zip(entity.names, book[entity.sheet][2], strict=True))
    wanted = {}
    for field in entity.fields:
        value = field.kind.read(field.example, conventions).value if field.example else None
        if isinstance(value, datetime):
            wanted[field.name] = value.replace(tzinfo=None)
        elif isinstance(value, Decimal | int) and not isinstance(value, bool):
            wanted[field.name] = float(value)
        else:
            wanted[field.name] = field.example or None

    assert {name: cell.value for name, cell in cells.items()} == wanted
    assert all(cells[field.name].is_date for field in entity.fields if field.kind.json_type == "date-time")
    filled = [cell for cell in cells.values() if cell.value is not None]
    assert {(cell.font.italic, cell.font.color.rgb) for cell in filled} == {(True, "FF7F7F7F")}
    assert examples.is_example(entity, {name: str(cell.value or "") for name, cell in cells.items()})
    assert book[entity.sheet].max_row == 2


def test_workbook_says_which_template_it_is(book):
    """The version is stamped into the file and shown on the instructions; nobody's name is in it."""
    (stamp,) = book.custom_doc_props.props
    shown = [row for row in book["Instructions"].iter_rows(values_only=True) if row[0] == "Template version"]

    assert (stamp.name, stamp.value) == (STAMP, version())
    assert shown == [("Template version", version(), None)]
    assert re.fullmatch(r"1-[0-9a-f]{8}", version())
    assert (book.properties.creator or "", book.properties.lastModifiedBy or "") == ("", "")


def test_instructions_name_every_sheet(book):
    """The instructions link to each data sheet, with what goes into it and how a row is known."""
    rows = list(book["Instructions"].iter_rows(values_only=True, max_col=3))
    links = {cell.value: cell.hyperlink.location for (cell,) in book["Instructions"]["A1:A60"] if cell.hyperlink}

    assert [row for row in rows if row[0] in {"Orders", "Shipments"}] == [
        ("Orders", entity_named("orders").meaning, "order_id"),
        ("Shipments", entity_named("shipments").meaning, "reference_number or tracking_code"),
    ]
    assert links == {entity.sheet: f"'{entity.sheet}'!A1" for entity in ENTITIES}


def test_instructions_explain_colours_and_cells(book):
    """Blank cells, the clear word, dates and the example row are explained; the legend looks like the headers."""
    sheet = book["Instructions"]
    looks = {row[0].value: row[0].fill.start_color.rgb for row in sheet.iter_rows() if row[0].fill.fill_type}
    terms = {row[0].value for row in sheet.iter_rows()}

    assert looks == {"order_id *": "FF1F4E78", "reference_number": "FF9DC3E6", "comment": "FFEDEDED"}
    assert {"Example row", "Blank cell", "#CLEAR", "Dates", "Drop-down lists"} <= terms


def test_nothing_runs_and_nothing_is_locked(book, german_book):
    """The workbook has no formula in any cell, and no sheet is protected."""
    for sheet in (*book, *german_book):
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
        assert not sheet.protection.sheet


def test_every_kind_of_cell_has_its_hint():
    """Every kind of cell that needs a hint has one, in a language of its own."""
    kinds = {field.kind.name for entity in ENTITIES for field in entity.fields} - PLAIN_KINDS
    english, german = words("en").hints, words("de").hints

    assert kinds <= set(english)
    assert set(english) == set(german)
    assert [kind for kind in english if english[kind] == german[kind]] == []
