"""What an upload has to work out before it can be planned: each takes a second for a million rows, so side by side."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from importer.ledger import Account
from importer.model import CheckedSheet
from importer.plan import Grouped, grouped
from importer.run.remembered import WORTH_IT, Memory
from importer.run.stamps import Stamps, stamps_of
from importer.threads import THREADS


class Groundwork:
    """The stamps and the chains of all rows, and what the ledger remembers; begun at once, and to be had when done."""

    def __init__(self, sheets: Sequence[CheckedSheet]) -> None:
        self._sheets = sheets
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="groundwork")
        self._groups = self._threads.submit(grouped, sheets)
        self._stamps = [self._threads.submit(stamps_of, sheet) for sheet in sheets]

    def memory(self, account: Account) -> Memory:
        """What the ledger remembers of *account*; what many rows will want of it is looked up already."""
        memory = Memory(account)
        if sum(len(sheet.rows) for sheet in self._sheets) >= WORTH_IT:
            memory.look_up({sheet.entity.name for sheet in self._sheets if sheet.entity}, self._threads)
        self._threads.shutdown(wait=False)
        return memory

    @property
    def groups(self) -> Grouped:
        """The chains."""
        return self._groups.result()

    @property
    def stamps(self) -> tuple[Stamps | None, ...]:
        """The stamps, sheet by sheet."""
        return tuple(stamps.result() for stamps in self._stamps)
