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
    def is_watched(self) -> bool:
        """Somebody looks on: stderr is a terminal.  Otherwise what stands there is mailed by cron, every night."""
        return sys.stderr.isatty()

    @property
    def has_bar(self) -> bool:
        """A progress bar is wanted, and somebody looks on."""
        return self.progress and not self.quiet and self.is_watched


def is_json() -> bool:
    """Log lines are JSON, so nothing else is to be written beside them."""
    return any(isinstance(handler.formatter, JsonFormatter) for handler in logging.getLogger().handlers)


def set_up(level: int, form: str) -> None:
    """Send the log lines of the importer at *level* and above to stderr; other libraries only warn."""
    handler = logging.StreamHandler()
    if form == "json":
        # `timestamp` is RFC 3339 in UTC.
        handler.setFormatter(JsonFormatter("%(levelname)s %(name)s %(message)s", timestamp=True))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("importer").setLevel(level)
