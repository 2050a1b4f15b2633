"""XML that is edited where it stands: every byte that nobody asked to change stays as it is.

A part of a workbook is read as elements that know their place in the bytes.  Nothing is ever written from a tree, since
that would lose prefixes, order and whatever newer programs keep in places we know nothing of.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from importer.reports.checked.trouble import CannotMark

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DECLARED = re.compile(rb"<\?xml[^>]*\sencoding\s*=\s*[\"']([\w-]+)")
ENCODINGS = (b"utf-8", b"us-ascii")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
PREFIX = re.compile(rb"<([\w.-]+:)?")

# XML has no place for these; workbooks write them as _xHHHH_, and so a text that looks like that, too.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Element:
    """One element and its place: `xml[begin:inside]` is the start tag, `xml[until:end]` the end tag.

    Where there is no end tag but only `<a/>`, the last three are one.
    """

    name: str
    """Without namespace and prefix."""
    space: str
    """The namespace."""
    attributes: dict[str, str]
    """By name; those of a namespace by that, a blank and their name."""
    begin: int
    inside: int
    until: int = 0
    end: int = 0
    text: str = ""
    """The text right within."""
    children: list["Element"] = field(default_factory=list)

    def child(self, name: str) -> "Element | None":
        """The first child of this name."""
        return next((one for one in self.children if one.name == name), None)

    def all(self, name: str) -> list["Element"]:
        """The children of this name."""
        return [one for one in self.children if one.name == name]

    def within(self, name: str) -> Iterator["Element"]:
        """All elements of this name below this one, at any depth."""
        for one in self.children:
            if one.name == name:
                yield one
            yield from one.within(name)


class Document:
    """A small part of a workbook: its elements, and the edits made so far.

    Raises, wherever it is made: `CannotMark`, when it is no XML that can be edited by its bytes.
    """

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.root = _tree(xml)
        self.prefix = prefix_at(xml, self.root.begin)
        """What stands before the names of elements, such as "x:"; "" mostly."""
        self._edits: list[tuple[int, int, bytes]] = []

    def source(self, element: Element) -> bytes:
        """The bytes of *element*, as they were read."""
        return self.xml[element.begin : element.end]

    def tag(self, element: Element) -> bytes:
        """The start tag of *element*, as it was read."""
        return self.xml[element.begin : element.inside]

    def insert(self, at: int, text: bytes) -> None:
        """Put *text* before the byte *at*; what is put at one place stays in the order of the calls."""
        self._edits.append((at, at, text))

    def replace(self, begin: int, end: int, text: bytes = b"") -> None:
        """Put *text* in place of these bytes."""
        self._edits.append((begin, end, text))

    def append(self, element: Element, text: bytes) -> None:
        """Put *text* at the end of the content of *element*, which may be empty."""
        if element.inside == element.until == element.end:
            tag = self.tag(element)
            name = tag[1:-2].split(None, 1)[0].rstrip(b"/")
            self.replace(element.begin, element.end, tag[:-2].rstrip() + b">" + text + b"</" + name + b">")
        else:
            self.insert(element.until, text)

    def set_attribute(self, element: Element, name: str, value: str | None) -> None:
        """Give *element* this attribute, which has no namespace; None takes it away."""
        self.replace(element.begin, element.inside, with_attribute(self.tag(element), name, value))

    def edited(self) -> bytes:
        """The bytes with all edits."""
        pieces, at = [], 0
        for begin, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            assert begin >= at  # no two edits touch the same bytes
            pieces += [self.xml[at:begin], text]
            at = end
        return b"".join([*pieces, self.xml[at:]])


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """The start tag *tag* with this attribute; None takes it away."""
    found = re.search(rb"\s" + re.escape(name.encode()) + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", tag)
    written = b"" if value is None else f' {name}="{escaped(value)}"'.encode()
    if found:
        return tag[: found.start()] + written + tag[found.end() :]
    end = -2 if tag.endswith(b"/>") else -1
    return tag[:end].rstrip() + written + tag[end:]


def escaped(text: str) -> str:
    """*text* as content or as an attribute of XML."""
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, name)
    return NOT_XML.sub("\ufffd", text)


def cell_text(text: str) -> str:
    """*text* as a workbook holds it in a cell or comment, control characters escaped its way."""
    text = LIKE_ESCAPE.sub("_x005F_", text)
    return escaped(CONTROL.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text))


def tag_end(xml: bytes, begin: int) -> int:
    """Where the start or end tag ends that begins at *begin*."""
    tag = TAG.match(xml, begin)
    if tag is None:
        raise CannotMark("a tag without an end")
    return tag.end()


def prefix_at(xml: bytes, begin: int) -> str:
    """What stands before the name of the element at *begin*: "x:", or mostly ""."""
    found = PREFIX.match(xml, begin)
    return found[1].decode() if found and found[1] else ""


def parser_for(start: Callable[[str, dict[str, str]], object], end: Callable[[str], object]) -> expat.XMLParserType:
    """A parser that tells *start* and *end* of every element, named by its namespace, a blank and its own name."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def must_be_utf8(beginning: bytes) -> None:
    """Raise `CannotMark` for a part in another encoding, whose bytes we would not know how to edit."""
    declared = DECLARED.match(beginning.removeprefix(b"\xef\xbb\xbf"))
    if beginning.startswith(UTF16_MARKS) or (declared and declared[1].lower() not in ENCODINGS):
        raise CannotMark("a part that is not UTF-8")


def _refuse(*_: object) -> NoReturn:
    raise CannotMark("a document type")


def _tree(xml: bytes) -> Element:
    must_be_utf8(xml[:200])
    top = Element("", "", {}, 0, 0)
    path = [top]

    def start(tag: str, attributes: dict[str, str]) -> None:
        begin = parser.CurrentByteIndex
        space, _, name = tag.rpartition(" ")
        element = Element(name, space, attributes, begin, tag_end(xml, begin))
        path[-1].children.append(element)
        path.append(element)

    def end(_: str) -> None:
        element = path.pop()
        # Of <a/>, the place of the end is that behind it.
        element.until = parser.CurrentByteIndex
        is_single = xml[element.inside - 2 : element.inside] == b"/>"
        element.end = element.inside if is_single else xml.index(b">", element.until) + 1
        element.until = element.inside if is_single else element.until

    def text(words: str) -> None:
        path[-1].text += words

    parser = parser_for(start, end)
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes it by position alone
    except expat.ExpatError as trouble:
        raise CannotMark("a part that is not XML") from trouble
    return top.children[0]
