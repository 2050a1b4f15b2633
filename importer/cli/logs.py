"""Log lines on stderr, as text or JSON.  They hold no private data: what may be private is never given to a logger."""

import logging
import sys
from dataclasses import dataclass

from pythonjsonlogger.json import JsonFormatter


@dataclass(frozen=True, slots=True)
class Show:
    """What a command may show beside its result."""

    quiet: bool = False
    progress: bool = True

    @property
    def has_bar(self) -> bool:
        """A progress bar is wanted and stderr is a terminal."""
        return self.progress and not self.quiet and sys.stderr.isatty()


def set_up(level: int, form: str) -> None:
    """Send the log lines of the importer at *level* and above to stderr; other libraries only warn."""
    handler = logging.StreamHandler()
    if form == "json":
        form_of_lines = "%(asctime)s %(levelname)s %(name)s %(message)s"
        handler.setFormatter(JsonFormatter(form_of_lines, rename_fields={"asctime": "time"}))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("importer").setLevel(level)
