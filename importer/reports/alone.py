"""Cells that are read by what their whole column looks like, written so that they mean the same without it.

Beside `12,50` a price of `1.234` is 1234.  Given back among few other rows it would be read as 1.234; so it is given
back as `1234`.  Every other cell is given back letter by letter.
"""

import re
from datetime import datetime
from decimal import Decimal

from schemas.cells import Form, Value
from schemas.entity import Field

UNCLEAR = frozenset((Form.LONE_POINT, Form.LONE_COMMA, Form.EITHER_FIRST))


def alone(text: str, field: Field, value: Value | None) -> str:
    """*text* of a cell of *field*, which was read as *value*, or another that means the same in any company.

    Where it could not be read (None), it stays as it is.
    """
    if value is None or not is_unclear(text, field):
        return text
    match value:
        case datetime():
            return value.isoformat() if ":" in text else value.date().isoformat()
        case bool() | str():
            return text
        case int() | Decimal():
            return _clear(Decimal(value), "," if "," in text else ".")
    return text


def is_unclear(text: str, field: Field) -> bool:
    """Whether other cells of its column may decide what *text* means."""
    kind = field.kind
    return kind.form is not None and bool(re.search(kind.telling, text)) and kind.form(text) in UNCLEAR


def _clear(number: Decimal, sign: str) -> str:
    """*number* with no sign at all, or with four decimals: three of them could be thousands."""
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else f"{number:.4f}".replace(".", sign)
