"""Mapping profiles: another system's columns led to ours, so that its files import as they are.

A profile moves, joins, translates and looks up cells; what they mean, and whether they are right, is the check's
business.  Every cell remembers the user's column that it stands for, so that problems point to his own file.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from importer.errors import UnreadableFile, WrongSettings
from importer.mapping.columns import Columns, Made, holds, made
from importer.mapping.profile import LookUp, Profile, SheetProfile, is_named
from importer.mapping.proposal import proposed
from importer.mapping.reading import profile_in
from importer.model import Problem, Severity, Table
from schemas.cells import Conventions, Note

__all__ = ["Mapped", "Profile", "mapped", "profile_in", "proposed"]

ReadTables = Callable[[Path], Sequence[Table]]
"""Gives the tables of a file; raises `UnreadableFile`."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A table and, where a profile made it, how."""

    table: Table
    sheet: SheetProfile | None = None
    """None = the profile does not speak of the table, which is as it was read."""


def mapped(tables: Sequence[Table], profile: Profile, usual: Conventions, read: ReadTables) -> tuple[Mapped, ...]:
    """*tables* as *profile* leads them to ours; one sheet may feed several, and those ignored are left out.

    Files in which something is looked up, and which are not among *tables*, are read by *read* from beside them.

    Raises:
        WrongSettings: the profile names a column that is not there.
        UnreadableFile: a look-up cannot be read, or its key is not unique.
    """
    others: dict[Path, Sequence[Table]] = {}

    def looked_up(lookup: LookUp, beside: Table) -> Table:
        found = _named(tables, lookup)
        if not found:
            path = beside.path.parent / lookup.file
            found = _named(others.setdefault(path, others.get(path) or read(path)), lookup)
        return _only_one(found, lookup, profile)

    result = []
    for table in tables:
        sheets = [sheet for sheet in profile.sheets if sheet.is_fed_by(table.where)]
        for sheet in sheets:
            found = {lookup.name: looked_up(lookup, table) for lookup in sheet.lookups}
            result.append(Mapped(_led(table, sheet, profile, sheet.conventions(usual), found), sheet))
        if not sheets and not any(is_named(table.where.file, pattern) for pattern in profile.ignored):
            result.append(Mapped(table))
    return tuple(result)


def _named(tables: Iterable[Table], lookup: LookUp) -> list[Table]:
    return [table for table in tables if lookup.is_in(table.where)]


def _only_one(found: Sequence[Table], lookup: LookUp, profile: Profile) -> Table:
    if len(found) == 1:
        return found[0]
    what = f'"{lookup.sheet}" of {lookup.file}' if lookup.sheet else lookup.file
    if not found:
        raise UnreadableFile("there is no sheet {sheet}.", at=f"{profile.name} › {lookup.at}", sheet=what)
    raise WrongSettings(f"{profile.name} › {lookup.at}: more than one sheet is {what}; say which: sheet = ...")


def _led(
    table: Table, sheet: SheetProfile, profile: Profile, conventions: Conventions, looked_up: dict[str, Table]
) -> Table:
    """*table* with the columns of ours that *sheet* makes of it."""
    columns = Columns(
        profile.name,
        table,
        sheet.blank,
        conventions.decimal,
        {lookup.name: lookup for lookup in sheet.lookups},
        looked_up,
    )
    all_made = {name: made(sheet.entity.field(name), recipe, columns) for name, recipe in sheet.columns.items()}
    # Where cells may be shifted nobody can say whether the row is wanted, and it is not to be lost.
    shifted = {problem.where.row for problem in table.problems if not problem.where.column}
    wanted = holds(sheet.when, columns, f"{sheet.at}.when") | table.frame.index.isin(shifted)
    frame = pd.DataFrame({at: one.texts for at, one in enumerate(all_made.values())}, index=table.frame.index)
    rows = set(table.frame.index[wanted].tolist())
    problems = (
        *_inherited(table, sheet, all_made),
        *(problem for one in all_made.values() for problem in one.problems if problem.where.row not in shifted),
        *(problem for problem in _unfound(sheet, columns) if problem.where.row not in shifted),
    )
    return replace(
        table,
        header=tuple(all_made),
        frame=frame[wanted],
        problems=tuple(problem for problem in problems if problem.where.row is None or problem.where.row in rows),
        notes=(
            *table.notes,
            *_notes(table, sheet, profile, columns, len(table.frame) - len(rows)),
            *(note for one in all_made.values() for note in one.notes),
        ),
        source=table,
        letters=tuple(one.letters for one in all_made.values()),
    )


def _inherited(table: Table, sheet: SheetProfile, all_made: dict[str, Made]) -> Iterable[Problem]:
    """What reading found: of a row as it is, of a cell for each column of ours that stands for it."""
    for problem in table.problems:
        if not problem.where.column:
            yield problem
        for name, one in all_made.items():
            if one.letters == problem.where.column != "":
                yield replace(problem, column=name, private=sheet.entity.field(name).private)


def _unfound(sheet: SheetProfile, columns: Columns) -> Iterable[Problem]:
    """A note for every row whose key is not found where it is looked for."""
    for lookup in sheet.lookups:
        users = [
            name for name, recipe in sheet.columns.items() if any(_is_in(lookup, column) for column in recipe.columns)
        ]
        if not users:
            continue
        missed = columns.unfound(lookup)
        letters = columns.letters(lookup.on, lookup.at)
        private = any(sheet.entity.field(name).private for name in users)
        for row, text in zip(missed.index.tolist(), missed.tolist(), strict=True):
            yield Problem(
                replace(columns.table.where, row=row, column=letters),
                "not_looked_up",
                {"file": lookup.file},
                column=lookup.on,
                value=text,
                severity=Severity.NOTE,
                private=private,
            )


def _is_in(lookup: LookUp, column: str) -> bool:
    return column.startswith(f"{lookup.name}.")


def _notes(table: Table, sheet: SheetProfile, profile: Profile, columns: Columns, left_out: int) -> Iterable[Note]:
    yield Note("led_by_profile", {"entity": sheet.entity.sheet, "file": profile.name})
    if left_out:
        yield Note("rows_left_out", {"count": f"{left_out:,}"})
    read = {columns.letters(name, recipe.at) for recipe in sheet.columns.values() for name in recipe.columns} | {
        columns.letters(condition.column, sheet.at) for condition in sheet.when
    }
    unread = [title for at, title in enumerate(table.header) if title.strip() and table.letters_at(at) not in read]
    if unread:
        yield Note("columns_not_used", {"columns": ", ".join(unread)})
