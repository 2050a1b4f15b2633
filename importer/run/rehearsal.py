"""The account of a dry run: it knows what the ledger knows, and notes nothing."""

from collections.abc import Callable, Sequence

from importer.ledger import Account, Intent, Record, Stamp


class Rehearsal:
    """Reads an `Account` and leaves it as it is."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def record(self, entity: str, key: str, unit: int = 1) -> Record | None:
        """What is known of one record; None = nothing."""
        return self._account.record(entity, key, unit)

    def records(self, entity: str, keys: Sequence[str]) -> dict[tuple[str, int], Record]:
        """What is known of the records with *keys*."""
        return self._account.records(entity, keys)

    def server_ids_below(self, entity: str, prefix: str) -> frozenset[str]:
        """Numbers on the server of all records of *entity* whose key begins with *prefix*."""
        return self._account.server_ids_below(entity, prefix)

    def intend(self, intent: Intent) -> None:
        """Nothing is sent, so nothing is intended."""

    def settle(  # noqa: PLR0913 - as `Account` has it
        self,
        entity: str,
        key: str,
        unit: int,
        server_id: str | None,
        digest: str | None,
        run_id: str,
        *,
        stamp: Stamp | None,
        then: Callable[[BaseException | None], None],
    ) -> None:
        """Nothing was answered."""

    def stamp(
        self,
        entity: str,
        key: str,
        unit: int,
        digest: str,
        stamp: Stamp,
        *,
        then: Callable[[BaseException | None], None],
    ) -> None:
        """Nothing was seen to be as it was."""

    def pack(self) -> None:
        """Nothing was written."""

    def behind(self, then: Callable[[], None]) -> None:
        """Nothing is written, so nothing is waited for."""
        then()

    def withdraw(self, entity: str, key: str, unit: int) -> None:
        """Nothing was intended."""

    def forget(self, entity: str, key: str, unit: int) -> None:
        """Nothing was found to be gone."""
