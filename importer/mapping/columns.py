"""The cells of one of our columns, made of the user's as a recipe says.  Works on whole columns, never row by row.

Where a cell came from is kept as the letters of the user's column: the first one that was read for it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from importer.errors import UnreadableFile, WrongSettings
from importer.mapping.profile import Column, Condition, LookUp, Recipe, folded
from importer.model import Problem, Table
from schemas import kinds, numbers
from schemas.cells import CellError, Conventions, Form, Note
from schemas.entity import Field, bare
from schemas.frames import TEXT
from schemas.habits import Evidence
from schemas.nearest import nearest

NUMBER = kinds.decimal()
CENT = Decimal("0.01")
EXAMPLE_PRICE, EXAMPLE_SHARE = "24.90", "0.15"

WORDS: Mapping[str, Callable[[str], str]] = {
    "first word": lambda text: text.strip().partition(" ")[0],
    "last word": lambda text: text.strip().rpartition(" ")[2],
    "all but first word": lambda text: text.strip().partition(" ")[2].strip(),
    "all but last word": lambda text: text.strip().rpartition(" ")[0].strip(),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a recipe can read: those of a sheet, and those found in others by a key."""

    profile: str
    """Name of the profile, for messages."""
    table: Table
    blank: frozenset[str]
    decimal: str
    lookups: Mapping[str, LookUp]
    looked_up: Mapping[str, Table]
    """Name of a look-up -> the sheet in which it looks."""

    def texts(self, name: str, at: str) -> pd.Series:
        """The cells of the column *name*; those that hold a word for blank are blank.  *at* is the key that asks."""
        lookup = self._lookup(name)
        if lookup is None:
            return self._of(self.table, name, at)
        table = self.looked_up[lookup.name]
        keys = self._of(table, lookup.key, lookup.at).map(folded)
        found = self._of(table, name.partition(".")[2], at)
        usable = _sound(table, keys) & (keys != "")
        self._refuse_twins(lookup, table, keys[usable])
        known = dict(zip(keys[usable].tolist(), found[usable].tolist(), strict=True))
        return each(self._of(self.table, lookup.on, lookup.at), lambda text: known.get(folded(text), ""))

    def unfound(self, lookup: LookUp) -> pd.Series:
        """The keys for which *lookup* has no row that can be used, by row number."""
        table = self.looked_up[lookup.name]
        keys = self._of(table, lookup.key, lookup.at).map(folded)
        ours = self._of(self.table, lookup.on, lookup.at)
        return ours[(ours != "") & ~ours.map(folded).isin(keys[_sound(table, keys)])]

    def letters(self, name: str, at: str) -> str:
        """The letters above the column *name*; above the key, where the cell is looked up elsewhere."""
        lookup = self._lookup(name)
        place = self._position(self.table, lookup.on, lookup.at) if lookup else self._position(self.table, name, at)
        return self.table.letters_at(place)

    def _lookup(self, name: str) -> LookUp | None:
        before, dot, _ = name.partition(".")
        return self.lookups.get(before) if dot else None

    def _of(self, table: Table, name: str, at: str) -> pd.Series:
        texts = table.frame[self._position(table, name, at)]
        return each(texts, lambda text: "" if text.strip() in self.blank else text)

    def _position(self, table: Table, name: str, at: str) -> int:
        """Where the column *name* stands: the header as it is, or else blind to case, blanks and punctuation."""
        exact = [place for place, title in enumerate(table.header) if title.strip() == name.strip()]
        alike = [place for place, title in enumerate(table.header) if bare(title) == bare(name) != ""]
        found = exact or alike
        if len(found) == 1:
            return found[0]
        trouble = f'{self.profile} › {at}: in {table.where} there is no column "{name}".'
        if found:
            raise WrongSettings(f'{self.profile} › {at}: in {table.where} more than one column is called "{name}".')
        near = nearest(name, [title for title in table.header if title.strip()])
        raise WrongSettings(f"{trouble} Did you mean {near}?" if near else trouble)

    def _refuse_twins(self, lookup: LookUp, table: Table, keys: pd.Series) -> None:
        twins = keys[keys.duplicated(keep=False)]
        if len(twins):
            rows = ", ".join(str(row) for row in twins.index[twins == twins.iloc[0]].tolist()[:5])
            raise UnreadableFile(
                "{column} is the same in rows {rows}, so nothing can be looked up by it ({profile}); keep one of them",
                at=table.where,
                column=lookup.key,
                rows=rows,
                profile=f"{self.profile} › {lookup.at}",
            )


