"""One record brought in: created, brought up to date, adopted or left as it is; never sent twice.

A row is one record on the server, or as many as its `quantity`.  The order of acts is always the same: the intent is in
the ledger before the request leaves, the answer after it came.  Where no answer came, the server is asked before it is
sent again; where asking does not settle it, the record stays in doubt.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from importer.api import Unknown, differences, server_id
from importer.errors import AnswerLost, ImporterError, RowRefused, TryLater
from importer.ledger import Intent, Record, Stamp
from importer.model import Action, Problem, Row, Severity, Status
from importer.run.desk import Desk, Existing
from importer.run.lookup import Answer, NotThere, There, look_up
from importer.run.refusal import refusal_problems, speaks_of_the_key
from schemas.entity import Entity, Payload

RESENDS = 3
"""A record whose answers are lost is sent so often, each time only after the server surely does not have it."""

PAUSE_S = 0.5
"""Between two questions while a server may still be storing what it never confirmed."""


ORDERED = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
READABLE = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Unit:
    """What the server is to hold for one row, or for one piece of a row with a quantity."""

    entity: Entity
    row: Row
    number: int
    """1, or 2 and up for the further pieces of a row with a quantity."""
    body: Payload
    """The whole record, cleared members left out."""
    update_body: Payload
    """The same, cleared members null."""
    may_exist: bool = False
    """The server may hold it though the ledger does not know: ask before creating."""
    is_first_turn: bool = False
    """See to it that it is there; its content comes with the second turn."""
    seen: Mapping[str, object] | None = None
    """The server's record, where the first turn came across it."""
    stamp: Stamp | None = None
    """By what the row is known again once this is in; None = it is not."""
    digest: str = field(init=False)
    """Of the content of `update_body`; equal digests mean there is nothing to send."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", digest(self.update_body))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one unit."""

    status: Status
    action: Action = Action.NONE
    server_id: str = ""
    http_status: int | None = None
    problems: tuple[Problem, ...] = ()
    seen: Mapping[str, object] | None = None
    """The server's record, where it was come across."""


def digest(body: Mapping[str, object]) -> str:
    """Digest of a payload, blind to the order of its members."""
    return hashlib.sha256(ORDERED.encode(body).encode()).hexdigest()


def bring_in(unit: Unit, record: Record | None, desk: Desk) -> Result:
    """Make the server hold *unit*, of which the ledger knows *record*, and say what was done.

    Raises:
        TryLater: not done, or to be done again, and waiting did not help.
        ImporterError: the run cannot go on; what was under way is in the ledger.
    """
    if record is None:
        return _brought_in_new(unit, desk)
    if record.state == "intended":
        return _out_of_doubt(unit, record, desk)
    assert record.server_id is not None
    if unit.seen is not None and not differences(unit.update_body, unit.seen):
        _settle(unit, record.server_id, unit.digest, desk)
        return Result(Status.UNCHANGED, Action.ADOPT, record.server_id)
    if record.digest == unit.digest and unit.stamp not in {None, record.stamp}:
        _stamp(unit, desk)
    return _up_to_date(unit, record.server_id, record.digest, desk)


# --- create -------------------------------------------------------------------------------------------------


def _brought_in_new(unit: Unit, desk: Desk) -> Result:
    if unit.may_exist or desk.options.existing is not Existing.UPDATE or desk.options.dry_run:
        found = _look_up(unit, unit.body, desk)
        if isinstance(found, There):
            return _adopted(unit, found, desk)
    return _created(unit, desk)


def _created(unit: Unit, desk: Desk) -> Result:
    for _ in range(RESENDS):
        desk.account.intend(_intent(unit, Action.CREATE, unit.body, desk))
        try:
            reply = desk.api.create(unit.entity, unit.body)
        except RowRefused as refusal:
            _withdraw(unit, desk)
            return _there_already(unit, refusal, desk) or _refused(unit, refusal, Action.CREATE)
        except AnswerLost as lost:
            match _asked(unit, unit.body, time.monotonic(), desk):
                case There() as found:
                    return _recognised(unit, unit.body, unit.digest, found, desk)
                case Unknown():
                    return _in_doubt(unit, lost.http_status)
            continue
        except (TryLater, ImporterError):
            _withdraw(unit, desk)
            raise
        # 200 to a POST means that the server had it and has brought it up to date (seen in a client of the vendor's).
        status = Status.UPDATED if reply.http_status == 200 and unit.entity.method == "POST" else Status.CREATED  # noqa: PLR2004
        number = server_id(reply) or _number_found(unit, desk)
        _settle(unit, number, unit.digest, desk)
        return Result(status, Action.CREATE, number, reply.http_status)
    _withdraw(unit, desk)
    raise TryLater("the answers got lost, and the server does not have it")


