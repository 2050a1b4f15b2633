"""What a workbook knows of a sheet besides its texts, the same for every format; and what of it the user is told."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc

from importer.model import column_letters
from importer.sources.heads import Head
from importer.sources.wishes import Wishes
from schemas.cells import Note
from schemas.numbers import THREE_DECIMALS

NAMED = 3
"""So many places are named; more are only counted."""

MOST_LINKS = 1_000
"""So many links are compared with their texts; a sheet that is full of them is not kept twice."""

# Functions whose result is another one tomorrow, or at the next look; in .xlsx and .ods they have English names.
CHANGING = re.compile(r"\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|OFFSET|INDIRECT)\s*\(", re.IGNORECASE)
# `[1]Prices!A1` is how a workbook writes "the first of the workbooks it is linked to".
ELSEWHERE = re.compile(r"\[[0-9]+\]|'?file:///", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that cannot be taken as it is."""

    row: int
    position: int
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells: its first and last row as numbers, its first and last column as positions."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        """Such as `A3:A7`."""
        first, last = f"{column_letters(self.left)}{self.top}", f"{column_letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"


@dataclass(slots=True)
class Facts:
    """Filled while a sheet is read, complete when it is through."""

    odd: list[Odd] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    """Rows that a filter or the user has hidden."""
    is_filtered: bool = False
    """A filter is set, so it is what hides rows."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last position of columns that are hidden."""
    merged: list[Range] = field(default_factory=list)
    padded: Counter[int] = field(default_factory=Counter)
    """Position of a column -> how many of its numbers were read with leading zeros."""
    formulas: int = 0
    """Cells whose value is the stored result of a formula."""
    changing: int = 0
    """Those of them whose result depends on the day or on chance ..."""
    elsewhere: int = 0
    """... or on another workbook."""
    struck: set[int] = field(default_factory=set)
    """Rows with a filled cell that is struck through."""
    links: list[tuple[Range, str]] = field(default_factory=list)
    """Cells that lead somewhere, and where."""
    decimals: set[str] = field(default_factory=set)
    """Numbers that could be thousands if they were texts, such as 1.234."""
    is_partly_known: bool = False
    """Of this kind of workbook not everything can be told."""

    def add(self, more: "Facts") -> None:
        """Add what was found in *more* rows."""
        self.odd.extend(more.odd)
        self.hidden |= more.hidden
        self.padded.update(more.padded)
        self.formulas += more.formulas
        self.changing += more.changing
        self.elsewhere += more.elsewhere
        self.struck |= more.struck
        self.decimals |= more.decimals

    def add_numbers(self, numbers: pa.StringArray) -> None:
        """Note which cells that are *numbers* could be read otherwise as texts."""
        found = numbers.filter(pc.match_substring_regex(numbers, f"^{THREE_DECIMALS}$"))
        self.decimals.update(found.unique().to_pylist())

    def add_number(self, number: str) -> None:
        """The same for one cell."""
        # A point in this place is so rare that hardly any cell is looked at twice.
        if number[-4:-3] == "." and re.fullmatch(THREE_DECIMALS, number):
            self.decimals.add(number)

    def add_formulas(self, formulas: pa.StringArray) -> None:
        """Count as many cells."""
        self.formulas += len(formulas)
        self.changing += _matching(formulas, CHANGING)
        self.elsewhere += _matching(formulas, ELSEWHERE)

    def add_formula(self, formula: str) -> None:
        """Count a cell with a *formula* and a result."""
        self.formulas += 1
        self.changing += CHANGING.search(formula) is not None
        self.elsewhere += ELSEWHERE.search(formula) is not None


def _matching(formulas: pa.StringArray, pattern: re.Pattern[str]) -> int:
    return pc.sum(pc.match_substring_regex(formulas, pattern.pattern, ignore_case=True)).as_py() or 0


def notes(facts: Facts, head: Head, last_row: int, wishes: Wishes) -> Iterator[Note]:
    """What the user should know of *facts* that concern the rows below *head*, to *last_row*."""
    hidden = sum(head.last < row <= last_row for row in facts.hidden)
    if hidden and wishes.visible_only:
        yield Note("rows_hidden_left_out", {"count": str(hidden)})
    elif hidden:
        yield Note("rows_hidden_by_filter" if facts.is_filtered else "rows_hidden", {"count": str(hidden)})
    columns = [at for first, last in facts.hidden_columns for at in range(first, min(last + 1, len(head.titles)))]
    named = [column_letters(at) for at in columns if head.titles[at].strip()]
    if named:
        yield Note("columns_hidden", {"letters": ", ".join(named)})
    merged = [str(cells) for cells in facts.merged if head.last < cells.top <= last_row]
    if merged:
        yield Note("cells_merged_filled" if wishes.fill_merged else "cells_merged", {"cells": _some(merged)})
    for position, count in sorted(facts.padded.items()):
        yield Note("zeros_shown", {"letters": column_letters(position), "count": str(count)})
    for code, count in (
        ("formulas_read", facts.formulas),
        ("formulas_changing", facts.changing),
        ("formulas_elsewhere", facts.elsewhere),
    ):
        if count:
            yield Note(code, {"count": str(count)})
    struck = sorted(row for row in facts.struck if row > head.last)
    if struck:
        yield Note("rows_struck", {"count": str(len(struck)), "rows": _some(map(str, struck))})


def links_that_differ(links: Iterable[tuple[str, str, str]]) -> Iterator[Note]:
    """The note on e-mails and web addresses that lead elsewhere than they say: of (cell, text, target)."""
    cells = [cell for cell, text, target in links if _is_told_otherwise(text.strip(), target.strip())]
    if cells:
        yield Note("links_differ", {"cells": _some(cells)})


def _is_told_otherwise(text: str, target: str) -> bool:
    if "@" in text and target.lower().startswith("mailto:"):
        address = unquote(target[len("mailto:") :].partition("?")[0])
        return address.strip().casefold() != text.removeprefix("mailto:").casefold()
    if re.match(r"https?://|www\.", text, re.IGNORECASE) and re.match(r"https?://", target, re.IGNORECASE):
        return _address(text) != _address(target)
    return False


def _address(text: str) -> str:
    """A web address without what makes no difference."""
    return re.sub(r"^https?://(?:www\.)?|^www\.", "", unquote(text), flags=re.IGNORECASE).rstrip("/").casefold()


def _some(names: Iterable[str]) -> str:
    found: Sequence[str] = tuple(names)
    return ", ".join(found[:NAMED]) + (", ..." if len(found) > NAMED else "")
