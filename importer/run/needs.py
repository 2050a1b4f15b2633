"""The parents of a row: in this run, in the ledger, or on the server.  A row whose parent is not in is blocked."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from importer.api import Unknown
from importer.model import Problem, Row, Status
from importer.plan import WAVES, Need
from importer.run.desk import Desk
from importer.run.lookup import NotThere, There, look_up_parent
from schemas import entity_named
from schemas.entity import identity

WAVE_OF = {entity: at for at, entities in enumerate(WAVES) for entity in entities}
EARLY = frozenset(entity for entities in WAVES[:-1] for entity in entities)
"""Entities whose rows have all had their turn when those of another wave begin."""

MOST_REMEMBERED = 50_000
"""So many parents outside of the files are remembered, those asked for last."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of a row that others of its chain may need."""

    status: Status
    server_id: str
    is_fresh: bool
    """Created by this run, so that nothing of it can be on the server yet."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The parent has not had its turn; only the first of two turns can go without."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The parent is in.  `server_id` is "" where the server alone can tell, and the payload does not need it."""

    server_id: str
    is_fresh: bool = False


Answer = Ready | Waiting | Problem
"""What a need comes to; a Problem says which parent the row waits for."""


class Parents:
    """Answers needs; what is outside of the run's files is asked for once and remembered, while it is not too much.

    Rows of one order have their turns one after another, and products are few: hardly any parent is asked for twice.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._in_ledger: dict[tuple[str, str], str] = {}
        """Number on the server by entity and name; "" = the ledger knows none."""
        self._outside: dict[tuple[str, str], There | NotThere | Unknown] = {}
        self._lock = threading.Lock()

    def answer(self, row: Row, need: Need, arrived: Mapping[tuple[str, str], Arrived]) -> Answer:
        """Whether *row*'s need is met; *arrived* are the rows of its chain that had a turn, by entity and key.

        Raises as the look-up does.
        """
        parent = need.parent
        if parent is None:
            return self._from_outside(row, need)
        if parent.is_rejected or parent.is_example:
            return _blocked(row, need, parent)
        if WAVE_OF[parent.entity] < WAVE_OF[row.entity]:
            return _blocked(row, need, parent) if self._desk.is_lost(parent) else Ready("")
        found = arrived.get((parent.entity, parent.key))
        if found is None:
            return Waiting()
        return Ready(found.server_id, found.is_fresh) if found.status.is_in else _blocked(row, need, parent)

    def _from_outside(self, row: Row, need: Need) -> Answer:
        reference = need.field.reference
        assert reference is not None
        at = (reference.entity, need.value)
        number = self._in_ledger.get(at)
        if number is None:
            number = self._ledgers_number(need)
            self._remember(self._in_ledger, at, number)
        if number:
            return Ready(number)
        found = self._on_server(row, need)
        match found:
            case There():
                return Ready(found.server_id)
            case Unknown() if not reference.sends_server_id:
                # The server will say so itself when the parent is not there.
                return Ready("")
            case _:
                facts = {"entity": entity_named(reference.entity).sheet, "value": need.value}
                return _at_need(row, need, "blocked_missing", facts)

    def _ledgers_number(self, need: Need) -> str:
        assert need.field.reference is not None
        records = self._desk.account.records(need.field.reference.entity, sorted(keys_of(need)))
        return next((record.server_id for record in records.values() if record.server_id), "")

    def _on_server(self, row: Row, need: Need) -> There | NotThere | Unknown:
        reference = need.field.reference
        assert reference is not None
        at = (reference.entity, need.value)
        found = self._outside.get(at)
        if found is None:
            found = look_up_parent(self._desk.api, row, need)
            # The record itself is large, and nobody asks for it.
            found = There(found.server_id, {}) if isinstance(found, There) else found
            self._remember(self._outside, at, found)
        return found

    def _remember(self, known: dict[tuple[str, str], Found], at: tuple[str, str], found: Found) -> None:
        with self._lock:
            if len(known) >= MOST_REMEMBERED:
                del known[next(iter(known))]
            known[at] = found


def keys_of(need: Need) -> frozenset[str]:
    """The keys that the parent may have whose name alone is known."""
    assert need.field.reference is not None
    parent = entity_named(need.field.reference.entity)
    return frozenset(identity(parent, {field: need.value}) for field in need.field.reference.fields) - {""}


def _blocked(row: Row, need: Need, parent: Row) -> Problem:
    return _at_need(row, need, "blocked", {"parent": str(parent.where)})


def _at_need(row: Row, need: Need, code: str, facts: dict[str, str]) -> Problem:
    return Problem(row.cells.get(need.field.name, row.where), code, facts, column=need.field.name, value=need.value)
