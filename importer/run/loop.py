"""The loop, and nothing but the loop: waves one after another, their chains side by side, outcomes as they come.

The caller's thread hands out chains, with what the ledger knows of them, and takes outcomes, both many at a time: a
thread that is woken for every row costs as much as the row's request.
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from itertools import chain, islice
from queue import SimpleQueue

import numpy as np

from importer.errors import ImporterError
from importer.model import Outcome, Status
from importer.outcomes import EndedAlike
from importer.plan import Chain, Plan
from importer.plan.book import Book
from importer.plan.order import Turns
from importer.run import canary, not_sent
from importer.run import chain as one_chain
from importer.run.desk import Desk
from importer.run.knowledge import Known, known_of
from importer.run.needs import Parents
from importer.run.watch import Watch

AHEAD_PER_WORKER = 8
LEAST_AHEAD = 128
"""So many chains are handed out ahead: enough to ask the ledger for many at once, and memory does not grow with the
file."""
SPARE = 2
"""One more thread for so many workers.  A row stands still while its intent goes to the disk and its turn is not due,
but the server is to have as many requests under way as it may; so other rows are made ready meanwhile."""
EVERY_S = 0.05
"""Outcomes are taken so often; failures, and ..."""
MANY = 200
"""... so many, at once."""
NO_HURRY = frozenset(status for status in Status if status.is_in) | {Status.NOT_SENT}
"""No failures: of a run that was stopped, millions of rows may not have been sent."""


def batches(plan: Plan, desk: Desk, watch: Watch) -> Iterator[tuple[Outcome, ...] | EndedAlike]:
    """Yield the outcome of every row of *plan*, each exactly once, in the order they become known, some at a time.

    What is yielded is durable in the ledger.  Never raises for the server's sake: what ended the run early is
    `desk.ending`, and the rows left are `not_sent`.
    """
    parents = Parents(desk)
    if watch.verdict:
        desk.end(watch.verdict)
    waves = [wave.turns(partial(_is_over, desk)) for wave in plan.waves]
    for outcomes in chain(_in_turn(waves, desk, parents), _without_a_turn(waves, plan.groups.book, desk, parents)):
        if not isinstance(outcomes, EndedAlike):
            for outcome in outcomes:
                watch.note(outcome)
            if watch.verdict:
                desk.end(watch.verdict)
        yield outcomes


def _is_over(desk: Desk, left: int) -> bool:
    return desk.stop.is_set() and left >= not_sent.WORTH_IT


def _in_turn(waves: Iterable[Turns], desk: Desk, parents: Parents) -> Iterator[tuple[Outcome, ...]]:
    with ThreadPoolExecutor(_threads(desk), thread_name_prefix="upload") as executor:
        for wave in waves:
            for chains in canary.ahead(wave):
                yield from _Crew(desk, parents).side_by_side(chains, executor)


def _without_a_turn(
    waves: Iterable[Turns], book: Book, desk: Desk, parents: Parents
) -> Iterator[tuple[Outcome, ...] | EndedAlike]:
    yield from not_sent.told(np.concatenate([wave.left for wave in waves]), book, desk, parents)


def _threads(desk: Desk) -> int:
    return desk.options.workers + -(-desk.options.workers // SPARE)


class _Crew:
    """Workers at some chains: these come in by one queue, their outcomes go out by another."""

    def __init__(self, desk: Desk, parents: Parents) -> None:
        self._desk = desk
        self._parents = parents
        self._workers = _threads(desk)
        self._ahead = max(LEAST_AHEAD, AHEAD_PER_WORKER * self._workers)
        self._turns: SimpleQueue[tuple[Chain, Known] | None] = SimpleQueue()
        """None sends a worker home."""
        self._outcomes: deque[Outcome] = deque()
        self._gone: deque[BaseException | None] = deque()
        """One for each worker that has gone, and the mistake of ours that he has met, if any."""
        self._news = threading.Event()

    def side_by_side(self, chains: Iterable[Chain], executor: Executor) -> Iterator[tuple[Outcome, ...]]:
        """Yield what becomes of *chains*; raises what must not happen."""
        rest, is_fed, is_over = iter(chains), False, False
        for _ in range(self._workers):
            executor.submit(self._work)
        try:
            while not is_over:
                is_fed = is_fed or self._feed(rest)
                self._news.wait(EVERY_S)
                self._news.clear()
                is_over = len(self._gone) == self._workers
                if self._outcomes:
                    yield tuple(self._outcomes.popleft() for _ in range(len(self._outcomes)))
        finally:
            if not is_over:
                # Whoever takes the outcomes has given up.
                self._desk.stop.set()
                self._dismiss()
        for mistake in self._gone:
            if mistake:
                raise mistake

    # --- in the caller's thread -----------------------------------------------------------------------------

    def _feed(self, rest: Iterator[Chain]) -> bool:
        """Hand out more where few are left; whether those were the last."""
        if self._turns.qsize() > self._ahead / 2:
            return False
        chains = tuple(islice(rest, self._ahead))
        known = self._known(chains)
        for one in chains:
            self._turns.put((one, known))
        if len(chains) == self._ahead:
            return False
        self._dismiss()
        return True

    def _dismiss(self) -> None:
        for _ in range(self._workers):
            self._turns.put(None)

    def _known(self, chains: Iterable[Chain]) -> Known:
        try:
            return known_of(chains, self._desk.account)
        except ImporterError as reason:
            self._desk.end(reason)
            return {}

    # --- in the workers' threads ----------------------------------------------------------------------------

    def _work(self) -> None:
        mistake: BaseException | None = None
        try:
            while (turn := self._turns.get()) is not None:
                if self._turns.qsize() < self._ahead / 4:
                    self._hurry()
                for outcome in one_chain.outcomes(*turn, self._desk, self._parents):
                    self._desk.account.behind(partial(self._tell, outcome))
        except BaseException as error:  # noqa: BLE001 - a mistake of ours: raised again in the caller's thread
            self._desk.stop.set()
            mistake = error
        self._desk.account.behind(partial(self._go, mistake))

    def _tell(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        if len(self._outcomes) >= MANY or outcome.status not in NO_HURRY:
            self._hurry()

    def _go(self, mistake: BaseException | None) -> None:
        self._gone.append(mistake)
        self._hurry()

    def _hurry(self) -> None:
        if not self._news.is_set():
            self._news.set()
