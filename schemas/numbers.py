"""Numbers as people write them, read strictly: `1.234,56 €`, `(32,50)`, `1'234.50`.  Ambiguous is an error.

Which sign is the decimal one in `1.234` no cell can tell alone; its whole column often can (`schemas.habits`).
"""

import re
from decimal import Decimal

from schemas import currencies
from schemas.cells import CellError, Conventions, Form

SIGNS = str.maketrans(
    dict.fromkeys("\t\u00a0\u2007\u2009\u202f", " ")
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
"""Blanks, apostrophes and dashes, each to the one of its sort that stands on the keyboard."""

MARK = r"(?:[A-Z]{3}|US\$|[€$£¥]|zł|kr\.?|Kč|Ft|lei|лв\.?)"
CODE_LENGTH = len("EUR")
# `12,-` and `12.--` are how shops write an amount without cents.
WRITTEN = re.compile(
    rf"(?P<open>\()? ?(?P<sign>[-+])? ?(?P<front>{MARK})? ?(?P<inner>[-+])? ?"
    rf"(?P<bare>[0-9., ']*[0-9])(?:[.,]--?)? ?(?P<behind>-)? ?(?P<back>{MARK})? ?(?P<last>-)?(?P<close>\))?"
)
NUMBER = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<group>[ '.,])[0-9]{3}(?:(?P=group)[0-9]{3})*|[0-9]*)"
    r"(?:(?P<sign>[.,])(?P<fraction>[0-9]+))?"
)
USUAL = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")
THREE_DECIMALS = r"-?[1-9][0-9]{0,2}\.[0-9]{3}"
"""Of the numbers of a workbook, those that could be thousands if they were texts; for RE2 as well."""
TELLING = r"[.,]"
"""Is found in every text that has a form; for RE2 as well."""


def read(text: str, conventions: Conventions, *, example: str) -> Decimal:
    """The number in *text*; `Conventions.decimal` settles a lone sign before three digits.

    Without it such a point is a decimal point, as in the API's own examples, and such a comma is refused.

    Raises:
        CellError: `not_a_number`, or `ambiguous_number` (`..._mixed`) where both readings are possible.
    """
    if USUAL.fullmatch(text) or text in conventions.decimals:
        return Decimal(text.replace(",", "."))
    bare, is_negative = _bare(text, example)
    number = _parts(bare)
    if number is None:
        raise CellError("not_a_number", example=example)
    point = _decimal_sign(_form(number), bare, conventions)
    kept = "".join(letter for letter in bare if letter.isdigit() or letter == point)
    magnitude = Decimal(kept.replace(",", "."))
    return -magnitude if is_negative else magnitude


def form(text: str) -> Form | None:
    """How the number in *text* is written; None where it has no sign that could be a decimal one, or is no number."""
    if USUAL.fullmatch(text):
        return Form.POINT if "." in text else Form.COMMA if "," in text else None
    try:
        number = _parts(_bare(text.strip())[0])
    except CellError:
        return None
    return None if number is None else _form(number)


def currency_mark(text: str) -> str:
    """The currency written with the number in *text*, such as "EUR" or "€"; "" when there is none, or no number."""
    written = WRITTEN.fullmatch(text.strip().translate(SIGNS))
    return (written["front"] or written["back"] or "") if written else ""


def _bare(text: str, example: str = "") -> tuple[str, bool]:
    """The digits in *text* with the signs between them, and whether the number is below zero."""
    written = WRITTEN.fullmatch(text.translate(SIGNS))
    if written is None or (written["open"] is None) != (written["close"] is None):
        raise CellError("not_a_number", example=example)
    signs = [written[name] for name in ("open", "sign", "inner", "behind", "last") if written[name]]
    marks = [written[name] for name in ("front", "back") if written[name]]
    if len(signs) > 1 or len(marks) > 1 or not all(map(_is_money, marks)):
        raise CellError("not_a_number", example=example)
    return written["bare"], signs not in ([], ["+"])


def _is_money(mark: str) -> bool:
    """12 PCS is no amount."""
    return len(mark) < CODE_LENGTH or not mark.isalpha() or mark == "lei" or mark in currencies.codes()


def _parts(bare: str) -> re.Match[str] | None:
    number = NUMBER.fullmatch(bare)
    # 1.234.5 has one sign for two purposes, and no group of thousands begins with a zero.
    if number is None or number["group"] == (number["sign"] or ""):
        return None
    return None if number["whole"].startswith("0") and _groups(number) > 1 else number


def _groups(number: re.Match[str]) -> int:
    return number["whole"].count(number["group"]) if number["group"] else 0


def _form(number: re.Match[str]) -> Form | None:
    group, sign = number["group"], number["sign"]
    if sign:
        return Form.POINT if sign == "." else Form.COMMA
    if group not in {".", ","}:
        return None
    if _groups(number) > 1:
        return Form.COMMA if group == "." else Form.POINT
    if number["whole"].startswith("0"):
        return Form.POINT if group == "." else Form.COMMA
    return Form.LONE_POINT if group == "." else Form.LONE_COMMA


def _decimal_sign(form: Form | None, bare: str, conventions: Conventions) -> str:
    """Which of the signs in *bare* is the decimal one, "." or ","; "" for none of them."""
    match form:
        case None:
            return ""
        case Form.POINT:
            return "."
        case Form.COMMA:
            return ","
    facts = {"one": bare.replace(",", "."), "other": bare.replace(",", "").replace(".", "")}
    if conventions.mixed:
        points, commas = map(str, conventions.mixed)
        raise CellError("ambiguous_number_mixed", **facts, points=points, commas=commas)
    if form is Form.LONE_COMMA and not conventions.decimal:
        raise CellError("ambiguous_number", **facts)
    return conventions.decimal or "."
