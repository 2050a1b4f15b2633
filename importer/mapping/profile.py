"""What a mapping profile says, as values: which sheet feeds which of ours, and how each of our columns is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from importer.model import OUR_SHEETS, TEMPLATE_SHEETS, Where
from schemas.cells import Conventions
from schemas.entity import Entity, bare
from schemas.naming import Expected

Otherwise = Literal["keep", "blank", "error"]
"""What becomes of a value that the profile does not translate."""

Take = Literal["first word", "last word", "all but first word", "all but last word"]

CHECKED = ".checked.xlsx"
"""How the name of a marked workbook ends that comes back; it is still the file that the profile speaks of ..."""
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")
"""... whatever that was when it was first read."""


@dataclass(frozen=True, slots=True)
class Literally:
    """A text of the profile itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the user's sheet, or `lookup.column`."""

    name: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a cell must hold."""

    column: str
    wanted: bool | tuple[str, ...]
    """True = anything, False = nothing, or one of these, blind to case."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the cells of one of our columns are made, step by step in the order of these members."""

    at: str
    """The key in the profile, for messages: `sheets.orders.columns.language`."""
    pieces: tuple[Literally | Column, ...]
    """One after another; where any of them is blank the cell is blank ..."""
    joined_by: str | None = None
    """... unless they are joined: then what stands between those that are not blank."""
    take: Take | None = None
    lower: bool = False
    values: Mapping[str, str] | None = None
    """Value of the user -> ours; the keys are folded (`folded`)."""
    otherwise: Otherwise = "keep"
    discount: str = ""
    """Column with the share by which a price is lowered, such as 0.15."""
    when: tuple[Condition, ...] = ()
    """Where one of these does not hold, the cell is blank."""

    @property
    def columns(self) -> Iterator[str]:
        """The columns that the recipe reads, the one that its cells stand for first."""
        yield from (piece.name for piece in self.pieces if isinstance(piece, Column))
        if self.discount:
            yield self.discount
        yield from (condition.column for condition in self.when)


@dataclass(frozen=True, slots=True)
class LookUp:
    """Another sheet in which something is found by a key."""

    at: str
    name: str
    """What stands before the dot in `customer.country`."""
    file: str
    """Name of the file; if it is not among those given, it lies beside them."""
    sheet: str
    """"" = the only sheet of that file."""
    key: str
    """The column there that holds the key."""
    on: str
    """The column here that names it."""

    def is_in(self, where: Where) -> bool:
        """Whether the sheet at *where* is the one in which it looks."""
        return is_named(where.file, self.file) and (not self.sheet or where.sheet.casefold() == self.sheet.casefold())


@dataclass(frozen=True, slots=True)
class SheetProfile:
    """How one sheet of the user's feeds one of ours."""

    at: str
    entity: Entity
    file: str
    """Name or pattern (`orders-*.csv`); "" = any."""
    sheet: str
    """Title of the sheet, likewise; "" = any."""
    columns: Mapping[str, Recipe]
    """Field name -> how it is made, in the entity's order."""
    lookups: tuple[LookUp, ...] = ()
    when: tuple[Condition, ...] = ()
    """Rows for which one of these does not hold are left out."""
    header_row: int | None = None
    """The row that holds the titles; None = it is found by the columns that the profile names."""
    blank: frozenset[str] = frozenset()
    """Words that mean a blank cell, such as NULL."""
    timezone: str | None = None
    decimal: str | None = None
    day_first: bool | None = None
    """These three are as in the settings; None = as there."""

    def is_fed_by(self, where: Where) -> bool:
        """Whether the sheet at *where* is the one that is meant."""
        if not self.sheet and where.sheet in (*OUR_SHEETS.values(), *TEMPLATE_SHEETS):
            return False
        return is_named(where.file, self.file) and (not self.sheet or _fits(where.sheet, self.sheet))

    @property
    def titles(self) -> frozenset[str]:
        """The columns that are read from the sheet itself, not those that are looked up elsewhere."""
        lookups = {lookup.name for lookup in self.lookups}
        named = {name for recipe in self.columns.values() for name in recipe.columns}
        named |= {condition.column for condition in self.when} | {lookup.on for lookup in self.lookups}
        return frozenset(name for name in named if _before_dot(name) not in lookups)

    def looked_up(self, where: Where) -> frozenset[str]:
        """The columns that are looked up in the sheet at *where*."""
        named = {name for recipe in self.columns.values() for name in recipe.columns}
        found = set[str]()
        for lookup in self.lookups:
            if lookup.is_in(where):
                found.add(lookup.key)
                found |= {name.partition(".")[2] for name in named if _before_dot(name) == lookup.name}
        return frozenset(found)

    def conventions(self, usual: Conventions) -> Conventions:
        """*usual* with what the profile says instead."""
        return replace(
            usual,
            timezone=usual.timezone if self.timezone is None else self.timezone,
            decimal=usual.decimal if self.decimal is None else self.decimal,
            day_first=usual.day_first if self.day_first is None else self.day_first,
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole profile."""

    name: str
    """Name of its file, for messages."""
    sheets: tuple[SheetProfile, ...]
    ignored: tuple[str, ...] = ()
    """Names or patterns of files that are not imported; things may be looked up in them."""

    def expected(self, where: Where) -> Expected | None:
        """What the header of the sheet at *where* is known by; None where the profile does not speak of it."""
        fed = [sheet for sheet in self.sheets if sheet.is_fed_by(where)]
        titles = [sheet.titles for sheet in fed] + [sheet.looked_up(where) for sheet in self.sheets]
        known = tuple({bare(title): title for title in those} for those in titles if those)
        rows = [sheet.header_row for sheet in fed if sheet.header_row]
        return Expected(known, next(iter(rows), None)) if known else None


def is_named(file: str, pattern: str) -> bool:
    """Whether a file is called as *pattern* says, in any case; "" fits every file."""
    stem = file.removesuffix(CHECKED)
    names = (file,) if stem == file else (file, *(f"{stem}{suffix}" for suffix in SUFFIXES))
    return not pattern or any(_fits(name, pattern) for name in names)


def _before_dot(name: str) -> str:
    before, dot, _ = name.partition(".")
    return before if dot else ""


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name.casefold(), pattern.casefold())


def folded(text: str) -> str:
    """*text* as values are compared: blind to case and to blanks around it."""
    return text.strip().casefold()
