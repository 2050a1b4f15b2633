"""Table -> rows with problems: which entity the sheet holds, what its columns mean, what is wrong with each cell.

Looks at one sheet at a time and at nothing outside of it; rows among each other are the plan's business.
"""

from dataclasses import replace

from importer.check.columns import LookAtImage
from importer.check.emptied import without_emptied
from importer.check.header import Header, understood
from importer.check.not_data import set_apart
from importer.check.recognise import by_header, entity_of, is_for_people, told_by_headers, unknown
from importer.check.rows import checked_rows
from importer.model import CheckedSheet, Problem, Severity, Table
from schemas.cells import Conventions
from schemas.entity import Entity

__all__ = ["check", "entity_of", "headed", "is_for_people", "told_by_headers"]


def check(
    table: Table,
    conventions: Conventions,
    *,
    entity: Entity | None = None,
    fits: Entity | None = None,
    look_at_image: LookAtImage | None = None,
) -> CheckedSheet:
    """The rows of *table*, each with its problems; every row of the table has exactly one.

    The sheet is that of *entity* if given, else the one its title or file name says, else the one whose header it has
    (*fits*), which is said; a sheet of a workbook of which nothing tells is left alone, with a note.  Without
    *look_at_image* the pictures are not looked at.

    Raises:
        UnreadableFile: a CSV file whose name does not tell what is in it.
    """
    if is_for_people(table):
        return CheckedSheet(replace(table, problems=()), None, {}, ())
    entity = entity or entity_of(table)
    told = (by_header(table, fits),) if fits and not entity else ()
    entity = entity or fits
    if entity is None:
        return CheckedSheet(replace(table, problems=()), None, {}, (), (unknown(table),))
    table, header = headed(table, entity)
    table = set_apart(table, entity, header.columns)
    rows, of_columns = checked_rows(table, entity, header, conventions, look_at_image)
    examples = frozenset(rows.examples.tolist())
    table = replace(table, problems=tuple(one for one in table.problems if one.where.row not in examples))
    empty = () if len(rows) else (Problem(table.where, "sheet_empty", severity=Severity.NOTE),)
    return CheckedSheet(table, entity, header.columns, rows, (*told, *header.problems, *of_columns, *empty))


def headed(table: Table, entity: Entity) -> tuple[Table, Header]:
    """*table* as one of *entity*, with the problems of its cells under our names; and what its header says."""
    if table.source is not None:
        return table, understood(table, entity)
    table = without_emptied(table)
    header = understood(table, entity)
    return replace(table, problems=header.renamed(table.problems)), header
