"""Tables from .ods workbooks, straight from their XML: what a cell holds, and what the user sees in it.

Read as a stream, since a few bytes can say that a row is there a million times.  Macros are never run and links never
followed.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from xml.parsers.expat import ExpatError

from importer.model import Table
from importer.sources import archives, sheets
from importer.sources.ods_content import Content
from importer.sources.origin import Origin
from importer.sources.wishes import USUAL, Wishes
from importer.speech import english
from schemas.cells import Note

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
LOCKED = b"encryption-data"
MACROS = ("Basic/", "Scripts/")

DAMAGED = english("the workbook is damaged or written in an odd way; open it in LibreOffice and save it again")


def tables(origin: Origin, wishes: Wishes = USUAL) -> list[Table]:
    """The visible sheets of the workbook *origin* that have at least one filled cell, in their order.

    Raises:
        UnreadableFile: damaged, locked by a password, or without any filled cell.
    """
    with archives.opened(origin) as archive:
        if MANIFEST in archive.namelist() and LOCKED in archive.read(MANIFEST):
            raise origin.unreadable("the workbook has a password; open it and save it without one")
        content = Content()
        try:
            found = list(_tables(origin, archive, content, wishes))
        except (ExpatError, LookupError, OverflowError, ValueError) as error:
            raise origin.unreadable(DAMAGED) from error
        notes = tuple(_notes(content, archive))
    if not found:
        raise origin.unreadable("no sheet has a filled cell")
    return [replace(table, notes=(*notes, *table.notes)) for table in found]


def _tables(origin: Origin, archive: zipfile.ZipFile, content: Content, wishes: Wishes) -> Iterator[Table]:
    with archive.open(CONTENT) as xml:
        for at, rows in groupby(content.rows(xml), key=itemgetter(0)):
            sheet = content.sheets[at]
            numbered = ((number, texts) for _, number, texts in rows)
            found = sheets.table(origin, sheet.name, sheets.OneByOne(numbered), sheet.facts, wishes, ())
            if found:
                yield found


def _notes(content: Content, archive: zipfile.ZipFile) -> Iterator[Note]:
    hidden = [sheet.name for sheet in content.sheets if not sheet.is_visible and not sheet.name.startswith("_")]
    if hidden:
        yield Note("sheets_hidden", {"sheets": ", ".join(hidden)})
    # An empty library of macros is in many workbooks.
    if any(name.startswith(MACROS) and not name.endswith(("/", "-lc.xml", "-lb.xml")) for name in archive.namelist()):
        yield Note("macros_not_run")
    if content.has_other_books:
        yield Note("other_books_not_opened")
