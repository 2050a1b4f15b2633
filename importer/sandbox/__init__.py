"""An imitation of the Seven Senders API: real HTTP below /v2, JSON, SQLite behind it, and a dial for what goes wrong.

For rehearsals, tests and `importer demo`.  Its rules follow from the package `schemas`; where the vendor's pages are
silent, a switch of `SandboxOptions` decides.  It is no proof of how the real service behaves.

    with running() as sandbox:
        ...  # sandbox.base_url, sandbox.access_key
        sandbox.faults(["POST /shipments:drop_after:times=2"])
        sandbox.state()["shipments"]

What the real API has and the sandbox has not: labels, customs, pick-up points, a nested `order` in a shipment, date
filters, and deleting orders in bulk.
"""

from importer.sandbox.faults import Fault, fault_of
from importer.sandbox.options import SandboxOptions
from importer.sandbox.server import RunningSandbox, running, serve

__all__ = ["Fault", "RunningSandbox", "SandboxOptions", "fault_of", "running", "serve"]
