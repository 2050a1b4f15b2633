"""What stands below the headers of one sheet: the example row, or rows that were given."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import examples
from schemas.cells import Conventions
from schemas.entity import Entity, Field, Values
from schemas.kinds import TEXT_FORMAT


@dataclass(frozen=True, slots=True)
class Content:
    """One data sheet, or one CSV file."""

    entity: Entity
    rows: tuple[Values, ...]
    """In the order of the sheet; absent fields become blank cells."""
    is_example: bool = False
    """The one row is the template's example, shown in grey."""


def blank(entity: Entity) -> Content:
    """A template as it is handed out: nothing but the example row, as text."""
    return Content(entity, (examples.example(entity),), is_example=True)


def filled(entity: Entity, rows: Sequence[Values]) -> Content:
    """The sheet with *rows*.

    Raises:
        KeyError: a row has a field that the entity has not.
    """
    for name in {name for row in rows for name in row}:
        entity.field(name)
    return Content(entity, tuple(rows))


def typed(content: Content, conventions: Conventions) -> Content:
    """*content* with the example's numbers and dates as such; given rows are typed by whoever gives them."""
    if not content.is_example:
        return content
    fields = [content.entity.field(name) for name in content.rows[0]]
    values = {field.name: field.kind.read(field.example, conventions).value for field in fields if _has_type(field)}
    example = {name: value for name, value in values.items() if value is not None}
    return Content(content.entity, ({**content.rows[0], **example},), is_example=True)


def _has_type(field: Field) -> bool:
    return field.kind.excel_format != TEXT_FORMAT
