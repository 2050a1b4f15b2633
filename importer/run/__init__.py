"""The program: read, check, plan, send, report.  What the command line and the web page call."""

from importer.run.connect import api_for
from importer.run.preparation import Prepared, prepare
from importer.run.upload import Upload

__all__ = ["Prepared", "Upload", "api_for", "prepare"]
