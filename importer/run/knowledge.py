"""What the ledger knows of many chains' records, asked in one go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from importer.ledger import Account, Record
from importer.plan import Chain
from importer.run.rehearsal import Rehearsal

Known = Mapping[str, Mapping[tuple[str, int], Record]]
"""By entity, then by key and unit; nothing for what is not known."""


def known_of(chains: Iterable[Chain], account: Account | Rehearsal) -> Known:
    """What *account* knows of all records of *chains*; raises `LedgerTrouble`."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for row in chain.rows:
            if row.key:
                keys[row.entity].append(row.key)
    return {entity: account.records(entity, wanted) for entity, wanted in keys.items()}
