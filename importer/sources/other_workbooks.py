"""Tables from .xls, .xlsb and .ods workbooks.  Less is known of their cells than of those in .xlsx; that is said."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain

import python_calamine

from importer.model import Problem, Table, Where, column_letters
from importer.sources.cell_text import CellValue, is_too_long, is_whole, text_of
from importer.sources.heads import Head, head, not_there
from importer.sources.origin import Origin
from importer.sources.rows import body, is_blank
from importer.sources.wishes import USUAL, Wishes
from importer.speech import english
from schemas.cells import Note

STDERR = 2
DAMAGED = english("the workbook is damaged; open it in a spreadsheet program and save it as .xlsx")
VISIBLE = python_calamine.SheetVisibleEnum.Visible


def tables(origin: Origin, wishes: Wishes = USUAL) -> list[Table]:
    """The visible sheets of the workbook *origin* that have at least one filled cell, in their order.

    Raises:
        UnreadableFile: damaged, locked by a password, or without any filled cell.
    """
    with origin.open() as stream:
        content = io.BytesIO(stream.read())
    with _told_in_our_words(origin), python_calamine.CalamineWorkbook.from_filelike(content) as book:
        hidden = _hidden(book)
        found = [
            _table(origin, book.get_sheet_by_name(sheet.name), hidden, wishes)
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
    except python_calamine.CalamineError as error:
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


def _hidden(book: python_calamine.CalamineWorkbook) -> tuple[Note, ...]:
    """The note on sheets that nobody sees; names with an underscore in front are those of our own template."""
    names = [sheet.name for sheet in book.sheets_metadata if sheet.visible != VISIBLE and sheet.name[:1] != "_"]
    return (Note("sheets_hidden", {"sheets": ", ".join(names)}),) if names else ()


def _table(
    origin: Origin, sheet: python_calamine.CalamineSheet, notes: tuple[Note, ...], wishes: Wishes
) -> Table | None:
    where = Where(origin.name, sheet.name)
    # Leading blank rows and columns are kept, so that places are those of the sheet.
    values = sheet.to_python(skip_empty_area=False)
    numbered = ((number, list(map(text_of, cells))) for number, cells in enumerate(values, start=1))
    filled = ((number, texts) for number, texts in numbered if not is_blank(texts))
    expected = wishes.expected(where.file, where.sheet)
    found = head(filled, expected)
    if not found and expected.row:
        raise not_there(origin, expected)
    if not found:
        return None
    below = body(origin, found, chain(found.below, filled))
    return Table(
        path=origin.path,
        where=where,
        header=found.titles,
        header_row=found.row,
        frame=below.frame,
        problems=(*found.problems(where), *_damaged(where, found, values)),
        blank_rows=below.blank_rows,
        notes=(Note("less_is_known"), *notes, *found.notes, *below.notes),
    )


def _damaged(where: Where, found: Head, values: list[list[CellValue]]) -> Iterator[Problem]:
    """The numbers below the header that have lost digits."""
    for number, cells in enumerate(values[found.last :], start=found.last + 1):
        for position, value in enumerate(cells):
            if isinstance(value, int | float) and is_whole(value) and is_too_long(value):
                place = replace(where, row=number, column=column_letters(position))
                title = found.titles[position] if position < len(found.titles) else ""
                yield Problem(place, "code_damaged", column=title, value=text_of(value))
