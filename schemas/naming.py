"""What sheets and files are called, and what their headers are known by.  Knows names alone, nothing of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from schemas import ENTITIES
from schemas.entity import Entity, bare, headers


@dataclass(frozen=True, slots=True)
class Expected:
    """What the header of a sheet is known by before it is found."""

    titles: tuple[Mapping[str, str], ...]
    """For each thing that the sheet may hold: titles in their bare form -> the column that is meant."""
    row: int | None = None
    """The header's row where somebody said it; None = it is to be found."""


def expected(file: str, sheet: str) -> Expected:
    """The titles of the entity that the name of the sheet, or of a CSV file, tells; where it tells none, of each."""
    entity = entity_titled(sheet) if sheet else entity_of_file(file)
    return expected_of(entity) if entity else Expected(tuple(_all_headers().values()))


def expected_of(entity: Entity) -> Expected:
    """The titles of *entity*."""
    return Expected((_all_headers()[entity.name],))


@cache
def _all_headers() -> Mapping[str, Mapping[str, str]]:
    """The accepted headers by the name of the entity."""
    return {entity.name: headers(entity) for entity in ENTITIES}


def entity_titled(title: str) -> Entity | None:
    """The entity whose sheet has this *title*; None = none of ours."""
    return _titles().get(bare(title))


def entity_of_file(name: str) -> Entity | None:
    """The entity whose name the CSV file has: `order_items-january.csv` is as good as `order-items.csv`."""
    parts = PurePosixPath(name).name.partition(".")[0].split("-")
    for length in range(len(parts), 0, -1):
        found = entity_titled("-".join(parts[:length]))
        if found:
            return found
    return None


@cache
def _titles() -> Mapping[str, Entity]:
    return {bare(words): entity for entity in ENTITIES for words in (entity.name, entity.sheet, entity.blatt)}
