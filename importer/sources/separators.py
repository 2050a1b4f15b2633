"""What stands between the cells of a CSV file: comma, semicolon, tab or bar.

The headers we know are the best evidence; then a constant number of cells.  The standard library's sniffer takes any
character, such as the brace of a JSON cell.
"""

import csv
import io
import re

from importer.sources.heads import Numbered, head
from importer.speech import english
from schemas.entity import bare
from schemas.naming import Expected

SEPARATORS = {",": english("commas"), ";": english("semicolons"), "\t": english("tabs"), "|": english("vertical bars")}
RECORDS = 200
BACKSLASH, MARKED = "\\", '\\"'
UNFINISHED = "unexpected end of data"
"""What the library says of a quoted cell that does not end."""

# Excel writes and obeys such a first line, which belongs to no table.
SEP_LINE = re.compile(r"\"?sep=([^\"\r\n])\"?[,;\t|]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)


def named_separator(start: str) -> tuple[str, int]:
    """The separator that a first line `sep=;` names, and the line's length; ("", 0) without such a line."""
    line = SEP_LINE.match(start)
    return (line[1], line.end()) if line else ("", 0)


def separator_of(start: str, expected: Expected) -> str:
    """The separator that fits the beginning *start* of a file best; a comma when there is nothing to separate."""
    return max(SEPARATORS, key=lambda separator: _fitness(start, separator, expected))


def escape_of(start: str, separator: str) -> str:
    """The backslash, if the beginning *start* of a file has it before quotation marks within cells; else "".

    Only where the text cannot be read otherwise: who doubles quotation marks may well have backslashes in his cells.
    """
    if MARKED not in start or _is_readable(start, separator, None):
        return ""
    return BACKSLASH if _is_readable(start, separator, BACKSLASH) else ""


def _is_readable(start: str, separator: str, escape: str | None) -> bool:
    # The last record may be cut off.
    lines = io.StringIO(start[: start.rfind("\n") + 1] or start, newline="")
    try:
        for _ in csv.reader(lines, delimiter=separator, escapechar=escape, strict=True):
            pass
    except csv.Error as error:
        return UNFINISHED in str(error)
    return True


def _fitness(start: str, separator: str, expected: Expected) -> tuple[int, float, int]:
    """How many headers are known, the share of rows as wide as the header, and how wide that is; more is better."""
    try:
        records = _records(start, separator)
    except csv.Error:
        return 0, 0.0, 0
    found = head(iter(records), expected)
    if not found:
        # Nothing but blanks and separators, if this is the separator: then it is.
        return 0, 1.0 if not records else 0.0, 0
    width = len(found.titles)
    rows = [cells for number, cells in records if number > found.last]
    even = sum(len(row) == width for row in rows) / len(rows) if rows else 1.0
    known = max(len(titles.keys() & set(map(bare, found.titles))) for titles in expected.titles)
    return known, even if width > 1 else 0.0, width


def _records(start: str, separator: str) -> list[Numbered]:
    """The first non-blank records, read leniently: what is wrong with them is told later."""
    records: list[Numbered] = []
    for number, record in enumerate(csv.reader(io.StringIO(start, newline=""), delimiter=separator), start=1):
        if any(map(str.strip, record)):
            records.append((number, record))
        if len(records) == RECORDS:
            return records
    # The last one may be cut off.
    return records[:-1] if len(records) > 1 else records