@dataclass(frozen=True, slots=True)
class Made:
    """A column of ours."""

    texts: pd.Series
    letters: str
    """Of the user's column that it stands for; "" = it is the profile's own words."""
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...] = ()
    """What had to be decided to read the column here."""


def made(field: Field, recipe: Recipe, columns: Columns) -> Made:
    """The column of *field*, cell by cell as *recipe* says."""
    texts = _joined(recipe, columns)
    if recipe.take:
        texts = each(texts, WORDS[recipe.take])
    if recipe.lower:
        texts = each(texts, str.lower)
    letters = next((columns.letters(name, recipe.at) for name in recipe.columns), "")
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    place = _Place(columns.table, field, letters)
    if recipe.values is not None:
        texts, problems = _translated(texts, recipe, recipe.values, place)
    if recipe.discount:
        shares = columns.texts(recipe.discount, recipe.at)
        at_share = replace(place, letters=columns.letters(recipe.discount, recipe.at))
        prices = _amounts(texts, columns.decimal, place)
        texts, more = _discounted(prices, _amounts(shares, columns.decimal, at_share))
        problems, notes = problems + more, prices.notes
    if recipe.when:
        texts = texts.where(holds(recipe.when, columns, recipe.at), "")
    return Made(texts.astype(TEXT), letters, problems, notes)


def holds(conditions: tuple[Condition, ...], columns: Columns, at: str) -> pd.Series:
    """For each row whether all *conditions* hold."""
    result = pd.Series(data=True, index=columns.table.frame.index)
    for condition in conditions:
        texts = columns.texts(condition.column, at).map(folded)
        if isinstance(condition.wanted, bool):
            result &= (texts != "") == condition.wanted
        else:
            result &= texts.isin(condition.wanted)
    return result


def each(texts: pd.Series, meaning: Callable[[str], str]) -> pd.Series:
    """*texts* with each replaced by its *meaning*, which is asked once for each distinct text."""
    known = {text: meaning(text) for text in texts.unique().tolist()}
    return texts.map(known).astype(TEXT)


def _sound(table: Table, like: pd.Series) -> pd.Series:
    """Which rows of *table* can be trusted: not those whose cells may be shifted."""
    shifted = {problem.where.row for problem in table.problems if not problem.where.column}
    return pd.Series(~like.index.isin(shifted), index=like.index)


def _joined(recipe: Recipe, columns: Columns) -> pd.Series:
    index = columns.table.frame.index
    whole = pd.Series("", index=index, dtype=TEXT)
    is_blank = pd.Series(data=False, index=index)
    for piece in recipe.pieces:
        if not isinstance(piece, Column):
            whole = whole + piece.text
        elif recipe.joined_by is None:
            texts = columns.texts(piece.name, recipe.at)
            is_blank |= texts.str.strip() == ""
            whole = texts if len(recipe.pieces) == 1 else whole + texts.str.strip()
        else:
            texts = columns.texts(piece.name, recipe.at).str.strip()
            between = ((whole != "") & (texts != "")).map({True: recipe.joined_by, False: ""}).astype(TEXT)
            whole = whole + between + texts
    return whole.mask(is_blank, "")


