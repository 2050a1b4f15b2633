"""A server's refusal led back to the cells it speaks of.  Its words are shown without the row's private values."""

import re

from importer.errors import RowRefused, Violation
from importer.model import Problem, Row
from schemas import entity_named
from schemas.entity import Entity, column_of
from schemas.kinds import to_json

CONFLICT = 409
ALREADY_THERE = re.compile(r"already|exist|unique|duplicate|in use|is used|taken", re.IGNORECASE)
SHORTEST_PRIVATE = 3
"""Shorter private values, such as a house number, cannot be told from the rest of a sentence."""


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


def without_private(text: str, row: Row) -> str:
    """*text* with the row's private values replaced by the names of their columns."""
    names = entity_named(row.entity).private_names
    private = {str(to_json(row.values[name])): name for name in names if name in row.values}
    for value in sorted(private, key=len, reverse=True):
        if len(value) >= SHORTEST_PRIVATE:
            text = re.sub(re.escape(value), f"[{private[value]}]", text, flags=re.IGNORECASE)
    return text


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
