"""One chain's turn: its steps one after another, each row to exactly one outcome, whatever happens on the way."""

import time
from collections.abc import Iterator
from dataclasses import replace

from importer.errors import ImporterError, RequestTrouble
from importer.ledger import Record, Stamp
from importer.model import Action, Outcome, Problem, Row, Severity, Status
from importer.plan import Chain, Step
from importer.run.desk import Desk
from importer.run.knowledge import Known
from importer.run.needs import EARLY, Answer, Arrived, Parents, Ready
from importer.run.quantity import records_of
from importer.run.unit import Result, Unit, bring_in
from schemas import entity_named
from schemas.cells import CLEAR, CellError
from schemas.entity import Entity, Values, payload

BADNESS = {status: at for at, status in enumerate(Status)}
CHANGED = {Status.CREATED, Status.UPDATED}
BOARDING = "boarding_complete"


def outcomes(chain: Chain, known: Known, desk: Desk, parents: Parents) -> Iterator[Outcome]:
    """Yield the outcome of every row of *chain*, of which the ledger knew *known* when it was handed out.

    Never raises: what ends a run goes to the desk.
    """
    return _ChainRun(chain, known, desk, parents).outcomes()


class _ChainRun:
    def __init__(self, chain: Chain, known: Known, desk: Desk, parents: Parents) -> None:
        self._chain = chain
        self._known = dict(known)
        self._desk = desk
        self._parents = parents
        self._first: dict[tuple[str, str], tuple[Result, ...]] = {}
        """Results of first turns, by entity and key."""
        self._spent: dict[tuple[str, str], tuple[float, int]] = {}
        """Seconds and requests of first turns, likewise."""
        self._arrived: dict[tuple[str, str], Arrived] = {}
        """What became of the chain's own rows so far, by entity and key."""
        self._touched: set[str] = set()
        """Entities of whose records the ledger knows more since a first turn."""

    def outcomes(self) -> Iterator[Outcome]:
        for step in self._chain.steps:
            started, sent = time.monotonic(), self._desk.api.sent_here()
            results = self._first_problem(step) or self._results(step)
            if results:
                self._note_arrival(step.row, results)
            # A row takes the time of its turns, not that of what stands between them.
            seconds, attempts = self._spent.get(_name(step.row), (0.0, 0))
            seconds, attempts = seconds + time.monotonic() - started, attempts + self._desk.api.sent_here() - sent
            if step.is_last:
                yield _outcome(step.row, results, attempts, seconds, dry_run=self._desk.options.dry_run)
            else:
                self._first[_name(step.row)], self._spent[_name(step.row)] = results, (seconds, attempts)

    # --- what keeps a row from being sent -------------------------------------------------------------------

    def _first_problem(self, step: Step) -> tuple[Result, ...]:
        row = step.row
        if row.is_example:
            return (Result(Status.SKIPPED, problems=row.problems),)
        if row.is_rejected:
            return (Result(Status.REJECTED, problems=row.errors),)
        if self._desk.stop.is_set():
            return self._left(row, _stopped(row))
        return ()

    def _left(self, row: Row, result: Result) -> tuple[Result, ...]:
        """*result* for the row, keeping what became of it in its first turn: it may be on the server, or in doubt."""
        earlier = self._first.get(_name(row), ())
        left = (replace(done, status=result.status, problems=result.problems) for done in earlier if done.status.is_in)
        return (*left, *(done for done in earlier if not done.status.is_in)) or (result,)

    # --- sending --------------------------------------------------------------------------------------------

    def _results(self, step: Step) -> tuple[Result, ...]:
        """Results of all pieces of the row; the first that is not in ends them."""
        try:
            answers = [self._parents.answer(step.row, need, self._arrived) for need in step.needs]
        except (RequestTrouble, ImporterError) as trouble:
            return self._left(step.row, self._trouble(step.row, trouble))
        blocked = next((answer for answer in answers if isinstance(answer, Problem)), None)
        if blocked:
            return self._left(step.row, Result(Status.BLOCKED, problems=(blocked,))) if step.is_last else ()
        results: list[Result] = []
        for number in range(1, records_of(step.row) + 1):
            results.append(_stopped(step.row) if self._desk.stop.is_set() else self._result(step, answers, number))
            if not results[-1].status.is_in:
                break
        return tuple(results)

    def _result(self, step: Step, answers: list[Answer], number: int) -> Result:
        earlier = self._first.get(_name(step.row), ())
        before = earlier[number - 1] if number <= len(earlier) else None
        if before is not None and not before.status.is_in:
            return before
        try:
            unit, record = self._unit(step, answers, number, before), self._record(step.row, number)
            result = bring_in(unit, record, self._desk)
        except CellError as error:
            return _rejected_late(step.row, error)
        except (RequestTrouble, ImporterError) as trouble:
            left = self._trouble(step.row, trouble)
            return replace(left, server_id=before.server_id) if before else left
        if not step.is_last and (result.action is not Action.NONE or (record and record.state == "intended")):
            self._touched.add(step.row.entity)
        if result.http_status is not None:
            self._desk.note_success()
        is_ours = before is not None and before.status is Status.CREATED and result.status.is_in
        return replace(result, status=Status.CREATED, action=Action.CREATE) if is_ours else result

    def _record(self, row: Row, number: int) -> Record | None:
        """What the ledger knows of a record; asked anew once a row of the chain has had its first turn."""
        if row.entity in self._touched and _name(row) in self._first:
            keys = {one.key for one in self._chain.rows if one.entity == row.entity and one.key}
            self._known[row.entity] = self._desk.account.records(row.entity, sorted(keys))
            self._touched.discard(row.entity)
        return self._known.get(row.entity, {}).get((row.key, number))

    def _trouble(self, row: Row, trouble: RequestTrouble | ImporterError) -> Result:
        if isinstance(trouble, ImporterError):
            self._desk.end(trouble)
            return _stopped(row)
        self._desk.note_trouble(trouble)
        problem = Problem(row.where, "try_later", {"answer": trouble.answer})
        return Result(Status.NOT_SENT, http_status=trouble.http_status, problems=(problem,))

    def _unit(self, step: Step, answers: list[Answer], number: int, before: Result | None) -> Unit:
        entity, values = entity_named(step.row.entity), self._values(step, answers)
        extra = self._desk.attachment(step.row) if entity.name == "product_images" else {}
        body = payload(entity, values) | extra
        is_cleared = any(value is CLEAR for value in values.values())
        cells = self._desk.stamp(step.row) if step.is_last else None
        return Unit(
            entity,
            step.row,
            number,
            body=body,
            update_body=payload(entity, values, is_update=True) | extra if is_cleared else body,
            may_exist=_may_exist(entity, step, answers),
            is_first_turn=not step.is_last,
            seen=before.seen if before else None,
            stamp=None if cells is None else Stamp(cells, _link(step, answers, values)),
        )

    def _values(self, step: Step, answers: list[Answer]) -> Values:
        """The row's values with shipments called by their number on the server, as far as it is known by now."""
        values = dict(step.row.values)
        for need, answer in zip(step.needs, answers, strict=True):
            if need.field.reference and need.field.reference.sends_server_id:
                values.pop(need.field.name)
                if isinstance(answer, Ready):
                    values[need.field.name] = answer.server_id
        if step.completes and BOARDING not in values and self._is_shipped():
            values[BOARDING] = True
        return values

    def _is_shipped(self) -> bool:
        """Every shipment of the order in this run is in, and there is one."""
        keys = [row.key for row in self._chain.rows if row.entity == "shipments"]
        arrived = [self._arrived.get(("shipments", key)) for key in keys]
        return bool(keys) and all(one is not None and one.status.is_in for one in arrived)

    def _note_arrival(self, row: Row, results: tuple[Result, ...]) -> None:
        is_fresh = all(result.status is Status.CREATED and result.http_status is not None for result in results)
        arrived = Arrived(_status(results), results[0].server_id, is_fresh)
        if row.key:
            self._arrived[_name(row)] = arrived
        if not arrived.status.is_in and row.entity in EARLY:
            self._desk.note_lost(row)


