"""The user's own workbook marked in its bytes: nothing but what we add and colour is other than it was.

So everything stays that a program would lose that reads the workbook and writes it anew: stored results of formulas,
slicers, check boxes, pictures, newer conditional formats, whatever comes with the next Excel.  Macros alone go.
"""

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.parsers.expat import ExpatError

from importer.reports.checked import sheet_of_problems
from importer.reports.checked.in_place.book import Book
from importer.reports.checked.in_place.listed import filtered, sheet_of
from importer.reports.checked.in_place.marked import mark_sheet
from importer.reports.checked.in_place.package import Package
from importer.reports.checked.in_place.styles import Styles
from importer.reports.checked.reds import Reds
from importer.reports.checked.trouble import CannotMark, is_no_room
from importer.reports.listing import Listing
from importer.reports.marks import MOST_COMMENTS
from importer.reports.matched import SheetResult
from importer.speech import Speech

# A file that was cut off or is otherwise odd, met by the zip, the XML and our own reading of numbers in it.
TROUBLE = (
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(ExpatError, ValueError, KeyError, IndexError),
)


def mark(source: Path, target: Path, sheets: Sequence[SheetResult], listing: Listing, speech: Speech) -> None:
    """Write the workbook *source*, marked, to *target*.

    Raises:
        CannotMark: it is not written as we would know how to edit it; *target* may be there in part.
        OSError: there is no room for it.
    """
    try:
        with Package(source) as package:
            _mark(package, source, sheets, listing, speech)
            package.save(target)
    except TROUBLE as trouble:
        if is_no_room(trouble):
            raise
        raise CannotMark(type(trouble).__name__) from trouble


def _mark(package: Package, source: Path, sheets: Sequence[SheetResult], listing: Listing, speech: Speech) -> None:
    book = Book(package)
    if any(name.startswith("_xmlsignatures/") for name in package.names):
        raise CannotMark("a signature, which would be broken")
    styles_part = book.styles
    reds = Reds(book.names)
    styles = Styles(package.read(styles_part), reds)
    title = sheet_of_problems.title_in(source, [tab.title for tab in book.tabs])
    old = book.tab(title) if title else None
    comments_left = MOST_COMMENTS
    for result in sheets:
        comments_left -= mark_sheet(package, book, styles, result, comments_left, speech)
    marked = {result.where.sheet for result in sheets}
    for tab in book.tabs:
        if tab.title not in marked and tab is not old:
            book.deselect(tab)
    lost = (speech.say("Not kept in this copy: {things}.", things=speech.say("macros")),) if book.drop_macros() else ()
    book.remember(reds.names())
    said = replace(listing, sentences=(*listing.sentences, *lost))
    book.put_in_front(listing.title, sheet_of(said, styles), old, filtered(said) if said.lines else "")
    package.put(styles_part, styles.edited())
    book.write()
