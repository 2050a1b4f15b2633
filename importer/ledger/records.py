"""What is sent and what is confirmed: the statements, and reading them back as `Record`."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Connection,
    Double,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    union,
    union_all,
    update,
)
from sqlalchemy.engine.interfaces import DBAPICursor

from importer.ledger import stamps
from importer.ledger.sqlite import among, insert, plain, several
from importer.ledger.tables import accounts, intents, records
from importer.ledger.values import Intent, Record, Stamp, storable
from schemas.mentions import mention_of

IDENTITY = stamps.IDENTITY
PLACE = ("file", "sheet", "row")

DOUBTS_AT_ONCE = 500
SETTLED_AT_ONCE = 2_000


# --- writing ------------------------------------------------------------------------------------------------


def _the(table: Table) -> ColumnElement[bool]:
    """The row of *table* that the values of `identity` name."""
    return and_(*(table.c[name] == bindparam(f"the_{name}") for name in IDENTITY))


def _new(*names: str) -> dict[str, ColumnElement[Any]]:
    """Column -> what is to stand there: the identity, and for each of *names* the value called `new_...`."""
    columns = [*((name, f"the_{name}") for name in IDENTITY), *((name, f"new_{name}") for name in names)]
    return {name: bindparam(value) for name, value in columns}


def _intend() -> ClauseElement:
    new = _new("action", "digest", "payload", "run_id", "file", "sheet", "row", "intended_at")
    statement = insert(intents).values(new)
    return statement.on_conflict_do_update(
        index_elements=IDENTITY, set_={name: statement.excluded[name] for name in new if name not in IDENTITY}
    )


def _settle() -> ClauseElement:
    """The place comes from the intent; where there is none, it stays as it was."""
    place = {name: select(intents.c[name]).where(_the(intents)).scalar_subquery() for name in PLACE}
    file_and_sheet = {name: func.coalesce(place[name], literal_column("''")) for name in ("file", "sheet")}
    answer = _new("server_id", "digest", "run_id", "settled_at", "stamp", "link")
    statement = insert(records).values(answer | place | file_and_sheet)
    new = statement.excluded
    taken = {name: new[name] for name in ("digest", "run_id", "settled_at", "stamp", "link")}
    # The row of an intent is never missing.
    kept = {name: case((new.row.is_not(None), new[name]), else_=records.c[name]) for name in PLACE}
    server_id = {"server_id": func.coalesce(new.server_id, records.c.server_id)}
    return statement.on_conflict_do_update(index_elements=IDENTITY, set_=taken | kept | server_id)


_DROP_INTENT = delete(intents).where(_the(intents))
_DROP_RECORD = delete(records).where(_the(records))

_STAMP = (
    update(records)
    .where(_the(records), records.c.digest == bindparam("the_digest"))
    .values(stamp=bindparam("new_stamp"), link=bindparam("new_link"))
)

INTEND = (plain(_intend()),)
SETTLE = (stamps.VOID, plain(_settle()), stamps.NEWS, plain(_DROP_INTENT))
STAMP = (stamps.VOID, plain(_STAMP), stamps.NEWS)
WITHDRAW = (plain(_DROP_INTENT),)
FORGET = (stamps.VOID, plain(_DROP_INTENT), plain(_DROP_RECORD))


def identity(account_id: int, entity: str, key: str, unit: int) -> dict[str, object]:
    """The values that say which record a statement is about."""
    return {"the_account_id": account_id, "the_entity": entity, "the_key": key, "the_unit": unit}


def intended(account_id: int, intent: Intent) -> dict[str, object]:
    """The values of `INTEND`."""
    return identity(account_id, intent.entity, intent.key, intent.unit) | {
        "new_action": intent.action,
        "new_digest": intent.digest,
        "new_payload": intent.payload,
        "new_run_id": intent.run_id,
        "new_file": storable(intent.file),
        "new_sheet": intent.sheet,
        "new_row": intent.row,
        "new_intended_at": time.time(),
    }


def confirmed(server_id: str | None, digest: str | None, run_id: str, stamp: Stamp | None) -> dict[str, object]:
    """The values of `SETTLE`, to be joined with those of `identity`."""
    return stamped(stamp) | {
        "new_server_id": server_id,
        "new_digest": digest,
        "new_run_id": run_id,
        "new_settled_at": time.time(),
    }


def stamped(stamp: Stamp | None) -> dict[str, object]:
    """The values of `STAMP`, to be joined with those of `identity` and the digest of what is to be stamped."""
    return {"new_stamp": stamp.cells, "new_link": stamp.link} if stamp else {"new_stamp": None, "new_link": None}


# --- reading ------------------------------------------------------------------------------------------------

_SAME = and_(*(records.c[name] == intents.c[name] for name in IDENTITY))


def _columns(named: Table) -> tuple[ColumnElement[Any], ...]:
    """The fields of `Record`, in their order; the identity as in *named*, moments as seconds."""
    return (
        *(named.c[name] for name in ("entity", "key", "unit")),
        case((intents.c.action.is_(None), literal_column("'done'")), else_=literal_column("'intended'")),
        *(records.c[name] for name in ("server_id", "digest")),
        *(intents.c[name].label(f"pending_{name}") for name in ("action", "digest", "payload")),
        *(func.coalesce(intents.c[name], records.c[name]) for name in ("run_id", *PLACE)),
        *(type_coerce(moment, Double) for moment in (records.c.settled_at, intents.c.intended_at)),
        *(records.c[name] for name in ("stamp", "link")),
    )


def _record(row: Sequence[Any]) -> Record:
    *_, settled_at, intended_at, cells, link = row
    made: list[Any] = [_moment(settled_at), _moment(intended_at), Stamp(cells, link) if cells else None]
    return Record(*row[:-4], *made)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _wanted(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.account_id == bindparam("account_id"),
        table.c.entity == bindparam("entity"),
        among(table.c.key, "keys"),
    )


# One statement: a record that is settled between two of them would be seen in neither table.
_BY_KEY = plain(
    union_all(
        select(*_columns(records)).select_from(records.outerjoin(intents, _SAME)).where(_wanted(records)),
        select(*_columns(intents))
        .select_from(intents.outerjoin(records, _SAME))
        .where(records.c.key.is_(None), _wanted(intents)),
    )
)

_PENDING = (
    select(*_columns(intents))
    .select_from(intents.outerjoin(records, _SAME))
    .where(
        intents.c.account_id == bindparam("account_id"),
        tuple_(intents.c.entity, intents.c.key, intents.c.unit)
        > tuple_(bindparam("entity", type_=Text), bindparam("key", type_=Text), bindparam("unit", type_=Integer)),
    )
    .order_by(intents.c.entity, intents.c.key, intents.c.unit)
    .limit(DOUBTS_AT_ONCE)
)


def by_key(cursor: DBAPICursor, account_id: int, entity: str, keys: Iterable[str]) -> Iterator[Record]:
    """The records of *entity* that have one of *keys*, in no particular order; all units of each."""
    cursor.execute(_BY_KEY, {"account_id": account_id, "entity": entity, "keys": several(keys)})
    return map(_record, cursor.fetchall())


_UNSTAMPED = plain(
    union(
        select(records.c.key).where(
            records.c.account_id == bindparam("account_id"),
            records.c.entity == bindparam("entity"),
            records.c.stamp.is_(None),
        ),
        select(intents.c.key).where(
            intents.c.account_id == bindparam("account_id"), intents.c.entity == bindparam("entity")
        ),
    )
)


def unstamped_keys(cursor: DBAPICursor, account_id: int, entity: str) -> list[str]:
    """The keys of those records of *entity* that have no stamp, or an intent; each once, in no particular order."""
    cursor.execute(_UNSTAMPED, {"account_id": account_id, "entity": entity})
    return [key for (key,) in cursor.fetchall()]


_SETTLED = (
    select(*_columns(records))
    .select_from(records.outerjoin(intents, _SAME))
    .where(
        records.c.account_id == bindparam("account_id"),
        records.c.entity == bindparam("entity"),
        or_(bindparam("run_id", type_=Text) == literal_column("''"), records.c.run_id == bindparam("run_id")),
        tuple_(records.c.key, records.c.unit) > tuple_(bindparam("key", type_=Text), bindparam("unit", type_=Integer)),
    )
    .order_by(records.c.key, records.c.unit)
    .limit(SETTLED_AT_ONCE)
)


def settled_after(
    connection: Connection, account_id: int, entity: str, run_id: str, last: tuple[str, int]
) -> list[Record]:
    """The next records of *entity* behind *last* (key, unit), in that order; empty = no more.

    Those that the run *run_id* wrote last, or with "" all.
    """
    key, unit = last
    values = {"account_id": account_id, "entity": entity, "run_id": run_id, "key": key, "unit": unit}
    return [_record(row) for row in connection.execute(_SETTLED, values)]


_BELOW = select(records.c.server_id).where(
    records.c.account_id == bindparam("account_id"),
    records.c.entity == bindparam("entity"),
    records.c.key >= bindparam("first", type_=Text),
    records.c.key < bindparam("end", type_=Text),
    records.c.server_id.is_not(None),
)


def server_ids_below(connection: Connection, account_id: int, entity: str, prefix: str) -> frozenset[str]:
    """Numbers on the server of all records of *entity* whose key begins with *prefix*."""
    values = {
        "account_id": account_id,
        "entity": entity,
        "first": prefix,
        "end": prefix[:-1] + chr(ord(prefix[-1]) + 1),
    }
    return frozenset(connection.execute(_BELOW, values).scalars())


def pending_after(connection: Connection, account_id: int, last: tuple[str, str, int]) -> list[Record]:
    """The next intended records behind *last* (entity, key, unit), in that order; empty = no more."""
    entity, key, unit = last
    values = {"account_id": account_id, "entity": entity, "key": key, "unit": unit}
    return [_record(row) for row in connection.execute(_PENDING, values)]


# --- personal data ------------------------------------------------------------------------------------------

_PAYLOADS = (
    select(accounts.c.name, *_columns(intents))
    .select_from(intents.join(accounts).outerjoin(records, _SAME))
    .where(intents.c.payload.is_not(None))
)


def mentioning(connection: Connection, words: str) -> Iterator[tuple[str, Record]]:
    """Account and record of every payload that mentions *words*, in any case; an e-mail address only as a whole."""
    mention = mention_of(words)
    for account, *fields in connection.execute(_PAYLOADS):
        record = _record(fields)
        if any(mention.search(text) for text in _texts(str(record.pending_payload))):
            yield account, record


def _texts(payload: str) -> Iterator[str]:
    r"""The texts in *payload*, with letters where JSON may have put their numbers, such as \u00fc."""
    try:
        inside = [json.loads(payload)]
    except ValueError:
        inside = [payload]
    while inside:
        match inside.pop():
            case str() as text:
                yield text
            case dict() as members:
                inside += members.values()
            case list() as members:
                inside += members


def purge(connection: Connection, words: str) -> int:
    """Remove the payloads that mention *words*, and say how many."""
    found = list(mentioning(connection, words))
    emptied = update(intents).where(_the(intents)).values(payload=None)
    ids = dict(connection.execute(select(accounts.c.name, accounts.c.id)).all())
    for account, record in found:
        connection.execute(emptied, identity(ids[account], record.entity, record.key, record.unit))
    return len(found)
