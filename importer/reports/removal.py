"""A person's data taken out of a report folder.  Lines, statuses and counts stay, so that the folder still balances.

What a file holds of a person is found by an e-mail address, and by the rows that are known to be that person's.  Of
such a row everything is blanked but the cells of columns that are known to hold no personal data: also columns that we
do not know, since people keep notes in them, and our own message, which may repeat a cell.
"""

import csv
import html
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path, PurePath
from typing import TextIO
from zipfile import BadZipFile, ZipFile

from importer import safe_text
from importer.model import MESSAGE_COLUMN, STATUS_COLUMN
from importer.reports import page, problems, rejected, results, verification
from importer.reports import summary as summary_file
from importer.reports.checked import SUFFIX as CHECKED
from importer.reports.checked.removing import CannotRemove, remove_from_workbook
from schemas import ENTITIES
from schemas.cells import Note
from schemas.entity import bare, headers
from schemas.mentions import REMOVED

TELLING = frozenset(("value", "message", "suggestion", "written", "on_server"))
"""Columns of our own lists that may repeat a cell."""
REFUSED = "refused"
"""Code of the problems that tell a server's words."""

Place = tuple[str, str, int]
"""Name of a file as `stem` has it, title of the sheet, number of the row."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data is to go."""

    mention: re.Pattern[str]
    """Finds the e-mail address."""
    rows: frozenset[Place]
    """Rows that are known to be this person's."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What was done to one file, or would be."""

    path: Path
    rows: int
    """Rows, lines or places that were blanked."""
    left: Note | None = None
    """Why the file may still hold something; None = it does not."""


def stem(file: str) -> str:
    """*file* as all files of a folder know it, whatever their kind: june of june.xlsx and of june.checked.xlsx."""
    name = PurePath(file).name
    return (
        name.removesuffix(CHECKED) if name.endswith(CHECKED) else PurePath(name.removesuffix(".gz")).stem
    ).casefold()


def is_open(header: str) -> bool:
    """Whether a column of this header is known to hold no personal data."""
    return bare(header) in _OPEN


def _open_headers() -> Iterator[str]:
    for entity in ENTITIES:
        yield from (header for header, name in headers(entity).items() if name not in entity.private_names)


_PRIVATE = {header for entity in ENTITIES for header, name in headers(entity).items() if name in entity.private_names}
_OPEN = frozenset({*_open_headers(), bare(STATUS_COLUMN)} - _PRIVATE)


def rows_told(folder: Path, mention: re.Pattern[str]) -> frozenset[Place]:
    """The person's rows as far as the folder's own list of problems tells them."""
    path = folder / problems.NAME
    if not path.exists():
        return frozenset()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(_place(line) for line in csv.DictReader(file) if _mentions(mention, line.values()))


def remove(folder: Path, person: Person, *, dry_run: bool) -> Iterator[Removed]:
    """Yield what was changed, or cannot be, file by file; files that hold nothing of the person are not told.

    Each file is replaced as a whole or not at all.
    """
    for path in _files(folder):
        try:
            rows, left = _replaced(path, person, dry_run=dry_run)
        except (OSError, UnicodeDecodeError, CannotRemove, csv.Error) as trouble:
            # The text of a UnicodeDecodeError may quote a cell.
            why = type(trouble).__name__ if isinstance(trouble, UnicodeDecodeError) else str(trouble)
            yield Removed(path, 0, Note("forget_not_rewritten", {"why": why}))
        else:
            if rows or left:
                yield Removed(path, rows, left)


def _files(folder: Path) -> Iterator[Path]:
    """Every file that a run may have written."""
    names = (f"{Path(results.NAME).stem}*.csv", problems.NAME, verification.NAME, summary_file.NAME, page.NAME)
    for pattern in (*names, f"*{CHECKED}", f"{rejected.NAME}/*"):
        yield from sorted(path for path in folder.glob(pattern) if path.is_file())


