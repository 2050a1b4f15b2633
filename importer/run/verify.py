"""Reading the server back: does it still hold what a run wrote?  Sends nothing but look-ups.

The ledger keeps digests, not contents, so the run's files are read once more; only files with the same SHA-256 will do.
A row is compared where the ledger's last word on it is the content that the file gives; where another run wrote it
since, or the run never got it in, there is nothing to compare.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from importer.api import Api
from importer.errors import (
    EXIT_IN_DOUBT,
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_ROWS_FAILED,
    UnreadableFile,
    WrongSettings,
)
from importer.ledger import Account, FileSeen, Ledger, Record, RunRecord
from importer.model import Row
from importer.plan import Chain, Need, Step, chains
from importer.reports.folder import write_verification
from importer.reports.verification import Verdict, Verified
from importer.run.compared import compared
from importer.run.connect import api_for
from importer.run.discretion import without_private
from importer.run.lookup import LINK, NotThere, There
from importer.run.preparation import Prepared, prepare
from importer.run.read_back import Patience, ReadBack
from importer.run.unit import digest
from importer.settings import Settings
from schemas import entity_named
from schemas.cells import Note
from schemas.entity import Payload, identity, payload

PICTURES = "product_images"
"""Their content is not compared: the API has no way to read one back."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading a run back came to."""

    run_id: str
    records: tuple[Verified, ...]
    """In the order of the files; several for a row with a quantity."""
    path: Path
    """The file with what differs."""
    interrupted: bool = False

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Records per verdict, also where there are none."""
        counts = Counter(record.verdict for record in self.records)
        return {verdict: counts[verdict] for verdict in Verdict}

    @property
    def exit_code(self) -> int:
        """A difference that was found outweighs what could not be compared: somebody has to mend it."""
        if self.interrupted:
            return EXIT_INTERRUPTED
        if self.counts[Verdict.DIFFERENT] or self.counts[Verdict.MISSING]:
            return EXIT_ROWS_FAILED
        return EXIT_IN_DOUBT if self.counts[Verdict.NOT_COMPARED] else EXIT_OK


def verify(
    run_id: str,
    files: Sequence[Path],
    settings: Settings,
    *,
    entity: str | None = None,
    mapping: Path | None = None,
    stop: threading.Event | None = None,
) -> Verification:
    """Compare what the run wrote with what the server holds, and write `verify.csv` into the run's report folder.

    *files* are the files of the run; none = where they were then.  *entity* and *mapping* as in
    `prepare`.

    Raises:
        WrongSettings: there is no such run, or it was made with another account.
        UnreadableFile: a file of the run is not there, or no longer what it was.
        AccessDenied, Unreachable, LedgerTrouble, UnwritableReport: as they say.
    """
    stop = stop or threading.Event()
    with Ledger.open(settings.ledger_url) as ledger:
        run = _known(ledger.run(run_id), run_id, settings)
        prepared = _read_again(run, files, settings, entity, mapping)
        account = ledger.account(
            settings.account_name,
            base_url=settings.wanted_base_url(),
            key_print=settings.key_print(),
            named=bool(settings.account),
        )
        api = api_for(settings, pace=account.shared_pace, stop=stop)
        records = _Verifier(run_id, account, api, stop).side_by_side(prepared, settings.workers)
    path = write_verification(Path(run.report_dir), run_id, records, settings.speech)
    return Verification(run_id, records, path, interrupted=stop.is_set())


# --- the run and its files ----------------------------------------------------------------------------------


def _known(run: RunRecord | None, run_id: str, settings: Settings) -> RunRecord:
    if run is None:
        raise WrongSettings("The ledger knows no run {run}; `importer runs` lists them.", run=run_id)
    if (run.account, run.base_url) != (settings.account_name, settings.wanted_base_url()):
        raise WrongSettings(
            "Run {run} was made with the account {account} at {address}; the settings now name {other} at {here}.",
            run=run_id,
            account=run.account,
            address=run.base_url,
            other=settings.account_name,
            here=settings.base_url,
        )
    return run


def _read_again(
    run: RunRecord, given: Sequence[Path], settings: Settings, entity: str | None, mapping: Path | None
) -> Prepared:
    """The run's files, read and checked as an upload would; the very same bytes."""
    if not all(file.sha256 for file in run.files):
        raise UnreadableFile(
            "Run {run} has read standard input, of which nothing is kept; there is nothing to compare with.",
            run=run.run_id,
        )
    paths = given or [_where_it_was(run, file) for file in run.files]
    prepared = prepare(paths, settings, entity=entity, mapping=mapping)
    then = {file.sha256: file.name for file in run.files}
    now = {file.sha256: file.name for file in prepared.files}
    for digest_then, name in then.items():
        if digest_then not in now:
            raise UnreadableFile(
                "this is not the file as run {run} has read it (SHA-256 {digest}); it has been changed since. "
                "Give it as it was then: importer verify {run} FILE...",
                at=name,
                run=run.run_id,
                digest=digest_then,
            )
    for digest_now, name in now.items():
        if digest_now not in then:
            raise UnreadableFile("run {run} has not read this file; leave it out.", at=name, run=run.run_id)
    return prepared


def _where_it_was(run: RunRecord, file: FileSeen) -> Path:
    path = Path(file.path)
    if not file.path:
        raise UnreadableFile(
            "the ledger does not say where this file was; name it: importer verify {run} FILE...",
            at=file.name,
            run=run.run_id,
        )
    if not path.exists():
        raise UnreadableFile(
            "the file is no longer there; name it where it is: importer verify {run} FILE...", at=path, run=run.run_id
        )
    return path


