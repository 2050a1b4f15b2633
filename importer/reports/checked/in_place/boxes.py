"""The yellow boxes of comments: an old kind of drawing (VML), in which Excel looks up where each comment stands.

Form controls and pictures may be in the same drawing; they are left as they are.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from importer.reports.checked.in_place.survey import Survey
from importer.reports.checked.in_place.xml import Document, Element

NO_BOXES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
KIND = '<v:shapetype id="{kind}" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"{spaces}>'
KIND_INSIDE = '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
KIND_NAME = "_x0000_t202"

BOX = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"{spaces}><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
BLOCK = 1024
"""Shapes are numbered in blocks of so many, each of which belongs to one drawing of the workbook."""
NUMBER = re.compile(rb"_x0000_s([0-9]+)")
BLOCKS = re.compile(rb"idmap\b[^>]*\sdata\s*=\s*[\"']([0-9, ]+)")

WIDTH, LINE_HEIGHT, LETTERS_IN_LINE = 320, 18, 45
"""Of a box: pixels, pixels and letters."""
MOST_CELLS = 1_000
"""A box reaches over so many columns or rows at most; there may be hidden ones without end."""
GAP = 15
"""From the cell to its box, in pixels."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box to be drawn beside the cell in this row and column, counted from 1, for this text."""

    row: int
    column: int
    text: str


def blocks_taken(drawings: Iterable[bytes]) -> set[int]:
    """The blocks of numbers that the *drawings* of a workbook use."""
    taken = {0}
    for xml in drawings:
        taken |= {int(number) // BLOCK for number in NUMBER.findall(xml)}
        taken |= {int(block) for said in BLOCKS.findall(xml) for block in re.findall(rb"[0-9]+", said)}
    return taken


def boxed(
    xml: bytes, new: Sequence[Box], gone: Collection[tuple[int, int]], survey: Survey, taken: set[int]
) -> tuple[bytes, bool]:
    """The drawing *xml* with the *new* boxes and without those at *gone*; and whether any shape is in it.

    Blocks of numbers that get used are added to *taken*.

    Raises:
        CannotMark: the drawing is not written as XML, as some by old programs.
    """
    document = Document(xml)
    shapes = list(document.root.within("shape"))
    lost = [one for one in shapes if _place(one) in gone]
    for one in lost:
        document.replace(one.begin, one.end)
    if new:
        _draw(document, new, survey, taken)
    return document.edited(), len(shapes) > len(lost) or bool(new)


def _place(shape: Element) -> tuple[int, int] | None:
    """Row and column, counted from 1, of the cell whose comment this is; None = it is none."""
    data = shape.child("ClientData")
    row, column = (data.child(name) if data else None for name in ("Row", "Column"))
    if data is None or data.attributes.get("ObjectType") != "Note" or row is None or column is None:
        return None
    return int(row.text) + 1, int(column.text) + 1


def _draw(document: Document, new: Sequence[Box], survey: Survey, taken: set[int]) -> None:
    first = max(taken) + 1
    blocks = range(first, first + 1 + (len(new) - 1) // (BLOCK - 1))
    taken.update(blocks)
    spaces = _missing_spaces(document)
    _claim(document, blocks, spaces)
    if not any(one.attributes.get("id") == KIND_NAME for one in document.root.within("shapetype")):
        document.append(document.root, (KIND.format(kind=KIND_NAME, spaces=spaces) + KIND_INSIDE).encode())
    numbers = (block * BLOCK + at for block in blocks for at in range(1, BLOCK))
    boxes = (
        BOX.format(number=number, spaces=spaces, anchor=_anchor(box, survey), row=box.row - 1, column=box.column - 1)
        for number, box in zip(numbers, new, strict=False)
    )
    document.append(document.root, "".join(boxes).encode())


def _claim(document: Document, blocks: Iterable[int], spaces: str) -> None:
    """Say that the drawing uses these *blocks* of numbers."""
    names = [str(block) for block in blocks]
    said = next(document.root.within("idmap"), None)
    if said is None:
        layout = '<o:shapelayout v:ext="edit"{spaces}><o:idmap v:ext="edit" data="{data}"/></o:shapelayout>'
        document.insert(document.root.inside, layout.format(spaces=spaces, data=",".join(names)).encode())
    else:
        document.set_attribute(said, "data", ",".join([said.attributes.get("data", ""), *names]).lstrip(","))


def _missing_spaces(document: Document) -> str:
    """What our elements have to declare, since this drawing calls the namespaces otherwise."""
    root = document.tag(document.root).decode()
    told = (f' xmlns:{name}="{space}"' for name, space in SPACES.items())
    return "".join(one for one in told if one not in root)


# --- where a box stands -------------------------------------------------------------------------------------


def _anchor(box: Box, survey: Survey) -> str:
    """Left, top, right and bottom: each a column or row, counted from 0, and pixels into it."""
    lines = sum(1 + len(line) // LETTERS_IN_LINE for line in box.text.splitlines())
    left, top = box.column, max(0, box.row - 2)
    right, right_rest = _reach(left, GAP + WIDTH, map(survey.width_of, count(left + 1)))
    bottom, bottom_rest = _reach(top, LINE_HEIGHT * (lines + 1), map(survey.height_of, count(top + 1)))
    return f"{left}, {GAP}, {top}, 2, {right}, {right_rest}, {bottom}, {bottom_rest}"


def _reach(start: int, length: int, sizes: Iterator[int]) -> tuple[int, int]:
    """Where something of this *length* ends that begins at *start*."""
    at = start
    for at, size in enumerate(islice(sizes, MOST_CELLS), start=start):
        if length < size:
            return at, length
        length -= size
    return at, 0
