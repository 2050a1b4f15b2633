"""The texts that a workbook keeps once and its cells point to.

Read here and not by openpyxl, which takes half of the whole time for it and drops characters from texts with `x005F_`.
"""

from typing import IO

from importer.sources.cell_text import unescaped
from importer.sources.excel.xml import MAIN, parser_for

ITEM = f"{MAIN} si"
TEXT = f"{MAIN} t"
PHONETIC = f"{MAIN} rPh"


def shared_strings(xml: IO[bytes]) -> list[str]:
    """The texts in the part *xml*, in their order; formatted pieces joined, reading aids of Japanese left out."""
    found: list[str] = []
    pieces: list[str] = []

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == TEXT:
            parser.CharacterDataHandler = pieces.append
        elif tag == ITEM:
            pieces.clear()
        elif tag == PHONETIC:
            kept[:] = pieces

    def end(tag: str) -> None:
        if tag == TEXT:
            parser.CharacterDataHandler = None
        elif tag == ITEM:
            found.append(unescaped("".join(pieces)))
        elif tag == PHONETIC:
            pieces[:] = kept

    kept: list[str] = []
    parser = parser_for(start, end)
    parser.ParseFile(xml)
    return found
