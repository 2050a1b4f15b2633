"""Which entity a sheet holds, told by its title or by the name of its file."""

from pathlib import PurePosixPath

from importer.errors import UnreadableFile
from importer.model import OUR_SHEETS, Problem, Severity, Table
from schemas import ENTITIES
from schemas.entity import Entity, bare
from schemas.nearest import nearest

FOR_PEOPLE = frozenset(bare(title) for title in ("Instructions", "Anleitung", "_lists", *OUR_SHEETS.values()))
"""Sheets of our own templates and reports that hold no rows of the user's."""


def is_for_people(table: Table) -> bool:
    """Whether the sheet explains or lists something in a workbook of ours."""
    return bare(table.where.sheet) in FOR_PEOPLE


def entity_of(table: Table) -> Entity | None:
    """The entity whose title the sheet has, or whose name its CSV file has; None = the title is not one of ours.

    Raises:
        UnreadableFile: the name of the CSV file does not tell.
    """
    if table.where.sheet:
        return _titles().get(bare(table.where.sheet))
    name = PurePosixPath(table.where.file).name
    # `order_items-january.csv` is as good as `order_items.csv`, and so is `order-items.csv`.
    parts = name.partition(".")[0].split("-")
    for length in range(len(parts), 0, -1):
        found = _titles().get(bare("-".join(parts[:length])))
        if found:
            return found
    raise UnreadableFile(
        "the file's name does not tell what is in it; call it after a sheet, such as orders.csv, "
        "or say --entity with one of {entities}; a mapping profile can tell, too, or name it under ignore",
        at=table.where.file,
        entities=", ".join(entity.name for entity in ENTITIES),
    )


def unknown(table: Table) -> Problem:
    """The note on a sheet that is not one of ours."""
    title = table.where.sheet
    near = nearest(title, [words for entity in ENTITIES for words in (entity.sheet, entity.blatt)])
    return Problem(table.where, "sheet_unknown", column=title, suggestion=near, severity=Severity.NOTE)


def _titles() -> dict[str, Entity]:
    return {bare(words): entity for entity in ENTITIES for words in (entity.name, entity.sheet, entity.blatt)}
