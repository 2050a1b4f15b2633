"""The records of a CSV file, read strictly.  A misplaced quotation mark never spoils the rows around it.

A lenient reader, such as that of a spreadsheet program, takes an unclosed quotation mark for the beginning of a cell
that swallows the rows below.  Those rows would be lost without a word, so that is where we stop.
"""

import csv
from collections.abc import Iterable, Iterator

from importer import safe_text
from importer.errors import UnreadableFile

# The library's own 131,072 is less than a picture pasted into a cell; what a cell may hold is the check's business.
csv.field_size_limit(64 * 1024 * 1024)


class Records:
    """Iterates over the records of *lines*; blank lines give []."""

    def __init__(
        self, lines: Iterable[str], separator: str, *, name: str, first_line: int = 1, escape: str = ""
    ) -> None:
        """*escape* stands before a quotation mark that is part of a cell, if that is not doubled."""
        self._lines = lines
        self._separator = separator
        self._escape = escape or None
        self._name = name
        self._first_line = first_line
        self._held: list[str] = []
        self._marks = (f"{separator}'", f"{separator}\"'")
        self.is_damaged = False
        """Whether the record given last had a quotation mark out of place; its cells are then a guess."""

    def __iter__(self) -> Iterator[list[str]]:
        reader = csv.reader(self._holding_lines(), delimiter=self._separator, escapechar=self._escape, strict=True)
        while True:
            self._held.clear()
            line = self._first_line + reader.line_num
            self.is_damaged = False
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                record = self._repaired(line, error)
            yield self._unmarked(record)

    def _holding_lines(self) -> Iterator[str]:
        for line in self._lines:
            self._held.append(line)
            yield line

    def _repaired(self, line: int, error: csv.Error) -> list[str]:
        """The damaged record as a spreadsheet program shows it, if it is no longer than its own line."""
        # An open quotation mark shows itself by swallowing the line below.
        try:
            records = list(csv.reader([*self._held, "\n"], delimiter=self._separator, escapechar=self._escape))
        except csv.Error:
            records = []
        if len(self._held) > 1 or len(records) < len(["the record", "the line below"]):
            raise UnreadableFile(
                "a quotation mark in the row that begins in line {line} is never closed, or closed in "
                "the middle of a cell further down; correct that row, since the rows below cannot be told apart",
                at=self._name,
                line=str(line),
            ) from error
        self.is_damaged = True
        return records[0]

    def _unmarked(self, record: list[str]) -> list[str]:
        """The cells without the apostrophe that keeps a spreadsheet program from running them."""
        for line in self._held:
            # Cells are looked at one by one only where one may begin with an apostrophe.
            if "'" in line and (line.startswith(("'", "\"'")) or any(mark in line for mark in self._marks)):
                return [safe_text.read(cell) for cell in record]
        return record
