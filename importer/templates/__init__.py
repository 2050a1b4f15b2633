"""Blank templates for people to fill in, and the same files filled with given rows.

A template is derived from the entities alone, and the same input gives the same bytes on every day and machine.  How
the files look is said below this door: `workbook` and what it uses for Excel, `csv` for text.  Nothing is read here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from importer.errors import WrongSettings
from importer.speech import Language
from importer.templates import csv, workbook
from importer.templates.content import Content, blank, filled
from importer.templates.words import words
from schemas import ENTITIES, entity_named
from schemas.cells import Conventions
from schemas.entity import Entity, Values

ALL_IN_ONE = "all-in-one.xlsx"

AS_SET = Conventions()


def write(
    folder: Path,
    entities: Sequence[Entity] = (),
    *,
    style: Literal["xlsx", "csv"],
    language: Language = "en",
    conventions: Conventions = AS_SET,
    replace: bool = False,
) -> tuple[Path, ...]:
    """Write blank templates into *folder* and give their paths, in upload order.

    No entity, or all of them, as xlsx: one workbook with all sheets.  Otherwise one file per entity, named after it in
    either language.  The carriers offered are those of *conventions*.  A file that is there already and differs is only
    overwritten with *replace*: somebody may have filled it in.

    Raises:
        WrongSettings: a file is in the way, or the folder cannot be written.
    """
    wanted = {entity.name for entity in entities or ENTITIES}
    contents = [blank(entity) for entity in ENTITIES if entity.name in wanted]
    if style == "xlsx" and len(contents) == len(ENTITIES):
        files = {folder / ALL_IN_ONE: contents}
    else:
        files = {folder / f"{content.entity.name}.{style}": [content] for content in contents}
    for path, inside in files.items():
        _put(path, _data(path, inside, language, conventions), replace=replace)
    return tuple(files)


def fill(
    path: Path,
    rows: Mapping[str, Sequence[Values]],
    *,
    language: Language = "en",
    conventions: Conventions = AS_SET,
    replace: bool = False,
) -> Path:
    """Write *rows* (by entity name) in place of the example into *path*: a workbook (.xlsx), or CSV for one entity.

    A workbook gets the sheets of the entities in *rows*, in upload order, also those with no row.  Texts are written as
    text, letter by letter, even where the column holds numbers; other values as cells of their own type.

    Raises:
        WrongSettings: as `write`; or *path* cannot hold this much, or has another ending.
        KeyError: there is no entity or field of that name.
    """
    wanted = [entity_named(name).name for name in rows]
    contents = [filled(entity, rows[entity.name]) for entity in ENTITIES if entity.name in wanted]
    _put(path, _data(path, contents, language, conventions), replace=replace)
    return path


def _data(path: Path, contents: Sequence[Content], language: Language, conventions: Conventions) -> bytes:
    match path.suffix.lower():
        case ".xlsx":
            return workbook.data(contents, words(language), conventions)
        case ".csv" if len(contents) == 1:
            return csv.data(contents[0], conventions)
    raise WrongSettings("a name ending in .xlsx is wanted, or in .csv for a single sheet", at=path)


def _put(path: Path, data: bytes, *, replace: bool) -> None:
    try:
        if path.exists() and not replace and path.read_bytes() != data:
            raise WrongSettings(
                "{path} is there already and was not overwritten; move it away or name another folder", path=str(path)
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise WrongSettings("{path} cannot be written: {reason}", path=str(path), reason=str(error.strerror)) from error
