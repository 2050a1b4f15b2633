"""Text tables from CSV files.  Decides encoding and separator and says so; never guesses types, never moves a cell."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

import pandas as pd

from importer.model import Problem, Table, Where
from importer.sources.encodings import Encoding, encoding_of
from importer.sources.heads import Head, Numbered, head, not_there
from importer.sources.origin import Origin
from importer.sources.records import Records
from importer.sources.rows import body, is_blank
from importer.sources.separators import SEPARATORS, escape_of, named_separator, separator_of
from importer.sources.wishes import USUAL, Wishes
from schemas.cells import Note
from schemas.naming import Expected

SAMPLE = 64 * 1024
"""Characters from the beginning of a file that tell its separator."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a CSV file is to be read."""

    encoding: Encoding
    separator: str
    skipped: int
    """Characters of a first line that names the separator and belongs to no table; 0 = there is none."""
    expected: Expected
    notes: tuple[Note, ...]
    """What of this was decided."""
    escape: str = ""
    """What stands before quotation marks within a cell, if they are not doubled."""


def table(origin: Origin, wishes: Wishes = USUAL) -> Table:
    """The one table in *origin*, held in memory.

    Rows have the numbers that a spreadsheet program shows: a record is one row however many lines it takes, and blank
    lines count.  A row with more or fewer cells than the header has is a problem of that row; the frame then holds as
    many of its cells as fit.

    Raises:
        UnreadableFile: no text, no header, or a quotation mark that is never closed.
    """
    manner = manner_of(origin, wishes)
    with _text(origin, manner.encoding) as text:
        text.read(manner.skipped)
        records = records_of(text, manner, name=origin.name, first_line=2 if manner.skipped else 1)
        damaged: set[int] = set()
        rows = filled(records, damaged)
        found = header(origin, rows, damaged, manner.expected)
        where = Where(origin.name)
        problems = list(found.problems(where))
        below = body(origin, found, fitted(where, found, chain(found.below, rows), damaged, problems))
    return table_of(origin, manner, found, below.frame, problems, below.blank_rows)


# --- the steps, which `blocks` takes as well ----------------------------------------------------------------


def manner_of(origin: Origin, wishes: Wishes) -> Manner:
    """How *origin* is to be read; looks at all of it once.

    Raises:
        UnreadableFile: no text.
    """
    expected = wishes.expected(origin.name, "")
    encoding = encoding_of(origin, wishes.encoding)
    with _text(origin, encoding) as text:
        start = text.read(SAMPLE)
    separator, skipped = named_separator(start)
    separator = wishes.separator or separator or separator_of(start, expected)
    escape = escape_of(start[skipped:], separator)
    notes = (*_notes(encoding, separator), *((Note("quotes_escaped"),) if escape else ()))
    return Manner(encoding, separator, skipped, expected, notes, escape)


def _text(origin: Origin, encoding: Encoding) -> io.TextIOWrapper:
    return io.TextIOWrapper(origin.open(), encoding=encoding.codec, newline="")


def _notes(encoding: Encoding, separator: str) -> tuple[Note, ...]:
    read = Note("read_as", {"encoding": encoding.label, "separator": SEPARATORS.get(separator, separator)})
    if encoding.is_certain:
        return (read,)
    return (read, Note("encoding_uncertain"))


def records_of(lines: Iterable[str], manner: Manner, *, name: str, first_line: int = 1) -> Records:
    """The records of *lines*, read in this *manner*."""
    return Records(lines, manner.separator, name=name, first_line=first_line, escape=manner.escape)


def filled(records: Records, damaged: set[int]) -> Iterator[Numbered]:
    """The rows that are not blank; the numbers of those with a quotation mark out of place go into *damaged*."""
    for number, cells in enumerate(records, start=1):
        if not is_blank(cells):
            if records.is_damaged:
                damaged.add(number)
            yield number, cells


def header(origin: Origin, rows: Iterator[Numbered], damaged: set[int], expected: Expected) -> Head:
    """The header on top of *rows*, of which no more are taken than it needs.

    Raises:
        UnreadableFile: there is none, or a quotation mark is out of place in it.
    """
    found = head(rows, expected)
    if not found:
        raise not_there(origin, expected)
    if found.row in damaged:
        raise origin.unreadable("a quotation mark is out of place in the header, row {row}", row=str(found.row))
    return found


def fitted(
    where: Where, found: Head, rows: Iterable[Numbered], damaged: set[int], problems: list[Problem]
) -> Iterator[Numbered]:
    """*rows* with no more cells than the header has; those of another width are told in *problems*."""
    width = len(found.titles)
    for number, cells in rows:
        if number in damaged:
            problems.append(Problem(replace(where, row=number), "unquoted_cell"))
        elif len(cells) != width:
            # Also where all surplus cells are blank: they may be the end of a row that an unquoted comma has shifted.
            facts = {"found": str(len(cells)), "expected": str(width)}
            problems.append(Problem(replace(where, row=number), "ragged_row", facts))
        yield number, cells[:width]


def table_of(
    origin: Origin, manner: Manner, found: Head, frame: pd.DataFrame, problems: Iterable[Problem], blank_rows: int
) -> Table:
    """The table that has the header *found* and *frame* beneath it."""
    return Table(
        path=origin.path,
        where=Where(origin.name),
        header=found.titles,
        header_row=found.row,
        frame=frame,
        problems=tuple(problems),
        blank_rows=blank_rows,
        notes=(*manner.notes, *found.notes),
        separator=manner.separator,
    )
