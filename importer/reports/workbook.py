"""Copied rows as a workbook: text cells only, bad cells coloured and commented, status and message at the right.

Used for the rejected rows, and for marking where the user's own file is no workbook that can be copied as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain, count, islice
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from importer.model import OUR_COLUMNS, Where, column_letters
from importer.reports.copies import CopiedRow, Copy, problems_by_cell
from importer.reports.limits import MOST_CHARACTERS, MOST_LETTERS, fits, length, shortened
from importer.reports.listing import HEADER_ROW, LINE_HEIGHT, LINKED, MOST_LINES_SEEN, WIDTHS, Line, Listing, link_to
from importer.reports.marks import AUTHOR, BAD, MOST_COMMENTS, comment
from importer.reports.marks import WIDTHS as WIDTHS_OF_OURS
from importer.reports.text_cells import Formats, put
from importer.speech import Speech

# Nothing is guessed from a text: no numbers, links or formulas.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
LEAST_WIDTH, MOST_WIDTH = 10, 40
"""Of a column, in letters."""
A4 = 9
ROWS_MEASURED = 200


def write(path: Path, copies: Iterable[Copy], speech: Speech, listing: Listing | None = None) -> None:
    """Write *copies* to *path*, one sheet each; before them the sheet of *listing*, if there is one."""
    # Put together in memory: on a full disk the library leaves its archive open, and Python would print a traceback.
    content = BytesIO()
    with Workbook(content, OPTIONS) as book:
        formats = Formats(book)
        taken = [listing.title] if listing else []
        if listing:
            _write_listing(book, formats, listing)
        comments_left = MOST_COMMENTS
        for copy in copies:
            taken.append(_free(copy.title, taken))
            sheet = book.add_worksheet(taken[-1])
            comments_left -= _CopiedSheet(sheet, formats, copy, speech).write(comments_left)
    path.write_bytes(content.getbuffer())


def links_into(copies: Iterable[Copy]) -> Callable[[Where], str]:
    """Where a place of the user's file stands in the workbook of *copies*, as a link; "" where it does not."""
    rows: dict[tuple[str, int | None], int] = {}
    columns: dict[tuple[str, str], str] = {}
    titles = {}
    for copy in copies:
        sheet = copy.source.where.sheet
        titles[sheet] = copy.title
        rows |= {(sheet, row.result.number): row.at for row in copy.rows}
        columns |= {(sheet, column_letters(at)): column_letters(to) for to, at in enumerate(copy.positions)}

    def link(where: Where) -> str:
        row = rows.get((where.sheet, where.row))
        column = columns.get((where.sheet, where.column), "A")
        return link_to(titles[where.sheet], f"{column}{row}") if row else ""

    return link


def _free(title: str, taken: Sequence[str]) -> str:
    """*title*, or one like it that no sheet has; titles are the same in any case of their letters."""
    folded = {other.casefold() for other in taken}
    endings = chain([""], (f" {number}" for number in count(2)))
    titles = (f"{title[: MOST_LETTERS - len(ending)]}{ending}" for ending in endings)
    return next(one for one in titles if one.casefold() not in folded)


