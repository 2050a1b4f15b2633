"""The program: read, check, plan, send, report.  What the command line and the web page call."""

from importer.run.connect import api_for
from importer.run.current import Current, LeftOut, current
from importer.run.forget import Forgotten, forget
from importer.run.preparation import Prepared, prepare
from importer.run.upload import Upload
from importer.run.verify import Verification, verify

__all__ = [
    "Current",
    "Forgotten",
    "LeftOut",
    "Prepared",
    "Upload",
    "Verification",
    "api_for",
    "current",
    "forget",
    "prepare",
    "verify",
]
