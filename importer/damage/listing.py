"""Findings put to a table: as problems at their cells, or as other texts in the cells, each of which is listed.

Cells are found by whole columns; only those that are hit are looked at one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from importer.damage.columns import Sheet, Texts, sound_rows, sound_texts
from importer.damage.finding import Damage
from importer.kept import let_go
from importer.model import Problem, Severity, Table, Where
from schemas.cells import Note
from schemas.frames import TEXT

REPLACED = "code_damaged"
"""What reading the file may have told of a cell already, without knowing what was meant."""


def listed(sheet: Sheet, damages: Iterable[Damage]) -> Table:
    """The table of *sheet* with a problem at every damaged cell: an error where that is sure, a note otherwise."""
    untold = [damage for damage in damages if not damage.is_told]
    return _with(sheet.table, [cell.problem for cell in hit(sheet, untold)])


def repaired(sheet: Sheet, damages: Sequence[Damage]) -> Table:
    """The table of *sheet* with every repair made that is proposed, and a note at each such cell.

    Damage for which nothing is proposed is listed as a problem.
    """
    mended = changed(sheet, hit(sheet, [damage for damage in damages if damage.repair]))
    return listed(replace(sheet, table=mended), [damage for damage in damages if not damage.repair])


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that a finding speaks of."""

    where: Where
    row: int
    at: int
    """Position of its column."""
    text: str
    """As written, with the blanks around it."""
    damage: Damage

    @property
    def problem(self) -> Problem:
        """What is wrong with it, and what may have been meant."""
        damage = self.damage
        severity = Severity.ERROR if damage.is_sure else Severity.NOTE
        return self._said(Note(damage.code, damage.facts), severity, suggestion=damage.repair)

    def note(self, note: Note) -> Problem:
        """Something else to be said of it."""
        return self._said(note, Severity.NOTE)

    def _said(self, what: Note, severity: Severity, suggestion: str = "") -> Problem:
        field = self.damage.field
        return Problem(
            self.where, what.code, what.facts, field.name, self.text, suggestion, severity, private=field.private
        )


def hit(sheet: Sheet, damages: Iterable[Damage], *, exactly: bool = False) -> Iterator[Cell]:
    """The cells of *sheet* that hold the texts of *damages*, column by column; blanks around them aside."""
    by_field: defaultdict[str, defaultdict[str, list[Damage]]] = defaultdict(lambda: defaultdict(list))
    for damage in damages:
        by_field[damage.field.name][damage.text].append(damage)
    numbers = sound_rows(sheet)
    for name, by_text in by_field.items():
        at = sheet.columns[name]
        where, letters = sheet.table.where, sheet.table.letters_at(at)
        for place, text in _among(sound_texts(sheet, name), pa.array([*by_text], pa.large_string()), exactly=exactly):
            row = int(numbers[place])
            for damage in by_text.get(text) or by_text[text.strip()]:
                if damage.rows is None or row in damage.rows:
                    yield Cell(Where(where.file, where.sheet, row, letters), row, at, text, damage)


def _among(texts: pa.ChunkedArray, wanted: Texts, *, exactly: bool) -> Iterator[tuple[int, str]]:
    """Where those of *texts* stand that are *wanted*, with blanks around them unless *exactly* so; and the texts."""
    start = 0
    for chunk in texts.chunks:
        is_hit = pc.is_in(chunk, value_set=wanted)
        if not exactly:
            is_hit = pc.or_(is_hit, pc.is_in(pc.utf8_trim_whitespace(chunk), value_set=wanted))
        places = np.flatnonzero(np.asarray(is_hit)) + start
        yield from zip(places.tolist(), chunk.filter(is_hit).to_pylist(), strict=True)
        start += len(chunk)
        let_go()


def changed(sheet: Sheet, cells: Iterable[Cell], code: str = "repaired") -> Table:
    """The table of *sheet* with the repairs of *cells* in their place, and a note with *code* at each of them."""
    frame = sheet.table.frame.copy(deep=False)
    notes = []
    texts: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for cell in cells:
        texts[cell.at][cell.row] = cell.damage.repair
        notes.append(cell.note(Note(code, {**cell.damage.facts, "value": cell.damage.repair})))
    for at, by_row in texts.items():
        column = frame[at].to_numpy(dtype=object).copy()
        column[frame.index.get_indexer(pd.Index(list(by_row)))] = np.array(list(by_row.values()), dtype=object)
        frame[at] = pd.Series(column, index=frame.index, dtype=TEXT)
    if not notes:
        return sheet.table
    return _with(replace(sheet.table, frame=frame, source=sheet.table.source or sheet.table), notes)


def _with(table: Table, problems: Sequence[Problem]) -> Table:
    """*table* with *problems* added; where reading the file told of the same cell, whichever says more."""
    told = {problem.where: problem for problem in table.problems if problem.where.column}
    better = [one for one in problems if one.where not in told or _says_more(one, told[one.where])]
    places = {one.where for one in better}
    kept = (one for one in table.problems if one.where not in places or one.code != REPLACED)
    return replace(table, problems=(*kept, *better)) if better else table


def _says_more(problem: Problem, told: Problem) -> bool:
    return told.code == REPLACED and (bool(problem.suggestion) or problem.severity is Severity.NOTE)
