"""Zeros at the beginning of a code that a program took away: `1067`, `678` among `00012`, `12345678905`.

What was there before is told by the column's neighbours, by another sheet, by a check digit, or by the country.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.damage.columns import Column, Kin, Mask, Texts, leading_zeros, lengths, matching
from importer.damage.finding import Damage

NO_NUMBERING = ("customs_item_value", "line", "recipient_zip", "sender_zip", "sender_house_no")
"""Columns of codes whose digits are of no fixed number."""

LEAST_INTACT = 4
"""So many neighbours with as many digits, and two of them with zeros in front, are wanted for a guess ..."""
LEAST_WITH_ZEROS = 2
MOST_OF_OTHER_LENGTH = 0.1
SURE_INTACT = 20
"""... and so many for being sure, ..."""
SURE_SHARE = 0.25
"""... if no more than this share seems to have lost them."""

GTIN_LENGTHS = (8, 12, 13, 14)
WEIGHTS = np.array([3, 1] * 7)
"""From the left, of 14 digits with the check digit; zeros in front change nothing (GS1 General Specifications 7.9)."""
LEAST_GTINS = 5
GTIN_SHARE = 0.8
"""Of the numbers as long as a GTIN so many have the right check digit where a column is one of GTINs; by chance 0.1."""
LEAST_GTIN_DIGITS = 7
LEAST_ZEROS_AT_END = 5
"""4012350000000, written out again from 4.01235E+12."""

TARIFF = "customs_tariff_code_"
TARIFF_LENGTHS = (6, 8, 10)
"""Digits of a code in the Harmonised System, the European Union's and its integrated tariff."""


def zeros_lost(column: Column, kin: Kin) -> Iterator[Damage]:
    """The texts of *column* that seem to have lost zeros, the surest first; a text may come more than once."""
    if not column.is_code or column.field.name in NO_NUMBERING:
        return
    shorter = column.unpadded
    if not len(shorter):
        return
    yield from _by_kin(column, kin, shorter)
    if column.field.name.startswith(TARIFF):
        yield from _of_tariff(column, shorter)
    else:
        yield from _of_gtin(column, kin)
        yield from _by_neighbours(column, shorter)


# --- by another sheet ---------------------------------------------------------------------------------------


def _by_kin(column: Column, kin: Kin, shorter: Texts) -> Iterator[Damage]:
    """`678` where the products' sheet has no such number, but 00678."""
    others = kin.others(column)
    whole = matching(others, "^0[0-9]+$")
    if not len(whole):
        return
    bare = pc.utf8_ltrim(whole, "0")
    unknown = shorter.filter(pc.invert(pc.is_in(shorter, value_set=others)))
    hits = unknown.filter(pc.is_in(unknown, value_set=bare))
    if not len(hits):
        return
    named: defaultdict[str, set[str]] = defaultdict(set)
    is_hit = pc.is_in(bare, value_set=hits)
    for short, code in zip(bare.filter(is_hit).to_pylist(), whole.filter(is_hit).to_pylist(), strict=True):
        named[short].add(code)
    for text in hits.to_pylist():
        if len(named[text]) == 1:
            code = named[text].pop()
            yield Damage(column.field, text, "zeros_lost_elsewhere", {"value": code}, repair=code)


# --- by the neighbours --------------------------------------------------------------------------------------


def _by_neighbours(column: Column, shorter: Texts) -> Iterator[Damage]:
    """`678` where all other numbers have five digits, and some of them zeros in front."""
    width, most_zeros, intact = _numbering(column.digits)
    if not width:
        return
    found = shorter.filter(pa.array((lengths(shorter) < width) & (width - lengths(shorter) <= most_zeros + 1)))
    if not len(found) or len(found) > intact:
        return
    is_sure = intact >= SURE_INTACT and len(found) <= SURE_SHARE * intact
    for text in found.to_pylist():
        yield Damage(column.field, text, "zeros_lost", {"found": str(width)}, repair=text.zfill(width), is_sure=is_sure)


