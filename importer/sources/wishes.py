"""How the user wants his files to be read, where he says more than they do."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.naming import Expected, expected


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is not left to the files themselves."""

    encoding: str = ""
    """Of CSV files, as Python or a person calls it; "" = it is found out."""
    separator: str = ""
    """Of CSV files, a single character; "" = it is found out."""
    fill_merged: bool = False
    """Every cell of a merged range gets the value of the first; otherwise the others are blank."""
    visible_only: bool = False
    """Rows that a filter or the user has hidden are left out."""
    expected: Callable[[str, str], Expected] = expected
    """File, sheet ("" = none) -> what the header is known by."""


USUAL = Wishes()
