"""The frozen values that flow from cell to report: Where, Problem, Table, Row, Reply, Outcome.  Nothing is done here.

A stage never drops a row; it may only attach a `Problem`.  So every row read has exactly one `Outcome`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pandas as pd

from schemas import messages
from schemas.cells import Note
from schemas.entity import Entity, Values

STATUS_COLUMN = "import_status"
MESSAGE_COLUMN = "import_message"
OUR_COLUMNS = (STATUS_COLUMN, MESSAGE_COLUMN)
"""Headers of the columns that reports add to the user's own rows; to be passed over when such a file comes back."""

OUR_SHEETS = {"en": "Problems", "de": "Probleme"}
"""Title, by language, of the sheet that reports add to the user's own workbook; likewise."""

TEMPLATE_SHEETS = ("Instructions", "Anleitung", "_lists")
"""Titles of the sheets that our templates have besides those with data; likewise."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place a person can go to: `june.xlsx › Shipments!F17`, `orders.csv!B3`, or a whole row or sheet."""

    file: str
    """Name of the file as given, without folders."""
    sheet: str = ""
    """Title of the sheet; "" in CSV files, which have none."""
    row: int | None = None
    """The number the spreadsheet shows, the first line being 1; None = the sheet as a whole."""
    column: str = ""
    """The letters the spreadsheet shows, such as "F"; "" = the whole row."""

    @property
    def cell(self) -> str:
        """Such as `F17`; "" where no single cell is meant."""
        return f"{self.column}{self.row}" if self.column and self.row else ""

    def __str__(self) -> str:
        """`june.xlsx › Shipments!F17`."""
        sheet = f"{self.file} › {self.sheet}" if self.sheet else self.file
        at = self.cell or (f"row {self.row}" if self.row else "")
        return f"{sheet}!{at}" if at else sheet


def column_letters(position: int) -> str:
    """What a spreadsheet shows above the column at *position*, counted from 0: A, ..., Z, AA."""
    letters, number = "", position + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


class Severity(StrEnum):
    """Whether a problem keeps its row out."""

    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, or worth knowing, at a place."""

    where: Where
    code: str
    """Stable English word; see `schemas.messages`."""
    facts: Mapping[str, str] = field(default_factory=dict)
    column: str = ""
    """The field's name, or the header as written where it is no field; "" = the row as a whole."""
    value: str = ""
    """The cell as written."""
    suggestion: str = ""
    """A value that may have been meant; "" = none is near."""
    severity: Severity = Severity.ERROR
    private: bool = False
    """The value is personal data and is not to be shown on a terminal or in a log."""

    @property
    def message(self) -> str:
        """The sentence of the problem's code."""
        return messages.text(self.code, self.facts)

    @property
    def discreet_message(self) -> str:
        """The same for a terminal, a log or a page that is passed on: of a private cell it repeats nothing."""
        return messages.discreet(self.code, self.facts) if self.private else self.message

    def __str__(self) -> str:
        """`june.xlsx › Shipments!F17: carrier_country "Germany": a two-letter ...`; private values left out."""
        shown = f' "{self.value}"' if self.value and not self.private else ""
        what = f"{self.column}{shown}: " if self.column else ""
        near = f" (did you mean {self.suggestion}?)" if self.suggestion and not self.private else ""
        return f"{self.where}: {what}{self.discreet_message}{near}"


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as it stands: text cells, nothing understood yet."""

    path: Path
    """The file on disk that the sheet was read from."""
    where: Where
    """File and sheet."""
    header: tuple[str, ...]
    """Header cells as written, by position; "" where blank."""
    header_row: int
    """The header's row number, 1 unless rows stand above it."""
    frame: pd.DataFrame = field(repr=False, compare=False)
    """Cells as text; columns are positions 0, 1, ...; blank cells are ""; the index is the sheet's own row number.
    Rows without any cell filled are left out."""
    problems: tuple[Problem, ...] = ()
    """What reading found: ragged rows, error cells, notes about the sheet."""
    blank_rows: int = 0
    """Rows left out because they are blank, between filled ones."""
    notes: tuple[Note, ...] = ()
    """Decisions to be shown, such as "read as UTF-8, separated by semicolons"; see `schemas.messages`."""
    separator: str = ","
    """What stands between the cells of a CSV file, so that its rows can be given back the same way."""
    source: "Table | None" = field(default=None, repr=False, compare=False)
    """The sheet as it stands in the file, where a mapping profile made this table of it; `where` and the row numbers
    are the same in both, and the problems here bear our names."""
    letters: tuple[str, ...] = ()
    """The letters that the spreadsheet shows above the column at each position, where they do not follow from it: a
    mapping profile moves columns.  "" = no column of the sheet, but the profile itself."""
    decimals: frozenset[str] = field(default=frozenset(), repr=False)
    """Texts of cells that are numbers in the workbook itself and look like thousands elsewhere, such as 1.234."""

    def letters_at(self, position: int) -> str:
        """The letters of the user's own column that the cells at *position* come from; "" = the row as a whole."""
        return self.letters[position] if self.letters else column_letters(position)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet, checked: what it says, who it is, and what is wrong with it."""

    entity: str
    where: Where
    key: str
    """Identity within the account, never a row number (`schemas.entity.identity`); "" when it cannot be read."""
    values: Values
    """Readable, non-blank cells by field name."""
    problems: tuple[Problem, ...] = ()
    cells: Mapping[str, Where] = field(default_factory=dict, repr=False, compare=False)
    """Where each field of the row stands, also blank ones."""
    is_example: bool = False
    """The template's example row, never imported."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the row out."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def is_rejected(self) -> bool:
        """The row failed the check and is never sent."""
        return bool(self.errors)


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """A table whose header is understood and whose rows are checked; after the plan, among each other as well."""

    table: Table
    entity: Entity | None
    """None = the sheet is not one of ours; then it has no rows."""
    columns: Mapping[str, int]
    """Field name -> position of its column in the table."""
    rows: Sequence[Row] = field(repr=False)
    """Every row of the table, in its order; example rows too.  As a rule `importer.rows.Rows`, put together when asked
    for: who a row is says `Row.where`, not which object it is."""
    problems: tuple[Problem, ...] = ()
    """The sheet's own problems and notes, which belong to no row."""


