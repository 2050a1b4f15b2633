"""The first sheet: how to fill in the others, for somebody who has not read anything else."""

from collections.abc import Sequence

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from importer.templates.content import Content
from importer.templates.styles import Styles
from importer.templates.words import Lines, Words
from schemas.entity import Entity

WIDTHS = (26, 100, 40)
TITLE_HEIGHT, HEIGHT = 32, 18
A4 = 9


def add(book: Workbook, contents: Sequence[Content], looks: Styles, words: Words, version: str) -> None:
    """Add the sheet to *book*, before those of *contents*."""
    sheet = book.add_worksheet(words.instructions)
    sheet.set_default_row(HEIGHT)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, words.title, looks.title)
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string(1, 0, words.lead, looks.lead)
    row = _section(sheet, 3, words.steps_heading, words.steps, looks)
    row = _sheets(sheet, row, [content.entity for content in contents], looks, words)
    row = _colours(sheet, row, looks, words)
    has_example = any(content.is_example for content in contents)
    lines = (words.example_row, *words.cells) if has_example else words.cells
    row = _section(sheet, row, words.cells_heading, lines, looks)
    sheet.write_string(row, 0, words.version, looks.faint)
    sheet.write_string(row, 1, version, looks.faint)
    _make_handy(sheet)


def _section(sheet: Worksheet, row: int, heading: str, lines: Lines, looks: Styles) -> int:
    """A heading and lines of term and text, from *row*; gives the row of the next section."""
    _heading(sheet, row, (heading, "", ""), looks)
    for at, (term, text) in enumerate(lines, start=row + 1):
        sheet.write_string(at, 0, term, looks.term)
        sheet.write_string(at, 1, text, looks.prose)
    return row + len(lines) + 2


def _sheets(sheet: Worksheet, row: int, entities: Sequence[Entity], looks: Styles, words: Words) -> int:
    _heading(sheet, row, (words.sheets_heading, "", words.known_by), looks)
    for at, entity in enumerate(entities, start=row + 1):
        title = words.sheet(entity)
        sheet.write_url(at, 0, f"internal:'{title}'!A1", looks.link, title)
        sheet.write_string(at, 1, words.about(entity), looks.prose)
        sheet.write_string(at, 2, _key(entity, words), looks.prose)
    return row + len(entities) + 2


def _key(entity: Entity, words: Words) -> str:
    keys = [" + ".join(key) for key in (entity.key, entity.else_key) if key]
    return f" {words.joined_by_or} ".join(keys)


def _colours(sheet: Worksheet, row: int, looks: Styles, words: Words) -> int:
    """The legend, with a header of each colour as it looks on the sheets."""
    _heading(sheet, row, (words.colours_heading, "", ""), looks)
    legend = (
        ("order_id *", looks.mandatory, words.mandatory[1]),
        ("reference_number", looks.recommended, words.recommended[1]),
        ("comment", looks.optional, words.optional[1]),
    )
    for at, (name, look, text) in enumerate(legend, start=row + 1):
        sheet.write_string(at, 0, name, look)
        sheet.write_string(at, 1, text, looks.prose)
    return row + len(legend) + 2


def _heading(sheet: Worksheet, row: int, texts: tuple[str, str, str], looks: Styles) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, looks.heading)


def _make_handy(sheet: Worksheet) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1)
    sheet.activate()