def _name(row: Row) -> tuple[str, str]:
    """What tells *row* from all others: a shipment may have its order's number."""
    return row.entity, row.key


def _stopped(row: Row) -> Result:
    return Result(Status.NOT_SENT, problems=(Problem(row.where, "not_sent"),))


def _may_exist(entity: Entity, step: Step, answers: list[Answer]) -> bool:
    """Below an order that this run did not create, the server may hold rows that the ledger does not know.

    Orders and products themselves are sent at once: the server refuses a number that it has, and then we look.
    """
    if not any(need.field.reference and need.field.reference.entity != "products" for need in step.needs):
        return False
    return entity.method == "POST" and not all(
        answer.is_fresh
        for need, answer in zip(step.needs, answers, strict=True)
        if isinstance(answer, Ready) and need.field.reference and need.field.reference.entity != "products"
    )


def _link(step: Step, answers: list[Answer], values: Values) -> str:
    """What the payload holds beside the meaning of the row's cells."""
    if step.completes and BOARDING in values and BOARDING not in step.row.values:
        return BOARDING
    linked = (
        answer.server_id
        for need, answer in zip(step.needs, answers, strict=True)
        if isinstance(answer, Ready) and need.field.reference and need.field.reference.sends_server_id
    )
    return next(linked, "")


def _rejected_late(row: Row, error: CellError) -> Result:
    """A picture that could not be had: found out only now, since the file is looked at when its turn comes."""
    where = row.cells.get("image_file", row.where)
    value = str(row.values.get("image_file", ""))
    return Result(
        Status.REJECTED, problems=(Problem(where, error.code, error.facts, column="image_file", value=value),)
    )


def _status(results: tuple[Result, ...]) -> Status:
    """The row's status: the worst of its pieces; pieces that are all in, but not in the same way, make an update."""
    if len(results) == 1:
        return results[0].status
    statuses = {result.status for result in results}
    if all(status.is_in for status in statuses) and len(statuses) > 1 and statuses & CHANGED:
        return Status.UPDATED
    return max(statuses, key=BADNESS.__getitem__)


def _outcome(row: Row, results: tuple[Result, ...], attempts: int, seconds: float, *, dry_run: bool) -> Outcome:
    status = _status(results)
    worst = next(result for result in results if len(results) == 1 or result.status is status or status in CHANGED)
    problems = worst.problems
    if dry_run and status in CHANGED:
        problems = (Problem(row.where, "dry_run", {"status": status}, severity=Severity.NOTE),)
        status = Status.NOT_SENT
    return Outcome(
        row,
        status,
        worst.action,
        tuple(result.server_id for result in results if result.server_id and not dry_run),
        results[-1].http_status,
        problems,
        attempts,
        round(seconds, 3),
    )
