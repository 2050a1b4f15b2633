"""The loop, and nothing but the loop: waves one after another, their chains side by side, outcomes as they come."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from queue import SimpleQueue

from importer.model import Outcome
from importer.plan import Chain, Plan
from importer.run import canary
from importer.run import chain as one_chain
from importer.run.desk import Desk
from importer.run.needs import Parents
from importer.run.watch import Watch

CHAINS_WAITING_PER_WORKER = 4
"""So many chains are handed out ahead, so that memory does not grow with the file."""


def outcomes(plan: Plan, desk: Desk, watch: Watch) -> Iterator[Outcome]:
    """Yield the outcome of every row of *plan*, each exactly once, in the order they become known.

    Never raises for the server's sake: what ended the run early is `desk.ending`, and the rows left are `not_sent`.
    """
    parents = Parents(desk)
    if watch.verdict:
        desk.end(watch.verdict)
    with ThreadPoolExecutor(desk.options.workers, thread_name_prefix="upload") as executor:
        for wave in plan.waves:
            canaries = canary.first(wave)
            ahead = {chain.name for chain in canaries}
            rest = (chain for chain in wave if chain.name not in ahead)
            for chains in (canaries, rest):
                for outcome in _side_by_side(chains, desk, parents, executor):
                    watch.note(outcome)
                    if watch.verdict:
                        desk.end(watch.verdict)
                    yield outcome


def _side_by_side(chains: Iterable[Chain], desk: Desk, parents: Parents, executor: Executor) -> Iterator[Outcome]:
    done: SimpleQueue[Outcome | BaseException | None] = SimpleQueue()

    def work(chain: Chain) -> None:
        try:
            for outcome in one_chain.outcomes(chain, desk, parents):
                done.put(outcome)
        except BaseException as mistake:  # noqa: BLE001 - a mistake of ours: raised again in the caller's thread
            desk.stop.set()
            done.put(mistake)
        finally:
            done.put(None)

    under_way = 0
    for chain in chains:
        executor.submit(work, chain)
        under_way += 1
        while under_way >= desk.options.workers * CHAINS_WAITING_PER_WORKER:
            under_way -= yield from _next(done)
    while under_way:
        under_way -= yield from _next(done)


def _next(done: "SimpleQueue[Outcome | BaseException | None]") -> Generator[Outcome, None, int]:
    """Yield the next outcome, if that is what comes; return how many chains ended with it, 0 or 1."""
    match done.get():
        case None:
            return 1
        case BaseException() as mistake:
            raise mistake
        case outcome:
            yield outcome
    return 0