# --- what may go wrong --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """The column that problems are told at."""

    table: Table
    field: Field
    letters: str

    def problems(self, texts: pd.Series, error: CellError) -> list[Problem]:
        """*error* at the cell of each row of *texts*."""
        return [
            Problem(
                replace(self.table.where, row=row, column=self.letters),
                error.code,
                error.facts,
                column=self.field.name,
                value=text,
                suggestion=error.suggestion,
                private=self.field.private,
            )
            for row, text in zip(texts.index.tolist(), texts.tolist(), strict=True)
        ]


def _translated(
    texts: pd.Series, recipe: Recipe, values: Mapping[str, str], place: _Place
) -> tuple[pd.Series, tuple[Problem, ...]]:
    unknown = [text for text in texts.unique().tolist() if text.strip() and folded(text) not in values]
    problems: list[Problem] = []
    if recipe.otherwise == "error":
        for text in unknown:
            error = CellError("value_not_mapped", suggestion=nearest(text, values), example=f"{recipe.at}.values")
            problems += place.problems(texts[texts == text], error)
    left = "" if recipe.otherwise == "blank" else None
    return each(texts, lambda text: values.get(folded(text), text if left is None else left)), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Cells that are numbers, and how their column is written."""

    texts: pd.Series
    conventions: Conventions
    place: _Place
    notes: tuple[Note, ...]


def _amounts(texts: pd.Series, decimal: str, place: _Place) -> _Amounts:
    filled = [text for text in texts.tolist() if text.strip()]
    usual = Conventions(decimal=decimal, decimals=place.table.decimals)
    habit = Evidence.of(NUMBER, Counter(filled), usual.decimals).habit(usual)
    return _Amounts(texts, habit.conventions, place, habit.notes)


def _discounted(prices: _Amounts, shares: _Amounts) -> tuple[pd.Series, tuple[Problem, ...]]:
    """*prices* less *shares*, to the cent; a price that is no number stays for the check to refuse."""
    pairs = pd.DataFrame({"price": prices.texts, "share": shares.texts}, dtype=object)
    distinct = pairs.drop_duplicates()
    lowered, no_shares, no_prices = {}, dict[str, CellError](), dict[str, CellError]()
    for price, share in zip(distinct["price"].tolist(), distinct["share"].tolist(), strict=True):
        lowered[price, share] = price
        try:
            part = _share(share, shares.conventions)
        except CellError as error:
            no_shares[share] = error
            continue
        try:
            lowered[price, share] = _lowered(price, part, prices.conventions)
        except CellError as error:
            no_prices[price] = error
    together = pd.MultiIndex.from_frame(pairs).to_flat_index()
    result = pd.Series(together.map(lowered), index=prices.texts.index, dtype=TEXT)
    return result, (*_wrong(shares, no_shares), *_wrong(prices, no_prices))


def _wrong(amounts: _Amounts, errors: Mapping[str, CellError]) -> Iterator[Problem]:
    for text, error in errors.items():
        yield from amounts.place.problems(amounts.texts[amounts.texts == text], error)


def _share(text: str, conventions: Conventions) -> Decimal:
    """What is taken off; nothing where the cell is blank."""
    if not text.strip():
        return Decimal(0)
    part = numbers.read(text.strip(), conventions, example=EXAMPLE_SHARE)
    if not 0 <= part <= 1:
        raise CellError("not_a_share")
    return part


def _lowered(price: str, part: Decimal, conventions: Conventions) -> str:
    """*price* less that *part* of it; raises `CellError` where it could be two prices."""
    is_unclear = numbers.form(price) in {Form.LONE_POINT, Form.LONE_COMMA}
    if not part and not is_unclear:
        return price
    try:
        whole = numbers.read(price.strip(), conventions, example=EXAMPLE_PRICE)
    except CellError:
        if is_unclear:
            raise
        return price
    if part:
        return str((whole * (1 - part)).quantize(CENT, ROUND_HALF_UP))
    # Beside lowered prices nobody could tell any more how this one was written, so it is made clear here.
    return f"{whole:f}0" if whole % 1 else f"{whole:f}"
