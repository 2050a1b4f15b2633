"""A sheet of many rows looked at, part after part: whatever is plain is passed over, the rest is read text by text.

Finds the same as `few`, which a test compares.  What one cell of a column cannot tell alone, such as whether 1.234 is a
thousand, waits until the whole column has been seen.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa

from importer.check.columns import (
    IMAGE,
    CheckedColumn,
    LookAtImage,
    Looked,
    Pictures,
    Wheres,
    checked_columns,
    is_blank,
    telling,
)
from importer.findings import NONE, AtCells, Finding, Numbers
from importer.kept import let_go
from importer.model import Problem, Severity, Where
from importer.rows import Part
from importer.threads import THREADS
from schemas import screens
from schemas.cells import CLEAR, CellError, Conventions
from schemas.entity import Entity, Rule
from schemas.entity import Field as EntityField
from schemas.frames import FrameCheck
from schemas.habits import Evidence, Habit, is_unsettled


def look_at_many(
    parts: Sequence[Part],
    entity: Entity,
    wheres: Wheres,
    conventions: Conventions,
    look_at_image: LookAtImage | None,
) -> Looked:
    """What the cells of *parts* mean, and what is wrong with them."""
    usual = FrameCheck(entity, conventions)
    pictures = Pictures(look_at_image, {}) if look_at_image else None
    columns = {name: _Column(entity.field(name), where, usual, conventions, pictures) for name, where in wheres.items()}
    rules = [
        _Rule(rule, Severity.ERROR, usual, conventions) for rule in entity.rules if set(rule.fields) <= set(wheres)
    ]
    hints = [_Rule(rule, Severity.NOTE, usual, conventions) for rule in entity.hints if rule.at in wheres]
    with ThreadPoolExecutor(THREADS, thread_name_prefix="check") as threads:
        for part in parts:
            list(threads.map(lambda one: one.look(part), [*columns.values(), *rules, *hints]))  # noqa: B023 - at once
            let_go()
    habits = {name: column.habit(parts) for name, column in columns.items()}
    of_columns = {name: found.conventions for name, found in habits.items() if found.conventions != conventions}
    for name, part in product(of_columns, parts):
        part.odd.pop(name, None)  # what is odd was told by other conventions
    check = FrameCheck(entity, conventions, of_columns) if of_columns else usual
    checked = checked_columns(entity, wheres, check)
    found = [
        *(finding for column in columns.values() for finding in column.errors(checked[column.field.name])),
        *(finding for rule in (*rules, *hints) for finding in rule.findings(checked[rule.rule.at])),
        *(finding for column in columns.values() for finding in column.notes(checked[column.field.name])),
    ]
    return Looked(checked, habits, tuple(found))


class _Told(Enum):
    """What becomes of a text."""

    FINE = auto()
    ERROR = auto()
    NOTE = auto()
    LATER = auto()
    """It has to wait until its column is known."""


@dataclass(slots=True)
class _Cells:
    """Cells that are kept until the end: their rows and texts."""

    rows: list[Numbers] = field(default_factory=list)
    texts: list[pa.Array] = field(default_factory=list)

    def add(self, rows: Numbers, texts: pa.DictionaryArray, wanted: Iterable[bool]) -> None:
        """Keep those whose text is *wanted*, which is said of each distinct one."""
        kept = np.fromiter(wanted, dtype=np.bool_)[texts.indices.to_numpy()]
        if kept.any():
            self.rows.append(rows[kept])
            self.texts.append(texts.filter(pa.array(kept)).cast(pa.large_string()))

    def all(self) -> tuple[Numbers, pa.Array]:
        """The rows in order, and their texts."""
        return np.concatenate([NONE, *self.rows]), pa.chunked_array(self.texts, pa.large_string()).combine_chunks()

    def finding(self, letters: str, severity: Severity, of: Callable[[str], Problem]) -> Iterator[Finding]:
        """What is wrong with them."""
        if self.rows:
            rows, texts = self.all()
            yield AtCells(rows, letters, severity, texts, of)


# --- a column -----------------------------------------------------------------------------------------------


class _Column:
    """One column: which of its cells need thought, and what comes of that."""

    def __init__(
        self,
        field: EntityField,
        where: Where,
        check: FrameCheck,
        conventions: Conventions,
        pictures: Pictures | None,
    ) -> None:
        self.field = field
        self._where = where
        self._check = check
        self._conventions = conventions
        self._pictures = pictures if field.kind.name == IMAGE else None
        self._evidence = Evidence()
        self._cells = {told: _Cells() for told in (_Told.ERROR, _Told.NOTE, _Told.LATER)}
        self._of_pictures: defaultdict[tuple[int, bool], _Cells] = defaultdict(_Cells)

    def look(self, part: Part) -> None:
        """Look at the cells of *part*."""
        texts = part.cells[self.field.name]
        numbers = part.rows
        if self._pictures:
            self._look_at_pictures(numbers, texts, self._pictures)
        at = screens.thoughtful(texts, self.field, self._conventions)
        part.remember_odd(self.field.name, at)
        if not len(at):
            return
        distinct = texts.take(pa.array(at)).dictionary_encode()
        words = distinct.dictionary.to_pylist()
        counts = np.bincount(distinct.indices.to_numpy(), minlength=len(words)).tolist()
        self._evidence += self._tells(dict(zip(words, counts, strict=True)))
        told = [self._told(word) for word in words]
        for how, cells in self._cells.items():
            cells.add(numbers[at], distinct, (one is how for one in told))

    def _told(self, text: str) -> _Told:
        if is_blank(text):
            return _Told.ERROR if self.field.mandatory else _Told.FINE
        if is_unsettled(self.field.kind, text, self._conventions):
            return _Told.LATER
        return _told_of(self._check, self.field.name, text)

    def habit(self, parts: Iterable[Part]) -> Habit:
        """How the column is written; where some cell needs that, all those are counted that say something of it."""
        if self._cells[_Told.LATER].rows:
            counted = Evidence()
            for part in parts:
                distinct = part.cells[self.field.name].dictionary_encode()
                counts = np.bincount(distinct.indices.to_numpy(), minlength=len(distinct.dictionary)).tolist()
                counted += self._tells(dict(zip(distinct.dictionary.to_pylist(), counts, strict=True)))
            self._evidence = counted
        return self._evidence.habit(self._conventions)

    def _tells(self, counted: dict[str, int]) -> Evidence:
        texts = telling(self.field, self._where, counted)
        return Evidence.of(self.field.kind, texts, self._conventions.decimals)

    # --- at the end -----------------------------------------------------------------------------------------

    def errors(self, column: CheckedColumn) -> Iterator[Finding]:
        """What is wrong with cells."""
        self._settle(column)
        letters = column.where.column
        yield from self._cells[_Told.ERROR].finding(letters, Severity.ERROR, lambda text: _wrong(column, text))

    def notes(self, column: CheckedColumn) -> Iterator[Finding]:
        """What is worth knowing of cells, and what is to be said of pictures."""
        letters = column.where.column
        yield from self._cells[_Told.NOTE].finding(letters, Severity.NOTE, lambda text: _noted(column, text))
        pictures = self._pictures
        for (turn, is_error), cells in sorted(self._of_pictures.items(), key=lambda item: (not item[0][1], item[0])):
            severity = Severity.ERROR if is_error else Severity.NOTE
            assert pictures is not None

            def told(text: str, turn: int = turn, severity: Severity = severity) -> Problem:
                return column.problem(text, pictures.of(str(column.value(text)))[turn], severity)

            yield from cells.finding(letters, severity, told)

    def _settle(self, column: CheckedColumn) -> None:
        """Read the cells that had to wait, now that it is known how the column is written."""
        if not self._cells[_Told.LATER].rows:
            return
        rows, texts = self._cells[_Told.LATER].all()
        distinct = texts.dictionary_encode()
        told = [_told_of(column.check, self.field.name, text) for text in distinct.dictionary.to_pylist()]
        for how in (_Told.ERROR, _Told.NOTE):
            cells = self._cells[how]
            cells.add(rows, distinct, (one is how for one in told))
            if len(cells.rows) > 1:
                rows_of, texts_of = cells.all()
                order = np.argsort(rows_of, kind="stable")
                self._cells[how] = _Cells([rows_of[order]], [texts_of.take(pa.array(order))])

    # --- pictures -------------------------------------------------------------------------------------------

    def _look_at_pictures(self, numbers: Numbers, texts: pa.Array, pictures: Pictures) -> None:
        distinct = texts.dictionary_encode()
        said = [self._of_picture(text, pictures) for text in distinct.dictionary.to_pylist()]
        for turn in range(max(map(len, said), default=0)):
            told = [len(of_text) > turn and isinstance(of_text[turn], CellError) for of_text in said]
            noted = [len(of_text) > turn and not isinstance(of_text[turn], CellError) for of_text in said]
            self._of_pictures[turn, True].add(numbers, distinct, told)
            self._of_pictures[turn, False].add(numbers, distinct, noted)

    def _of_picture(self, text: str, pictures: Pictures) -> tuple[object, ...]:
        try:
            value = None if is_blank(text) else self._check.reading(self.field.name, text).value
        except CellError:
            return ()
        return () if value is None or value is CLEAR else pictures.of(str(value))


def _told_of(check: FrameCheck, field: str, text: str) -> _Told:
    try:
        return _Told.NOTE if check.reading(field, text).note else _Told.FINE
    except CellError:
        return _Told.ERROR


def _wrong(column: CheckedColumn, text: str) -> Problem:
    """What is wrong with a cell that cannot be read."""
    if is_blank(text):
        return column.problem("", CellError("missing"))
    try:
        column.check.reading(column.field.name, text)
    except CellError as error:
        return column.problem(text, error)
    raise AssertionError("it was read otherwise before")


def _noted(column: CheckedColumn, text: str) -> Problem:
    """The note on a cell that is not written the way it is sent."""
    note = column.check.reading(column.field.name, text).note
    assert note is not None
    return column.problem(text, note, Severity.NOTE)


# --- a rule over several columns ----------------------------------------------------------------------------


class _Rule:
    """One rule: in which rows it may be broken, and in which it is."""

    def __init__(self, rule: Rule, severity: Severity, check: FrameCheck, conventions: Conventions) -> None:
        self.rule = rule
        self._severity = severity
        self._check = check
        self._conventions = conventions
        self._broken = _Cells()
        self._later = _Cells()

    def look(self, part: Part) -> None:
        """Look at the rows of *part*."""
        texts = {name: part.cells[name] for name in self.rule.fields if name in part.cells}
        at = screens.candidates(self.rule, texts, self._conventions)
        if not len(at):
            return
        few = [texts[name].take(pa.array(at)) if name in texts else None for name in self.rule.fields]
        together = screens.together(few, len(at))
        told = [self._told(combination) for combination in together.dictionary.to_pylist()]
        numbers = part.rows[at]
        self._broken.add(numbers, together, (one is _Told.ERROR for one in told))
        self._later.add(numbers, together, (one is _Told.LATER for one in told))

    def _told(self, combination: str) -> _Told:
        cells = zip(self.rule.fields, screens.apart(combination), strict=True)
        if any(self._check.is_unsettled(name, text) for name, text in cells if text):
            return _Told.LATER
        return _Told.ERROR if self._check.trouble(self.rule, combination) else _Told.FINE

    def findings(self, column: CheckedColumn) -> Iterator[Finding]:
        """Where it is broken; *column* is the one at which that is told."""
        check, at = column.check, self.rule.fields.index(self.rule.at)

        @cache
        def of(combination: str) -> Problem:
            error = check.trouble(self.rule, combination)
            assert error is not None
            text = screens.apart(combination)[at]
            return column.problem("" if is_blank(text) else text, error, self._severity)

        if self._later.rows:
            rows, texts = self._later.all()
            distinct = texts.dictionary_encode()
            told = [bool(check.trouble(self.rule, combination)) for combination in distinct.dictionary.to_pylist()]
            late = _Cells()
            late.add(rows, distinct, told)
            yield from late.finding(column.where.column, self._severity, of)
        yield from self._broken.finding(column.where.column, self._severity, of)
