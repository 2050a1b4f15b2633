"""Text tables from CSV files.  Decides encoding and separator and says so; never guesses types, never moves a cell."""

import io
from collections.abc import Iterator

from importer.model import Problem, Table, Where
from importer.sources.encodings import Encoding, encoding_of
from importer.sources.origin import Origin
from importer.sources.records import Records
from importer.sources.rows import Rows, is_blank
from importer.sources.separators import SEPARATORS, named_separator, separator_of
from schemas.cells import Note

SAMPLE = 64 * 1024
"""Characters from the beginning of a file that tell its separator."""


def table(origin: Origin) -> Table:
    """The one table in *origin*.

    Rows have the numbers that a spreadsheet program shows: a record is one row however many lines it takes, and blank
    lines count.  A row with more or fewer cells than the header has is a problem of that row; the frame then holds as
    many of its cells as fit.

    Raises:
        UnreadableFile: no text, no header, or a quotation mark that is never closed.
    """
    encoding = encoding_of(origin)
    with _text(origin, encoding) as text:
        start = text.read(SAMPLE)
    separator, skipped = named_separator(start)
    separator = separator or separator_of(start)
    with _text(origin, encoding) as text:
        text.read(skipped)
        records = Records(text, separator, name=origin.name, first_line=2 if skipped else 1)
        return _table(origin, records, separator, _notes(encoding, separator))


def _text(origin: Origin, encoding: Encoding) -> io.TextIOWrapper:
    return io.TextIOWrapper(origin.open(), encoding=encoding.codec, newline="")


def _notes(encoding: Encoding, separator: str) -> tuple[Note, ...]:
    read = Note("read_as", {"encoding": encoding.label, "separator": SEPARATORS.get(separator, separator)})
    if encoding.is_certain:
        return (read,)
    return (read, Note("encoding_uncertain"))


def _table(origin: Origin, records: Records, separator: str, notes: tuple[Note, ...]) -> Table:
    numbered = enumerate(records, start=1)
    header_row, header = _header(origin, records, numbered)
    rows, problems, last = Rows(), list[Problem](), header_row
    blank_rows = 0
    for number, cells in numbered:
        if is_blank(cells):
            continue
        blank_rows += number - last - 1
        last = number
        if records.is_damaged:
            problems.append(Problem(Where(origin.name, row=number), "unquoted_cell"))
        elif len(cells) != len(header):
            # Also where all surplus cells are blank: they may be the end of a row that an unquoted comma has shifted.
            facts = {"found": str(len(cells)), "expected": str(len(header))}
            problems.append(Problem(Where(origin.name, row=number), "ragged_row", facts))
        rows.add(number, cells[: len(header)])
    return Table(
        path=origin.path,
        where=Where(origin.name),
        header=tuple(header),
        header_row=header_row,
        frame=rows.frame(len(header)),
        problems=tuple(problems),
        blank_rows=blank_rows,
        notes=notes,
        separator=separator,
    )


def _header(origin: Origin, records: Records, numbered: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    for number, cells in numbered:
        if records.is_damaged:
            raise origin.unreadable(f"a quotation mark is out of place in the header, row {number}")
        if not is_blank(cells):
            return number, cells
    raise origin.unreadable("the file is empty")