def _write_listing(book: Workbook, formats: Formats, listing: Listing) -> None:
    sheet = book.add_worksheet(listing.title)
    sheet.set_tab_color(f"#{BAD}")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    for row, sentence in enumerate(listing.sentences):
        sheet.write_string(row, 0, sentence, formats.big if row == 0 else None)
    for column, title in enumerate(listing.columns):
        sheet.write_string(HEADER_ROW - 1, column, title, formats.header)
    sheet.freeze_panes(HEADER_ROW, 0)
    if listing.lines:
        sheet.autofilter(HEADER_ROW - 1, 0, HEADER_ROW - 1 + len(listing.lines), len(WIDTHS) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    for row, line in enumerate(listing.lines, start=HEADER_ROW):
        sheet.set_row(row, line.height)
        _write_line(sheet, row, line, formats)


def _write_line(sheet: Worksheet, row: int, line: Line, formats: Formats) -> None:
    for column, text in enumerate(line.cells):
        if column == LINKED and line.link:
            sheet.write_url(row, column, f"internal:{line.link}", formats.link, text)
        elif text:
            put(sheet, row, column, text, formats.cell(text, wrapped=True))


class _CopiedSheet:
    """One sheet with copied rows."""

    def __init__(self, sheet: Worksheet, formats: Formats, copy: Copy, speech: Speech) -> None:
        self._sheet, self._formats, self._copy, self._speech = sheet, formats, copy, speech
        self._width = len(copy.header)
        self._letters = [column_letters(position) for position in copy.positions]
        self._last = copy.header_row
        """Number of the last row written."""

    def write(self, most_comments: int) -> int:
        """Fill the sheet; gives back how many comments were written."""
        self._lay_out()
        for column, text in enumerate((*self._copy.header, *OUR_COLUMNS)):
            if text:
                put(self._sheet, self._copy.header_row - 1, column, text, self._formats.header)
        told = chain.from_iterable(map(self._write_row, self._copy.rows))
        comments = sum(1 for _ in self._commented(told, most_comments))
        self._tell_the_last_row()
        return comments

    def _lay_out(self) -> None:
        sheet, copy, width = self._sheet, self._copy, self._width
        for column, letters in enumerate(_widths(copy)):
            sheet.set_column(column, column, letters, self._formats.text)
        for column, name in enumerate(OUR_COLUMNS, start=width):
            sheet.set_column(column, column, WIDTHS_OF_OURS[name], self._formats.text)
        sheet.freeze_panes(copy.header_row, 0)

    def _tell_the_last_row(self) -> None:
        header_row, width = self._copy.header_row, self._width
        self._sheet.autofilter(header_row - 1, 0, self._last - 1, width + len(OUR_COLUMNS) - 1)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(width)}{self._last}"})

    def _write_row(self, row: CopiedRow) -> Iterator[tuple[int, int, str]]:
        """Write the cells of *row*; gives what is to be said in comments, by the place, counted from 0."""
        self._last = row.at
        by_cell = problems_by_cell(row.result)
        # Not all cells may be there, and what is there shall not pass for a row when it comes back.
        cells = row.cells if row.is_whole else ("",) * self._width
        message = shortened(row.message(self._speech))
        if (lines := max((text.count("\n") for text in cells), default=0)) > 0:
            self._sheet.set_row(row.at - 1, LINE_HEIGHT * min(MOST_LINES_SEEN, lines + 1))
        for column, text in enumerate((*cells, row.result.status, message)):
            found = by_cell.get(self._letters[column], ()) if column < self._width else ()
            if text or found:
                is_bad = bool(found) or not fits(text) or (column == self._width and row.result.needs_you)
                self._put(row.at - 1, column, text, is_bad=is_bad)
            told = [self._speech.advice(problem) for problem in found]
            if not fits(text):
                told.append(self._too_long(text))
            if told:
                yield row.at - 1, column, "\n".join(told)

    def _put(self, row: int, column: int, text: str, *, is_bad: bool) -> None:
        look = self._formats.cell(text, bad=is_bad)
        if text in self._copy.source.sheet.table.decimals:
            # As a text, 1.234 could be 1234.
            self._sheet.write_number(row, column, float(text), self._formats.number(bad=is_bad))
        elif text:
            put(self._sheet, row, column, text, look)
        else:
            self._sheet.write_blank(row, column, None, look)

    def _too_long(self, text: str) -> str:
        return self._speech.say(
            "This text has {count} characters and a cell holds {most}; it is whole in your own file.",
            count=length(text),
            most=MOST_CHARACTERS,
        )

    def _commented(self, told: Iterable[tuple[int, int, str]], most: int) -> Iterator[None]:
        """Write the comments that are *told*, no more than so many; all of them are taken from *told*."""
        for number, (row, column, text) in enumerate(told):
            if number < most:
                self._sheet.write_comment(row, column, comment(text), {"author": AUTHOR})
                yield


def _widths(copy: Copy) -> list[int]:
    """Of each column, in letters, by its title and its first cells."""
    longest: defaultdict[int, int] = defaultdict(int)
    for texts in chain([copy.header], (row.cells for row in islice(copy.rows, ROWS_MEASURED))):
        for column, text in enumerate(texts):
            longest[column] = max(longest[column], len(text))
    # The arrow of the filter takes some room as well.
    return [min(MOST_WIDTH, max(LEAST_WIDTH, longest[column] + 3)) for column in range(len(copy.header))]
