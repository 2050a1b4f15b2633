"""The one thread that writes: it takes all that waits, commits once, and wakes those who wait.

So every caller's write is durable when the call returns, or when he is told so, and still the disk is asked once for
many of them: the slower the disk, the more rows share a commit.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from queue import SimpleQueue
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError

from importer.errors import ImporterError, LedgerTrouble
from importer.ledger import sqlite

T = TypeVar("T")

Statements = tuple[str, ...]
"""As `sqlite.plain` gives them."""

Values = Mapping[str, object]

Guard = Callable[[DBAPICursor], ImporterError | None]
"""Says inside the transaction why a write must not be done; asked once for all writes of a commit that share it."""

Then = Callable[[BaseException | None], None]
"""Told in the writer's thread that something is durable, or why it never will be; must be quick and must not raise."""


@dataclass(slots=True, eq=False)
class _Job:
    """Something to be written, and who waits for it."""

    statements: Statements = ()
    values: Values = field(default_factory=dict)
    guard: Guard | None = None
    then: Then | None = None
    """None = somebody waits for it."""
    work: Callable[[Connection], object] | None = None
    result: object = None
    error: BaseException | None = None
    done: threading.Lock = field(default_factory=threading.Lock)
    """Held until the job is done: the cheapest thing to wait for."""

    def __post_init__(self) -> None:
        self.done.acquire()


class Writer:
    """Writes for any number of threads.

    After trouble (disk full, say) nothing is written any more: every waiting and every later call raises it.
    """

    def __init__(self, engine: Engine, described: Callable[[BaseException], LedgerTrouble]) -> None:
        self._connection = engine.connect()
        self._driver = self._connection.connection
        self._errors = (SQLAlchemyError, engine.dialect.loaded_dbapi.Error)
        self._described = described
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._last = _Job()
        """The last one that nobody waits for."""
        self._last.done.release()
        self._gate = threading.Lock()
        self._is_closed = False
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def write(self, statements: Statements, values: Values, guard: Guard | None = None) -> None:
        """Do *statements* with *values*; durable on return.

        Writes that wait at the same time are done together, in the order in which they came.

        Raises:
            ImporterError: what the *guard* says; then nothing was written.
            LedgerTrouble: it cannot be written.
        """
        self._done(_Job(statements=statements, values=values, guard=guard))

    def write_then(self, statements: Statements, values: Values, guard: Guard | None, then: Then) -> None:
        """As `write`, without waiting: *then* is told what `write` would raise, or None."""
        self._put(_Job(statements=statements, values=values, guard=guard, then=then))

    def behind(self, then: Callable[[], None]) -> None:
        """Call *then* once all that was written by `write_then` is done; at once where nothing of it waits."""
        if self._last.done.locked():
            self._put(_Job(then=lambda _: then()))
        else:
            then()

    def catch_up(self) -> None:
        """Return when all that was written by `write_then` so far is done."""
        with self._last.done:
            pass

    def ask(self, work: Callable[[Connection], T]) -> T:
        """Do *work* inside a transaction and hand back what it gives; durable on return.

        For what is rare; *work* must not raise, since that is taken for trouble with the ledger.
        """
        return cast("T", self._done(_Job(work=work)))

    def close(self) -> None:
        """Finish what waits, then refuse everything."""
        with self._gate:
            if self._is_closed:
                return
            self._is_closed = True
            self._waiting.put(None)
        self._thread.join()
        self._connection.close()

    def _done(self, job: _Job) -> object:
        self._put(job)
        with job.done:
            pass
        if job.error is not None:
            # Many raise the same one: each with a traceback of its own, or it would grow and grow.
            raise job.error.with_traceback(None)
        return job.result

    def _put(self, job: _Job) -> None:
        with self._gate:
            if self._is_closed:
                raise LedgerTrouble("the ledger has been closed")
            self._waiting.put(job)
            if job.then:
                self._last = job

    # --- in the writer's thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        is_open = True
        while is_open:
            taken = [self._waiting.get()]
            while not self._waiting.empty():
                taken.append(self._waiting.get())
            is_open = taken[-1] is not None  # nothing is put behind the end
            self._finish([job for job in taken if job is not None])

    def _finish(self, jobs: list[_Job]) -> None:
        if self._trouble is None:
            try:
                self._write_all([job for job in jobs if job.statements])
                self._ask_all([job for job in jobs if job.work is not None])
            except self._errors as error:
                self._trouble = self._described(error)
            except BaseException as error:  # noqa: BLE001 - raised again where somebody waits, who else would hang
                self._trouble = error
        for job in jobs:
            job.error = self._trouble or job.error
            if job.then:
                job.then(job.error)
            job.done.release()

    def _write_all(self, jobs: list[_Job]) -> None:
        if not jobs:
            return
        cursor = self._driver.cursor()
        sqlite.begin(cursor)
        try:
            verdicts = {guard: guard(cursor) for guard in {job.guard for job in jobs} if guard is not None}
            for job in jobs:
                job.error = verdicts.get(job.guard) if job.guard else None
            # In their order: a record may be settled and intended anew in one commit.
            for statements, alike in groupby((job for job in jobs if not job.error), attrgetter("statements")):
                values = [job.values for job in alike]
                for statement in statements:
                    cursor.executemany(statement, values)
            self._driver.commit()
        finally:
            # Does nothing after a commit.
            self._driver.rollback()

    def _ask_all(self, jobs: list[_Job]) -> None:
        if not jobs:
            return
        with self._connection.begin():
            for job in jobs:
                job.result = job.work(self._connection) if job.work else None