def _numbering(digits: Texts) -> tuple[int, int, int]:
    """How many digits the numbers of a column have, how many zeros in front at most, and how many are so.

    (0, 0, 0) where they are of no fixed number of digits, or none begins with a zero.
    """
    sizes, zeros = lengths(digits), leading_zeros(digits)
    with_zeros = sizes[zeros > 0]
    if len(with_zeros) < LEAST_WITH_ZEROS:
        return 0, 0, 0
    width = int(np.bincount(with_zeros).argmax())
    as_long = sizes == width
    # Of those that begin with a zero nearly all must be as long, and nothing longer may be frequent.
    others = int(np.sum(with_zeros != width)) + int(np.sum(sizes > width))
    if np.sum(as_long) < LEAST_INTACT or others > MOST_OF_OTHER_LENGTH * np.sum(as_long):
        return 0, 0, 0
    if np.sum(as_long & (zeros > 0)) < LEAST_WITH_ZEROS:
        return 0, 0, 0
    return width, int(zeros[as_long].max()), int(np.sum(as_long))


# --- by a check digit ---------------------------------------------------------------------------------------


def _of_gtin(column: Column, kin: Kin) -> Iterator[Damage]:
    """`12345678905` among GTINs: no GTIN has eleven digits, and its check digit is right with a zero in front."""
    digits = column.digits
    sizes = lengths(digits)
    ends_round = sizes - lengths(pc.utf8_rtrim(digits, "0")) >= LEAST_ZEROS_AT_END
    is_gtin = checked(digits) & ~ends_round
    as_long = np.isin(sizes, GTIN_LENGTHS)
    count = int(np.sum(as_long & is_gtin))
    if count < max(LEAST_GTINS, GTIN_SHARE * np.sum(as_long & ~ends_round)):
        return
    used = sorted(set(sizes[as_long & is_gtin].tolist()))
    is_short = ~as_long & is_gtin & (sizes >= LEAST_GTIN_DIGITS) & (sizes < used[-1])
    for text in digits.filter(pa.array(is_short)).to_pylist():
        width = next(size for size in used if size > len(text))
        yield Damage(column.field, text, "gtin_zeros_lost", repair=text.zfill(width))
    for text in digits.filter(pa.array(as_long & ends_round & ~checked(digits))).to_pylist():
        yield Damage(column.field, text, "code_damaged", repair=_rounded_to(text, kin.others(column)))


def checked(digits: Texts) -> Mask:
    """Which of *digits* end in the check digit of a GTIN; none with more than 14 digits does."""
    sizes = lengths(digits)
    fitting = digits.filter(pa.array(sizes <= len(WEIGHTS)))
    padded = pc.utf8_lpad(fitting, len(WEIGHTS), "0")
    found = np.zeros(len(digits), dtype=bool)
    numbers = np.array(padded.to_pylist(), dtype=f"S{len(WEIGHTS)}").view(np.uint8).reshape(-1, len(WEIGHTS)) - ord("0")
    found[sizes <= len(WEIGHTS)] = numbers @ WEIGHTS % 10 == 0
    return found


def _rounded_to(text: str, others: Texts) -> str:
    """The one code among *others* that was rounded to *text*; "" = none, or several."""
    kept = len(text.rstrip("0"))
    number, unit = int(text), 10 ** (len(text) - kept)
    near = matching(others, f"^[0-9]{{{len(text)}}}$").to_pylist()
    fitting = [code for code in near if abs(int(code) - number) * 2 <= unit and code != text]
    return fitting[0] if len(fitting) == 1 else ""


# --- by the form of a tariff code ---------------------------------------------------------------------------


def _of_tariff(column: Column, shorter: Texts) -> Iterator[Damage]:
    """`1012100`: tariff codes have an even number of digits, and the first chapters begin with a zero."""
    sizes = lengths(shorter)
    others = set(lengths(column.digits).tolist())
    for width in TARIFF_LENGTHS:
        # Nine digits could be a code of Japan's; nothing has five or seven.
        is_sure = width < max(TARIFF_LENGTHS) or width in others
        for text in shorter.filter(pa.array(sizes == width - 1)).to_pylist():
            yield Damage(column.field, text, "tariff_zero_lost", repair=f"0{text}", is_sure=is_sure)
