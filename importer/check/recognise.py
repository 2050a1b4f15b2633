"""Which entity a sheet holds, told by its title, by the name of its file, or by what its header is like."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from importer.errors import UnreadableFile
from importer.model import OUR_SHEETS, Problem, Severity, Table
from schemas import ENTITIES
from schemas.entity import Entity, bare, headers
from schemas.naming import entity_of_file, entity_titled
from schemas.nearest import nearest

FOR_PEOPLE = frozenset(bare(title) for title in ("Instructions", "Anleitung", "_lists", *OUR_SHEETS.values()))
"""Sheets of our own templates and reports that hold no rows of the user's."""

LEAST_KNOWN = 2
LEAST_SHARE = 0.5


def is_for_people(table: Table) -> bool:
    """Whether the sheet explains or lists something in a workbook of ours."""
    return bare(table.where.sheet) in FOR_PEOPLE


def entity_of(table: Table) -> Entity | None:
    """The entity whose title the sheet has, or whose name its CSV file has; None = the name is none of ours."""
    return entity_titled(table.where.sheet) if table.where.sheet else entity_of_file(table.where.file)


def told_by_headers(tables: Sequence[Table]) -> tuple[Entity | None, ...]:
    """For each of *tables* the entity that its header fits, where its name does not tell; None = nothing is sure.

    Of a workbook it must be the only sheet that can be meant: none has a title of ours, and no other header fits.
    """
    found: list[Entity | None] = [None] * len(tables)
    for places in _by_file(tables).values():
        unnamed = [at for at in places if not is_for_people(tables[at])]
        if all(tables[at].source is None and entity_of(tables[at]) is None for at in unnamed):
            fitting = {at: entity for at in unnamed if (entity := fitting_entity(tables[at]))}
            if len(fitting) == 1:
                at, entity = fitting.popitem()
                found[at] = entity
    return tuple(found)


def _by_file(tables: Iterable[Table]) -> Mapping[tuple[Path, str], list[int]]:
    files: defaultdict[tuple[Path, str], list[int]] = defaultdict(list)
    for at, table in enumerate(tables):
        files[table.path, table.where.file].append(at)
    return files


def fitting_entity(table: Table) -> Entity | None:
    """The one entity of which the header has every mandatory column, and more columns than of any other; else None.

    Half of all titles at least must be known, and no other entity that is complete may know one more.
    """
    titles = [bare(title) for title in table.header if bare(title)]
    known = {entity.name: _known(entity, titles) for entity in ENTITIES}
    complete = [entity for entity in ENTITIES if _mandatory(entity) <= set(known[entity.name].values())]
    best = max(complete, key=lambda entity: len(known[entity.name]), default=None)
    if best is None:
        return None
    of_best = known[best.name]
    others = [entity for entity in ENTITIES if entity is not best]
    is_clear = all(len(known[other.name]) < len(of_best) for other in others) and all(
        known[other.name].keys() <= of_best.keys() for other in others if other in complete
    )
    is_enough = len(of_best) >= max(LEAST_KNOWN, LEAST_SHARE * len(titles))
    return best if is_clear and is_enough else None


def _known(entity: Entity, titles: Sequence[str]) -> dict[int, str]:
    """Place among *titles* -> the field of *entity* that is meant there."""
    accepted = headers(entity)
    return {at: accepted[title] for at, title in enumerate(titles) if title in accepted}


def _mandatory(entity: Entity) -> set[str]:
    return {field.name for field in entity.fields if field.mandatory}


def by_header(table: Table, entity: Entity) -> Problem:
    """The note on a sheet whose header alone tells that it is one of *entity*."""
    return Problem(table.where, "entity_by_header", {"entity": entity.sheet}, severity=Severity.NOTE)


def unknown(table: Table) -> Problem:
    """The note on a sheet that is not one of ours; what its title or its header is near to is suggested.

    Raises:
        UnreadableFile: it is a CSV file, which was given for nothing else.
    """
    title = table.where.sheet
    if not title:
        raise UnreadableFile(
            "the file's name does not tell what is in it; call it after a sheet, such as orders.csv, "
            "or say --entity with one of {entities}; a mapping profile can tell, too, or name it under ignore",
            at=table.where.file,
            entities=", ".join(entity.name for entity in ENTITIES),
        )
    fitting = fitting_entity(table)
    near = nearest(title, [words for entity in ENTITIES for words in (entity.sheet, entity.blatt)])
    suggestion = near or (fitting.sheet if fitting else "")
    return Problem(table.where, "sheet_unknown", column=title, suggestion=suggestion, severity=Severity.NOTE)
