"""Numbers as people write them, read strictly: `1.234,56 €`, `(32,50)`, `1 234.5`.  Ambiguous is an error."""

import re
from decimal import Decimal

from schemas.cells import CellError

BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]")
CURRENCY_MARK = re.compile(r"^(?:[A-Z]{3}|[€$£¥]|zł|kr|Kč|lei|лв\.?)\s*|\s*(?:[A-Z]{3}|[€$£¥]|zł|kr\.?|Kč|lei|лв\.?)$")
PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})+")
GROUP_DIGITS = 3


def read(text: str, decimal: str, *, example: str) -> Decimal:
    """The number in *text*; *decimal* ("." or ",") settles a lone separator before three digits.

    With *decimal* "" such a point is a decimal point, as in the API's own examples, and such a comma is refused.

    Raises:
        CellError: `not_a_number`, or `ambiguous_number` where both readings are possible.
    """
    bare = CURRENCY_MARK.sub("", text.strip())
    negative = bare.startswith(("-", "\u2212", "(")) or bare.endswith("-")
    if bare.startswith("(") != bare.endswith(")"):
        raise CellError("not_a_number", example=example)
    bare = CURRENCY_MARK.sub("", bare.strip("()-\u2212+ \u00a0"))
    number = _magnitude(BLANKS.sub("", bare), decimal, example)
    return -number if negative else number


def _magnitude(bare: str, decimal: str, example: str) -> Decimal:
    point = _decimal_sign(bare, decimal)
    group = {"": "", ".": ",", ",": "."}[point]
    whole, _, fraction = bare.partition(point) if point else (bare, "", "")
    if group and group in whole:
        if not GROUPED.fullmatch(whole):
            raise CellError("not_a_number", example=example)
        whole = whole.replace(group, "")
    elif not point and GROUPED.fullmatch(whole):
        whole = whole.replace(".", "").replace(",", "")
    plain = f"{whole}.{fraction}" if fraction else whole
    if not PLAIN.fullmatch(plain):
        raise CellError("not_a_number", example=example)
    return Decimal(plain)


def _decimal_sign(bare: str, decimal: str) -> str:
    """The decimal sign of *bare*, "." or ","; "" when it has none."""
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        return "." if bare.rfind(".") > bare.rfind(",") else ","
    if points + commas != 1:
        return ""
    sign = "." if points else ","
    if len(bare) - bare.index(sign) - 1 != GROUP_DIGITS or bare.startswith("0") or not GROUPED.fullmatch(bare):
        return sign
    if decimal:
        return sign if sign == decimal else ""
    if sign == ".":
        return sign
    raise CellError("ambiguous_number", one=bare.replace(",", "."), other=bare.replace(",", ""))
