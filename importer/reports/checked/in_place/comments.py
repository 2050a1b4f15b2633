"""The comments of one sheet: ours taken out, new ones put in, what the user wrote left as it stands.

A comment is kept in two parts of the workbook, its text here and the yellow box in `boxes`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from importer.reports.checked.in_place.xml import MAIN, Document, Element, cell_text, escaped
from importer.reports.limits import shortened
from importer.reports.marks import AUTHOR, FIRST_LINE, comment, users_part

Told = Mapping[str, str]
"""Cell -> what we have to say about it."""

NO_COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{MAIN}"><authors><author>{AUTHOR}</author></authors><commentList></commentList></comments>'
).encode()

LOOK = '<rPr><sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'
NAME = re.compile(r"<(/?)")


@dataclass(frozen=True, slots=True)
class Commented:
    """The comments of a sheet after the edits."""

    xml: bytes
    added: frozenset[str]
    """Cells that have a comment now and had none."""
    gone: frozenset[str]
    """Cells that had one and have none now."""
    count: int
    """How many there are."""


def commented(xml: bytes, told: Told, left_alone: Collection[str] = ()) -> Commented:
    """The part *xml* with what is *told*, and nothing of what we said before; cells *left_alone* stay as they are."""
    return _Comments(xml, {cell: text for cell, text in told.items() if cell not in left_alone}).edited(left_alone)


class _Comments:
    def __init__(self, xml: bytes, told: Told) -> None:
        self._document = Document(xml)
        self._told = told
        found = self._document.root.child("commentList")
        self._comments = found.all("comment") if found else []

    def edited(self, left_alone: Collection[str]) -> Commented:
        there = {one.attributes.get("ref", "") for one in self._comments}
        gone = {
            one.attributes.get("ref", "")
            for one in self._comments
            if one.attributes.get("ref") not in left_alone and not self._edit(one)
        }
        new = [cell for cell in self._told if cell not in there]
        if new:
            self._add(new)
        count = len(self._comments) - len(gone) + len(new)
        return Commented(self._document.edited(), frozenset(new), frozenset(gone), count)

    def _edit(self, one: Element) -> bool:
        """Bring a comment that is there up to date; False = nothing is left of it."""
        told = self._told.get(one.attributes.get("ref", ""), "")
        body = one.child("text")
        whole = "".join(words.text for words in _words(body)) if body else ""
        is_ours = FIRST_LINE in whole
        if body is None or not (told or is_ours):
            return True
        users = users_part(whole) if is_ours else whole
        if not (users or told):
            self._document.replace(one.begin, one.end)
            return False
        ours = comment(told, users)[len(users) :] if told else ""
        self._document.replace(body.inside, body.until, self._inside(body, users, ours))
        return True

    def _inside(self, body: Element, users: str, ours: str) -> bytes:
        """The user's words as they look, cut where ours began, and ours."""
        if body.child("r") is None:
            return self._written(f"<t>{escaped(users)}{cell_text(shortened(ours))}</t>")
        pieces, left = [], len(users)
        for run in body.all("r"):
            words = next(iter(_words(run)), None)
            if left <= 0 or words is None:
                break
            if len(words.text) <= left:
                pieces.append(self._document.source(run))
            else:
                before = self._document.xml[run.begin : words.begin]
                after = self._document.xml[words.end : run.end]
                pieces += [before, self._written(f"<t>{escaped(words.text[:left])}</t>"), after]
            left -= len(words.text)
        return b"".join([*pieces, self._run(ours) if ours else b""])

    def _add(self, cells: Collection[str]) -> None:
        author = self._author()
        made = [
            self._written(f'<comment ref="{cell}" authorId="{author}"><text>')
            + self._run(comment(self._told[cell]))
            + self._written("</text></comment>")
            for cell in cells
        ]
        found = self._document.root.child("commentList")
        if found is None:
            made = [self._written("<commentList>"), *made, self._written("</commentList>")]
        self._document.append(found or self._document.root, b"".join(made))

    def _author(self) -> int:
        """Our number among the authors."""
        found = self._document.root.child("authors")
        ours = self._written(f"<author>{AUTHOR}</author>")
        if found is None:
            place = self._document.root.inside
            self._document.insert(place, self._written("<authors>") + ours + self._written("</authors>"))
            return 0
        names = [one.text for one in found.children]
        if AUTHOR not in names:
            self._document.append(found, ours)
            return len(names)
        return names.index(AUTHOR)

    def _run(self, text: str) -> bytes:
        return self._written(f"<r>{LOOK}<t>{cell_text(shortened(text))}</t></r>")

    def _written(self, xml: str) -> bytes:
        """*xml* with the names of elements as they are written in this part, and with all blanks kept."""
        kept = xml.replace("<t>", '<t xml:space="preserve">')
        return NAME.sub(rf"<\1{self._document.prefix}", kept).encode()


def _words(element: Element) -> list[Element]:
    """The elements with the words of a text or of one run, in their order; not how they are spoken."""
    return [words for part in (element, *element.all("r")) for words in part.all("t")]
