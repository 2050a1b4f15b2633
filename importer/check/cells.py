"""Where each field of a row stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from importer.model import Where


@dataclass(frozen=True, slots=True, eq=False)
class RowCells(Mapping[str, Where]):
    """Field name -> place of its cell; worked out when asked for, since most rows are never asked."""

    row: Where
    """The row as a whole."""
    letters: Mapping[str, str]
    """Field name -> letters of its column; one for all rows of a sheet."""

    def __getitem__(self, name: str) -> Where:
        return replace(self.row, column=self.letters[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.letters)

    def __len__(self) -> int:
        return len(self.letters)
