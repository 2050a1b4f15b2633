"""Codes that a program took for numbers and shortened: `4.01235E+12`, 15 digits and then zeros, `1067.0`.

What was entered is only proposed where all its digits are still there, or where another column knows the one code that
would be shortened to this.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import numpy as np
import pyarrow.compute as pc

from importer.damage.calendar import SHOWN
from importer.damage.columns import NO_CODES, PHONE, Column, Kin, Texts, lengths, matching
from importer.damage.finding import Damage

EXPONENT = r"^[0-9](?:[.,][0-9]+[eE]\+?|[eE]\+)[0-9]{1,3}$"
"""As `schemas.kinds` has it."""
BARE_EXPONENT = r"^[0-9][eE][0-9]{1,2}$"
"""An article number as good as any, but not where all others are long numbers."""
WITH_EXPONENT = r"^[0-9]+[eE][0-9]{1,3}$"
"""Codes that a spreadsheet takes for numbers with an exponent."""
PARTS = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,3})")

GENERAL_DECIMALS, FORMAT_DECIMALS = 5, 2
"""So many decimals does a program show by itself at most, and in its format for numbers with an exponent."""

KEPT_DIGITS = 15
"""So many digits does a spreadsheet program keep."""
SURELY_CUT = KEPT_DIGITS + 3
"""Of codes with so many digits and more, one in a thousand ends in zeros from there on by chance."""
LEAST_CUT = 3
TIMES_CHANCE = 5
"""Of shorter ones so many are wanted, and so many times as many as chance would have."""

WITH_HALVES = ("size",)
"""Columns of codes in which 39.0 stands beside 39.5."""
POINTED = r"^[0-9]+[.,]0$"
DECIMAL = r"^[0-9]+[.,][0-9]+$"
FEW = 3
MOST_OTHERS = 0.1


def shortened(column: Column, kin: Kin) -> Iterator[Damage]:
    """The damaged texts of *column*, if it is one of codes or phone numbers."""
    if column.field.kind.name == PHONE:
        yield from (Damage(column.field, text, "code_damaged") for text in column.number_like(EXPONENT))
    if column.is_code and column.field.name not in NO_CODES:
        yield from _with_exponent(column, kin)
        yield from _cut_to_fifteen(column, kin)
        yield from _with_point(column)


# --- 4.01235E+12 --------------------------------------------------------------------------------------------


def _with_exponent(column: Column, kin: Kin) -> Iterator[Damage]:
    found = [*column.number_like(EXPONENT), *_bare(column)]
    if not found:
        return
    # Articles of one maker begin alike: a sheet that has only some of them could name the wrong one.
    known = _by_what_is_shown(found, kin.others(column)) if _knows(kin, column, found) else {}
    is_usual = len(column.number_like(BARE_EXPONENT)) >= FEW
    for text in found:
        if digits := written_out(text):
            yield Damage(column.field, text, "code_in_exponent_form", repair=digits)
            continue
        codes = known.get(text, set())
        repair = codes.pop() if len(codes) == 1 else _short_code(text) if is_usual and not codes else ""
        yield Damage(column.field, text, "code_damaged", repair=repair)


def _knows(kin: Kin, column: Column, found: Iterable[str]) -> bool:
    """Whether another sheet has all codes of *column*, what is damaged left aside."""
    return kin.knows(column, [*found, *column.like(SHOWN)])


def _bare(column: Column) -> tuple[str, ...]:
    """`3E10` among numbers of eleven digits."""
    found = column.number_like(BARE_EXPONENT)
    numbers = len(column.digits) if found else 0
    if not found or numbers < FEW * len(found) or numbers < (1 - MOST_OTHERS) * (len(column.distinct) - len(found)):
        return ()
    usual = set(np.unique(lengths(column.digits)).tolist())
    return tuple(text for text in found if int(text[2:]) + 1 in usual)


def written_out(text: str) -> str:
    """The digits of a number with an exponent; "" when some of them are gone, or it is no whole number."""
    parts = PARTS.fullmatch(text)
    assert parts  # every caller has looked
    first, decimals, exponent = parts[1], parts[2] or "", int(parts[3])
    kept, rest = decimals[:exponent], decimals[exponent:]
    return first + kept if len(kept) == exponent and not rest.strip("0") else ""


def _short_code(text: str) -> str:
    """`3.00E+10` as the code `3E10` that it may have been."""
    parts = PARTS.fullmatch(text)
    assert parts
    return "" if (parts[2] or "").strip("0") else f"{parts[1]}E{int(parts[3])}"


def _by_what_is_shown(shown: Iterable[str], codes: Texts) -> Mapping[str, set[str]]:
    """Text as shown -> those of *codes* of which a program would make it."""
    by_exponent: defaultdict[int, dict[tuple[int, Decimal], str]] = defaultdict(dict)
    for text in shown:
        number = Decimal(text.replace(",", "."))
        _, _, decimals = text.upper().partition("E")[0].replace(",", ".").partition(".")
        # Zeros at the end are left out, unless two decimals are asked for.
        for places in {GENERAL_DECIMALS, len(decimals)} & {GENERAL_DECIMALS, FORMAT_DECIMALS}:
            by_exponent[number.adjusted()][places, number] = text
    found: defaultdict[str, set[str]] = defaultdict(set)
    for exponent, wanted in by_exponent.items():
        for code in matching(codes, f"^0*[1-9][0-9]{{{exponent}}}$|{WITH_EXPONENT}").to_pylist():
            for places in (GENERAL_DECIMALS, FORMAT_DECIMALS):
                as_shown = places, Decimal(f"{Decimal(code):.{places}E}")
                if as_shown in wanted:
                    found[wanted[as_shown]].add(code)
    return found


# --- 15 digits, and then zeros ------------------------------------------------------------------------------


def _cut_to_fifteen(column: Column, kin: Kin) -> Iterator[Damage]:
    long = matching(column.unpadded, f"^[0-9]{{{KEPT_DIGITS + 1},}}$")
    if not len(long):
        return
    cut = matching(long, f"^[0-9]{{{KEPT_DIGITS}}}0+$")
    chance = float(np.sum(10.0 ** (KEPT_DIGITS - lengths(long))))
    is_habit = len(cut) >= LEAST_CUT and len(cut) > TIMES_CHANCE * chance
    found = cut if is_habit else cut.filter(pc.greater_equal(pc.utf8_length(cut), SURELY_CUT))
    if not len(found):
        return
    cut_codes = found.to_pylist()
    whole: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    if _knows(kin, column, cut_codes):
        for code in matching(kin.others(column), f"^0*[1-9][0-9]{{{KEPT_DIGITS},}}$").to_pylist():
            digits = code.lstrip("0")
            whole[digits[:KEPT_DIGITS], len(digits)].add(code)
    for text in cut_codes:
        codes = whole[text[:KEPT_DIGITS], len(text)] - {text}
        yield Damage(column.field, text, "code_damaged", repair=codes.pop() if len(codes) == 1 else "")


# --- 1067.0 -------------------------------------------------------------------------------------------------


def _with_point(column: Column) -> Iterator[Damage]:
    found = () if column.field.name in WITH_HALVES else column.number_like(POINTED)
    if not found or len(column.number_like(DECIMAL)) > len(found):
        return
    others = len(column.distinct) - len(found)
    are_numbers = len(column.digits) >= (1 - MOST_OTHERS) * others
    if are_numbers and (len(found) >= FEW or others >= FEW):
        yield from (Damage(column.field, text, "code_with_decimal", repair=text[:-2]) for text in found)
