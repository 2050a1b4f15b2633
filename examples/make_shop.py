"""Makes the shop that `importer demo` imports: `shop/shop.xlsx`, its pictures, and what an import of it must count.

    python examples/make_shop.py [FOLDER]

The rows stand as text in `shop_source/`, where a change can be read line by line; nothing here is random, so the same
sources always give the same shop.
"""

import csv
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pictograms

from importer import templates
from schemas import ENTITIES
from schemas.cells import Conventions, Value
from schemas.entity import Entity, Field, Values

HERE = Path(__file__).parent
SOURCE = HERE / "shop_source"
SHOP = HERE / "shop"

# Columns of these types hold real numbers, dates and yes-or-no; all else is text, above all what looks like a number.
TYPED = frozenset({"number", "integer", "boolean", "date-time"})

Rows = Mapping[str, tuple[Values, ...]]
"""Rows by the entity's name, in upload order."""


def make(folder: Path) -> None:
    """Write the workbook, the pictures and the expected counts to *folder*."""
    shop = rows()
    folder.mkdir(parents=True, exist_ok=True)
    pictograms.save_all(folder / "images")
    templates.fill(folder / "shop.xlsx", shop, replace=True)
    write_csv(
        folder / "expected-counts.csv",
        ("sheet", "rows", "status"),
        [(entity.sheet, str(len(shop[entity.name])), "created") for entity in ENTITIES],
    )


@cache
def rows() -> Rows:
    """The whole shop, every cell of the type it has in the workbook."""
    return {entity.name: _read(entity) for entity in ENTITIES}


def write_csv(path: Path, header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Write a small table for tests and readers, with the same line ends everywhere."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def _read(entity: Entity) -> tuple[Values, ...]:
    with (SOURCE / f"{entity.name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            {name: _value(entity.field(name), text) for name, text in line.items() if text}
            for line in csv.DictReader(file, strict=True)
        )


def _value(field: Field, text: str) -> Value:
    return field.kind.read(text, Conventions()).value if field.kind.json_type in TYPED else text


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else SHOP)
