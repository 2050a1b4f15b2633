"""What was intended and what was answered: the only state, and all that is needed to go on after a crash.

An intent is durable before its request leaves, the answer once it is in.  So a record found `intended` at the start of
a run is in doubt by definition.  Records are known by account, entity, key and unit, never by the number of a row.
Nothing here knows HTTP or files of the user; nobody else knows SQL.
"""

from importer.ledger.account import Account
from importer.ledger.lease import Lease
from importer.ledger.ledger import Ledger
from importer.ledger.pace import SharedPace
from importer.ledger.values import Counts, FileSeen, Intent, Pace, Pack, Record, RunRecord, Stamp, Stamped

__all__ = [
    "Account",
    "Counts",
    "FileSeen",
    "Intent",
    "Lease",
    "Ledger",
    "Pace",
    "Pack",
    "Record",
    "RunRecord",
    "SharedPace",
    "Stamp",
    "Stamped",
]
