"""Files -> tables of text.  Decides how a file is read and says so; what the cells mean is not known here.

One file per format, all behind this door.  Whatever is wrong with a file ends in `UnreadableFile` with one clear
sentence; whatever is wrong with a row or a cell is a `Problem` of its table, and the row stays.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from importer.errors import UnreadableFile
from importer.model import Table
from importer.sources import archives, csv, excel, ods, origin, other_workbooks
from importer.sources.formats import Format, format_of
from importer.sources.origin import Origin
from importer.sources.wishes import USUAL, Wishes
from importer.speech import english

__all__ = ["SUFFIXES", "Wishes", "stdin_table", "tables"]

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
"""Files that are read where a folder or an archive is given; pictures and notes may lie beside them."""

STDIN = "stdin"


def tables(path: Path, wishes: Wishes = USUAL) -> list[Table]:
    """Every table in *path*: a workbook, a CSV file (also .gz), a folder or a .zip of these.

    A folder is read without those inside it, in the order of the names.  Where the user has *wishes*, they go before
    what the files say.

    Raises:
        UnreadableFile: not there, not what we can read, damaged, or still being written.
    """
    try:
        if path.is_dir():
            return [table for file in _files_in(path) for table in _tables_of(file, wishes)]
        if origin.is_lock(path.name):
            raise UnreadableFile("this only says that a workbook is open; give the workbook itself", at=path.name)
        if not path.exists():
            raise UnreadableFile("there is no such file or folder", at=path)
        if not path.is_file():
            raise UnreadableFile("this is neither a file nor a folder", at=path.name)
        return _tables_of(path, wishes)
    except OSError as error:
        reason = error.strerror or english("no reason given")
        raise UnreadableFile("the file cannot be read ({reason})", at=path.name, reason=reason) from error


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
        return csv.table(found, wishes)


def _from_start(file: BinaryIO) -> BinaryIO:
    """*file* anew; closing what is returned leaves it open."""
    copy = open(file.fileno(), "rb", closefd=False)  # noqa: SIM115 - the reader closes it
    copy.seek(0)
    return copy


def _files_in(folder: Path) -> list[Path]:
    files = [file for file in sorted(folder.iterdir()) if _is_wanted(file.name) and file.is_file()]
    if not files:
        raise UnreadableFile("the folder has no file that ends in {endings}", at=folder, endings=", ".join(SUFFIXES))
    return files


def _is_wanted(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and not name.startswith(".") and not origin.is_lock(name)


def _tables_of(path: Path, wishes: Wishes) -> list[Table]:
    """The tables of one file, which must stay as it is while it is read."""
    before = origin.state(path)
    found = list(_read(origin.file(path), wishes))
    if origin.state(path) != before:
        raise UnreadableFile("the file is still being written; wait until it is complete", at=path.name)
    return found


def _read(source: Origin, wishes: Wishes, *, is_member: bool = False) -> Iterator[Table]:
    match format_of(source):
        case Format.WORKBOOK:
            yield from excel.tables(source, wishes)
        case Format.OPEN_DOCUMENT:
            yield from ods.tables(source, wishes)
        case Format.OTHER_WORKBOOK:
            yield from other_workbooks.tables(source, wishes)
        case Format.TEXT:
            yield csv.table(source, wishes)
        case _ if is_member:
            raise source.unreadable("an archive inside an archive is not opened; unpack it first")
        case Format.GZIP:
            yield from _unpacked(source, wishes)
        case Format.ARCHIVE:
            yield from _members(source, wishes)


def _unpacked(source: Origin, wishes: Wishes) -> Iterator[Table]:
    yield from _read(archives.unpacked(source), wishes, is_member=True)


def _members(source: Origin, wishes: Wishes) -> Iterator[Table]:
    wanted = [member for member in archives.members(source) if _is_wanted(member.name)]
    if not wanted:
        raise source.unreadable("the archive has no file that ends in {endings}", endings=", ".join(SUFFIXES))
    for member in wanted:
        yield from _read(member, wishes, is_member=True)
