"""A profile from its TOML file.  Whatever makes no sense is told with its key, what was wanted and what is near.

Knows nothing of the user's sheets: whether a column is there shows when the profile is applied.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args
from zoneinfo import available_timezones

from importer.errors import WrongSettings
from importer.mapping.profile import (
    Column,
    Condition,
    Literally,
    LookUp,
    Otherwise,
    Profile,
    Recipe,
    SheetProfile,
    Take,
    folded,
)
from schemas import ENTITIES, entity_named
from schemas.entity import Entity
from schemas.nearest import nearest

OF_PROFILE = ("blank", "ignore", "timezone", "decimal", "day_first", "sheets")
OF_SHEET = (
    *("entity", "file", "sheet", "header_row", "blank", "timezone", "decimal", "day_first"),
    *("when", "lookup", "columns"),
)
OF_LOOKUP = ("file", "sheet", "key", "on")
OF_COLUMN = ("column", "text", "join", "by", "take", "lower", "values", "otherwise", "discount", "when")
MADE_OF = ("column", "text", "join")

BRACED = re.compile(r"\{([^{}]*)\}")

Toml = Mapping[str, Any]
T = TypeVar("T")
Word = TypeVar("Word", bound=str)


def profile_in(path: Path) -> Profile:
    """The profile in *path*.

    Raises:
        WrongSettings: it is not there, no TOML, or says something that makes no sense.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(f"The mapping profile {path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise WrongSettings(f"The mapping profile {path} cannot be read: {error.strerror}.") from error
    try:
        return _profile(path.name, content)
    except _Wrong as wrong:
        raise WrongSettings(f"{path.name} › {wrong}") from None


class _Wrong(Exception):
    """Something in the profile makes no sense; the text begins with its key."""


def _profile(name: str, content: Toml) -> Profile:
    _only(content, OF_PROFILE, "")
    sheets = _table(content, "sheets", "")
    if not sheets:
        raise _Wrong("sheets: wanted is a table for each sheet, such as [sheets.orders].")
    defaults = {key: content[key] for key in OF_SHEET if key in content}
    return Profile(
        name,
        tuple(_sheet(key, {**defaults, **_table(sheets, key, "sheets")}) for key in sheets),
        ignored=_texts(content, "ignore", ""),
    )


def _sheet(name: str, said: Toml) -> SheetProfile:
    at = f"sheets.{name}"
    _only(said, OF_SHEET, at)
    entity = _entity(name, said, at)
    file, sheet = _text(said, "file", at), _text(said, "sheet", at)
    if not (file or sheet):
        raise _Wrong(f'{at}: wanted is where it comes from, such as file = "export.csv", or sheet = "Tabelle1".')
    lookups = _table(said, "lookup", at)
    return SheetProfile(
        at,
        entity,
        file,
        sheet,
        columns=_columns(_table(said, "columns", at), entity, f"{at}.columns"),
        lookups=tuple(_lookup(key, _table(lookups, key, f"{at}.lookup"), f"{at}.lookup.{key}") for key in lookups),
        when=_conditions(said, at),
        header_row=_row(said, at),
        blank=frozenset(_texts(said, "blank", at)),
        timezone=_one_of(said, "timezone", available_timezones(), at),
        decimal=_one_of(said, "decimal", (".", ","), at),
        day_first=_flag(said, "day_first", at),
    )


def _row(said: Toml, at: str) -> int | None:
    found = said.get("header_row")
    if found is not None and (not isinstance(found, int) or isinstance(found, bool) or found < 1):
        raise _Wrong(f"{at}.header_row: wanted is the number of a row, such as 4.")
    return found


def _entity(name: str, said: Toml, at: str) -> Entity:
    names = [entity.name for entity in ENTITIES]
    wanted = _text(said, "entity", at) or name
    if wanted not in names:
        key = f"{at}.entity" if "entity" in said else at
        raise _Wrong(f'{key}: wanted is one of {", ".join(names)}, not "{wanted}".{_near(wanted, names)}')
    return entity_named(wanted)


def _lookup(name: str, said: Toml, at: str) -> LookUp:
    _only(said, OF_LOOKUP, at)
    for key in ("file", "key"):
        if not _text(said, key, at):
            raise _Wrong(f'{at}: {key} is missing; wanted is such as file = "customers.csv", key = "customerID".')
    key = _text(said, "key", at)
    return LookUp(at, name, _text(said, "file", at), _text(said, "sheet", at), key, _text(said, "on", at) or key)


# --- one column ---------------------------------------------------------------------------------------------


def _columns(said: Toml, entity: Entity, at: str) -> dict[str, Recipe]:
    if not said:
        raise _Wrong(f'{at}: wanted is at least one column, such as {entity.key[0]} = "Their number".')
    _only(said, entity.names, at, what=f"There is no such column in {entity.sheet}.")
    recipes = {name: _recipe(one, f"{at}.{name}") for name, one in said.items()}
    return {name: recipes[name] for name in entity.names if name in recipes}


def _recipe(said: object, at: str) -> Recipe:
    if isinstance(said, str):
        said = {"text" if BRACED.search(said) else "column": said}
    if not isinstance(said, Mapping):
        raise _Wrong(f'{at}: wanted is the name of a column in quotation marks, or a table such as {{ text = "EUR" }}.')
    _only(said, OF_COLUMN, at)
    if sum(key in said for key in MADE_OF) != 1:
        raise _Wrong(f"{at}: wanted is exactly one of {', '.join(MADE_OF)}.")
    if "otherwise" in said and "values" not in said:
        raise _Wrong(f"{at}.otherwise: there are no values to which it would be the exception.")
    return Recipe(
        at,
        _pieces(said, at),
        joined_by=(_text(said, "by", at) if "by" in said else " ") if "join" in said else None,
        take=_one_of(said, "take", get_args(Take), at),
        lower=_flag(said, "lower", at) or False,
        values=_values(_table(said, "values", at), f"{at}.values") if "values" in said else None,
        otherwise=_one_of(said, "otherwise", get_args(Otherwise), at) or "keep",
        discount=_text(said, "discount", at),
        when=_conditions(said, at),
    )


def _pieces(said: Toml, at: str) -> tuple[Literally | Column, ...]:
    if "join" in said:
        columns = _texts(said, "join", at)
        if not columns:
            raise _Wrong(f'{at}.join: wanted is a list of columns, such as ["street", "house number"].')
        return tuple(Column(name) for name in columns)
    if "column" in said:
        if not _text(said, "column", at).strip():
            raise _Wrong(f'{at}: wanted is the name of a column of yours, not "".')
        return (Column(_text(said, "column", at)),)
    # Split at the braces, every other part is what stood between them.
    parts = BRACED.split(_text(said, "text", at))
    pieces = (Column(part) if number % 2 else Literally(part) for number, part in enumerate(parts) if part)
    return tuple(pieces)


def _values(said: Toml, at: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for theirs in said:
        if folded(theirs) in values:
            raise _Wrong(f'{at}: "{theirs}" is there twice; case makes no difference here.')
        values[folded(theirs)] = _text(said, theirs, at)
    return values


def _conditions(said: Toml, at: str) -> tuple[Condition, ...]:
    at = f"{at}.when"
    return tuple(Condition(column, _wanted(one, at)) for column, one in _table(said, "when", at).items())


def _wanted(one: object, at: str) -> bool | tuple[str, ...]:
    if isinstance(one, bool):
        return one
    found = [one] if isinstance(one, str) else one
    if isinstance(found, list) and found and all(isinstance(text, str) for text in found):
        return tuple(folded(text) for text in found)
    raise _Wrong(f"{at}: wanted is true (filled), false (blank), or the values that are to be taken, as texts.")


# --- what TOML holds ----------------------------------------------------------------------------------------


def _only(said: Toml, keys: Iterable[str], at: str, *, what: str = "This is not known here.") -> None:
    for key in said:
        if key not in keys:
            place = f"{at}.{key}" if at else key
            raise _Wrong(f"{place}: {what}{_near(key, keys) or ' Known are ' + ', '.join(keys) + '.'}")


def _near(word: str, words: Iterable[str]) -> str:
    near = nearest(word, words)
    return f" Did you mean {near}?" if near else ""


def _table(said: Toml, key: str, at: str) -> Toml:
    return _typed(said, key, at, dict, f"a table, such as [{key}]") or {}


def _text(said: Toml, key: str, at: str) -> str:
    return _typed(said, key, at, str, "a text in quotation marks") or ""


def _flag(said: Toml, key: str, at: str) -> bool | None:
    return _typed(said, key, at, bool, "true or false")


def _texts(said: Toml, key: str, at: str) -> tuple[str, ...]:
    found = _typed(said, key, at, list, 'a list of texts, such as ["NULL"]') or []
    if not all(isinstance(text, str) for text in found):
        raise _Wrong(f'{_key(at, key)}: wanted is a list of texts, such as ["NULL"].')
    return tuple(found)


def _one_of(said: Toml, key: str, words: Collection[Word], at: str) -> Word | None:
    if key not in said:
        return None
    found = _text(said, key, at)
    if found not in words:
        known = [str(word) for word in words]
        few = f"one of {', '.join(known)}" if len(known) < len(OF_SHEET) else "a name such as Europe/Berlin"
        raise _Wrong(f'{_key(at, key)}: wanted is {few}, not "{found}".{_near(found, known)}')
    return next(word for word in words if word == found)


def _typed(said: Toml, key: str, at: str, kind: type[T], wanted: str) -> T | None:
    found = said.get(key)
    if found is not None and not isinstance(found, kind):
        raise _Wrong(f"{_key(at, key)}: wanted is {wanted}.")
    return found


def _key(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
