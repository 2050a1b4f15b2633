"""What stands on the sheet of problems in front of a marked workbook: a few sentences, and a list with links.

Errors only: notes, and rows whose turn did not come, are in `problems.csv`, and in the message of each row.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from importer.model import OUR_SHEETS, Problem, Where
from importer.reports.matched import SheetResult
from importer.speech import Speech, english

COLUMNS = (
    *(english("Sheet"), english("Cell"), english("Column")),
    *(english("Value"), english("Problem"), english("Suggestion")),
)
LINKED = COLUMNS.index("Cell")
"""Position of the column whose cells lead to the place."""
WIDTHS = (18, 10, 24, 30, 80, 30)
LETTERS_IN_WIDTH = 1.1
"""More letters go in than the width says, which counts the widest digits."""
LINE_HEIGHT, MOST_LINES_SEEN = 15, 8
MOST_SENTENCES = 4
HEADER_ROW = MOST_SENTENCES + 2
"""Number of the row in which the list's header stands, under the sentences and a blank row."""

MOST_LINES = 50_000
"""Excel takes 65,530 links in a sheet."""

NO_OTHER_TITLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One problem: where it is, what was found, what is wrong and what may have been meant."""

    cells: tuple[str, ...]
    """In the order of `COLUMNS`."""
    link: str
    """The place in the workbook, such as 'Order Items'!F17; "" where the place is not in it."""

    @property
    def height(self) -> int:
        """In points, for all of its texts to be seen; not every program finds that out by itself."""
        return LINE_HEIGHT * min(MOST_LINES_SEEN, max(map(_lines, self.cells, WIDTHS)))


@dataclass(frozen=True, slots=True)
class Listing:
    """The sheet of problems."""

    sentences: tuple[str, ...]
    """What happened and what to do; at most `MOST_SENTENCES`."""
    lines: tuple[Line, ...]
    title: str
    """Of the sheet ..."""
    columns: tuple[str, ...]
    """... and of its columns, in the language of the run."""


def listing(
    sentences: tuple[str, ...],
    results: Iterable[SheetResult],
    speech: Speech,
    link: Callable[[Where], str] | None = None,
    titles: Mapping[str, str] = NO_OTHER_TITLES,
) -> Listing:
    """The errors of *results*.

    *link* says where a place stands in the workbook; None = where it stood.  *titles* are those of sheets that are
    called otherwise there.
    """
    errors = (problem for result in results for problem in result.troubles)
    link = link or _where_it_stood
    lines = tuple(
        _line(problem, titles.get(problem.where.sheet, problem.where.sheet), link(problem.where), speech)
        for problem in islice(errors, MOST_LINES)
    )
    return Listing(sentences, lines, OUR_SHEETS[speech.language], columns(speech))


def _lines(text: str, width: int) -> int:
    """How many lines *text* takes in a column of this *width*."""
    return sum(1 + int(len(line) / (width * LETTERS_IN_WIDTH)) for line in text.split("\n"))


def columns(speech: Speech) -> tuple[str, ...]:
    """The header of the list."""
    return tuple(speech.say(column) for column in COLUMNS)


def link_to(sheet: str, cell: str) -> str:
    """The link to a cell of the same workbook: 'Order Items'!F17."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


def _where_it_stood(where: Where) -> str:
    return link_to(where.sheet, where.cell or f"A{where.row or 1}")


def _line(problem: Problem, sheet: str, link: str, speech: Speech) -> Line:
    where = problem.where
    at = where.cell or (speech.row(where.row) if where.row else speech.say("sheet"))
    cells = (sheet, at, problem.column, problem.value, speech.message(problem), problem.suggestion)
    return Line(cells, link)