def _asked(unit: Unit, sent: Payload, since: float, desk: Desk) -> Answer:
    """What the server holds of *sent*, which was sent at the moment *since* (monotonic) at the latest.

    A server may store late what it never confirmed, so `NotThere` is only said by an answer that was asked for once the
    settling time was over; `settle_s` must be longer than a server can be late.  `Unknown` when the run ends before.
    """
    until = since + desk.options.settle_s
    while True:
        left_s = until - time.monotonic()
        try:
            found = _look_up(unit, sent, desk)
        except TryLater as trouble:
            desk.note_trouble(trouble)
            return Unknown(trouble.answer)
        except ImporterError as reason:
            desk.end(reason)
            return Unknown(str(reason))
        if left_s <= 0 or not isinstance(found, NotThere):
            return found
        if desk.stop.wait(min(left_s, PAUSE_S)):
            return Unknown("the run ended")


def _recognised(unit: Unit, sent: Payload, known: str | None, found: There, desk: Desk) -> Result:
    """What we sent and find again is created by us, if it is what we sent; *known* is the digest of its content."""
    if differences(sent, found.record):
        return _adopted(unit, found, desk)
    _settle(unit, found.server_id, known, desk)
    if known == unit.digest:
        return Result(Status.CREATED, Action.CREATE, found.server_id)
    return _up_to_date(unit, found.server_id, known, desk)


def _in_doubt(unit: Unit, http_status: int | None) -> Result:
    sheet, key = unit.entity.sheet, unit.row.key
    problem = Problem(unit.row.where, "answer_lost", {"entity": sheet, "value": key})
    return Result(Status.IN_DOUBT, Action.CREATE, http_status=http_status, problems=(problem,))


def _look_up(unit: Unit, body: Payload, desk: Desk) -> Answer:
    return look_up(desk.api, desk.account, unit.entity, body)


def _number_found(unit: Unit, desk: Desk) -> str:
    """The number of a record whose answer gave none (204, say); "" = it cannot be had, or nobody needs it."""
    if not unit.entity.can_update:
        return ""
    try:
        found = _look_up(unit, unit.body, desk)
    except (TryLater, ImporterError):
        return ""
    return found.server_id if isinstance(found, There) else ""


def _there_already(unit: Unit, refusal: RowRefused, desk: Desk) -> Result | None:
    """A refusal that may mean "I have this already" is settled by looking; None when it means something else."""
    if not speaks_of_the_key(refusal, unit.entity):
        return None
    match _look_up(unit, unit.body, desk):
        case There() as found:
            return _adopted(unit, found, desk)
        case _:
            return None


# --- what is there already ----------------------------------------------------------------------------------


def _adopted(unit: Unit, found: There, desk: Desk) -> Result:
    """Take over the server's record, and bring it up to date where it differs."""
    if unit.is_first_turn:
        _settle(unit, found.server_id, None, desk)
        return Result(Status.UNCHANGED, Action.ADOPT, found.server_id, seen=found.record)
    if not differences(unit.update_body, found.record):
        _settle(unit, found.server_id, unit.digest, desk)
        return Result(Status.UNCHANGED, Action.ADOPT, found.server_id)
    if desk.options.existing is Existing.UPDATE:
        _settle(unit, found.server_id, None, desk)
    return _up_to_date(unit, found.server_id, None, desk)


def _up_to_date(unit: Unit, server_id: str, known: str | None, desk: Desk) -> Result:
    if known == unit.digest or unit.is_first_turn:
        return Result(Status.UNCHANGED, server_id=server_id)
    if desk.options.existing is Existing.SKIP:
        return _kept_as_it_is(unit, Status.SKIPPED, "skipped_existing", server_id)
    if desk.options.existing is Existing.FAIL:
        return _kept_as_it_is(unit, Status.REFUSED, "already_there", server_id)
    if not unit.entity.can_update:
        return _kept_as_it_is(unit, Status.REFUSED, "cannot_change", server_id)
    number = server_id or _number_found(unit, desk)
    if not number and unit.entity.method == "POST":
        return _kept_as_it_is(unit, Status.REFUSED, "already_there_unknown", server_id)
    return _updated(unit, number, desk)