def _replaced(path: Path, person: Person, *, dry_run: bool) -> tuple[int, Note | None]:
    """How many rows were blanked, and what is left."""
    target = path.with_name(f"{path.name}.new")
    try:
        rows = _rewriter(path)(path, target, person)
        left = _left(target, person.mention)
        if rows and not dry_run:
            shutil.copymode(path, target)
            target.replace(path)
    finally:
        target.unlink(missing_ok=True)
    return rows, left


def _rewriter(path: Path) -> Callable[[Path, Path, Person], int]:
    if path.suffix == ".xlsx":
        return _workbook
    if path.parent.name == rejected.NAME:
        return _rows_given_back
    return _list if path.suffix == ".csv" else _text


def _left(path: Path, mention: re.Pattern[str]) -> Note | None:
    """Where the file still mentions the person: parts of a workbook that are kept as they are, such as a pivot's."""
    try:
        with ZipFile(path) as parts:
            texts = {name: parts.read(name).decode("utf-8", "replace") for name in parts.namelist()}
    except BadZipFile:
        texts = {path.name: path.read_text(encoding="utf-8", errors="replace")}
    found = [name for name, text in texts.items() if mention.search(html.unescape(text))]
    return Note("forget_still_there", {"parts": ", ".join(found)}) if found else None


# --- one kind of file after another -------------------------------------------------------------------------


def _workbook(path: Path, target: Path, person: Person) -> int:
    # In a marked workbook rows stand where they stood; in one of rejected rows they do not.
    is_marked = path.name.endswith(CHECKED)
    rows = {(sheet, row) for of, sheet, row in person.rows if of == stem(path.name)} if is_marked else set()
    return remove_from_workbook(path, target, person.mention, frozenset(rows), is_open)


def _text(path: Path, target: Path, person: Person) -> int:
    text, places = person.mention.subn(REMOVED, path.read_text(encoding="utf-8"))
    target.write_text(text, encoding="utf-8")
    return places


def _list(path: Path, target: Path, person: Person) -> int:
    """`results.csv`, `problems.csv` or `verify.csv`: lines about cells."""
    header, *lines = _read(path, ",")
    changed = 0
    with _writing(target) as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for line in lines:
            named = dict(zip(header, line, strict=False))
            is_persons = _place(named) in person.rows or _mentions(person.mention, line)
            blanked = [_told(name, cell, named, person) for name, cell in named.items()] if is_persons else line
            changed += blanked != line
            writer.writerow(blanked)
    return changed


def _told(name: str, cell: str, line: dict[str, str], person: Person) -> str:
    """What stays of a cell in a line about a row of the person's."""
    is_about_open_cell = (not line.get("column") or is_open(line["column"])) and line.get("code") != REFUSED
    if name in TELLING and cell and not is_about_open_cell:
        return REMOVED
    return person.mention.sub(REMOVED, cell)


def _rows_given_back(path: Path, target: Path, person: Person) -> int:
    """A file of rejected rows, in the form they came in."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
    # Our two columns are at its right, with the file's own separator between them.
    between = re.search(rf"{STATUS_COLUMN}\"?(.)\"?{MESSAGE_COLUMN}", first)
    header, *lines = _read(path, between.group(1) if between else ",")
    changed = 0
    with _writing(target) as file:
        writer = csv.writer(file, delimiter=between.group(1) if between else ",")
        writer.writerow(header)
        for line in lines:
            is_persons = _mentions(person.mention, line)
            titles = [*header, *[""] * (len(line) - len(header))]
            blanked = [
                cell if not cell or is_open(title) else REMOVED for title, cell in zip(titles, line, strict=False)
            ]
            changed += is_persons
            writer.writerow(blanked if is_persons else line)
    return changed


def _read(path: Path, separator: str) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=separator))


def _writing(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8-sig", newline="")


def _mentions(mention: re.Pattern[str], cells: Iterable[str | None]) -> bool:
    return any(cell and mention.search(cell) for cell in cells)


def _place(line: dict[str, str]) -> Place:
    row = line.get("row") or "0"
    sheet = safe_text.read(line.get("sheet") or "")
    return stem(safe_text.read(line.get("file") or "")), sheet, int(row) if row.isdigit() else 0