# --- one chain after another, side by side ------------------------------------------------------------------


class _Verifier:
    """Compares; shared by all threads."""

    def __init__(self, run_id: str, account: Account, api: Api, stop: threading.Event) -> None:
        self._run_id = run_id
        self._account = account
        self._api = api
        self._stop = stop
        self._patience = Patience(stop)

    def side_by_side(self, prepared: Prepared, workers: int) -> tuple[Verified, ...]:
        """Every record of the files, in the order of their rows."""
        # With the shipments first, each row has one turn.
        plan = chains(prepared.sheets, link="create")
        rows = (row for sheet in prepared.sheets for row in sheet.rows)
        place = {(row.entity, row.where): at for at, row in enumerate(rows)}
        with ThreadPoolExecutor(workers, thread_name_prefix="verify") as executor:
            try:
                found = list(executor.map(self._of_chain, (chain for wave in plan.waves for chain in wave)))
            except BaseException:
                self._stop.set()
                executor.shutdown(cancel_futures=True)
                raise
        records = [record for of_chain in found for record in of_chain]
        return tuple(sorted(records, key=lambda record: (place[record.row.entity, record.row.where], record.unit)))

    def _of_chain(self, chain: Chain) -> list[Verified]:
        server = ReadBack(self._api, self._patience)
        steps = [step for step in chain.steps if step.row.key and not step.row.is_example]
        known = self._known(steps)
        return [record for step in steps for record in self._of_row(step, known, server)]

    def _known(self, steps: Sequence[Step]) -> dict[tuple[str, str, int], Record]:
        """What the ledger knows of the chain's rows, by entity, key and unit."""
        keys: dict[str, list[str]] = {}
        for step in steps:
            keys.setdefault(step.row.entity, []).append(step.row.key)
        return {
            (entity, key, unit): record
            for entity, of_entity in keys.items()
            for (key, unit), record in self._account.records(entity, of_entity).items()
        }

    def _of_row(self, step: Step, known: Mapping[tuple[str, str, int], Record], server: ReadBack) -> Iterator[Verified]:
        row, quantity = step.row, step.row.values.get("quantity", 1)
        bodies: tuple[Payload, ...] | None = None
        for unit in range(1, (quantity if isinstance(quantity, int) else 1) + 1):
            record = known.get((row.entity, row.key, unit))
            if record is None:
                yield Verified(row, unit, "", Verdict.NOT_WRITTEN, reason=Note("verify_not_in"))
            elif record.state == "intended" or record.server_id is None:
                yield Verified(row, unit, record.server_id or "", Verdict.NOT_COMPARED, reason=Note("verify_in_doubt"))
            else:
                bodies = self._bodies(step, server) if bodies is None else bodies
                yield self._of_record(row, record, bodies, server)

    def _of_record(self, row: Row, record: Record, bodies: tuple[Payload, ...], server: ReadBack) -> Verified:
        number = record.server_id or ""
        body = next((one for one in bodies if digest(one) == record.digest), None)
        if row.entity == PICTURES:
            body = bodies[0]
        if body is None:
            if record.run_id == self._run_id and record.digest is not None:
                return Verified(row, record.unit, number, Verdict.NOT_COMPARED, reason=Note("verify_otherwise_read"))
            by_whom = Note("verify_other_run", {"run": record.run_id}) if record.digest else Note("verify_left_alone")
            return Verified(row, record.unit, number, Verdict.NOT_WRITTEN, reason=by_whom)
        match server.record(entity_named(row.entity), body, number):
            case There() as there:
                return compared(row, record.unit, number, body, there)
            case NotThere():
                return Verified(row, record.unit, number, Verdict.MISSING)
            case unknown:
                reason = Note("verify_unknown", {"reason": without_private(unknown.reason, row)})
                return Verified(row, record.unit, number, Verdict.NOT_COMPARED, reason=reason)

    # --- what was written -----------------------------------------------------------------------------------

    def _bodies(self, step: Step, server: ReadBack) -> tuple[Payload, ...]:
        """What the row may have become, the most likely first: `--complete-boarding`, say, adds a member to orders."""
        entity, values = entity_named(step.row.entity), dict(step.row.values)
        for need in step.needs:
            if need.field.reference and need.field.reference.sends_server_id:
                values.pop(need.field.name)
                if number := self._number(step.row, need, server):
                    values[need.field.name] = number
        whole = payload(entity, values, is_update=True)
        # An item whose second turn never came is there without its shipment.
        unlinked = ({name: value for name, value in whole.items() if name != LINK},) if LINK in whole else ()
        completed = (whole | {"boarding_complete": True},) if entity.name == "orders" else ()
        return (whole, *unlinked, *completed)

    def _number(self, row: Row, need: Need, server: ReadBack) -> str:
        """The server's number of the shipment that *row* names; "" = not known."""
        assert need.field.reference is not None
        parent = entity_named(need.field.reference.entity)
        names = {identity(parent, {field: need.value}) for field in need.field.reference.fields} - {""}
        keys = {need.parent.key} if need.parent else names
        records = self._account.records(parent.name, sorted(keys))
        in_ledger = next((record.server_id for record in records.values() if record.server_id), "")
        return in_ledger or server.number_of_parent(row, need)
