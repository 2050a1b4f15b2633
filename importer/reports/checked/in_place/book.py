"""The workbook's own part: which sheets it has, in which order, and which of them is seen first."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count

from importer.reports.checked.in_place.package import RELATION, Package, Relation
from importer.reports.checked.in_place.xml import Element, escaped, with_attribute
from importer.reports.checked.trouble import CannotMark

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = "vbaProject"

BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
"""What stands in the workbook's part right before the names."""

FILTER_NAME = "_xlnm._FilterDatabase"
"""The hidden name under which Excel keeps the range of a sheet's filter."""
CELL, DOLLARS = re.compile(r"([A-Z]+)([0-9]+)"), r"$\1$\2"
LAST_CELL = re.compile(r"\$[A-Z]+(\$[0-9]+)$")

SELECTED = re.compile(rb"(<(?:[\w.-]+:)?sheetView\b[^>]*?)\s+tabSelected\s*=\s*[\"'](?:1|true)[\"']")


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet of the workbook."""

    title: str
    part: str
    kind: str
    """"worksheet", or another such as "chartsheet"."""
    element: Element
    """Where the workbook's part speaks of it."""


class Book:
    """The sheets of an open workbook; `write` puts the part back with all that was changed.

    Raises: `CannotMark`, when it is not written as Excel writes workbooks.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        main = package.related("", "officeDocument")
        if main is None:
            raise CannotMark("no workbook")
        self._part = main.target
        self._document = package.document(self._part)
        sheets = self._document.root.child("sheets")
        if sheets is None or not sheets.children:
            raise CannotMark("no sheets")
        self._sheets = sheets
        targets = {one.id: one for one in package.relations(self._part)}
        self.tabs = tuple(_tab(one, targets) for one in sheets.children)
        self._filters: dict[int, str] = {}
        self._new_names: dict[str, str] = {}

    @property
    def styles(self) -> str:
        """The name of the part with the styles."""
        found = self._package.related(self._part, "styles")
        if found is None:
            raise CannotMark("no styles")
        return found.target

    @property
    def names(self) -> dict[str, str]:
        """The names of cells and texts that the workbook defines, with what they stand for."""
        return {one.attributes.get("name", ""): one.text for one in self._document.root.within("definedName")}

    def tab(self, title: str) -> Tab:
        """The worksheet of this title."""
        for one in self.tabs:
            if one.title == title and one.kind == "worksheet":
                return one
        raise CannotMark(f"no sheet {title}")

    def deselect(self, tab: Tab) -> None:
        """Let *tab* not be one of those selected: sheets selected together are edited together."""
        before = self._package.read(tab.part)
        after = SELECTED.sub(rb"\1", before)
        if after != before:
            self._package.put(tab.part, after)

    def widen_filter(self, tab: Tab, letters: str) -> None:
        """Remember that the filter of *tab* reaches to this column now."""
        self._filters[self.tabs.index(tab)] = letters

    def remember(self, names: Mapping[str, str]) -> None:
        """Remember hidden names, in place of those of the same name."""
        self._new_names |= names

    def drop_macros(self) -> bool:
        """Make a workbook without macros of one with them; False = it has none."""
        found = self._package.related(self._part, MACROS)
        self._package.say_type(self._part, BOOK_TYPE)
        if found is None:
            return False
        for part in (*(one.target for one in self._package.relations(found.target)), found.target):
            self._package.drop(part)
        self._package.unrelate(self._part, found)
        return True

    def put_in_front(self, title: str, content: bytes, old: Tab | None, filtered: str) -> None:
        """Make *content* the first sheet, and the one that is seen; in place of the sheet *old*, if there is one.

        It gets the *title*, or one like it that no sheet has; *old* may have been of another language.  *filtered* is
        the range of its filter, "" if it has none.
        """
        part = old.part if old else self._package.free_name("xl/worksheets/sheet{}.xml")
        self._package.put(part, content)
        self._package.say_type(part, SHEET_TYPE)
        others = [tab for tab in self.tabs if tab is not old]
        free = _free(title, others)
        first = self._renamed(old, free) if old else self._new_sheet(free, part)
        listed = [first, *(self._document.source(tab.element) for tab in others)]
        self._document.replace(self._sheets.inside, self._sheets.until, b"".join(listed))
        moved = {self.tabs.index(tab): at for at, tab in enumerate(others, start=1)}
        self._rewrite_names(moved, _range_named(free, filtered) if filtered else "")
        for view in self._document.root.within("workbookView"):
            tag = with_attribute(self._document.tag(view), "activeTab", None)
            self._document.replace(view.begin, view.inside, with_attribute(tag, "firstSheet", None))

    def write(self) -> None:
        """Put the part back."""
        self._package.put(self._part, self._document.edited())

    def _renamed(self, tab: Tab, title: str) -> bytes:
        tag = self._document.tag(tab.element)
        return with_attribute(tag, "name", title) + self._document.source(tab.element)[len(tag) :]

    def _new_sheet(self, title: str, part: str) -> bytes:
        number = 1 + max(int(tab.element.attributes.get("sheetId", 0)) for tab in self.tabs)
        new = self._package.relate(self._part, "worksheet", part)
        name = f"{self._document.prefix}sheet"
        return f'<{name} name="{escaped(title)}" sheetId="{number}" xmlns:r="{RELATION}" r:id="{new}"/>'.encode()

    def _rewrite_names(self, moved: Mapping[int, int], own_filter: str) -> None:
        """Names that belong to one sheet tell it by its place in the order; those of our own sheet go."""
        self._write_new_names(own_filter)
        for name in self._document.root.within("definedName"):
            if "localSheetId" not in name.attributes:
                continue
            at = int(name.attributes["localSheetId"])
            if at not in moved:
                self._document.replace(name.begin, name.end)
                continue
            self._document.set_attribute(name, "localSheetId", str(moved[at]))
            if name.attributes.get("name") == FILTER_NAME and at in self._filters:
                wider = LAST_CELL.sub(rf"${self._filters[at]}\1", name.text.strip())
                self._document.replace(name.inside, name.until, escaped(wider).encode())

    def _write_new_names(self, own_filter: str) -> None:
        prefix = self._document.prefix
        for name in self._document.root.within("definedName"):
            if name.attributes.get("name") in self._new_names:
                self._document.replace(name.begin, name.end)
        made = "".join(
            f'<{prefix}definedName name="{escaped(name)}" hidden="1">{escaped(text)}</{prefix}definedName>'
            for name, text in self._new_names.items()
        )
        if own_filter:
            own = f'<{prefix}definedName name="{FILTER_NAME}" localSheetId="0" hidden="1">{escaped(own_filter)}'
            made = f"{own}</{prefix}definedName>{made}"
        found = self._document.root.child("definedNames")
        if found and made:
            self._document.append(found, made.encode())
        elif made:
            before = [one for one in self._document.root.children if one.name in BEFORE_NAMES]
            self._document.insert(before[-1].end, f"<{prefix}definedNames>{made}</{prefix}definedNames>".encode())


def _range_named(title: str, cells: str) -> str:
    """The range of *cells* of a sheet as names have it: 'Problems'!$A$6:$F$9."""
    quoted = title.replace("'", "''")
    return f"'{quoted}'!{CELL.sub(DOLLARS, cells)}"


def _tab(element: Element, targets: Mapping[str, Relation]) -> Tab:
    said = element.attributes
    relation = targets.get(said.get(f"{RELATION} id", ""))
    if relation is None:
        raise CannotMark("a sheet that leads nowhere")
    return Tab(said.get("name", ""), relation.target, relation.kind, element)


def _free(title: str, others: Iterable[Tab]) -> str:
    """*title*, or one like it that none of *others* has."""
    taken = {tab.title.casefold() for tab in others}
    titles: Iterator[str] = chain([title], (f"{title}{number}" for number in count(1)))
    return next(one for one in titles if one.casefold() not in taken)
