"""A sheet of a workbook as a table, whatever the format: its header, its rows, and what is to be said of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from importer.model import Problem, Table, Where, column_letters
from importer.sources import merged
from importer.sources.facts import Facts, Odd, links_that_differ, notes
from importer.sources.heads import Head, Numbered, head, not_there
from importer.sources.origin import Origin
from importer.sources.rows import Body, body
from importer.sources.wishes import Wishes
from schemas.cells import Note


class Rows(Protocol):
    """The rows of a sheet, read once: first those among which the header is, then all below it."""

    def __iter__(self) -> Iterator[Numbered]:
        """The rows from the first; those without a text may be among them, where a cell is odd."""
        ...

    def body(self, origin: Origin, head: Head, left_out: Collection[int]) -> Body:
        """All rows below *head*, those in *left_out* apart; raises UnreadableFile where they are too many."""
        ...


@dataclass(frozen=True, slots=True)
class OneByOne:
    """Rows that come one by one."""

    numbered: Iterator[Numbered]

    def __iter__(self) -> Iterator[Numbered]:
        return self.numbered

    def body(self, origin: Origin, head: Head, left_out: Collection[int]) -> Body:
        """The rows that were read in search of *head*, and those that follow."""
        return body(origin, head, chain(head.below, self.numbered), left_out)


def table(
    origin: Origin, sheet: str, rows: Rows, facts: Facts, wishes: Wishes, of_book: tuple[Note, ...]
) -> Table | None:
    """The table on *sheet*; None when no cell is filled.  *facts* become complete while the *rows* are taken."""
    where = Where(origin.name, sheet)
    expected = wishes.expected(where.file, where.sheet)
    found = head(iter(rows), expected)
    if not found and expected.row:
        raise not_there(origin, expected)
    if not found:
        return None
    hidden = facts.hidden if wishes.visible_only else ()
    below = rows.body(origin, found, hidden)
    titles = merged.header_filled(found, facts.merged, below.frame)
    return Table(
        path=origin.path,
        where=where,
        header=titles,
        header_row=found.row,
        frame=merged.filled(below.frame, facts.merged) if wishes.fill_merged else below.frame,
        # Whatever is odd about a title is told when its column is looked for.
        problems=(
            *found.problems(where),
            *(_problem(where, titles, odd) for odd in facts.odd if odd.row > found.last and odd.row not in hidden),
        ),
        blank_rows=below.blank_rows,
        decimals=frozenset(facts.decimals),
        notes=(
            *of_book,
            *found.notes,
            *below.notes,
            *notes(facts, found, below.last, wishes),
            *links_that_differ(_links(facts, below)),
        ),
    )


def _problem(sheet: Where, titles: tuple[str, ...], odd: Odd) -> Problem:
    where = replace(sheet, row=odd.row, column=column_letters(odd.position))
    title = titles[odd.position] if odd.position < len(titles) else ""
    return Problem(where, odd.code, column=title, value=odd.text)


def _links(facts: Facts, below: Body) -> Iterator[tuple[str, str, str]]:
    """Cell, text and target of every link below the header that leads away from one cell."""
    for cells, target in facts.links:
        if cells.top in below.frame.index and cells.left in below.frame.columns:
            yield str(cells), str(below.frame.at[cells.top, cells.left]), target