@dataclass(frozen=True, slots=True)
class NotReady:
    """An order whose consumer could not use the returns portal, and why."""

    order_id: str
    reasons: tuple[Problem, ...]
    """Never none, each once; each at the cell that would change it, also where that is on another order's sheet."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many orders of a run the returns portal is ready for.  Every order counts once, in one of three ways."""

    ready: int
    untold: int
    """Orders of which nothing is known to be missing, but something is not in these files; the server may have it."""
    orders: Sequence[NotReady]
    """Those it is not ready for, as their sheet has them, then those that only items and parcels speak of."""

    @property
    def total(self) -> int:
        """All orders that the files speak of."""
        return self.ready + self.untold + len(self.orders)


class Status(StrEnum):
    """What became of a row; exactly one per row read.  The order is that of reports, from best to worst."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REJECTED = "rejected"
    REFUSED = "refused"
    BLOCKED = "blocked"
    NOT_SENT = "not_sent"
    IN_DOUBT = "in_doubt"

    @property
    def is_in(self) -> bool:
        """The server holds the row as the sheet says, or it was to be left alone."""
        return self in {Status.CREATED, Status.UPDATED, Status.UNCHANGED, Status.SKIPPED}


class Action(StrEnum):
    """What was done, or was to be done, for a row."""

    CREATE = "create"
    UPDATE = "update"
    ADOPT = "adopt"
    """Found on the server and taken over as it was."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reply:
    """A usable answer of the server (2xx)."""

    http_status: int
    body: object
    """Decoded JSON; None where there was none."""
    location: str = ""
    """The header of that name: where a new record is to be found."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: a line of `results.csv`."""

    row: Row
    status: Status
    action: Action = Action.NONE
    server_ids: tuple[str, ...] = ()
    """Numbers on the server; several for a quantity above 1."""
    http_status: int | None = None
    """Status of the last answer; None = nothing was sent."""
    problems: tuple[Problem, ...] = ()
    """Why, first the one that decided; the row's own errors when it was rejected."""
    attempts: int = 0
    """Requests sent for the row, look-ups and repeats included."""
    seconds: float = 0.0
    """Time from the row's first request to its last answer."""
