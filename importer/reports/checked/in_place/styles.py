"""The looks of cells: for each that is there, the same in red, and back; told by the numbers that cells write.

Looks are only ever added, so every cell that nobody marked keeps its own.
"""

import re
from collections.abc import Callable

from importer.reports.checked.in_place.xml import Document, Element, with_attribute
from importer.reports.checked.reds import Reds
from importer.reports.checked.trouble import CannotMark
from importer.reports.marks import GREY

MOST_LOOKS = 64_000
"""Excel's limit."""

BLUE = b'<color rgb="FF0563C1"/>'
# Excel's own order of what a font says.
FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color"),
    *("name", "family", "charset", "scheme"),
)

SOLID = re.compile(rb"<(?:[\w.-]+:)?patternFill\b[^>]*\spatternType\s*=\s*[\"']solid[\"']")
COLOUR = re.compile(rb"<(?:[\w.-]+:)?fgColor\b([^>]*)>")
ATTRIBUTE = re.compile(rb"([\w.-]+)\s*=\s*[\"']([^\"']*)[\"']")
FONT_PART = re.compile(rb"<(?:[\w.-]+:)?(\w+)\b[^>]*?(?:/>|></[^>]*>)")


class Styles:
    """The styles of a workbook; `edited` gives the part with all looks that were asked for.

    Raises: `CannotMark`, when it has no looks, or one is asked for that it has not.
    """

    def __init__(self, xml: bytes, reds: Reds) -> None:
        self._reds = reds
        self._document = Document(xml)
        self._fonts, self._fills, self._looks = (self._list(name) for name in ("fonts", "fills", "cellXfs"))
        self._made: dict[tuple[str, int], int] = {}
        self._plain: dict[int, int] = {}
        for at, look in enumerate(tuple(self._looks.items)):
            colour = _colour(self._fills.named_in(look, "fillId"))
            before = reds.colour_before(colour.removeprefix("rgb=")) if colour.startswith("rgb=") else None
            if before is not None:
                self._plain[at] = self._unmarked(look, before)

    def plain(self, look: int) -> int:
        """*look* without our red, as it was before."""
        return self._plain.get(look, look)

    def red(self, look: int) -> int:
        """*look* in the red that stands for its colour."""
        red = self._like(self.plain(look), "red", self._in_red)
        self._plain[red] = self.plain(look)
        return red

    def bold(self, look: int) -> int:
        """*look* in bold."""
        return self._like(look, "bold", lambda tag: self._in_font(tag, b"<b/>"))

    def header(self, look: int) -> int:
        """*look* in bold on grey."""
        return self._like(self.bold(look), "header", lambda tag: self._in_fill(tag, f"rgb=FF{GREY}"))

    def wrapped(self, look: int) -> int:
        """*look* for a long text, which is broken into lines."""
        return self._with_alignment(look, 'wrapText="1" vertical="top"')

    def on_top(self, look: int) -> int:
        """*look* beside a text of several lines."""
        return self._with_alignment(look, 'vertical="top"')

    def title(self, look: int) -> int:
        """*look* in bold and larger."""
        return self._like(look, "title", lambda tag: self._in_font(tag, b"<b/>", b'<sz val="14"/>'))

    def link(self, look: int) -> int:
        """*look* as a link: blue and underlined."""
        return self._like(look, "link", lambda tag: self._in_font(tag, b"<u/>", BLUE))

    def literal(self, look: int) -> int:
        """*look* for a text that a spreadsheet would run as a formula once somebody edits the cell."""
        return self._like(look, "literal", lambda tag: with_attribute(tag, "quotePrefix", "1"))

    def edited(self) -> bytes:
        """The part with the looks that were added."""
        for one in (self._fonts, self._fills, self._looks):
            one.write()
        return self._document.edited()

    # --- one look from another ------------------------------------------------------------------------------

    def _like(self, look: int, kind: str, change: Callable[[bytes], bytes]) -> int:
        """The look that is made of *look* by a *change* of its tag; alignment and protection stand inside."""
        if (kind, look) not in self._made:
            if not 0 <= look < len(self._looks.items):
                raise CannotMark(f"no look {look}")
            tag, inside = _split(self._looks.items[look])
            self._made[kind, look] = self._looks.number_of(change(tag) + inside)
        return self._made[kind, look]

    def _with_alignment(self, look: int, said: str) -> int:
        if (said, look) not in self._made:
            tag, _ = _split(self._looks.items[look])
            start = with_attribute(tag, "applyAlignment", "1").removesuffix(b"/>").removesuffix(b">")
            inside = self._prefixed(f"<alignment {said}/></xf>".encode())
            self._made[said, look] = self._looks.number_of(start + b">" + inside)
        return self._made[said, look]

    def _in_red(self, tag: bytes) -> bytes:
        red = self._reds.red_for(_colour(self._fills.named_in(tag, "fillId")))
        return self._in_fill(tag, f"rgb=FF{red}")

    def _in_fill(self, tag: bytes, colour: str) -> bytes:
        said = " ".join(f'{name}="{value}"' for name, _, value in (part.partition("=") for part in colour.split()))
        fill = f'<fill><patternFill patternType="solid"><fgColor {said}/><bgColor indexed="64"/></patternFill></fill>'
        number = self._fills.number_of(self._prefixed(fill.encode()))
        return with_attribute(with_attribute(tag, "fillId", str(number)), "applyFill", "1")

    def _in_font(self, tag: bytes, *changes: bytes) -> bytes:
        old = self._fonts.named_in(tag, "fontId")
        said = {part[1].decode(): part[0] for part in FONT_PART.finditer(_split(old)[1])}
        said |= {part[1].decode(): self._prefixed(part[0]) for part in FONT_PART.finditer(b"".join(changes))}
        inside = b"".join(said[name] for name in FONT if name in said)
        font = self._prefixed(b"<font>") + inside + self._prefixed(b"</font>")
        return with_attribute(with_attribute(tag, "fontId", str(self._fonts.number_of(font))), "applyFont", "1")

    def _prefixed(self, xml: bytes) -> bytes:
        """*xml* with the names of elements as they are written in this part."""
        return re.sub(rb"<(/?)", rb"<\1" + self._document.prefix.encode(), xml)

    # --- our red, known again -------------------------------------------------------------------------------

    def _unmarked(self, look: bytes, before: str) -> int:
        """The look of which *look* was made, or one like it."""
        tag, inside = _split(look)
        if not before:
            tag = with_attribute(tag, "fillId", "0")
        else:
            alike = [at for at, fill in enumerate(self._fills.items) if _colour(fill) == before]
            tag = with_attribute(tag, "fillId", str(alike[0])) if alike else self._in_fill(tag, before)
        # Whether the fill was said to be applied is not known any more.
        wanted = with_attribute(tag, "applyFill", None) + inside
        for at, one in enumerate(self._looks.items):
            if with_attribute(one, "applyFill", None) == wanted:
                return at
        return self._looks.number_of(tag + inside)

    def _list(self, name: str) -> "_List":
        found = self._document.root.child(name)
        if found is None or not found.children:
            raise CannotMark(f"styles without {name}")
        return _List(self._document, found)


