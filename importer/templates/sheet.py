"""One data sheet: headers with their notes, typed columns, drop-down lists, and its rows.

Nothing is protected.  A protected sheet would not let people delete rows, sort with the header in the selection or add
columns of their own, and a changed header is told by the check anyway.
"""

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from importer.errors import WrongSettings
from importer.templates import cells, lists, notes, styles
from importer.templates.content import Content, typed
from importer.templates.styles import Styles
from importer.templates.words import Words
from schemas.cells import Conventions
from schemas.entity import Entity, Field
from schemas.kinds import TEXT_FORMAT

ROWS = 1_048_576
"""Of a sheet, header included; Excel's limit."""

STAR = " *"
"""After the header of a mandatory column; the importer reads past it."""

NARROWEST, WIDEST = 11, 42
ARROW = 4
"""Widths in characters; the last is what the filter's arrow covers."""

PAGE_WIDTH = 220
"""Characters side by side on a printed page that a person can still read."""

HEADER_HEIGHT = 22
A4 = 9


def add(book: Workbook, content: Content, looks: Styles, words: Words, conventions: Conventions) -> None:
    """Add the sheet of *content* to *book*.

    Raises:
        WrongSettings: more rows, or longer texts, than a sheet can hold.
    """
    entity = content.entity
    if len(content.rows) >= ROWS:
        raise WrongSettings(
            f"{len(content.rows)} {entity.name} are more than a sheet of Excel holds; write CSV instead"
        )
    sheet = book.add_worksheet(words.sheet(entity))
    _add_columns(book, sheet, entity, looks, words)
    _add_rows(book, sheet, content, conventions)
    _add_lists(sheet, entity, words)
    _make_handy(sheet, entity)


def header(field: Field) -> str:
    """What stands in row 1: the field's name, with an asterisk where it is mandatory."""
    return f"{field.name}{STAR}" if field.mandatory else field.name


def _add_columns(book: Workbook, sheet: Worksheet, entity: Entity, looks: Styles, words: Words) -> None:
    for column, field in enumerate(entity.fields):
        sheet.set_column(column, column, _width(field), styles.cell(book, field.kind.excel_format))
        sheet.write_string(0, column, header(field), looks.header(field))
        note = notes.note(field, words)
        sheet.write_comment(0, column, note, notes.note_size(note) | {"font_size": 9})
    sheet.set_row(0, HEADER_HEIGHT)


def _add_rows(book: Workbook, sheet: Worksheet, content: Content, conventions: Conventions) -> None:
    # Text in a column of numbers or dates is marked as text, lest Excel reads it anew when somebody edits the cell.
    as_text = styles.cell(book, TEXT_FORMAT, is_example=content.is_example)
    columns = [
        (column, field.name, styles.cell(book, field.kind.excel_format, is_example=content.is_example))
        for column, field in enumerate(content.entity.fields)
    ]
    for number, row in enumerate(typed(content, conventions).rows, start=1):
        for column, name, style in columns:
            if row.get(name, "") != "":
                value = cells.typed(row[name], conventions)
                cells.put(sheet, number, column, value, as_text if isinstance(value, str) else style)


def _add_lists(sheet: Worksheet, entity: Entity, words: Words) -> None:
    for column, field in enumerate(entity.fields):
        title, text = notes.prompt(field, words)
        if not text:
            continue
        rule = {"validate": "any", "input_title": title, "input_message": text}
        if source := lists.source(entity, field, row=2):
            is_open = field.kind.name in lists.OPEN_KINDS
            rule |= {
                "validate": "list",
                "source": source,
                "error_type": "warning" if is_open else "stop",
                "error_title": words.asked_title if is_open else words.refused_title,
                "error_message": words.asked if is_open else words.refused,
            }
        sheet.data_validation(1, column, ROWS - 1, column, rule)


def _make_handy(sheet: Worksheet, entity: Entity) -> None:
    """What makes a long sheet easy to fill in and to print."""
    key, last = entity.names.index(entity.key[0]), len(entity.fields) - 1
    sheet.freeze_panes(1, key + 1)
    sheet.autofilter(0, 0, ROWS - 1, last)
    sheet.ignore_errors({"number_stored_as_text": " ".join(_text_ranges(entity))})
    sheet.set_landscape()
    sheet.set_paper(A4)
    # One page wide, as long as that can be read.
    sheet.fit_to_pages(-(-sum(map(_width, entity.fields)) // PAGE_WIDTH), 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, key)
    sheet.set_footer("&L&A&R&P / &N")


def _text_ranges(entity: Entity) -> list[str]:
    letters = [xl_col_to_name(at) for at, field in enumerate(entity.fields) if field.kind.excel_format == TEXT_FORMAT]
    return [f"{letter}2:{letter}{ROWS}" for letter in letters]


def _width(field: Field) -> int:
    content = max(len(header(field)) + ARROW, len(field.example) + 1, NARROWEST)
    return min(content, WIDEST)
