"""What reading one cell gives: a value, perhaps with a note, or a `CellError`.  No kinds, no files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum

from schemas import messages


class Clear(Enum):
    """The one value of a cell that says "remove what the server has" (setting `clear_word`)."""

    CLEAR = "clear"


CLEAR = Clear.CLEAR

Tags = tuple[tuple[str, str], ...]
Value = str | int | bool | Decimal | datetime | Tags | Clear
"""What a cell may mean.  Absent is None; a blank cell is absent.  Datetimes are aware, always."""


class CellError(ValueError):
    """A cell that cannot be read: a stable code, the facts for its sentence, and a near value if there is one."""

    def __init__(self, code: str, *, suggestion: str | Callable[[], str] = "", **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, str] = facts
        self._suggestion = suggestion

    @property
    def suggestion(self) -> str:
        """A value that may have been meant; "" = none is near.

        Looked for when it is asked for, since that takes far longer than to see that the cell cannot be read.
        """
        if callable(self._suggestion):
            self._suggestion = self._suggestion()
        return self._suggestion

    def anew(self) -> "CellError":
        """The same, to be raised once more: an exception that was raised holds on to whatever its callers had."""
        return CellError(self.code, suggestion=self._suggestion, **self.facts)


@dataclass(frozen=True, slots=True)
class Note:
    """Something understood that the user should know of; same vocabulary as `CellError`, but no obstacle."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence of the note's code."""
        return messages.text(self.code, self.facts)

    def __str__(self) -> str:
        """The same."""
        return self.message


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a cell and, where it was not written the way it is sent, the note that says so."""

    value: Value | None
    """None where the cell holds a word for a blank, such as n/a."""
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the writer of a spreadsheet writes, and the carrier table in force."""

    timezone: str = "Europe/Berlin"
    """IANA name; for dates and times written without an offset."""

    carriers: Mapping[str, tuple[str, ...]] | None = None
    """Country -> carrier codes; None = the table that ships with the package."""

    clear_word: str = "#CLEAR"
    """The cell that sends null on update."""

    decimal: str = ""
    """"," or "." where a lone separator before three digits is to be read as decimal; "" = "." is, "," is asked."""

    day_first: bool | None = None
    """Order of 03/04/2026; None = such dates are not guessed."""

    today: date | None = None
    """The day on which the cells are read; None = not known, and no date is called early or late."""

    accept_serial_dates: bool = False
    """Whether 46053 in a column of dates is the day that Excel counts so; else it is an error that offers the day."""

    decimals: frozenset[str] = frozenset()
    """Texts with a point before three digits that a workbook holds as numbers; in these it is a decimal point."""

    mixed: tuple[int, int] | None = None
    """How many cells of the column are written either way, where both occur: decimal point and comma, or day first and
    month first.  Then nobody can say what 1.234 or 03/04/2026 means there, whatever is set."""


class Form(StrEnum):
    """How a cell is written, as far as that is a matter of its whole column."""

    BLANKS_AROUND = "blanks around"
    ACCENTS_APART = "accents apart"

    POINT = "decimal point"
    COMMA = "decimal comma"
    LONE_POINT = "lone point"
    """1.234, which may be either."""
    LONE_COMMA = "lone comma"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    EITHER_FIRST = "day or month first"
    """03/04/2026."""