class _List:
    """One list of the styles, such as that of the fills; things are added at its end."""

    def __init__(self, document: Document, element: Element) -> None:
        self._document, self._element = document, element
        self.items = [document.source(one) for one in element.children]
        self._there = len(self.items)

    def named_in(self, tag: bytes, name: str) -> bytes:
        """The item that the attribute *name* of *tag* names by its number; nothing where there is none."""
        found = re.search(rb"\s%s\s*=\s*[\"'](\d+)" % name.encode(), tag)
        number = int(found[1]) if found else 0
        return self.items[number] if number < len(self.items) else b""

    def number_of(self, item: bytes) -> int:
        """The number of *item*, which is added if it is not there."""
        if item not in self.items:
            if len(self.items) >= MOST_LOOKS:
                raise CannotMark("too many looks")
            self.items.append(item)
        return self.items.index(item)

    def write(self) -> None:
        """Edit what was added into the document."""
        if new := self.items[self._there :]:
            self._document.set_attribute(self._element, "count", str(len(self.items)))
            self._document.append(self._element, b"".join(new))


def _split(item: bytes) -> tuple[bytes, bytes]:
    """Its start tag, and the rest."""
    end = item.find(b">") + 1
    return item[:end], item[end:]


def _colour(fill: bytes) -> str:
    """The colour of *fill*, as `Reds` has it; "" when it is not solid."""
    found = COLOUR.search(fill)
    if not found or not SOLID.search(fill):
        return ""
    return " ".join(f"{name.decode()}={value.decode()}" for name, value in ATTRIBUTE.findall(found[1]))
