"""Tables from .xls, .xlsb and .ods workbooks.  Less is known of their cells than of those in .xlsx; that is said."""

import io

import python_calamine

from importer.model import Problem, Table, Where, column_letters
from importer.sources.cell_text import is_too_long, is_whole, text_of
from importer.sources.origin import Origin
from importer.sources.rows import Rows, is_blank

LESS_IS_KNOWN = (
    "in this kind of workbook, cells with an error such as #N/A look blank and leading zeros that only a number format "
    "shows are lost; save it as .xlsx to be sure"
)


def tables(origin: Origin) -> list[Table]:
    """The visible sheets of the workbook *origin* that have at least one filled cell, in their order.

    Raises:
        UnreadableFile: damaged, locked by a password, or without any filled cell.
    """
    with origin.open() as stream:
        content = io.BytesIO(stream.read())
    try:
        with python_calamine.CalamineWorkbook.from_filelike(content) as book:
            found = [_table(origin, book.get_sheet_by_name(name)) for name in _visible(book)]
    except python_calamine.PasswordError as error:
        raise origin.unreadable("the workbook has a password; open it and save it without one") from error
    except python_calamine.CalamineError as error:
        raise origin.unreadable(
            "the workbook is damaged; open it in Excel or LibreOffice and save it as .xlsx"
        ) from error
    filled = [table for table in found if table]
    if not filled:
        raise origin.unreadable("no sheet has a filled cell")
    return filled


def _visible(book: python_calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]


def _table(origin: Origin, sheet: python_calamine.CalamineSheet) -> Table | None:
    where = Where(origin.name, sheet.name)
    header: list[str] = []
    header_row = last = blank_rows = 0
    rows, problems = Rows(), list[Problem]()
    # Leading blank rows and columns are kept, so that places are those of the sheet.
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        texts = [text_of(value) for value in values]
        if is_blank(texts):
            continue
        if not header_row:
            header, header_row, last = texts, number, number
            continue
        blank_rows += number - last - 1
        last = number
        rows.add(number, texts)
        problems.extend(
            Problem(
                Where(where.file, where.sheet, number, column_letters(position)),
                "code_damaged",
                column=header[position],
                value=text,
            )
            for position, (value, text) in enumerate(zip(values, texts, strict=True))
            if isinstance(value, int | float) and is_whole(value) and is_too_long(value)
        )
    if not header_row:
        return None
    return Table(
        path=origin.path,
        where=where,
        header=tuple(header),
        header_row=header_row,
        frame=rows.frame(len(header)),
        problems=tuple(problems),
        blank_rows=blank_rows,
        notes=(LESS_IS_KNOWN,),
    )
