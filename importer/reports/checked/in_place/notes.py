"""The parts of a workbook in which a sheet keeps its comments, found or made, brought up to date, or taken away."""

import re
from collections.abc import Iterator

from importer.reports.checked.in_place.boxes import NO_BOXES, Box, blocks_taken, boxed
from importer.reports.checked.in_place.comments import NO_COMMENTS, Commented, Told, commented
from importer.reports.checked.in_place.package import RELATION, Package, Relation
from importer.reports.checked.in_place.splicing import Edit
from importer.reports.checked.in_place.survey import RELATION_ID, Survey, range_of
from importer.reports.checked.trouble import CannotMark

COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
BOXES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

REF = re.compile(rb"<(?:[\w.-]+:)?threadedComment\b[^>]*\sref\s*=\s*[\"']([A-Z]+[0-9]+)")


def put_comments(package: Package, part: str, survey: Survey, told: Told) -> Iterator[Edit]:
    """Put what is *told* into the comments of the sheet *part*, in place of what we said before.

    Gives the edits that the sheet needs for it.  Where its comments cannot be edited they stay as they are: the cells
    are coloured all the same, and each row has its message.
    """
    texts = package.related(part, "comments")
    if texts is None and not told:
        return
    drawing = _drawing(package, part, survey)
    before = package.read(texts.target) if texts else NO_COMMENTS
    try:
        after = commented(before, told, _conversations(package, part))
        if after.xml == before:
            return
        boxes, is_used = _boxes(package, drawing, survey, after, told)
    except CannotMark:
        return
    _keep_comments(package, part, texts, after)
    if is_used:
        yield from _kept_boxes(package, part, survey, drawing, boxes)
    elif drawing and survey.drawing:
        package.unrelate(part, drawing)
        package.drop(drawing.target)
        yield survey.drawing.begin, survey.drawing.end, b""


def _drawing(package: Package, part: str, survey: Survey) -> Relation | None:
    """Where the boxes are; a sheet may have another such drawing, in its page header."""
    wanted = survey.drawing.attributes.get(RELATION_ID) if survey.drawing else None
    return next((one for one in package.relations(part) if one.id == wanted), None)


def _conversations(package: Package, part: str) -> frozenset[str]:
    """Cells with a conversation; Excel keeps a comment for older programs beside each, which nobody may change."""
    found = package.related(part, "threadedComment")
    return frozenset(ref.decode() for ref in REF.findall(package.read(found.target))) if found else frozenset()


def _boxes(
    package: Package, drawing: Relation | None, survey: Survey, after: Commented, told: Told
) -> tuple[bytes, bool]:
    taken = blocks_taken(package.read(name) for name in package.names if name.lower().endswith(".vml"))
    new = [Box(row, column, told[cell]) for cell in told if cell in after.added for column, row in [range_of(cell)[:2]]]
    gone = {(row, column) for cell in after.gone for column, row in [range_of(cell)[:2]]}
    return boxed(package.read(drawing.target) if drawing else NO_BOXES, new, gone, survey, taken)


def _keep_comments(package: Package, part: str, texts: Relation | None, after: Commented) -> None:
    if texts and not after.count:
        package.unrelate(part, texts)
        package.drop(texts.target)
    elif texts:
        package.put(texts.target, after.xml)
    else:
        name = package.free_name("xl/comments{}.xml")
        package.put(name, after.xml)
        package.say_type(name, COMMENTS_TYPE)
        package.relate(part, "comments", name)


def _kept_boxes(package: Package, part: str, survey: Survey, drawing: Relation | None, boxes: bytes) -> Iterator[Edit]:
    if drawing:
        package.put(drawing.target, boxes)
        return
    name = package.free_name("xl/drawings/vmlDrawing{}.vml")
    package.put(name, boxes)
    package.say_type_of_all("vml", BOXES_TYPE)
    new = package.relate(part, "vmlDrawing", name)
    said = f'<{survey.prefix}legacyDrawing xmlns:r="{RELATION}" r:id="{new}"/>'
    yield survey.drawing_at, survey.drawing_at, said.encode()
