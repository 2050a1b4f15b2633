"""`NAME.checked.xlsx`: the user's own workbook with bad cells coloured and commented, and a status for every row.

A workbook in Excel's present form (.xlsx, .xlsm) is copied byte by byte and marked in place, so that nothing else about
it changes; macros alone go.  One that is put together in an odd way is written anew as far as that goes.  Any other,
and one too big for that, gives a plain workbook of the rows that are not in, marked the same way.  The user's file
itself is never touched.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from importer.reports import workbook
from importer.reports.checked import in_place, marking
from importer.reports.checked.trouble import CannotMark
from importer.reports.copies import by_file, copy_of
from importer.reports.listing import listing
from importer.reports.matched import RowResult, SheetResult
from importer.reports.summary import ReadFile, files_read
from importer.speech import ENGLISH, Speech

SUFFIX = ".checked.xlsx"
MARKABLE_SUFFIXES = (".xlsx", ".xlsm")

WAYS = ((in_place.mark, 300_000), (marking.mark, 50_000))
"""How a workbook is marked, the best way first, and with how many rows at most: in its bytes, which takes no memory and
10 s for 50,000 rows of 15 columns; or else read and written anew, which takes twice as long and 430 MB."""


def write(
    folder: Path, results: Iterable[SheetResult], files: Sequence[ReadFile], headline: str, speech: Speech = ENGLISH
) -> tuple[Path, ...]:
    """Write one workbook into *folder* for each that was read; *headline* is the first thing it says."""
    paths = []
    for name, sheets in by_file(results).items():
        if sheets[0].where.sheet:
            # A marked workbook that came back keeps its name.
            paths.append(folder / f"{name.removesuffix('.xlsx').removesuffix('.checked')}{SUFFIX}")
            _write_one(paths[-1], sheets, files, headline, speech)
    return tuple(paths)


def _write_one(
    path: Path, sheets: tuple[SheetResult, ...], files: Sequence[ReadFile], headline: str, speech: Speech
) -> None:
    ways = [mark for mark, most in WAYS if sum(len(sheet.rows) for sheet in sheets) <= most]
    if ways and _can_be_marked(sheets, files):
        sentences = (
            headline,
            speech.say("This is a copy of {file}, with marks. Your own file is as it was.", file=sheets[0].where.file),
            speech.say("Correct the red cells, save, and import this file again. Rows that are in are not sent twice."),
        )
        source = sheets[0].sheet.table.path
        for mark in ways:
            try:
                mark(source, path, sheets, listing(sentences, sheets, speech), speech)
            except CannotMark:
                path.unlink(missing_ok=True)
            else:
                return
    _write_plain(path, sheets, headline, speech)


def _can_be_marked(sheets: Sequence[SheetResult], files: Sequence[ReadFile]) -> bool:
    """Whether the file is of a kind that we can mark, and still the one that was read."""
    path = sheets[0].sheet.table.path
    if path.suffix.lower() not in MARKABLE_SUFFIXES:
        return False
    then = [file.sha256 for file in files if file.path == path]
    # Rows that were moved since would get each other's marks.
    return all(now.sha256 in then for now in files_read(sheet.sheet for sheet in sheets))


# --- the rows that are not in, where the whole cannot be copied ---------------------------------------------


def _write_plain(path: Path, sheets: Sequence[SheetResult], headline: str, speech: Speech) -> None:
    copies = [copy for sheet in sheets if (copy := copy_of(sheet, _is_to_do)).rows]
    sentences = (
        headline,
        speech.say(
            "These are the rows of {file} that are not in; the file as a whole could not be copied.",
            file=sheets[0].where.file,
        ),
        speech.say("Correct the red cells, save, and import this file. Your own file is as it was."),
    )
    workbook.write(path, copies, speech, listing(sentences, sheets, speech, workbook.links_into(copies)))


def _is_to_do(row: RowResult) -> bool:
    return row.needs_you or row.is_given_back
