"""`NAME.checked.xlsx`: the user's own workbook with bad cells coloured and commented, and a status for every row.

A workbook in Excel's present form (.xlsx, .xlsm) is copied byte by byte and marked in place, so that nothing else about
it changes; macros alone go.  One that is put together in an odd way is written anew as far as that goes.  Any other,
such as CSV, gives a new workbook with all rows in their places, marked the same way; a very long one only the rows that
a person has to look at.  The user's file itself is never touched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePath

from importer.reports import workbook
from importer.reports.checked import in_place, marking
from importer.reports.checked.trouble import CannotMark
from importer.reports.copies import Copy, by_file, copy_of_troubles, free_name, whole_copy_of
from importer.reports.listing import listing
from importer.reports.matched import RowResult, SheetResult
from importer.reports.summary import ReadFile, files_read
from importer.speech import ENGLISH, Speech, english

SUFFIX = ".checked.xlsx"
MARKABLE_SUFFIXES = (".xlsx", ".xlsm")

WAYS = ((in_place.mark, 300_000), (marking.mark, 50_000))
"""How a workbook is marked, the best way first, and with how many rows at most: in its bytes, which takes no memory and
10 s for 50,000 rows of 15 columns; or else read and written anew, which takes twice as long and 430 MB."""

MOST_COPIED = 10_000
"""Rows that are copied into a new workbook; of more than that only those that are to do, and no more of these."""


def write(
    folder: Path,
    results: Iterable[SheetResult],
    files: Sequence[ReadFile],
    headline: str,
    speech: Speech = ENGLISH,
    *,
    taken: Iterable[str] = (),
) -> tuple[Path, ...]:
    """Write one workbook into *folder* for each file that was read; *headline* is the first thing it says.

    Names that are *taken* are not used again.
    """
    others = [f"{name.removesuffix(SUFFIX)}.xlsx" for name in taken]
    named: dict[str, tuple[SheetResult, ...]] = {}
    for name, sheets in by_file(results).items():
        # A marked workbook that came back keeps its name; orders.csv and orders.xlsx do not share one.
        stem = PurePath(name).stem.removesuffix(".checked")
        named[free_name(PurePath(f"{stem}.xlsx"), [*named, *others])] = sheets
    for name, sheets in named.items():
        _write_one(folder / _marked_name(name), sheets, files, headline, speech)
    return tuple(folder / _marked_name(name) for name in named)


def _marked_name(name: str) -> str:
    return f"{name.removesuffix('.xlsx')}{SUFFIX}"


def _write_one(
    path: Path, sheets: tuple[SheetResult, ...], files: Sequence[ReadFile], headline: str, speech: Speech
) -> None:
    ways = [mark for mark, most in WAYS if sum(len(sheet.rows) for sheet in sheets) <= most]
    if ways and _can_be_marked(sheets, files):
        sentences = (
            headline,
            speech.say("This is a copy of {file}, with marks. Your own file is as it was.", file=sheets[0].where.file),
            speech.say(
                "Correct the red cells, save, and import this file. Rows that are in already are not sent twice."
            ),
        )
        source = sheets[0].sheet.table.path
        for mark in ways:
            try:
                mark(source, path, sheets, listing(sentences, sheets, speech), speech)
            except CannotMark:
                path.unlink(missing_ok=True)
            else:
                return
    _write_new(path, sheets, headline, speech)


def _can_be_marked(sheets: Sequence[SheetResult], files: Sequence[ReadFile]) -> bool:
    """Whether the file is of a kind that we can mark, and still the one that was read."""
    path = sheets[0].sheet.table.path
    if path.suffix.lower() not in MARKABLE_SUFFIXES:
        return False
    then = [file.sha256 for file in files if file.path == path]
    # Rows that were moved since would get each other's marks.
    return all(now.sha256 in then for now in files_read(sheet.sheet for sheet in sheets))


# --- a new workbook, where there is none, or none that can be marked ----------------------------------------


def _write_new(path: Path, sheets: Sequence[SheetResult], headline: str, speech: Speech) -> None:
    rows = sum(len(sheet.rows) for sheet in sheets)
    if rows <= MOST_COPIED:
        copies = [whole_copy_of(sheet) for sheet in sheets]
        said = english("These are all rows of {file}, as text and without formulas and formats.")
    else:
        copies, are_all = _to_do(sheets)
        said = english("These are the rows of {file} that need you; all {count} of them are too many to be copied.")
        if not are_all:
            said = english(
                "These are the first {most} rows of {file} that need you; once they are mended, the next ones come."
            )
    sentences = (
        headline,
        speech.say(said, file=sheets[0].where.file, count=rows, most=MOST_COPIED),
        speech.say("Correct the red cells, save, and import this file. Your own file is as it was."),
    )
    titles = {copy.source.where.sheet: copy.title for copy in copies}
    workbook.write(path, copies, speech, listing(sentences, sheets, speech, workbook.links_into(copies), titles))


def _to_do(sheets: Sequence[SheetResult]) -> tuple[list[Copy], bool]:
    """The rows to do, of each sheet no more than may be copied; and whether these are all of them."""
    copies = [copy_of_troubles(sheet, _needs_you) for sheet in sheets]
    rows = [tuple(islice(copy.rows, MOST_COPIED + 1)) for copy in copies]
    some = [replace(copy, rows=found[:MOST_COPIED]) for copy, found in zip(copies, rows, strict=True) if found]
    return some, max(map(len, rows)) <= MOST_COPIED


def _needs_you(row: RowResult) -> bool:
    return row.needs_you
