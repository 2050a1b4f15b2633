"""`NAME.checked.xlsx`: the user's own workbook with bad cells coloured and commented, and a status for every row.

A workbook that we can write again (.xlsx, .xlsm; macros go) is copied with all its sheets and formats and marked in
place.  Any other, and one too big for that, gives a plain workbook of the rows that are not in, marked the same way.
The user's file itself is never touched.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from importer.reports import workbook
from importer.reports.checked.marking import CannotMark, mark
from importer.reports.copies import by_file, copy_of
from importer.reports.listing import listing
from importer.reports.matched import RowResult, SheetResult
from importer.reports.summary import ReadFile, files_read
from importer.speech import ENGLISH, Speech

SUFFIX = ".checked.xlsx"
MARKABLE_SUFFIXES = (".xlsx", ".xlsm")

MOST_ROWS = 50_000
"""In a workbook that is marked in place; so many take some 16 s and 430 MB (measured with 15 columns)."""


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
    if _can_be_marked(sheets, files):
        sentences = (
            headline,
            speech.say("This is a copy of {file}, with marks. Your own file is as it was.", file=sheets[0].where.file),
            speech.say("Correct the red cells, save, and import this file again. Rows that are in are not sent twice."),
        )
        try:
            mark(sheets[0].sheet.table.path, path, sheets, listing(sentences, sheets, speech), speech)
        except CannotMark:
            path.unlink(missing_ok=True)
        else:
            return
    _write_plain(path, sheets, headline, speech)


def _can_be_marked(sheets: Sequence[SheetResult], files: Sequence[ReadFile]) -> bool:
    """Whether the file is of a kind and size that we can write, and still the one that was read."""
    path = sheets[0].sheet.table.path
    if path.suffix.lower() not in MARKABLE_SUFFIXES or sum(len(sheet.rows) for sheet in sheets) > MOST_ROWS:
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
