"""The columns of a sheet: what their cells mean, and how what is said of a text becomes the problem of a column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from importer.findings import Finding, Numbers
from importer.model import Problem, Severity, Where
from schemas import screens
from schemas.cells import CellError, Form, Note, Reading, Value
from schemas.entity import Entity, Field
from schemas.frames import FrameCheck
from schemas.habits import Habit
from schemas.kinds import image

IMAGE = image().name
PLAIN_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")

LookAtImage = Callable[[str], tuple[Note, ...]]
"""Gives what is worth knowing of the picture that an image cell names; raises `CellError` where it cannot be taken."""

Wheres = Mapping[str, Where]
"""Field name -> the sheet and the column's letters, without a row."""


@dataclass(frozen=True, slots=True)
class CheckedColumn:
    """One column of a sheet that belongs to a field."""

    field: Field
    where: Where
    """The sheet and the column's letters, without a row."""
    check: FrameCheck

    def value(self, text: str) -> Value | None:
        """What a cell means; None where it is blank or cannot be read."""
        reading = self.reading(text)
        return reading.value if reading else None

    @property
    def odd(self) -> Callable[[pa.Array], Numbers] | None:
        """Tells where texts may mean something else than themselves; None = anywhere."""
        kind, conventions = self.field.kind, self.check.conventions(self.field.name)
        is_text = kind.json_type == "string" and kind.plain(conventions)
        return partial(screens.thoughtful, field=self.field, conventions=conventions) if is_text else None

    def reading(self, text: str) -> Reading | None:
        """The same, with the note on how it was read."""
        if is_blank(text):
            return None
        try:
            return self.check.reading(self.field.name, text)
        except CellError:
            return None  # said where the failures are told

    def problem(self, text: str, error: CellError | Note, severity: Severity = Severity.ERROR) -> Problem:
        """*error* at some cell of the column, which holds *text*."""
        return Problem(
            self.where,
            error.code,
            error.facts,
            column=self.field.name,
            value=text,
            suggestion=error.suggestion if isinstance(error, CellError) else "",
            severity=severity,
            private=self.field.private,
        )


def checked_columns(entity: Entity, wheres: Wheres, check: FrameCheck) -> dict[str, CheckedColumn]:
    """The columns of a sheet of *entity*, which are read by *check*."""
    return {name: CheckedColumn(entity.field(name), where, check) for name, where in wheres.items()}


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at the cells of a sheet gave."""

    columns: Mapping[str, CheckedColumn]
    """By field name."""
    habits: Mapping[str, Habit]
    found: tuple[Finding, ...]


def telling(field: Field, where: Where, counted: Mapping[str, int]) -> dict[str, int]:
    """The texts of a column, with how often they occur, that may tell how it is written.

    A number of a workbook has no decimal sign of its own, but gets one by the settings of whoever looks at it; so its
    point tells nothing of the numbers that somebody typed as text beside it.
    """
    filled = {text: count for text, count in counted.items() if not is_blank(text)}
    if not where.sheet or field.kind.form is None:
        return filled
    form = field.kind.form
    return {
        text: count
        for text, count in filled.items()
        if not (PLAIN_DECIMAL.fullmatch(text) and form(text) is Form.POINT)
    }


def is_blank(text: str) -> bool:
    """Whether a cell holds nothing, or nothing but blanks."""
    return not text or text.isspace()


# --- pictures -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures that the cells of an image column name, each looked at once."""

    look_at_image: LookAtImage
    seen: dict[str, tuple[CellError | Note, ...]]
    """By what the cells mean: all that is to be said of the picture."""

    def of(self, value: str) -> tuple[CellError | Note, ...]:
        """What is wrong with the picture *value*, or worth knowing of it."""
        if value not in self.seen:
            try:
                self.seen[value] = self.look_at_image(value)
            except CellError as error:
                self.seen[value] = (error.with_traceback(None),)
        return self.seen[value]
