"""What ends the work, sorted by what the caller does next.

ImporterError                   a person gets `str(error)`; nobody gets a traceback
├── UnreadableFile              mend the file                                        exit 1
├── RowsRejected                mend the rejected rows, or leave out --strict        exit 1
├── WrongSettings               mend an option, the environment or importer.toml     exit 2
├── TooManyErrors               mend what the rows have in common                    exit 4
├── AccessDenied                mend the access key                                  exit 5
├── Unreachable                 try again later                                      exit 5
├── LeaseHeld                   wait for the other run                               exit 7
├── LedgerTrouble               mend the disk or the ledger                          exit 1
├── UnwritableReport            mend the disk or name another report folder          exit 1
└── NoRoom                      mend the disk or name another folder in TMPDIR       exit 1

Trouble with one request, caught in one place each (`importer.run`):
├── TryLater                    surely not done, or harmless to repeat: wait
├── RowRefused                  the server's last word on this row
└── AnswerLost                  perhaps done: ask, never send again blindly

Trouble with a *row* is no exception: it is a `Problem`.  No text here ever holds private data or the access key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    # The schemas take longer than all the rest of `importer --help`, which needs but the exit codes from here.
    from schemas.cells import Note

Fact: TypeAlias = "str | int | Note"
"""What is put into a sentence; a whole number gets its thousands separated."""


class ImporterError(Exception):
    """The work cannot go on; the text is one or two sentences for a person.

    Where *facts* are given, *sentence* names them in braces and is the key of the translation catalogues.
    """

    exit_code = 1

    def __init__(self, sentence: str, /, *, at: object = "", **facts: Fact) -> None:
        said = _filled(sentence, facts) if facts else sentence
        super().__init__(f"{at}: {said}" if at else said)
        self.sentence = sentence
        self.at = str(at)
        """What the trouble is with, such as a file; said before the sentence."""
        self.facts: Mapping[str, Fact] = facts


def _filled(sentence: str, facts: Mapping[str, Fact]) -> str:
    return sentence.format_map({name: f"{fact:,}" if isinstance(fact, int) else fact for name, fact in facts.items()})


class UnreadableFile(ImporterError):
    """A file that is not there, not what its name says, or damaged."""


class RowsRejected(ImporterError):
    """`--strict`: some rows failed the check, so nothing is sent."""


class WrongSettings(ImporterError):
    """An option, an environment variable or a settings file that makes no sense."""

    exit_code = 2


class TooManyErrors(ImporterError):
    """`--max-errors` is used up, or the rows fail one after another in one way."""

    exit_code = 4


class AccessDenied(ImporterError):
    """The API does not let us in: 401 with a fresh token, a refused access key, or 403."""

    exit_code = 5


class Unreachable(ImporterError):
    """The API could not be reached for as long as we were willing to wait."""

    exit_code = 5


class LeaseHeld(ImporterError):
    """Another run works on this ledger and account."""

    exit_code = 7


class LedgerTrouble(ImporterError):
    """The ledger cannot be opened, is damaged, or cannot be written (disk full)."""


class UnwritableReport(ImporterError):
    """The report folder cannot be made or written (disk full, no permission); what was sent stays in the ledger."""


class NoRoom(ImporterError):
    """Temporary files cannot be made or written (disk full)."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One complaint of the server: where in the payload ("" = the whole), and its words."""

    path: str
    message: str


class RequestTrouble(Exception):
    """One request did not end in a reply we can use."""

    def __init__(self, answer: str, *, http_status: int | None = None) -> None:
        super().__init__(answer)
        self.answer = answer
        """What happened, in a few words without private data, such as "HTTP 503" or "connection refused"."""
        self.http_status = http_status


class TryLater(RequestTrouble):
    """Surely not done, or harmless to repeat."""

    def __init__(
        self, answer: str, *, http_status: int | None = None, after_s: float | None = None, reached: bool = True
    ) -> None:
        super().__init__(answer, http_status=http_status)
        self.after_s = after_s
        """Seconds to wait as the server asked (`Retry-After`); None = it did not say."""
        self.reached = reached
        """False = there was not even a connection to the server."""


class RowRefused(RequestTrouble):
    """400, 402, 404, 409 or 422: the server's answer concerns this row."""

    def __init__(self, answer: str, *, http_status: int, violations: tuple[Violation, ...] = ()) -> None:
        super().__init__(answer, http_status=http_status)
        self.violations = violations
        # A server likes to repeat what it refuses: its words are for the row's report, not for an exception's text.
        self.args = (f"HTTP {http_status}",)


class AnswerLost(RequestTrouble):
    """Perhaps done: the connection broke or timed out after sending, or a 5xx answered a POST."""


EXIT_OK = 0
EXIT_STOPPED = 1
EXIT_USAGE = 2
EXIT_ROWS_FAILED = 3
EXIT_TOO_MANY_ERRORS = 4
EXIT_NO_ACCESS = 5
EXIT_IN_DOUBT = 6
EXIT_LEASE_HELD = 7
EXIT_INTERRUPTED = 130

EXIT_CODES: Mapping[int, str] = {
    EXIT_OK: "every row created, updated, unchanged or skipped; or nothing to do",
    EXIT_STOPPED: "stopped before anything was sent: unreadable or unknown file, or --strict with rejected rows; "
    "or the ledger or the report cannot be written; "
    "or the counts do not add up, which is a mistake of the importer",
    EXIT_USAGE: "wrong usage or settings",
    EXIT_ROWS_FAILED: "finished; some rows rejected, refused or blocked",
    EXIT_TOO_MANY_ERRORS: "stopped by --max-errors, or because rows failed one after another in one way",
    EXIT_NO_ACCESS: "could not reach the API or was not let in",
    EXIT_IN_DOUBT: "finished or stopped with rows in doubt",
    EXIT_LEASE_HELD: "another run holds the lease on this ledger and account",
    EXIT_INTERRUPTED: "interrupted; the same command goes on",
}
"""The contract's exit codes; of two that apply the higher one wins."""
