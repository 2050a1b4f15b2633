"""The same content as a CSV file: for programs that export, and for people whose spreadsheet opens it rightly.

Separated by semicolons, with a byte order mark.  Excel takes its country's list separator, and that is the semicolon
wherever the decimal sign is a comma, so in most of Europe; without the mark it reads umlauts wrongly.  A first line
"sep=;" would help the rest, but then Excel ignores the mark.  The importer finds out the separator by itself.

CSV cannot say that a column is text: opened in Excel, 01067 loses its zero.  The workbook is there for that.  Only what
Excel would run as a formula, such as +49 152 2345598, is marked so that it is not.
"""

import csv
from io import StringIO

from importer import safe_text
from importer.templates import cells
from importer.templates.content import Content
from schemas.cells import Conventions

SEPARATOR = ";"


def data(content: Content, conventions: Conventions) -> bytes:
    """The header line with the field names and one line per row."""
    names = content.entity.names
    file = StringIO(newline="")
    lines = csv.writer(file, delimiter=SEPARATOR)
    lines.writerow(names)
    for row in content.rows:
        texts = (cells.text(row[name], conventions) if name in row else "" for name in names)
        lines.writerow([safe_text.written(text) for text in texts])
    return file.getvalue().encode("utf-8-sig")