def _updated(unit: Unit, server_id: str, desk: Desk) -> Result:
    """PUT is harmless to repeat: an answer that got lost is simply asked for again, if need be by the next run."""
    desk.account.intend(_intent(unit, Action.UPDATE, unit.update_body, desk))
    # Where no answer comes, the intent stays: what the ledger knows may not be what the server holds any more.
    try:
        reply = desk.api.update(unit.entity, server_id, unit.update_body)
    except RowRefused as refusal:
        _withdraw(unit, desk)
        if refusal.http_status == 404:  # noqa: PLR2004
            desk.account.forget(unit.entity.name, unit.row.key, unit.number)
            return _kept_as_it_is(unit, Status.REFUSED, "gone_from_server", server_id)
        return replace(_refused(unit, refusal, Action.UPDATE), server_id=server_id)
    _settle(unit, server_id, unit.digest, desk)
    return Result(Status.UPDATED, Action.UPDATE, server_id, reply.http_status)


def _kept_as_it_is(unit: Unit, status: Status, code: str, server_id: str) -> Result:
    severity = Severity.NOTE if status.is_in else Severity.ERROR
    return Result(status, server_id=server_id, problems=(Problem(unit.row.where, code, severity=severity),))


# --- what an earlier run left open --------------------------------------------------------------------------


def _out_of_doubt(unit: Unit, record: Record, desk: Desk) -> Result:
    """An intent without an answer: settle what was sent then, and only then look at what the row says now.

    When that was sent is not known, since a request may wait for its turn; but surely before this run has begun.
    """
    if record.server_id is not None:
        # Whether that PUT arrived does not matter: the content is not known, so it is sent again.
        return _up_to_date(unit, record.server_id, None, desk)
    if unit.entity.method == "PUT":
        return _created(unit, desk)
    sent = json.loads(record.pending_payload) if record.pending_payload else unit.body
    match _asked(unit, sent, desk.began_at, desk):
        case There() as found:
            return _recognised(unit, sent, record.pending_digest, found, desk)
        case Unknown():
            return _in_doubt(unit, None)
    _withdraw(unit, desk)
    return _brought_in_new(unit, desk)


# --- the ledger ---------------------------------------------------------------------------------------------


def _intent(unit: Unit, action: Action, body: Payload, desk: Desk) -> Intent:
    # Needed to recognise what was sent; a PUT is simply sent again, and pictures are large.
    is_kept = action is Action.CREATE and unit.entity.method == "POST"
    return Intent(
        entity=unit.entity.name,
        key=unit.row.key,
        unit=unit.number,
        action=action,
        digest=unit.digest,
        payload=READABLE.encode(body) if is_kept else "",
        file=unit.row.where.file,
        sheet=unit.row.where.sheet,
        row=unit.row.where.row or 0,
        run_id=desk.options.run_id,
    )


def _settle(unit: Unit, server_id: str, known: str | None, desk: Desk) -> None:
    """Its number is known from now on; *known* is the digest of its content, None = that is not ours yet.

    The disk is not waited for: the row's outcome is told only behind this note, and what comes next for the record is
    written behind it, too.  If the ledger cannot take it, the run ends; the row is told as the server answered, and the
    next run looks for it.
    """
    name, run_id = unit.entity.name, desk.options.run_id
    stamp = unit.stamp if known == unit.digest else None
    try:
        desk.account.settle(name, unit.row.key, unit.number, server_id, known, run_id, stamp=stamp, then=desk.noted)
    except ImporterError as reason:
        desk.end(reason)


def _stamp(unit: Unit, desk: Desk) -> None:
    """Let the row be known again: it is written in another way than before, or was sent by an older importer."""
    assert unit.stamp is not None
    try:
        desk.account.stamp(unit.entity.name, unit.row.key, unit.number, unit.digest, unit.stamp, then=desk.noted)
    except ImporterError as reason:
        desk.end(reason)


def _withdraw(unit: Unit, desk: Desk) -> None:
    """Nothing came of it.  If the ledger cannot take that, the run ends, and the next one finds the same."""
    try:
        desk.account.withdraw(unit.entity.name, unit.row.key, unit.number)
    except ImporterError as reason:
        desk.end(reason)


def _refused(unit: Unit, refusal: RowRefused, action: Action) -> Result:
    problems = refusal_problems(unit.row, refusal)
    return Result(Status.REFUSED, action, http_status=refusal.http_status, problems=problems)
