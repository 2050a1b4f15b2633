"""A server's refusal led back to the cells it speaks of.  Its words are shown without the row's private values."""

import re

from importer.errors import RowRefused, Violation
from importer.model import Problem, Row
from importer.run.discretion import without_private
from schemas import entity_named
from schemas.entity import Entity, column_of
from schemas.kinds import to_json

CONFLICT = 409
ALREADY_THERE = re.compile(r"already|exist|unique|duplicate|in use|is used|taken", re.IGNORECASE)


def refusal_problems(row: Row, refusal: RowRefused) -> tuple[Problem, ...]:
    """One problem for each violation, at the cell it names, else at the row; at least one."""
    violations = refusal.violations or (Violation("", refusal.answer),)
    return tuple(_problem(row, violation) for violation in violations)


def speaks_of_the_key(refusal: RowRefused, entity: Entity) -> bool:
    """Whether the refusal may mean that the server has the record already.

    How the API answers a duplicate is not documented, so this is generous; the look-up that follows decides.
    """
    if refusal.http_status == CONFLICT or not refusal.violations:
        return True
    keys = {*entity.key, *entity.else_key}
    return any(
        column_of(entity, violation.path) in keys or ALREADY_THERE.search(violation.message)
        for violation in refusal.violations
    )


def _problem(row: Row, violation: Violation) -> Problem:
    entity = entity_named(row.entity)
    column = column_of(entity, violation.path) or ""
    if not column:
        return Problem(row.where, "refused", {"answer": without_private(violation.message, row)})
    value = row.values.get(column)
    return Problem(
        row.cells.get(column, row.where),
        "refused",
        {"answer": without_private(violation.message, row)},
        column=column,
        value="" if value is None else str(to_json(value)),
        private=entity.field(column).private,
    )
