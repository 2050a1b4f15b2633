"""A correction profile: texts that a person has said are to be read as others, from its TOML file.

Nothing but a cell that is exactly as the profile writes it is ever touched, and each is listed.  A text that is to be
read as itself is right as it is: no damage is seen in it any more.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from importer.damage.columns import Sheet
from importer.damage.finding import Damage
from importer.damage.listing import changed, hit
from importer.errors import WrongSettings
from schemas import ENTITIES, entity_named
from schemas.nearest import nearest

TABLE = "fixes"


@dataclass(frozen=True, slots=True)
class Fixes:
    """What a profile says."""

    name: str
    """Name of its file, for messages."""
    texts: Mapping[str, Mapping[str, Mapping[str, str]]]
    """Entity -> column -> the text as written -> as it is to be read."""


def fixes_in(path: Path) -> Fixes:
    """The profile in *path*.

    Raises:
        WrongSettings: it is not there, no TOML, or speaks of a sheet or a column that there is not.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(f"The correction profile {path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise WrongSettings(f"The correction profile {path} cannot be read: {error.strerror}.") from error
    _known(path.name, "", content, [TABLE])
    return Fixes(path.name, _by_entity(path.name, _table(path.name, TABLE, content.get(TABLE, {}))))


def fixed(sheet: Sheet, fixes: Fixes) -> Sheet:
    """*sheet* with the cells that *fixes* speaks of read as it says, and a note at each of them."""
    of_sheet = fixes.texts.get(sheet.entity.name, {})
    wanted = [
        Damage(sheet.entity.field(name), text, "fixed", {"file": fixes.name}, repair=meant)
        for name, texts in of_sheet.items()
        if name in sheet.columns
        for text, meant in texts.items()
        if text != meant
    ]
    # What a person has written there needs no further look either.
    right = {name: frozenset(text.strip() for text in texts.values()) for name, texts in of_sheet.items()}
    return replace(sheet, table=changed(sheet, hit(sheet, wanted, exactly=True), "fixed"), right=right)


def _by_entity(name: str, said: Mapping[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    _known(name, TABLE, said, [entity.name for entity in ENTITIES])
    return {entity: _by_column(name, entity, _table(name, f"{TABLE}.{entity}", said[entity])) for entity in said}


def _by_column(name: str, entity: str, said: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    at = f"{TABLE}.{entity}"
    _known(name, at, said, entity_named(entity).names)
    return {column: _texts(name, f"{at}.{column}", said[column]) for column in said}


def _texts(name: str, at: str, said: object) -> dict[str, str]:
    found = _table(name, at, said)
    for text, meant in found.items():
        if not isinstance(meant, str) or not text.strip():
            raise WrongSettings(f'{name} › {at}: wanted are texts in quotation marks, such as "Deutchland" = "DE".')
    return dict(found)


def _table(name: str, at: str, said: object) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise WrongSettings(
            f'{name} › {at}: wanted is a table such as [fixes.orders.language], and below it "EN" = "en".'
        )
    return said


def _known(name: str, at: str, said: Iterable[str], words: Iterable[str]) -> None:
    for word in said:
        if word not in words:
            near = nearest(word, words)
            hint = f"Did you mean {near}?" if near else f"Known are {', '.join(words)}."
            raise WrongSettings(f"{name} › {at}{'.' if at else ''}{word}: this is not known here. {hint}")
