"""The pandera schema of an entity, derived from its fields; the one place that knows pandera.

Pandera is told, not asked: nothing is coerced, and keys and references over several rows are the plan's business.
Every check looks at each *distinct* cell once, since most columns repeat few values, and remembers what it read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
from pandera.errors import SchemaErrors

from schemas.cells import CellError, Conventions, Reading, Value
from schemas.entity import Entity, Field, Rule
from schemas.habits import is_unsettled
from schemas.screens import apart, arrow, together

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
"""Storage of every text cell, named outright, so that all frames have one, whichever pandas would choose."""

MOST_REMEMBERED = 10_000
"""So many texts of a column, then they are forgotten: a column with millions of different ones is to take no room."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One cell that cannot be taken: the row's number in the sheet, the field, and what is wrong."""

    row: int
    field: str
    error: CellError


class FrameCheck:
    """Checks frames of one entity, chunk after chunk, and reads their cells.

    Frames hold text, one column per field (by field name, absent ones left out), blank cells "", and their index is the
    sheet's own row number, which is how every failure knows its row.
    """

    def __init__(
        self, entity: Entity, conventions: Conventions, of_columns: Mapping[str, Conventions] | None = None
    ) -> None:
        """*of_columns*: by what the cells of a field are read, where its column has habits of its own."""
        self._entity = entity
        self._conventions = conventions
        self._of_columns = of_columns or {}
        self._read: dict[str, dict[str, Reading | CellError]] = {field.name: {} for field in entity.fields}
        self._rules: dict[tuple[str, str], CellError | None] = {}

    def failures(self, frame: pd.DataFrame) -> Iterator[Failure]:
        """Every failure in *frame*, in no particular order; mandatory columns that are absent are not mentioned."""
        tested = self._with_rule_columns(frame.astype(TEXT).replace("", np.nan))
        try:
            self._schema(tested).validate(tested, lazy=True)
        except SchemaErrors as found:
            cases = found.failure_cases
            for column, row in zip(cases["column"], cases["index"], strict=True):
                yield self._failure(str(column), int(row), tested)

    def hints(self, frame: pd.DataFrame) -> Iterator[Failure]:
        """Every cell of *frame* that can be taken, but is worth a note; in the order of the hints, then of the rows.

        A column that is absent counts as blank, save the one the note would stand at.
        """
        for rule in self._entity.hints:
            if rule.at not in frame.columns:
                continue
            found = _combinations(rule, _suspected(rule, frame))
            odd = {text: error for text in found.unique().tolist() if (error := self.trouble(rule, text))}
            cells = found[found.isin(list(odd))]
            for row, text in zip(cells.index.tolist(), cells.tolist(), strict=True):
                yield Failure(row, rule.at, odd[text])

    def reading(self, field: str, text: str) -> Reading:
        """What the non-blank cell *text* of *field* means; raises `CellError`."""
        known = self._read[field]
        found = known.get(text)
        if found is None:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            found = self._remember(self._entity.field(field), text)
        if isinstance(found, CellError):
            raise found.anew()
        return found

    # --- the schema -----------------------------------------------------------------------------------------

    def _schema(self, frame: pd.DataFrame) -> pandera.DataFrameSchema:
        fields = [field for field in self._entity.fields if field.name in frame.columns]
        columns = {
            field.name: pandera.Column(
                checks=pandera.Check(self._readable(field), error="unreadable", title=field.title),
                nullable=not field.mandatory,
                required=False,
                title=field.title,
                description=field.meaning,
            )
            for field in fields
        }
        rules = {
            _rule_column(rule): pandera.Column(
                checks=pandera.Check(self._kept(rule), error="rule"), nullable=True, required=False
            )
            for rule in self._entity.rules
        }
        return pandera.DataFrameSchema(columns | rules, name=self._entity.name)

    def _readable(self, field: Field) -> Callable[[pd.Series], pd.Series]:
        def check(cells: pd.Series) -> pd.Series:
            known = self._read[field.name]
            for text in cells.unique():
                if text not in known:
                    self._remember(field, text)
            good = [text for text in cells.unique() if isinstance(known[text], Reading)]
            return cells.isin(good)

        return check

    def _remember(self, field: Field, text: str) -> Reading | CellError:
        found: Reading | CellError
        try:
            found = field.read(text, self.conventions(field.name))
        except CellError as error:
            found = error.anew()
        self._read[field.name][text] = found
        return found

    # --- rules over several cells, as one derived column each -----------------------------------------------

    def _with_rule_columns(self, frame: pd.DataFrame) -> pd.DataFrame:
        derived = {
            _rule_column(rule): _combinations(rule, frame[list(rule.fields)].fillna(""))
            for rule in self._entity.rules
            if set(rule.fields) <= set(frame.columns)
        }
        return frame.assign(**derived)

    def _kept(self, rule: Rule) -> Callable[[pd.Series], pd.Series]:
        def check(combinations: pd.Series) -> pd.Series:
            return combinations.map({text: self._broken(rule, text) is None for text in combinations.unique()})

        return check

    def _broken(self, rule: Rule, combination: str) -> CellError | None:
        """The same as `_trouble`, remembered: pandera is told of it first, and the user later."""
        at = (_rule_column(rule), combination)
        if at not in self._rules:
            self._rules[at] = self.trouble(rule, combination)
        return self._rules[at]

    def conventions(self, field: str) -> Conventions:
        """By what the cells of *field* are read."""
        return self._of_columns.get(field, self._conventions)

    def is_unsettled(self, field: str, text: str) -> bool:
        """Whether what the cell *text* means depends on the rest of its column."""
        return is_unsettled(self._entity.field(field).kind, text, self._conventions)

    def trouble(self, rule: Rule, combination: str) -> CellError | None:
        """What is wrong with the cells of *rule*; None while one of them cannot be read, since that is said already."""
        texts = {name: text for name, text in zip(rule.fields, apart(combination), strict=True) if text.strip()}
        try:
            values = {name: self._value(rule, name, text) for name, text in texts.items()}
        except CellError:
            return None
        return rule.broken({name: value for name, value in values.items() if value is not None}, self._conventions)

    def _value(self, rule: Rule, name: str, text: str) -> Value | None:
        """What *rule* gets of a cell, which must be readable even where the rule wants to see what is written."""
        value = self.reading(name, text).value
        return text if name in rule.as_written and value is not None else value

    # --- from pandera's word to ours ------------------------------------------------------------------------

    def _failure(self, column: str, row: int, frame: pd.DataFrame) -> Failure:
        text = frame.at[row, column]
        for rule in self._entity.rules:
            if column == _rule_column(rule):
                return Failure(row, rule.at, cast("CellError", self._broken(rule, str(text))))
        if not isinstance(text, str):
            return Failure(row, column, CellError("missing"))
        return Failure(row, column, cast("CellError", self._remember(self._entity.field(column), text)))


def _suspected(rule: Rule, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of *frame* in which *rule* may find something: few of many, as a rule."""
    if rule.suspects is None:
        return frame
    cells = frame[rule.at]
    return frame[cells.isin([text for text in cells.unique().tolist() if rule.suspects(text)])]


def _combinations(rule: Rule, frame: pd.DataFrame) -> pd.Series:
    """The cells of *rule* side by side; None stands for a column that is not there."""
    columns = [arrow(frame[name]) if name in frame.columns else None for name in rule.fields]
    return pd.Series(pd.array(together(columns, len(frame)).cast(pa.large_string()), TEXT), index=frame.index)


def _rule_column(rule: Rule) -> str:
    return f"rule: {' + '.join(rule.fields)} at {rule.at}"
