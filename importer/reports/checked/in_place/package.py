"""A workbook as the zip file of parts that it is: parts read, put and dropped, and led to each other.

A part that nobody put stays byte for byte as it was.
"""

import posixpath
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from importer.reports.checked.in_place.xml import Document, Element, escaped
from importer.reports.checked.trouble import CannotMark

TYPES = "[Content_Types].xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
NO_RELATIONS = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{RELATIONS}"/>'.encode()

Content = bytes | IO[bytes]


@dataclass(frozen=True, slots=True)
class Relation:
    """How one part leads to another."""

    id: str
    kind: str
    """The last word of its type, such as "worksheet"."""
    target: str
    """Name of the part; of something outside of the workbook, its address."""


class Package:
    """An open workbook; to be used in a `with`.

    Raises, wherever a part is missing or cannot be understood: `CannotMark`.
    """

    def __init__(self, path: Path) -> None:
        self._files = ExitStack()
        self._zip = self._files.enter_context(zipfile.ZipFile(path))
        self._new: dict[str, Content] = {}
        self._dropped: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._files.close()

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        there = [name for name in self._zip.namelist() if name not in self._dropped]
        return [*there, *(name for name in self._new if name not in there)]

    def read(self, name: str) -> bytes:
        """The part *name*, as it is by now."""
        with self.open(name) as part:
            return part.read()

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The part *name*, from its beginning."""
        content = self._new.get(name)
        if content is not None:
            part = BytesIO(content) if isinstance(content, bytes) else content
            part.seek(0)
            yield part
            return
        if name in self._dropped or name not in self._zip.NameToInfo:
            raise CannotMark(f"no part {name}")
        with self._zip.open(name) as part:
            yield part

    def document(self, name: str) -> Document:
        """The part *name* as XML to be edited; `put` its `edited` bytes back."""
        return Document(self.read(name))

    def new_file(self) -> IO[bytes]:
        """A file for the content of a part that is too large for the memory."""
        return self._files.enter_context(tempfile.TemporaryFile())

    def put(self, name: str, content: Content) -> None:
        """Make *content* the part *name*, new or in place of the one that is there."""
        self._new[name] = content
        self._dropped.discard(name)

    def drop(self, name: str) -> None:
        """Take away the part *name* with all that leads on from it, and what is said of its type."""
        self._new.pop(name, None)
        self._dropped |= {name, _relations_of(name)}
        types = self.document(TYPES)
        for said in types.root.all("Override"):
            if said.attributes.get("PartName") == f"/{name}":
                types.replace(said.begin, said.end)
        self.put(TYPES, types.edited())

    def save(self, target: Path) -> None:
        """Write the workbook, its parts in the order in which they were."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for name in self.names:
                known = self._zip.NameToInfo.get(name)
                about = zipfile.ZipInfo(name, known.date_time if known else (1980, 1, 1, 0, 0, 0))
                about.compress_type = zipfile.ZIP_DEFLATED
                with self.open(name) as part, made.open(about, "w", force_zip64=True) as copy:
                    shutil.copyfileobj(part, copy)

    # --- types ----------------------------------------------------------------------------------------------

    def say_type(self, name: str, content_type: str) -> None:
        """Say that the part *name* is of this type."""
        types = self.document(TYPES)
        for said in types.root.all("Override"):
            if said.attributes.get("PartName") == f"/{name}":
                types.set_attribute(said, "ContentType", content_type)
                break
        else:
            types.append(
                types.root, f'<{types.prefix}Override PartName="/{name}" ContentType="{content_type}"/>'.encode()
            )
        self.put(TYPES, types.edited())

    def say_type_of_all(self, suffix: str, content_type: str) -> None:
        """Say that parts with this *suffix* are of this type, unless something is said of them."""
        types = self.document(TYPES)
        if any(said.attributes.get("Extension", "").lower() == suffix for said in types.root.all("Default")):
            return
        # Defaults come before overrides.
        said = f'<{types.prefix}Default Extension="{suffix}" ContentType="{content_type}"/>'
        types.insert(types.root.inside, said.encode())
        self.put(TYPES, types.edited())

    # --- relations ------------------------------------------------------------------------------------------

    def relations(self, part: str) -> list[Relation]:
        """Where *part* leads to."""
        if _relations_of(part) not in self.names:
            return []
        return [_relation(part, one) for one in self.document(_relations_of(part)).root.all("Relationship")]

    def related(self, part: str, kind: str) -> Relation | None:
        """The first of this *kind* that *part* leads to."""
        return next((one for one in self.relations(part) if one.kind == kind), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Lead from *part* to the part *target*; gives the id of the relation."""
        taken = {one.id for one in self.relations(part)}
        new = next(name for number in range(1, len(taken) + 2) if (name := f"rId{number}") not in taken)
        name = _relations_of(part)
        found = self.document(name) if name in self.names else Document(NO_RELATIONS)
        said = f'<{found.prefix}Relationship Id="{new}" Type="{RELATION}/{kind}" Target="/{escaped(target)}"/>'
        found.append(found.root, said.encode())
        self.put(name, found.edited())
        return new

    def unrelate(self, part: str, relation: Relation) -> None:
        """Lead from *part* there no longer."""
        found = self.document(_relations_of(part))
        for one in found.root.all("Relationship"):
            if one.attributes.get("Id") == relation.id:
                found.replace(one.begin, one.end)
        self.put(_relations_of(part), found.edited())

    def free_name(self, pattern: str) -> str:
        """A name for a new part: "xl/comments{}.xml" with the first number that no part has."""
        taken = {name.lower() for name in self.names}
        return next(
            name for number in range(1, len(taken) + 2) if (name := pattern.format(number)).lower() not in taken
        )


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relation(part: str, element: Element) -> Relation:
    said = element.attributes
    target = said.get("Target", "")
    if said.get("TargetMode") != "External":
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
    return Relation(said.get("Id", ""), said.get("Type", "").rpartition("/")[2], target)
