"""What stands in a sheet's XML before and after its rows: hidden columns, filters, merged cells, links."""

import re
from xml.parsers.expat import ExpatError

from importer.sources.excel.xml import MAIN, StrangeSheet, parser_for
from importer.sources.facts import MOST_LINKS, Facts, Range

COLUMN = f"{MAIN} col"
PROPERTIES = f"{MAIN} sheetPr"
FILTER = f"{MAIN} filterColumn"
MERGED = f"{MAIN} mergeCell"
LINK = f"{MAIN} hyperlink"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"

TAGS = frozenset((COLUMN, PROPERTIES, FILTER, MERGED, LINK))
TRUE = frozenset(("1", "true"))

ROOT = re.compile(rb"<(?:[\w.-]+:)?worksheet\b[^>]*>")
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


class Rest:
    """Takes the elements called `TAGS`, and puts what they say into *facts*."""

    def __init__(self, facts: Facts) -> None:
        self.relations: list[tuple[Range, str]] = []
        """Cells with a link, and the name under which the workbook keeps its target."""
        self._facts = facts

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take one element."""
        if tag == MERGED:
            self._facts.merged.append(range_of(attributes.get("ref", "")))
        elif tag == LINK:
            if RELATION in attributes and len(self.relations) < MOST_LINKS:
                self.relations.append((range_of(attributes.get("ref", "")), attributes[RELATION]))
        elif tag == COLUMN:
            if attributes.get("hidden") in TRUE:
                self._facts.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
        elif tag == FILTER or attributes.get("filterMode") in TRUE:
            self._facts.is_filtered = True

    def read(self, root: bytes, tail: bytes) -> None:
        """Take what stands in *tail*, the end of a sheet that begins with the tag *root*, from behind its rows."""
        parser = parser_for(lambda tag, attributes: self.start(tag, attributes) if tag in TAGS else None, _nothing)
        try:
            parser.Parse(root + tail, True)  # noqa: FBT003 - expat takes it by position alone
        except ExpatError as error:
            raise StrangeSheet("the end of the sheet") from error


def _nothing(_: str) -> None:
    pass


def range_of(reference: str) -> Range:
    """The cells that *reference* names, such as `A3:A7`, `B2` or, by some programs, `$A$3`."""
    found = REFERENCE.fullmatch(reference)
    if not found:
        raise StrangeSheet(f"a range {reference}")
    left, top, right, bottom = found.groups()
    first = position_of(left)
    return Range(int(top), first, int(bottom or top), position_of(right) if right else first)


def position_of(letters: str) -> int:
    """The position of the column *letters*, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
