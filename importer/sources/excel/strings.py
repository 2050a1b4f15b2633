"""The texts that a workbook keeps once and its cells point to, as a column of texts.

Read here and not by openpyxl, which takes half of the whole time for it and drops characters from texts with `x005F_`.
"""

import re
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from importer.sources.cell_text import unescaped
from importer.sources.excel.plain import without_references
from importer.sources.excel.tags import OPENS, Grammar, NotPlain
from importer.sources.excel.xml import MAIN, parser_for

ITEM = f"{MAIN} si"
TEXT = f"{MAIN} t"
PHONETIC = f"{MAIN} rPh"

TEXTS = Grammar(
    elements=["si", "t"],
    follows={"<si>": "<t>", "<t>": "</t>", "</t>": "</si>", "</si>": "<si>"},
    with_text="t",
)
DOCUMENT = re.compile(rb"(?:<\?xml([^<>]*)\?>)?\s*(<sst [^<>]*>)(.*)</sst>\s*", re.DOTALL)
NAMESPACE = f'xmlns="{MAIN}"'.encode()


def shared_strings(xml: IO[bytes]) -> pa.StringArray:
    """The texts in the part *xml*, in their order; formatted pieces joined, reading aids of Japanese left out."""
    whole = xml.read()
    try:
        return _plain(whole)
    except (NotPlain, pa.ArrowInvalid):
        return pa.array(_parsed(whole), pa.string())


def _plain(xml: bytes) -> pa.StringArray:
    """The same where every text stands alone in its element."""
    document = DOCUMENT.fullmatch(xml)
    if document is None or NAMESPACE not in document[2] or b"utf-8" not in (document[1] or b"utf-8").lower():
        raise NotPlain
    items = document[3]
    tags = TEXTS.tags(items)
    if not items.startswith(b"<si>") or not items.endswith(b"</si>") or b"xmlns" in items:
        raise NotPlain
    texts = without_references(tags.texts(tags.where(TEXTS.code("t", OPENS))).cast(pa.string()))
    has_escape = pc.match_substring(texts, "_x")
    if not pc.any(has_escape).as_py():
        return texts
    plain = [unescaped(text) for text in texts.filter(has_escape).to_pylist()]
    return pc.replace_with_mask(texts, has_escape, pa.array(plain, pa.string()))


def _parsed(xml: bytes) -> list[str]:
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
    parser.Parse(xml, True)  # noqa: FBT003 - expat takes it by position alone
    return found
