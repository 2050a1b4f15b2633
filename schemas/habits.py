"""How a whole column is written: the decimal sign of its numbers, day and month in its dates, blanks around its cells.

Decided per column, never per cell, by the cells that can be read in one way only: beside `12,50`, `1.234` is 1234.
Where the column does not tell, the settings do; what neither tells is left to the cell (`numbers`, `moments`).
Long columns are looked at piece by piece: `Evidence` adds up.
"""

import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from schemas import cleaning
from schemas.cells import Conventions, Form, Note
from schemas.entity import Field
from schemas.kinds import Kind

_BLANK = f"[ \n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029{cleaning.BLANKS}]"
_BEYOND_LATIN = "[\u0300-\U0010ffff]"
"""Every text whose accents stand apart has a letter of these."""


def telling(kind: Kind) -> str:
    """A pattern (Python's `re.search`, or RE2) for texts that may tell something of a column of this *kind*."""
    return "|".join([f"^{_BLANK}|{_BLANK}$|{_BEYOND_LATIN}", *filter(None, [kind.telling])])


@dataclass(frozen=True, slots=True)
class Habit:
    """What was found out of a column."""

    conventions: Conventions
    """What the cells of this column are to be read by."""
    notes: tuple[Note, ...] = ()
    """For the column as a whole: decisions without which some cell would be read otherwise or not at all, and what was
    taken off its cells that nobody sees."""


def habit(field: Field, texts: Iterable[str], usual: Conventions) -> Habit:
    """How the column of *field* is written, whose filled cells hold *texts*; *usual* is what the settings say.

    *texts* are the distinct ones, or every cell's; a mapping says how often each occurs, which is what notes count.
    """
    return Evidence.of(field.kind, texts, usual.decimals).habit(usual)


def is_unsettled(kind: Kind, text: str, conventions: Conventions) -> bool:
    """Whether what *text* means depends on the rest of its column."""
    return kind.form is not None and text not in conventions.decimals and kind.form(text) in UNSETTLED


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
    def of(cls, kind: Kind, texts: Iterable[str], decimals: Container[str] = ()) -> "Evidence":
        """What *texts* tell of a column of this *kind*; nothing those among *decimals*, which are numbers already.

        A text in which `telling` finds nothing may be left out: it makes no difference.
        """
        found: dict[Form, Seen] = {}
        composed = kind.cleaner is not cleaning.as_it_is
        for text, count in texts.items() if isinstance(texts, Mapping) else ((text, 1) for text in texts):
            form = kind.form(text) if kind.form and text not in decimals else None
            if form is not None:
                _add(found, form, text, count)
            if text[:1].isspace() or text[-1:].isspace():
                _add(found, Form.BLANKS_AROUND, text, count)
            if composed and not text.isascii() and not unicodedata.is_normalized("NFC", text):
                _add(found, Form.ACCENTS_APART, text, count)
        return cls(found)

    def __add__(self, other: "Evidence") -> "Evidence":
        both = {form: self.seen[form] + other.seen[form] for form in self.seen.keys() & other.seen.keys()}
        return Evidence({**self.seen, **other.seen, **both})

    def habit(self, usual: Conventions) -> Habit:
        """What follows from it, where the settings say *usual*."""
        found = Habit(usual)
        if Form.EITHER_FIRST in self.seen:
            found = self._of_dates(usual)
        elif Form.LONE_POINT in self.seen or Form.LONE_COMMA in self.seen:
            found = self._of_numbers(usual)
        unseen = [
            Note(code, {"count": str(self.seen[form].count)}) for form, code in _UNSEEN.items() if form in self.seen
        ]
        return replace(found, notes=(*found.notes, *unseen))

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


def _add(found: dict[Form, Seen], form: Form, text: str, count: int) -> None:
    known = found.get(form)
    found[form] = Seen(count, text.strip()) if known is None else replace(known, count=known.count + count)


_UNSEEN = {Form.BLANKS_AROUND: "blanks_around", Form.ACCENTS_APART: "accents_composed"}
"""What nobody sees and many cells have, if one has it: said once instead of at every cell."""

UNSETTLED = frozenset({Form.LONE_POINT, Form.LONE_COMMA, Form.EITHER_FIRST})
"""Forms that can be read in two ways."""

_WITHOUT = {Form.LONE_POINT: ".", Form.LONE_COMMA: ""}
"""The decimal sign by which such a number is read when nobody says anything; "" = it is refused."""
