"""The sheet of problems as a part of a workbook: sentences, and a list whose lines lead to their cells."""

from collections.abc import Iterator

from importer.model import column_letters
from importer.reports.checked.in_place.styles import Styles
from importer.reports.checked.in_place.xml import MAIN, cell_text, escaped
from importer.reports.limits import shortened
from importer.reports.listing import HEADER_ROW, LINE_HEIGHT, LINKED, WIDTHS, Line, Listing
from importer.reports.marks import BAD
from importer.safe_text import is_formula

PLAIN = 0
"""The look that every workbook has first: its own font, and nothing else."""


def sheet_of(listing: Listing, styles: Styles) -> bytes:
    """The part with the sheet of *listing*; it is the one that is seen first."""
    last = HEADER_ROW + len(listing.lines)
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(WIDTHS, start=1)
    )
    links = "".join(_links(listing))
    arrows = f'<autoFilter ref="{filtered(listing)}"/>' if listing.lines else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FF{BAD}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{column_letters(len(WIDTHS) - 1)}{last}"/>'
        f'<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="{HEADER_ROW}" '
        f'topLeftCell="A{HEADER_ROW + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(_rows(listing, styles))}</sheetData>"
        f"{arrows}{f'<hyperlinks>{links}</hyperlinks>' if links else ''}"
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def filtered(listing: Listing) -> str:
    """The range of cells that has arrows in its header."""
    return f"A{HEADER_ROW}:{column_letters(len(WIDTHS) - 1)}{HEADER_ROW + len(listing.lines)}"


def _rows(listing: Listing, styles: Styles) -> Iterator[str]:
    header, title, link = styles.header(PLAIN), styles.title(PLAIN), styles.on_top(styles.link(PLAIN))
    wrapped = styles.wrapped(PLAIN)
    for row, sentence in enumerate(listing.sentences, start=1):
        yield _row(row, [_cell(row, 0, sentence, title if row == 1 else PLAIN, styles)])
    yield _row(HEADER_ROW, [_cell(HEADER_ROW, at, text, header, styles) for at, text in enumerate(listing.columns)])
    for row, line in enumerate(listing.lines, start=HEADER_ROW + 1):
        looks = [link if at == LINKED and line.link else wrapped for at in range(len(WIDTHS))]
        texts = enumerate(zip(line.cells, looks, strict=True))
        yield _row(row, [_cell(row, at, text, look, styles) for at, (text, look) in texts], line.height)


def _row(number: int, cells: list[str], height: int = LINE_HEIGHT) -> str:
    said = f' ht="{height}" customHeight="1"' if height != LINE_HEIGHT else ""
    return f'<row r="{number}"{said}>{"".join(cells)}</row>'


def _cell(row: int, column: int, text: str, look: int, styles: Styles) -> str:
    if not text:
        return ""
    look = styles.literal(look) if is_formula(text) else look
    style = f' s="{look}"' if look else ""
    inside = cell_text(shortened(text))
    return (
        f'<c r="{column_letters(column)}{row}"{style} t="inlineStr"><is><t xml:space="preserve">{inside}</t></is></c>'
    )


def _links(listing: Listing) -> Iterator[str]:
    letters = column_letters(LINKED)
    lines: Iterator[tuple[int, Line]] = enumerate(listing.lines, start=HEADER_ROW + 1)
    for row, line in lines:
        if line.link:
            yield f'<hyperlink ref="{letters}{row}" location="{escaped(line.link)}"/>'
