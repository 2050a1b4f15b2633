"""What the columns of a sheet mean, told by its header row."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from importer.model import OUR_COLUMNS, Problem, Severity, Table, Where, column_letters
from schemas.entity import Entity, bare, headers
from schemas.titles import likely_field

OUR_HEADERS = frozenset(bare(header) for header in (*OUR_COLUMNS, "Errors"))
"""Columns that reports add to the user's own rows, passed over when such a file comes back."""


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of one sheet."""

    entity: Entity
    columns: Mapping[str, int]
    """Field name -> position, for every field that has exactly one column."""
    faults: tuple[Problem, ...]
    """Why no row of the sheet can be imported: two headers, columns that are missing or there twice."""
    notes: tuple[Problem, ...]
    """Columns that are not imported."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of it."""
        return self.faults + self.notes

    def renamed(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """*problems* of cells with the field's name for a column; those of columns that are not imported left out."""
        fields = {column_letters(at): self.entity.field(name) for name, at in self.columns.items()}
        return tuple(
            replace(problem, column=fields[letters].name, private=fields[letters].private) if letters else problem
            for problem in problems
            if not (letters := problem.where.column) or letters in fields
        )


def understood(table: Table, entity: Entity) -> Header:
    """The header of *table* as that of *entity*.

    A header is taken in any spelling of case, blanks and punctuation; one that is merely similar is only suggested.
    """
    accepted = headers(entity)
    found: dict[str, list[int]] = {}
    others: list[int] = []
    for at in range(table.frame.shape[1]):
        word = bare(_title(table, at))
        if word in accepted:
            found.setdefault(accepted[word], []).append(at)
        elif word not in OUR_HEADERS:
            others.append(at)
    missing = [field.name for field in entity.fields if field.mandatory and field.name not in found]
    return Header(
        entity,
        columns={name: places[0] for name, places in found.items() if len(places) == 1},
        faults=(*_of_the_sheet(table), *_missing(table, missing), *_twice(table, found)),
        notes=tuple(_unknown(table, others, entity, found)),
    )


def _of_the_sheet(table: Table) -> Iterator[Problem]:
    """What reading the file found that keeps every row out: two rows that could be the header."""
    return (one for one in table.problems if one.where.row is None and one.severity is Severity.ERROR)


def _title(table: Table, at: int) -> str:
    return table.header[at] if at < len(table.header) else ""


def _header_cell(table: Table, at: int) -> Where:
    return replace(table.where, row=table.header_row, column=table.letters_at(at))


def _missing(table: Table, names: Iterable[str]) -> Iterator[Problem]:
    for name in names:
        yield Problem(replace(table.where, row=table.header_row), "column_missing", {"column": name}, column=name)


def _twice(table: Table, found: Mapping[str, list[int]]) -> Iterator[Problem]:
    for name, (_, *more) in found.items():
        for at in more:
            yield Problem(
                _header_cell(table, at), "column_twice", {"column": name}, column=name, value=_title(table, at)
            )


def _unknown(table: Table, places: Iterable[int], entity: Entity, found: Collection[str]) -> Iterator[Problem]:
    free = [field for field in entity.fields if field.name not in set(found)]
    for at in places:
        title = _title(table, at).strip()
        if not title and not table.frame[at].str.strip().any():
            continue
        note = Problem(_header_cell(table, at), "column_unknown", severity=Severity.NOTE)
        near = likely_field(title, free)
        # Without any column that is known or nearly so, this is hardly a header, but somebody's data.
        is_header = found or near
        yield replace(note, column=title, suggestion=near) if is_header else replace(note, value=title, private=True)
