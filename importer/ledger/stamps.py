"""Stamped records in packs: by what a million rows are known again in a tenth of a second.

A pack repeats what `records` says.  It is written once and never altered; what of it does not hold any more is noted as
stale in the transaction that changes the record, and what no pack has yet as fresh in the one that stamps it.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, func, literal_column, select
from sqlalchemy.engine.interfaces import DBAPICursor

from importer.ledger.sqlite import insert, plain
from importer.ledger.tables import fresh, intents, packs, records, stale
from importer.ledger.values import Pack, Stamped

IDENTITY = ("account_id", "entity", "key", "unit")

MOST_FRESH = 8_192
"""With so many records that no pack has, one is made; fewer are read one by one in no time."""
OF_A_PACK = 65_536
MOST_PACKS = 256
"""With so many more packs than their records need, or ..."""
MOST_STALE = 0.1
"""... with more than this share of what they say not so any more, all are made anew."""

Line = tuple[bytes, int, str, str, str]
"""Stamp, unit, key, number on the server and link of a record."""


# --- beside what is written of a record ---------------------------------------------------------------------

_THE_RECORD = [records.c[name] == bindparam(f"the_{name}") for name in IDENTITY]

_LAST = (
    select(func.coalesce(func.max(packs.c.number), literal_column("0")))
    .where(packs.c.account_id == bindparam("the_account_id"), packs.c.entity == bindparam("the_entity"))
    .scalar_subquery()
)
_VOID = insert(stale).from_select(
    [*IDENTITY, "up_to"],
    select(*(records.c[name] for name in IDENTITY), _LAST).where(*_THE_RECORD, records.c.stamp.is_not(None)),
)
_NEWS = insert(fresh).from_select(
    IDENTITY, select(*(bindparam(f"the_{name}") for name in IDENTITY)).where(bindparam("new_stamp").is_not(None))
)

VOID = plain(_VOID.on_conflict_do_update(index_elements=IDENTITY, set_={"up_to": _VOID.excluded.up_to}))
"""To be done before a record is changed: what packs say of it does not hold any more."""
NEWS = plain(_NEWS.on_conflict_do_nothing())
"""To be done when a record gets the stamp `new_stamp`, if that is one: no pack has it yet."""


# --- reading ------------------------------------------------------------------------------------------------


def _of(table: Table) -> ColumnElement[bool]:
    return and_(table.c.account_id == bindparam("account_id"), table.c.entity == bindparam("entity"))


def _texts(name: str) -> ColumnElement[str]:
    return func.coalesce(records.c[name], literal_column("''"))


_PACKS = plain(
    select(*(packs.c[name] for name in ("number", "count", "stamps", "units", "keys", "server_ids", "links")))
    .where(_of(packs))
    .order_by(packs.c.number)
)
_FRESH = (
    select(records.c.stamp, records.c.unit, records.c.key, _texts("server_id"), _texts("link"))
    # An inner join SQLite may begin at the records, of which it would read them all.
    .select_from(fresh.outerjoin(records, and_(*(fresh.c[name] == records.c[name] for name in IDENTITY))))
    .where(_of(fresh), records.c.stamp.is_not(None))
)
_PLAIN_FRESH = plain(_FRESH)
_STALE = plain(select(stale.c.key, stale.c.unit, stale.c.up_to).where(_of(stale)))
_INTENDED = plain(select(intents.c.key, intents.c.unit).where(_of(intents)))


def stamped(cursor: DBAPICursor, account_id: int, entity: str) -> Stamped:
    """All stamped records of *entity* but those with an intent, of which nothing is sure."""
    wanted = {"account_id": account_id, "entity": entity}

    def found(statement: str) -> list[tuple[Any, ...]]:
        cursor.execute(statement, wanted)
        return list(cursor.fetchall())

    # In this order: what is changed meanwhile is told as stale or intended.
    known = [Pack(*of_pack) for of_pack in found(_PACKS)]
    last = known[-1].number + 1 if known else 1
    void = {(key, unit): up_to for key, unit, up_to in found(_STALE)}
    known += [_packed(last, found(_PLAIN_FRESH))]
    return Stamped(tuple(known), void | dict.fromkeys(found(_INTENDED), last))


# --- packing ------------------------------------------------------------------------------------------------


def pack(connection: Connection, account_id: int) -> None:
    """Put fresh records into packs, if that is worth it; and all anew where much of what these say does not hold."""
    count = select(func.count()).select_from(fresh).where(fresh.c.account_id == account_id)
    if connection.execute(count).scalar_one() >= MOST_FRESH:
        for entity in connection.execute(select(fresh.c.entity).distinct()).scalars().all():
            wanted = {"account_id": account_id, "entity": entity}
            _pack_fresh(connection, wanted)
            if _is_worn(connection, wanted):
                _renew(connection, wanted)


def _pack_fresh(connection: Connection, wanted: Mapping[str, object]) -> None:
    number = connection.execute(select(func.max(packs.c.number)).where(_of(packs)), wanted).scalar() or 0
    lines = connection.execute(_FRESH, wanted)
    while some := lines.fetchmany(OF_A_PACK):
        number += 1
        connection.execute(insert(packs), {**wanted, **asdict(_packed(number, [tuple(line) for line in some]))})
    connection.execute(delete(fresh).where(_of(fresh)), wanted)


def _is_worn(connection: Connection, wanted: Mapping[str, object]) -> bool:
    """Whether there are many small packs, or many records of which they say what does not hold."""
    of_packs = select(func.count(), func.coalesce(func.sum(packs.c["count"]), 0)).where(_of(packs))
    number, told = connection.execute(of_packs, wanted).one()
    wrong = connection.execute(select(func.count()).select_from(stale).where(_of(stale)), wanted).scalar_one()
    return bool(number > MOST_PACKS + told / MOST_FRESH or wrong > MOST_STALE * told)


def _renew(connection: Connection, wanted: Mapping[str, object]) -> None:
    all_of_them = select(*(records.c[name] for name in IDENTITY)).where(_of(records), records.c.stamp.is_not(None))
    for table in (packs, stale):
        connection.execute(delete(table).where(_of(table)), wanted)
    connection.execute(insert(fresh).from_select(IDENTITY, all_of_them), wanted)
    _pack_fresh(connection, wanted)


def _packed(number: int, lines: Sequence[Line]) -> Pack:
    stamps, units, *texts = zip(*lines, strict=True) if lines else ((), (), (), (), ())
    return Pack(number, len(lines), b"".join(stamps), _numbers(units), *map(_side_by_side, texts))


def _side_by_side(texts: Iterable[str]) -> bytes:
    found = [text.encode() for text in texts]
    return _numbers([len(text) for text in found]) + b"".join(found)


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}i", *numbers)
