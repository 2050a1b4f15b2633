"""Rows of a sheet that are no data: its header once more, as printed lists have it on every page, and its totals.

Each gets one problem of its own and is looked into no further.  A row with a key of its own is never taken for a total.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from importer.kept import chunks_of, let_go
from importer.model import Problem, Table
from schemas import numbers
from schemas.cells import CellError, Conventions
from schemas.entity import Entity

MOST_LOOKED_AT = 1_000
"""More rows without a key than this are no totals, but a column that is missing."""

Places = npt.NDArray[np.int64]
Wanted = Callable[[pa.Array], pa.BooleanArray]

NONE: Places = np.array([], dtype=np.int64)

LEAST_ADDED = 2
CENT = Decimal("0.01")

WORDS = (
    "total|totals|grand total|subtotal|sub-total|sum|summe|gesamt|gesamtsumme|gesamtbetrag|gesamtwert|zwischensumme|"
    "endsumme|insgesamt|totale|totaal|subtotaal|somme|sous-total|suma|razem"
).split("|")
TOTALS = tuple(
    f"{written}{end}"
    for word in WORDS
    for written in (word, word.capitalize(), word.title(), word.upper())
    for end in ("", ":")
)
"""What stands where a key would be; a product may well be called "Total white"."""

BEGINS_AS_TOTAL = re.compile(rf"\W*(?:{'|'.join(WORDS)})\b.{{0,20}}", re.DOTALL)


def set_apart(table: Table, entity: Entity, columns: Mapping[str, int]) -> Table:
    """*table* with its rows that are no data told as such, and with nothing else.

    *columns* are the positions of the fields.
    """
    raw = table.source or table
    shifted = {problem.where.row for problem in table.problems if problem.where.row and not problem.where.column}
    repeated = {row for row in _repeated_headers(raw) if row in table.frame.index}
    totals = set(_totals(table, raw, entity, columns)) - repeated
    found = {
        row: Problem(replace(table.where, row=row), code)
        for code, rows in (("header_repeated", repeated), ("looks_like_totals", totals))
        for row in rows - shifted
    }
    if not found:
        return table
    others = tuple(problem for problem in table.problems if problem.where.row not in found)
    return replace(table, problems=(*others, *(found[row] for row in sorted(found))))


def _repeated_headers(table: Table) -> set[int]:
    """Numbers of the rows in which every title stands once more."""
    wanted = {at: partial(_are, title) for at, title in enumerate(table.header) if title.strip()}
    return set(_rows_where(table.frame, wanted).tolist()) if wanted else set()


def _are(title: str, texts: pa.Array) -> pa.BooleanArray:
    return pc.equal(texts, title)


def _rows_where(frame: pd.DataFrame, wanted: Mapping[int, Wanted]) -> pd.Index:
    """Numbers of the rows of which all these columns hold what is *wanted* there; all rows where that is nothing."""
    places: Places | None = None
    for at, is_wanted in wanted.items():
        places = np.concatenate([NONE, *_places(frame[at], is_wanted, places)])
        if not len(places):
            break
    return frame.index if places is None else frame.index.take(places)


def _places(texts: pd.Series, wanted: Wanted, among: Places | None) -> Iterator[Places]:
    """Where those of *texts* stand that are *wanted*; *among* others, if that is known."""
    start = 0
    # Arrow would lay out a whole column to take a few texts from it.
    for chunk in chunks_of(texts):
        end = start + len(chunk)
        if among is None:
            yield np.flatnonzero(np.asarray(wanted(chunk))) + start
        else:
            few = among[slice(*np.searchsorted(among, (start, end)))]
            yield few[np.asarray(wanted(chunk.take(pa.array(few - start))), dtype=np.bool_)]
        start = end
        let_go()


# --- totals -------------------------------------------------------------------------------------------------


def _totals(table: Table, raw: Table, entity: Entity, columns: Mapping[str, int]) -> Iterator[int]:
    """Numbers of the rows without a key that say they are a total, or whose numbers are the sum of those above."""
    keys = [columns[name] for name in {*entity.key, *entity.else_key} if name in columns]
    needed = [columns[field.name] for field in entity.fields if field.mandatory and field.name in columns]
    found = _keyless(table.frame, keys)
    keyless = found.tolist() if len(found) <= MOST_LOOKED_AT else []
    for row in keyless:
        texts = {at: text.strip() for at, text in enumerate(map(str, raw.frame.loc[row])) if text.strip()}
        cells = [str(cell).strip() for cell in table.frame.loc[row]]
        has_key = any(cells[at] for at in keys)
        lacks = any(not cells[at] for at in needed) or len(texts) == 1 < len(columns)
        says_so = any(BEGINS_AS_TOTAL.fullmatch(text.lower()) for text in texts.values())
        if (says_so and (lacks or not has_key)) or _is_sum(raw.frame, row, texts, keyless):
            yield row


def _keyless(frame: pd.DataFrame, keys: Sequence[int]) -> pd.Index:
    """Numbers of the rows of which no cell of the key holds more than a word for a total."""
    return _rows_where(frame, dict.fromkeys(keys, _says_little))


def _says_little(texts: pa.Array) -> pa.BooleanArray:
    is_blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(texts)), 0)
    return pc.or_(is_blank, pc.is_in(texts, value_set=pa.array(TOTALS, texts.type)))


def _is_sum(frame: pd.DataFrame, row: int, texts: Mapping[int, str], keyless: Iterable[int]) -> bool:
    """Whether *row* holds numbers, but for words, and one of them is the sum of those above it, other totals apart."""
    if any(not BEGINS_AS_TOTAL.fullmatch(text.lower()) and not _is_number(text) for text in texts.values()):
        return False
    above = frame.loc[: row - 1].drop(index=[other for other in keyless if other < row])
    return any(_adds_up(above[at].tolist(), text, decimal) for at, text in texts.items() for decimal in ",.")


def _adds_up(above: Iterable[str], text: str, decimal: str) -> bool:
    total = _number(text, decimal)
    added = [_number(one, decimal) for one in above if one.strip()]
    known = [number for number in added if number is not None]
    if not total or len(known) < len(added) or len(known) < LEAST_ADDED:
        return False
    return abs(sum(known) - total) < CENT


def _is_number(text: str) -> bool:
    return _number(text, ",") is not None or _number(text, ".") is not None


def _number(text: str, decimal: str) -> Decimal | None:
    try:
        return numbers.read(text.strip(), Conventions(decimal=decimal), example="1")
    except CellError:
        return None
