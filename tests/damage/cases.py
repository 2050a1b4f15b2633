"""A sheet for the detector: columns of cells of which some are damaged, and what was meant by those."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from importer.damage import Damage, Sheet, found
from importer.model import Table, Where
from schemas import entity_named
from schemas.frames import TEXT

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Hurt:
    """A damaged cell."""

    now: str
    """What stands in it."""
    was: str = ""
    """What was entered, if that can be told from the files; "" = it is lost."""


Cell = str | Hurt
Columns = Mapping[str, Sequence[Cell]]


@dataclass(frozen=True)
class Case:
    """Some sheets of one import."""

    name: str
    sheets: Mapping[str, Columns]
    """Entity -> column -> cells."""


@dataclass(frozen=True)
class Looked:
    """One cell, whether it is damaged, and what the detector said of it."""

    case: str
    column: str
    cell: Cell
    told: Damage | None

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.cell.now if isinstance(self.cell, Hurt) else self.cell


def sheet(entity: str, columns: Columns, right: Mapping[str, frozenset[str]] | None = None) -> Sheet:
    """The sheet of *entity* with *columns* of cells; shorter ones end with blanks."""
    length = max(map(len, columns.values()))
    texts = {
        at: [*(cell.now if isinstance(cell, Hurt) else cell for cell in cells), *[""] * (length - len(cells))]
        for at, cells in enumerate(columns.values())
    }
    frame = pd.DataFrame(texts, index=range(2, length + 2), dtype=TEXT)
    table = Table(Path(f"{entity}.csv"), Where(f"{entity}.csv"), tuple(columns), 1, frame)
    return Sheet(table, entity_named(entity), {name: at for at, name in enumerate(columns)}, right or {})


def looked_at(case: Case) -> list[Looked]:
    """Every filled cell of *case* with what the detector says of it."""
    sheets = [sheet(entity, columns) for entity, columns in case.sheets.items()]
    looked = []
    for one, damages in zip(sheets, found(sheets), strict=True):
        for name, cells in case.sheets[one.entity.name].items():
            for row, cell in enumerate(cells, start=2):
                text = cell.now if isinstance(cell, Hurt) else cell
                if text:
                    told = [
                        damage
                        for damage in damages
                        if damage.field.name == name
                        and damage.text.strip() == text.strip()
                        and (damage.rows is None or row in damage.rows)
                    ]
                    looked.append(Looked(case.name, f"{one.entity.name}.{name}", cell, told[0] if told else None))
    return looked


def handmade() -> list[Case]:
    """The cases of corpus.toml."""
    content = tomllib.loads((HERE / "corpus.toml").read_text(encoding="utf-8"))
    return [Case(case.pop("name"), _sheets(case)) for case in content["case"]]


def _sheets(said: Mapping[str, Mapping[str, list]]) -> Mapping[str, Columns]:
    return {
        entity: {
            name: [Hurt(**cell) if isinstance(cell, dict) else cell for cell in cells]
            for name, cells in columns.items()
        }
        for entity, columns in said.items()
    }
