"""The reds in which bad cells are shown, and the colour that each of them stands for.

A cell whose mistake is mended gets its own colour back, wherever it was moved and whichever program saved the workbook.
So there is a red for each colour that was painted over, and no eye can tell them apart; hidden names of the workbook
say which is which.
"""

import re
from collections.abc import Mapping
from itertools import product

from importer.reports.marks import BAD

REDS = (BAD, *(f"FF{green}{blue}" for green, blue in product(("C7", "C6", "C5", "C4"), ("CC", "CB", "CA", "C9", "C8"))))
"""The first one stands for no colour.  Excel's own pale red, FFC7CE, is not among them: it may be the user's."""

NAME = "_import_colour_"
"""Begins the hidden names; then the number of the red."""
SAID = re.compile(r'"?([a-z0-9A-Z=. -]*)"?')


class Reds:
    """Which red stands for which colour.

    A colour is told by what a workbook says of it, as in `rgb=FFE2EFDA` or `theme=4 tint=0.6`; "" is none.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        """*names* are those of the workbook, with what they stand for."""
        self._colours = [""] * len(REDS)
        for name, text in names.items():
            number = name.removeprefix(NAME)
            said = SAID.fullmatch(text.strip())
            if name.startswith(NAME) and number.isdecimal() and 0 < int(number) < len(REDS) and said:
                self._colours[int(number)] = said[1]

    def red_for(self, colour: str) -> str:
        """The red, as RGB in six digits, for cells of this *colour*; when all are taken, that of cells without one."""
        if not colour:
            return BAD
        if colour not in self._colours:
            if "" not in self._colours[1:]:
                return BAD
            self._colours[self._colours.index("", 1)] = colour
        return REDS[self._colours.index(colour)]

    def colour_before(self, rgb: str) -> str | None:
        """The colour that a red *rgb*, with or without alpha, stands for; None = it is none of ours."""
        red = rgb.upper()[-6:]
        return self._colours[REDS.index(red)] if red in REDS else None

    def names(self) -> dict[str, str]:
        """What the workbook is to remember, by name."""
        return {f"{NAME}{number}": f'"{colour}"' for number, colour in enumerate(self._colours) if colour}
