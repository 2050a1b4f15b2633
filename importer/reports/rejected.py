"""`rejected/`: the rows that did not get in, in the form they came in, to be mended and imported again.

Same files, sheets, columns and order; status and message stand at the right.  A workbook comes back as .xlsx, the only
kind we write; CSV keeps its separator and is always UTF-8 with a mark that tells Excel so.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from importer.model import OUR_COLUMNS
from importer.reports import workbook
from importer.reports.copies import CopiedRow, Copy, by_file, columns_of, copy_of, copy_of_troubles
from importer.reports.csv_columns import TEXT, cell, cells, in_order, line, lines
from importer.reports.matched import RowResult, SheetResult
from importer.safe_text import written
from importer.speech import ENGLISH, Speech

NAME = "rejected"


def write(folder: Path, results: Iterable[SheetResult], speech: Speech = ENGLISH) -> tuple[Path, ...]:
    """Write the files into *folder*, which is only made when there is something to put in."""
    paths = []
    for name, sheets in by_file(results).items():
        copies = [copy for copy in (copy_of(sheet, _is_given_back) for sheet in sheets) if _has_rows(copy)]
        if copies:
            folder.mkdir(exist_ok=True)
            paths.append(folder / name)
            if copies[0].source.where.sheet:
                workbook.write(folder / name, copies, speech)
            else:
                _write_csv(folder / name, copies[0], speech)
    return tuple(paths)


def _has_rows(copy: Copy) -> bool:
    return next(iter(copy.rows), None) is not None


def _is_given_back(row: RowResult) -> bool:
    return row.is_given_back


def _write_csv(path: Path, copy: Copy, speech: Speech) -> None:
    separator, waiting = copy.source.sheet.table.separator, copy.source.waiting
    troubles = copy_of_troubles(copy.source, _is_given_back)
    alone = ((row.result.number, line(_cells(row, speech), separator)) for row in troubles.rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(line((written(text) for text in (*copy.header, *OUR_COLUMNS)), separator))
        if len(waiting):
            file.writelines(in_order(alone, waiting, partial(_alike, copy, copy.source.first_waiting, speech)))
        else:
            file.writelines(told for _, told in alone)


def _alike(copy: Copy, first: RowResult, speech: Speech, numbers: NDArray[np.int64]) -> pa.Array:
    """The lines of rows that differ from the *first* in their cells and numbers alone."""
    separator = copy.source.sheet.table.separator
    copied = CopiedRow(first, (), 0)
    # Whatever the language, the first number in the message is that of the row, as it is.
    before, _, behind = cell(written(copied.message(speech)), separator).partition(str(first.number))
    messages = pc.binary_join_element_wise(
        pa.scalar(before, TEXT), pa.array(numbers).cast(TEXT), pa.scalar(behind, TEXT), pa.scalar("", TEXT)
    )
    copied_cells = (cells(texts, written, separator) for texts in columns_of(copy, numbers))
    return lines([*copied_cells, cell(first.status, separator), messages], separator)


def _cells(row: CopiedRow, speech: Speech) -> list[str]:
    # Left as it is, a row that is not whole shall not pass for one next time: one cell too many has it rejected again.
    more = [] if row.is_whole else [""]
    return [written(text) for text in (*row.cells, row.result.status, row.message(speech), *more)]
