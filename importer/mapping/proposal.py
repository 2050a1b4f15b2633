"""A first profile for files that we do not know, to be confirmed by a person.

Headers that we know are filled in; what is merely similar, missing or unknown stands there as a comment.  The profile
is valid as it is, unless nothing at all was recognised.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import count

from importer.model import Table
from schemas import ENTITIES
from schemas.entity import Entity, bare, headers
from schemas.titles import likely_field

HEAD = """\
# A mapping profile: it leads the columns of your files to those of the importer.  Left: our column; right: yours.
# Look through it, take the "# " away from what is right, and correct what is not.  Then:
#     importer check FILE --mapping THIS_FILE
# What else can be said (values, joined columns, look-ups): see docs/mapping.md.
"""


def proposed(tables: Iterable[tuple[Table, Entity | None]]) -> str:
    """A profile for *tables* as TOML, each with the entity that it holds; None = the one that fits its headers best."""
    taken: set[str] = set()
    parts = [HEAD]
    for table, known in tables:
        entity = known or _best_fitting(table)
        name = _free(entity.name, taken)
        taken.add(name)
        parts.append("\n".join(_sheet(name, table, entity)))
    return "\n".join(parts)


def _free(name: str, taken: set[str]) -> str:
    names = (name if number == 1 else f"{name}_{number}" for number in count(1))
    return next(one for one in names if one not in taken)


def _best_fitting(table: Table) -> Entity:
    def fitness(entity: Entity) -> tuple[int, int, int]:
        known = headers(entity)
        found = {known[bare(title)] for title in table.header if bare(title) in known}
        near = {likely_field(title, entity.fields) for title in table.header} - {""}
        return len(found.intersection(entity.key)), len(found), len(near)

    return max(ENTITIES, key=fitness)


def _sheet(name: str, table: Table, entity: Entity) -> Iterator[str]:
    yield f"[sheets.{name}]"
    yield f"entity = {_toml(entity.name)}"
    yield f"file = {_toml(table.where.file)}"
    if table.where.sheet:
        yield f"sheet = {_toml(table.where.sheet)}"
    sure, near, unknown = _sorted_out(table, entity)
    yield ""
    if not sure:
        yield "# Without one line that is not a comment, this sheet cannot be imported."
    yield f"[sheets.{name}.columns]"
    for field in entity.fields:
        if field.name in sure:
            yield f"{field.name} = {_toml(sure[field.name])}"
        for title in near.get(field.name, ()):
            yield f"# {field.name} = {_toml(title)}   # near, please confirm"
        if field.name not in sure and field.name not in near and (field.mandatory or field.recommended):
            need = "mandatory: nothing was found for it" if field.mandatory else "recommended"
            yield f'# {field.name} = ""   # {need}'
    if unknown:
        yield "\n# Columns of yours that are not used:"
        yield from (f"#     {_toml(title)}" for title in unknown)
    yield ""


def _sorted_out(table: Table, entity: Entity) -> tuple[dict[str, str], dict[str, list[str]], list[str]]:
    """The titles of *table* by what they are: surely a field, perhaps a field, and unknown."""
    known = headers(entity)
    titles = [title for title in table.header if title.strip()]
    sure: dict[str, str] = {}
    near: dict[str, list[str]] = {}
    unknown = []
    for title in titles:
        name = known.get(bare(title), "")
        if name and name not in sure and titles.count(title) == 1:
            sure[name] = title
        elif name:
            near.setdefault(name, []).append(title)
    for title in titles:
        if bare(title) in known:
            continue
        name = likely_field(title, [field for field in entity.fields if field.name not in sure])
        if name:
            near.setdefault(name, []).append(title)
        else:
            unknown.append(title)
    return sure, near, unknown


def _toml(text: str) -> str:
    """*text* as a basic string of TOML, which is that of JSON but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
