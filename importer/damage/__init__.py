"""Damage that spreadsheet programs do to data, found by looking at whole columns.

Lost zeros, numbers in short form, codes that became dates, garbled letters, texts that were cut off.

Finds and proposes; nothing is changed unless `repaired` is asked for, and whatever that changes is listed.  Sheets are
looked at together, since one often knows what another has lost.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from importer.damage.columns import Column, Kin, Sheet, columns, family
from importer.damage.dates import became_dates
from importer.damage.finding import CHANGED, CODES, Damage
from importer.damage.fixes import Fixes, fixed, fixes_in
from importer.damage.listing import listed, repaired
from importer.damage.postcodes import postcodes_cut
from importer.damage.proposals import Proposal, proposals, save
from importer.damage.shortened import shortened
from importer.damage.texts import cut_off, garbled
from importer.damage.zeros import zeros_lost
from importer.kept import let_go
from importer.threads import THREADS

__all__ = [
    "CHANGED",
    "CODES",
    "Damage",
    "Fixes",
    "Proposal",
    "Sheet",
    "fixed",
    "fixes_in",
    "found",
    "listed",
    "proposals",
    "repaired",
    "save",
]


def found(sheets: Sequence[Sheet]) -> tuple[tuple[Damage, ...], ...]:
    """The damage in each of *sheets*; of a text that can be explained in several ways, the surest."""
    by_sheet = [columns(sheet) for sheet in sheets]
    kin = Kin([column for those in by_sheet for column in those])
    return tuple(_distinct(sheet, _all(sheet, those, kin)) for sheet, those in zip(sheets, by_sheet, strict=True))


def _all(sheet: Sheet, those: Iterable[Column], kin: Kin) -> Iterator[Damage]:
    with ThreadPoolExecutor(THREADS, thread_name_prefix="damage") as threads:
        for found in threads.map(lambda column: _of_column(column, kin), those):
            yield from found
    yield from postcodes_cut(sheet)


def _of_column(column: Column, kin: Kin) -> list[Damage]:
    # What is found out of a column takes memory, and only its relatives ask for it again.
    alone = column if family(column.entity, column.field) else replace(column)
    found = [*_explained(alone, kin)]
    let_go()
    return found


def _explained(column: Column, kin: Kin) -> Iterator[Damage]:
    yield from garbled(column)
    yield from shortened(column, kin)
    yield from zeros_lost(column, kin)
    yield from became_dates(column, kin)
    yield from cut_off(column)


def _distinct(sheet: Sheet, damages: Iterable[Damage]) -> tuple[Damage, ...]:
    first: dict[tuple[str, str, frozenset[int] | None], Damage] = {}
    for damage in damages:
        name = damage.field.name
        if damage.text.strip() not in sheet.right.get(name, ()):
            first.setdefault((name, damage.text, damage.rows), damage)
    return tuple(first.values())
