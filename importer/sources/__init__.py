"""Files -> tables of text.  Decides how a file is read and says so; what the cells mean is not known here.

One file per format, all behind this door.  Whatever is wrong with a file ends in `UnreadableFile` with one clear
sentence; whatever is wrong with a row or a cell is a `Problem` of its table, and the row stays.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from importer.errors import UnreadableFile
from importer.model import Table
from importer.sources import archives, csv, excel, large_csv, ods, origin, other_workbooks
from importer.sources.formats import Format, format_of
from importer.sources.origin import Origin
from importer.sources.wishes import USUAL, Wishes
from importer.speech import english

__all__ = ["SUFFIXES", "Wishes", "stdin_table", "tables"]

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
"""Files that are read where a folder or an archive is given; pictures and notes may lie beside them."""

STDIN = "stdin"

LARGE = 256 * 1024
"""Bytes of a CSV file, from which on it is read in several threads; smaller ones are read in no time as it is."""


def tables(path: Path, wishes: Wishes = USUAL) -> list[Table]:
    """Every table in *path*: a workbook, a CSV file (also .gz), a folder or a .zip of these.

    A folder is read without those inside it, in the order of the names.  Where the user has *wishes*, they go before
    what the files say.

    Raises:
        UnreadableFile: not there, not what we can read, damaged, or still being written.
    """
    with _told_in_our_words(path):
        return [table for file in _files(path) for table in _tables_of(file, wishes)]


def stdin_table(stream: BinaryIO, wishes: Wishes = USUAL) -> Table:
    """The table in *stream*, which is CSV and comes without a name.

    Raises:
        UnreadableFile: not text, or empty.
    """
    with tempfile.TemporaryFile() as copy:
        # Encoding and separator are decided before the first row is read, so it is read more than once.
        shutil.copyfileobj(stream, copy)
        copy.flush()
        found = Origin(Path("-"), STDIN, lambda: _from_start(copy))
        if format_of(found) is not Format.TEXT:
            raise found.unreadable("only CSV can be read from standard input; give other files by their name")
        return _text_table(found, wishes)


def _from_start(file: BinaryIO) -> BinaryIO:
    """*file* anew; closing what is returned leaves it open."""
    copy = open(file.fileno(), "rb", closefd=False)  # noqa: SIM115 - the reader closes it
    copy.seek(0)
    return copy


@contextmanager
def _told_in_our_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or english("no reason given")
        raise UnreadableFile("the file cannot be read ({reason})", at=path.name, reason=reason) from error


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return _files_in(path)
    if origin.is_lock(path.name):
        raise UnreadableFile("this only says that a workbook is open; give the workbook itself", at=path.name)
    if not path.exists():
        raise UnreadableFile("there is no such file or folder", at=path)
    if not path.is_file():
        raise UnreadableFile("this is neither a file nor a folder", at=path.name)
    return [path]


def _files_in(folder: Path) -> list[Path]:
    files = [file for file in sorted(folder.iterdir()) if _is_wanted(file.name) and file.is_file()]
    if not files:
        raise UnreadableFile("the folder has no file that ends in {endings}", at=folder, endings=", ".join(SUFFIXES))
    return files


def _is_wanted(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and not name.startswith(".") and not origin.is_lock(name)


def _tables_of(path: Path, wishes: Wishes) -> Iterator[Table]:
    """The tables of one file, which must stay as it is while it is read."""
    before = origin.state(path)
    yield from _read(origin.file(path), wishes)
    if origin.state(path) != before:
        raise UnreadableFile("the file is still being written; wait until it is complete", at=path.name)


def _read(source: Origin, wishes: Wishes, *, is_member: bool = False) -> Iterator[Table]:
    match format_of(source):
        case Format.WORKBOOK:
            yield from excel.tables(source, wishes)
        case Format.OPEN_DOCUMENT:
            yield from ods.tables(source, wishes)
        case Format.OTHER_WORKBOOK:
            yield from other_workbooks.tables(source, wishes)
        case Format.TEXT:
            yield _text_table(source, wishes)
        case _ if is_member:
            raise source.unreadable("an archive inside an archive is not opened; unpack it first")
        case Format.GZIP:
            yield from _read(archives.unpacked(source), wishes, is_member=True)
        case Format.ARCHIVE:
            for member in _members(source):
                yield from _read(member, wishes, is_member=True)


def _text_table(source: Origin, wishes: Wishes) -> Table:
    is_large = len(source.start(LARGE)) == LARGE
    return large_csv.table(source, wishes) if is_large else csv.table(source, wishes)


def _members(source: Origin) -> list[Origin]:
    wanted = [member for member in archives.members(source) if _is_wanted(member.name)]
    if not wanted:
        raise source.unreadable("the archive has no file that ends in {endings}", endings=", ".join(SUFFIXES))
    return wanted
