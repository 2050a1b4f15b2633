"""The program on one screen: plan, send, report.  An iterator of outcomes; showing them is the caller's business."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from uuid import uuid4

import importer
from importer.errors import (
    EXIT_IN_DOUBT,
    EXIT_INTERRUPTED,
    EXIT_NO_ACCESS,
    EXIT_OK,
    EXIT_ROWS_FAILED,
    EXIT_STOPPED,
    ImporterError,
    NoRoom,
    RowsRejected,
    TryLater,
)
from importer.ledger import Account, FileSeen, Ledger
from importer.model import Outcome, Readiness, Status
from importer.outcomes import EndedAlike, Outcomes
from importer.plan import Plan, chains
from importer.readiness import readiness
from importer.reports.folder import Folder
from importer.reports.matched import unbalanced
from importer.reports.quote import Quote, Range
from importer.reports.summary import ReadFile, Run, Summary, summarised
from importer.run import loop
from importer.run.connect import api_for
from importer.run.desk import Desk, Existing, Options
from importer.run.forecast import Forecast
from importer.run.groundwork import Groundwork
from importer.run.pictures import Pictures
from importer.run.preparation import Prepared
from importer.run.quote import quoted, seconds
from importer.run.rehearsal import Rehearsal
from importer.run.remembered import Memory
from importer.run.stamps import StampOfRow, Stamps
from importer.run.unchanged import UnchangedRows, as_outcomes
from importer.run.watch import Watch
from importer.settings import Settings
from importer.speech import ENGLISH, Speech
from importer.threads import ahead

Batch = tuple[Outcome, ...] | EndedAlike
"""What is told together."""

OF_FIRST = 4
"""The first request takes up to so many times as long as those that follow."""
LET_IN = frozenset({200, 201, 204})
"""Answers that only somebody with the right access key gets."""
PACK_EVERY = 10_000
"""After so many rows the ledger is asked to put what is new beside the rest."""


class Upload:
    """One run.  Iterate `outcomes`, or `batches`, to the end; then `summary` says what became of it.

    Raises, from these and before anything is sent: `WrongSettings`, `LedgerTrouble`, `LeaseHeld`.  What goes wrong
    later ends the run with all rows accounted for; it is told in the summary and by its exit code.
    """

    def __init__(
        self,
        prepared: Prepared,
        settings: Settings,
        *,
        dry_run: bool = False,
        run_id: str | None = None,
        stop: threading.Event | None = None,
        command: str = "upload",
    ) -> None:
        self._prepared = prepared
        self._settings = settings
        self.is_dry = dry_run
        self._command = command
        self._started = datetime.now(UTC)
        self.run_id = run_id or new_run_id(self._started)
        self.stop = stop or threading.Event()
        """Set it, and the run finishes what is under way and ends."""
        self.rows = sum(len(sheet.rows) for sheet in prepared.sheets)
        """Rows that will have an outcome."""
        self.folder: Path = settings.report_dir / self.run_id
        self.summary: Summary | None = None
        """What became of the run; None until `outcomes` is at its end."""
        self.stopped = ""
        """Why the run ended before its end, in English for the log; "" = it did not."""
        self._quote = Quote()
        self._forecast: Forecast | None = None

    @property
    def seconds_left(self) -> Range | None:
        """How long the run still takes; None = that cannot be told, as yet."""
        return self._forecast.seconds_left if self._forecast else None

    def outcomes(self, tell: Callable[[Quote], None] = lambda _: None) -> Iterator[Outcome]:
        """Yield what becomes of every row, each exactly once, written to `results.csv` before it is yielded.

        *tell* is told what lies ahead before anything is sent.
        """
        for batch in self.batches(tell):
            yield from as_outcomes(batch, self._prepared.sheets) if isinstance(batch, EndedAlike) else batch

    def batches(self, tell: Callable[[Quote], None] = lambda _: None) -> Iterator[Batch]:
        """The same many rows at a time; of those that are unchanged for sure, none need be put together."""
        settings = self._settings
        groundwork = Groundwork(self._prepared.sheets)
        with Ledger.open(settings.ledger_url) as ledger:
            account = ledger.account(
                settings.account_name,
                base_url=settings.wanted_base_url(),
                key_print=settings.key_print(),
                named=bool(settings.account),
            )
            with self._lease(account), Folder(settings.report_dir, self.run_id, settings.speech) as folder:
                memory = groundwork.memory(account)
                desk = self._desk(account, groundwork.stamps)
                self._start(account)
                done = Outcomes()
                plan, watch, unchanged = self._planned(desk, groundwork, memory)
                self._quote = self._quoted(plan, desk, account, memory)
                del memory  # which is large
                self._forecast = Forecast(self._quote, watch.left, time.monotonic())
                tell(self._quote)
                for batch in _by_turns(self._noted(loop.batches(plan, desk, watch), desk, account), unchanged):
                    if isinstance(batch, EndedAlike):
                        folder.add_alike(batch)
                        done.add_alike(batch)
                    else:
                        folder.add(*batch)
                        for outcome in batch:
                            done.add(outcome)
                    yield batch
                self.summary = self._summary(desk, done)
                try:
                    folder.finish(self.summary, self._prepared.sheets, done)
                finally:
                    # Also where there is no room for a report: what became of the rows is known.
                    self._end(account, self.summary)

    def _planned(self, desk: Desk, groundwork: Groundwork, memory: Memory) -> tuple[Plan, Watch, Iterator[EndedAlike]]:
        """The order of work, and what is told of rows that have no turn, since they are unchanged for sure."""
        sheets, settings, groups = self._prepared.sheets, self._settings, groundwork.groups
        planned = partial(
            chains, sheets, link=settings.link, complete_boarding=settings.complete_boarding, groups=groups
        )
        known = UnchangedRows(sheets, groups, groundwork.stamps, memory, complete_boarding=settings.complete_boarding)
        plan = planned(settled=known.marks)
        watch = Watch(plan, settings.max_errors)
        if watch.verdict or desk.stop.is_set():
            # The run has ended before it began, for all rows alike.
            plan = planned()
            watch = Watch(plan, settings.max_errors)
        return plan, watch, ahead(known.told(plan.left_out, with_numbers=not self.is_dry))

    def _noted(self, batches: Iterable[Batch], desk: Desk, account: Account) -> Iterator[Batch]:
        """Pass *batches* on, and see to what follows from them: forecast, the key being right, order in the ledger."""
        is_let_in, told = self.is_dry, 0  # a dry run notes nothing, and answers writes itself
        for batch in batches:
            if not isinstance(batch, EndedAlike):
                assert self._forecast is not None
                self._forecast.note(batch, desk.api.counters.requests, time.monotonic())
                if not is_let_in and any(outcome.http_status in LET_IN for outcome in batch):
                    is_let_in = True
                    account.confirm_key(self._settings.key_print())
                told += len(batch)
                if told >= PACK_EVERY:
                    told = 0
                    desk.account.pack()
            yield batch
        if told:
            desk.account.pack()

    def _lease(self, account: Account) -> AbstractContextManager[object]:
        return nullcontext() if self.is_dry else account.lease(self.run_id, self._settings.lease_s)

    def _desk(self, account: Account, stamps: Sequence[Stamps | None]) -> Desk:
        settings = self._settings
        options = Options(
            run_id=self.run_id,
            workers=settings.workers,
            existing=Existing(settings.existing),
            dry_run=self.is_dry,
            settle_s=settings.api.settle_s,
        )
        api = api_for(settings, pace=account.shared_pace, stop=self.stop, dry_run=self.is_dry)
        pictures = Pictures(self._prepared.sheets, fetch=api.fetch, allow_private=settings.private_addresses)
        kept = Rehearsal(account) if self.is_dry else account
        stamp = StampOfRow(self._prepared.sheets, stamps)
        desk = Desk(api, kept, options, stop=self.stop, attachment=pictures.attachment, stamp=stamp)
        if settings.strict and self._prepared.is_rejected_anywhere:
            desk.end(RowsRejected("Nothing was sent: some rows are rejected, and --strict is on."))
        return desk

    # --- what lies ahead ------------------------------------------------------------------------------------

    def _quoted(self, plan: Plan, desk: Desk, account: Account, memory: Memory) -> Quote:
        quote, settings = quoted(plan, desk.account, memory, self._settings), self._settings
        learned_s = account.shared_pace.pace().interval_s
        rate = min([*([1 / learned_s] if learned_s else []), *([settings.rate] if settings.rate else [])], default=None)
        # A run that may have nothing to send does not ask for a token either.
        latency_s = _latency_s(desk) if quote.total.least else None
        return replace(quote, seconds=seconds(quote.total, workers=settings.workers, rate=rate, latency_s=latency_s))

    # --- history --------------------------------------------------------------------------------------------

    def _start(self, account: Account) -> None:
        if self.is_dry:
            return
        account.start_run(
            self.run_id,
            files=[_seen(file) for file in self._prepared.files],
            version=importer.__version__,
            report_dir=str(self.folder.resolve()),
            command=self._command,
        )

    def _end(self, account: Account, summary: Summary) -> None:
        if self.is_dry:
            return
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for sheet in summary.sheets:
            counts[sheet.entity].update({status.value: count for status, count in sheet.statuses.items() if count})
        account.end_run(
            self.run_id,
            exit_code=summary.run.exit_code,
            counts=counts,
            requests=summary.run.requests,
            retries=summary.run.retries,
        )

    def _summary(self, desk: Desk, outcomes: Outcomes) -> Summary:
        counters = desk.api.counters
        code = exit_code(
            outcomes,
            desk.ending,
            interrupted=self.stop.is_set() and desk.ending is None,
            balanced=not unbalanced(self._prepared.sheets, outcomes),
        )
        self.stopped = _why(desk, ENGLISH)
        run = Run(
            run_id=self.run_id,
            started_at=self._started,
            finished_at=datetime.now(UTC),
            exit_code=code,
            files=self._prepared.files,
            server=self._settings.base_url,
            dry_run=self.is_dry,
            stopped=_why(desk, self._settings.speech),
            requests=counters.requests,
            retries=counters.retries,
            throttled=counters.throttled,
            quote=self._quote,
        )
        return summarised(run, self._prepared.sheets, outcomes, self._portal(outcomes))

    def _portal(self, outcomes: Outcomes) -> Readiness | None:
        """What consumers find now; where nothing got in, as in a dry run, what they would find.

        None where there is no room to work it out: nobody is to go without a report for that.
        """
        left_alone = {Status.SKIPPED}  # as the template's example rows are
        is_any_in = any(status.is_in for status, _ in outcomes.ends() if status not in left_alone)
        try:
            return readiness(self._prepared.sheets, outcomes if is_any_in and not self.is_dry else ())
        except NoRoom:
            return None


def _by_turns(sent: Iterable[Batch], unchanged: Iterator[EndedAlike]) -> Iterator[Batch]:
    """What is *sent*, which begins at once, and in between what is *unchanged*."""
    for batch in sent:
        yield batch
        yield from islice(unchanged, 1)
    yield from unchanged


def _latency_s(desk: Desk) -> Range | None:
    """Seconds from request to answer, from the first one: its connection had to be opened, which takes the most."""
    if desk.stop.is_set():
        return None
    try:
        taken_s = desk.api.knock()
    except TryLater:
        return None
    except ImporterError as reason:
        desk.end(reason)
        return None
    return Range(taken_s / OF_FIRST, taken_s)


def _seen(file: ReadFile) -> FileSeen:
    return FileSeen(file.name, file.sha256, file.size, path=str(file.path.resolve()) if file.sha256 else "")


def new_run_id(now: datetime) -> str:
    """A run's name: sorts by time, and no two are equal."""
    return f"{now:%Y%m%d-%H%M%S}-{uuid4().hex[:6]}"


def exit_code(
    outcomes: Iterable[Outcome] | Outcomes, ending: ImporterError | None, *, interrupted: bool, balanced: bool
) -> int:
    """The contract's exit code: of those that apply the highest.

    A run that is not *balanced*, some row read having no outcome or several, is never a success: 1 at least.
    """
    if isinstance(ending, RowsRejected):
        return ending.exit_code
    statuses = {status for status, code in Outcomes.of(outcomes).ends() if code != "dry_run"}
    applies = {EXIT_OK if balanced else EXIT_STOPPED}
    if statuses & {Status.REJECTED, Status.REFUSED, Status.BLOCKED}:
        applies.add(EXIT_ROWS_FAILED)
    if Status.NOT_SENT in statuses and ending is None:
        applies.add(EXIT_NO_ACCESS)
    if Status.IN_DOUBT in statuses:
        applies.add(EXIT_IN_DOUBT)
    if ending is not None:
        applies.add(ending.exit_code)
    if interrupted:
        applies.add(EXIT_INTERRUPTED)
    return max(applies)


def _why(desk: Desk, speech: Speech) -> str:
    if desk.ending is not None:
        return speech.error(desk.ending)
    return speech.say("The run was interrupted.") if desk.stop.is_set() else ""
