"""The parser for the large parts of a workbook: a stream of elements, nothing is built."""

from collections.abc import Callable
from xml.parsers import expat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
"""The namespace of sheets and texts; it and a blank stand before the names of elements here."""


class StrangeSheet(ValueError):
    """Not written as Excel would write it; reading on might lose cells."""


def parser_for(start: Callable[[str, dict[str, str]], object], end: Callable[[str], object]) -> expat.XMLParserType:
    """A parser that tells *start* and *end* of every element.

    It raises `StrangeSheet` for a document type, and so for every entity: a workbook needs none, a bomb does.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    return parser


def _refuse(*_: object) -> None:
    raise StrangeSheet("a document type")
