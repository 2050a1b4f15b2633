"""What the tests of the ledger and their child processes have in common."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager

from importer.ledger import Account, Intent, Ledger

KNOWN = {"base_url": "https://api.example/v2", "key_print": "f00d", "named": False}

# Children are forked from a server that has loaded the ledger already, so they start in no time.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["importer.ledger", "pytest"])

PATIENCE_S = 30.0
"""How long a test waits for another process before it fails; never how long it takes."""


@contextmanager
def account_in(url, name="main") -> Iterator[Account]:
    """The account in the ledger at *url*, opened for itself."""
    with Ledger.open(url) as ledger:
        yield ledger.account(name, **KNOWN)


def intent(key="SO-1", **others) -> Intent:
    """The intent to create an order, or another one as told."""
    usual = {
        "entity": "orders",
        "unit": 1,
        "action": "create",
        "digest": f"digest of {key}",
        "payload": f'{{"order_id": "{key}"}}',
        "file": "june.xlsx",
        "sheet": "Orders",
        "row": 7,
        "run_id": "run-1",
    }
    return Intent(key=key, **(usual | others))
