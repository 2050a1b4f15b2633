"""A record as it was written beside the one that the server shows: which cells differ, and which it does not show."""

import json
from collections.abc import Mapping

from importer.api import differences
from importer.model import Row
from importer.reports.verification import Difference, Verdict, Verified
from importer.run.lookup import There
from schemas import entity_named
from schemas.cells import Note
from schemas.entity import Payload, column_of

EVENTS = "shipment_events"


def compared(row: Row, unit: int, number: str, body: Payload, there: There) -> Verified:
    """What comparing *body* with the server's record comes to, member by member.

    A member that the reply leaves out is not taken for equal: the record then counts as not compared, unless something
    else differs anyway.
    """
    found = differences(body, there.record)
    hidden = [name for name, written, _ in found if written is not None and not _is_shown(name, there.record)]
    cells = tuple(
        _difference(row, name, written, on_server)
        for name, written, on_server in found
        if name not in hidden and (written, on_server) != (None, None)
    )
    # An event's reply gives the number of its shipment.
    if number and there.server_id and there.server_id != number and row.entity != EVENTS:
        cells = (Difference(row.where, "id", number, there.server_id), *cells)
    reason = Note("verify_not_shown", {"columns": ", ".join(hidden)}) if hidden else None
    verdict = Verdict.DIFFERENT if cells else Verdict.NOT_COMPARED if hidden else Verdict.SAME
    return Verified(row, unit, number, verdict, cells, reason)


def _is_shown(name: str, record: Mapping[str, object]) -> bool:
    """Whether the member of the dotted *name* is in *record*, be it null."""
    *outer, last = name.split(".")
    for part in outer:
        inner = record.get(part)
        if not isinstance(inner, Mapping):
            return part in record
        record = inner
    return last in record


def _difference(row: Row, name: str, written: object, on_server: object) -> Difference:
    entity = entity_named(row.entity)
    column = column_of(entity, name)
    if column is None:
        return Difference(row.where, name, _text(written), _text(on_server))
    where = row.cells.get(column, row.where)
    return Difference(where, column, _text(written), _text(on_server), private=entity.field(column).private)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
