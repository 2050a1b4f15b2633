"""How a whole column is written: the decimal sign of its numbers, the order of day and month in its dates.

Decided per column, never per cell, by the cells that can be read in one way only: beside `12,50`, `1.234` is 1234.
Where the column does not tell, the settings do; what neither tells is left to the cell (`numbers`, `moments`).
Long columns are looked at piece by piece: `Evidence` adds up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from schemas.cells import Conventions, Form, Note
from schemas.entity import Field
from schemas.kinds import Kind


@dataclass(frozen=True, slots=True)
class Habit:
    """What was found out of a column."""

    conventions: Conventions
    """What the cells of this column are to be read by."""
    notes: tuple[Note, ...] = ()
    """Decisions without which some cell would be read otherwise, or not at all; for the column as a whole."""


def habit(field: Field, texts: Iterable[str], usual: Conventions) -> Habit:
    """How the column of *field* is written, whose filled cells hold *texts*; *usual* is what the settings say.

    *texts* are the distinct ones, or every cell's; a mapping says how often each occurs, which is what notes count.
    """
    return Evidence.of(field.kind, texts).habit(usual)


@dataclass(frozen=True, slots=True)
class Seen:
    """Cells written in one form."""

    count: int
    example: str

    def __add__(self, other: "Seen") -> "Seen":
        return replace(self, count=self.count + other.count)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What cells of one column tell; `Evidence()` is that of no cells."""

    seen: Mapping[Form, Seen] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: Kind, texts: Iterable[str]) -> "Evidence":
        """What *texts* tell, if they are of a *kind* that can be written in several ways.

        A text in which `Kind.telling` is not found may be left out: it makes no difference.
        """
        if kind.form is None:
            return cls()
        counted = texts.items() if isinstance(texts, Mapping) else ((text, 1) for text in texts)
        counts: dict[Form, int] = {}
        examples: dict[Form, str] = {}
        for text, count in counted:
            form = kind.form(text)
            if form is not None:
                counts[form] = counts.get(form, 0) + count
                examples.setdefault(form, text)
        return cls({form: Seen(count, examples[form].strip()) for form, count in counts.items()})

    def __add__(self, other: "Evidence") -> "Evidence":
        both = {form: self.seen[form] + other.seen[form] for form in self.seen.keys() & other.seen.keys()}
        return Evidence({**self.seen, **other.seen, **both})

    def habit(self, usual: Conventions) -> Habit:
        """What follows from it, where the settings say *usual*."""
        if Form.EITHER_FIRST in self.seen:
            return self._of_dates(usual)
        if Form.LONE_POINT in self.seen or Form.LONE_COMMA in self.seen:
            return self._of_numbers(usual)
        return Habit(usual)

    # --- the two questions ----------------------------------------------------------------------------------

    def _of_dates(self, usual: Conventions) -> Habit:
        if mixed := self._mixed(Form.DAY_FIRST, Form.MONTH_FIRST):
            return Habit(replace(usual, mixed=mixed))
        for clear, day_first in ((Form.DAY_FIRST, True), (Form.MONTH_FIRST, False)):
            if clear in self.seen and usual.day_first is not day_first:
                code = "column_read_day_first" if day_first else "column_read_month_first"
                return Habit(replace(usual, day_first=day_first), (self._note(code, Form.EITHER_FIRST, clear),))
        return Habit(usual)

    def _of_numbers(self, usual: Conventions) -> Habit:
        if mixed := self._mixed(Form.POINT, Form.COMMA):
            return Habit(replace(usual, mixed=mixed))
        for clear, sign in ((Form.COMMA, ","), (Form.POINT, ".")):
            if clear in self.seen:
                decided = [form for form in _WITHOUT if form in self.seen and (usual.decimal or _WITHOUT[form]) != sign]
                code = "column_read_decimal_comma" if sign == "," else "column_read_decimal_point"
                notes = tuple(self._note(code, form, clear) for form in decided[:1])
                return Habit(replace(usual, decimal=sign), notes)
        if Form.LONE_POINT in self.seen and not usual.decimal:
            return Habit(usual, (Note("points_read_as_decimal", self._facts(Form.LONE_POINT)),))
        return Habit(usual)

    def _mixed(self, one: Form, other: Form) -> tuple[int, int] | None:
        if one in self.seen and other in self.seen:
            return self.seen[one].count, self.seen[other].count
        return None

    def _note(self, code: str, unclear: Form, clear: Form) -> Note:
        told = self.seen[clear]
        return Note(code, {**self._facts(unclear), "told": str(told.count), "sample": told.example})

    def _facts(self, unclear: Form) -> Mapping[str, str]:
        return {"value": self.seen[unclear].example, "count": str(self.seen[unclear].count)}


_WITHOUT = {Form.LONE_POINT: ".", Form.LONE_COMMA: ""}
"""The decimal sign by which such a number is read when nobody says anything; "" = it is refused."""
