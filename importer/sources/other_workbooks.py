"""Tables from .xls and .xlsb workbooks: the values by calamine, what it does not tell by going through the file again.

Of workbooks older than Excel 97 only the values are known; that is said.
"""

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import python_calamine

from importer.model import Table
from importer.sources import sheets, xls_facts, xlsb_facts
from importer.sources.binary_facts import BookFacts, Place, SheetFacts
from importer.sources.cell_text import is_too_long, is_whole, text_of
from importer.sources.facts import Odd
from importer.sources.heads import Numbered
from importer.sources.origin import Origin
from importer.sources.rows import is_blank
from importer.sources.wishes import USUAL, Wishes
from importer.sources.xls_records import TooFarApart
from importer.speech import english
from schemas.cells import Note

T = TypeVar("T")

ZIP = b"PK"
MOST_CELLS = 40_000_000
"""In the rectangles that hold all cells of a sheet: a full one of 38 columns, and 1.3 GB of memory."""

STDERR = 2
TOO_FAR = english("the cells of a sheet lie too far apart; delete what stands far away, or save it as .xlsx")
DAMAGED = english("the workbook is damaged; open it in a spreadsheet program and save it as .xlsx")
VISIBLE = python_calamine.SheetVisibleEnum.Visible


def tables(origin: Origin, wishes: Wishes = USUAL) -> list[Table]:
    """The visible sheets of the workbook *origin* that have at least one filled cell, in their order.

    Raises:
        UnreadableFile: damaged, locked by a password, or without any filled cell.
    """
    with origin.open() as stream:
        content = stream.read()
    with _told_in_our_words(origin):
        # First of all, since the library makes room for all sheets of an .xls when it opens it.
        facts = _facts(content)
    with _told_in_our_words(origin), python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        notes = tuple(_notes(book, facts))
        found = [
            _table(origin, book, sheet.name, facts.sheets.get(sheet.name) if facts else None, notes, wishes)
            for sheet in book.sheets_metadata
            if sheet.visible == VISIBLE and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    filled = [table for table in found if table]
    if not filled:
        raise origin.unreadable("no sheet has a filled cell")
    return filled


@contextmanager
def _told_in_our_words(origin: Origin) -> Iterator[None]:
    try:
        with _silence():
            yield
    except python_calamine.PasswordError as error:
        raise origin.unreadable("the workbook has a password; open it and save it without one") from error
    except TooFarApart as error:
        raise origin.unreadable(TOO_FAR) from error
    except (python_calamine.CalamineError, ValueError) as error:
        raise origin.unreadable(DAMAGED) from error
    except BaseException as error:
        # A mistake of calamine, met in .xls files that were cut off.  Its class cannot be imported and is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise origin.unreadable(DAMAGED) from error


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing reaches the terminal: calamine prints a page on each mistake of its own, before it is an exception."""
    try:
        kept = os.dup(STDERR)
    except OSError:  # there is no terminal and no file behind it
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDERR)
    try:
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(nowhere)


def _facts(content: bytes) -> BookFacts | None:
    return xlsb_facts.book_facts(content) if content.startswith(ZIP) else xls_facts.book_facts(content, MOST_CELLS)


def _notes(book: python_calamine.CalamineWorkbook, facts: BookFacts | None) -> Iterator[Note]:
    if facts is None:
        yield Note("less_is_known")
    if facts and facts.is_from_1904:
        yield Note("dates_from_1904")
    # Names with an underscore in front are those of our own template.
    names = [sheet.name for sheet in book.sheets_metadata if sheet.visible != VISIBLE and sheet.name[:1] != "_"]
    if names:
        yield Note("sheets_hidden", {"sheets": ", ".join(names)})
    if facts and facts.has_macros:
        yield Note("macros_not_run")
    if facts and facts.has_other_books:
        yield Note("other_books_not_opened")


def _table(
    origin: Origin,
    book: python_calamine.CalamineWorkbook,
    name: str,
    known: SheetFacts | None,
    notes: tuple[Note, ...],
    wishes: Wishes,
) -> Table | None:
    known = known or SheetFacts()
    if known.rows * known.columns > MOST_CELLS:
        # calamine would make room for every blank cell among them.
        raise TooFarApart
    sheet = book.get_sheet_by_name(name)
    return sheets.table(origin, name, sheets.OneByOne(_rows(sheet, known)), known.facts, wishes, notes)


def _rows(sheet: python_calamine.CalamineSheet, known: SheetFacts) -> Iterator[Numbered]:
    """Number and texts of every row with a text."""
    _, left = sheet.start or (0, 0)
    errors, zeros = _by_row(known.errors), _by_row(known.zeros)
    for number, values in enumerate(sheet.iter_rows(), start=1):
        texts = [""] * left + [text_of(value) for value in values]
        for position, error in errors.get(number, ()):
            texts[position] = error
            known.facts.odd.append(Odd(number, position, "error_cell", error))
        if is_blank(texts):
            continue
        for position, digits in zeros.get(number, ()):
            if texts[position].isdecimal() and len(texts[position]) < digits:
                texts[position] = texts[position].zfill(digits)
                known.facts.padded[position] += 1
        known.facts.odd.extend(
            Odd(number, left + at, "code_damaged", texts[left + at])
            for at, value in enumerate(values)
            if isinstance(value, int | float) and is_whole(value) and is_too_long(value)
        )
        for at, value in enumerate(values):
            if isinstance(value, float):
                known.facts.add_number(texts[left + at])
        yield number, texts


def _by_row(known: Mapping[Place, T]) -> dict[int, list[tuple[int, T]]]:
    found: dict[int, list[tuple[int, T]]] = {}
    for (row, position), what in known.items():
        found.setdefault(row, []).append((position, what))
    return found
