"""What our marks in a workbook look like, and how they are known again when it comes back."""

from importer.model import MESSAGE_COLUMN, STATUS_COLUMN

BAD = "FFC7CD"
"""Colour of a bad cell: Excel's own pale red but for the last digit."""

GREY = "E7E6E6"
"""Of a header that we write."""

FIRST_LINE = "— import —"
"""Begins our part of a comment; what the user wrote stands above it."""

WIDTHS = {STATUS_COLUMN: 14.0, MESSAGE_COLUMN: 80.0}
"""Of the columns that we add, in letters."""

AUTHOR = "importer"
MOST_COMMENTS = 2_000
"""In one workbook; Excel gets slow beyond."""


def comment(text: str, users: str = "") -> str:
    """Our *text* as a comment, below what the user wrote."""
    return f"{users}\n\n{FIRST_LINE}\n{text}" if users else f"{FIRST_LINE}\n{text}"


def users_part(comment: str) -> str:
    """What the user wrote in *comment*; "" where all of it is ours."""
    return comment.partition(FIRST_LINE)[0].rstrip("\n")
