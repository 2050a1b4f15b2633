"""Damaged cells found before anything is checked: told at their place, or repaired where that is asked for.

What a person has confirmed comes first (`fixes`), then what is proposed (`repair`).  Each changed cell has its note,
and the sheet as it stands in the file stays with the table, to be given back.
"""

from collections.abc import Sequence
from dataclasses import replace

from importer import damage
from importer.check import entity_of, headed, is_for_people
from importer.damage import Sheet
from importer.mapping import Mapped
from importer.settings import Settings
from schemas.entity import Entity


def mended(
    led: Sequence[Mapped], settings: Settings, wanted: Entity | None, fitting: Sequence[Entity | None]
) -> list[Mapped]:
    """*led* with the damage in their cells told or repaired, all sheets looked at together.

    What a sheet holds is said by its mapping profile, else by the user (*wanted*), by its name, or by its header
    (*fitting*, one for each); a sheet of which nothing tells is left as it is.

    Raises:
        WrongSettings: a correction profile that makes no sense.
    """
    fixes = damage.fixes_in(settings.fixes) if settings.fixes else None
    sheets: dict[int, Sheet] = {}
    for at, (one, fits) in enumerate(zip(led, fitting, strict=True)):
        entity = _entity(one, wanted, fits)
        if entity:
            table, header = headed(one.table, entity)
            sheet = Sheet(table, entity, header.columns)
            sheets[at] = damage.fixed(sheet, fixes) if fixes else sheet
    result = [*led]
    put = damage.repaired if settings.repair else damage.listed
    for (at, sheet), found in zip(sheets.items(), damage.found([*sheets.values()]), strict=True):
        result[at] = replace(led[at], table=put(sheet, found))
    return result


def _entity(led: Mapped, wanted: Entity | None, fits: Entity | None) -> Entity | None:
    if led.sheet:
        return led.sheet.entity
    return None if is_for_people(led.table) else wanted or entity_of(led.table) or fits
