"""`rejected/`: the rows that did not get in, in the form they came in, to be mended and imported again.

Same files, sheets, columns and order; status and message stand at the right.  A workbook comes back as .xlsx, the only
kind we write; CSV keeps its separator and is always UTF-8 with a mark that tells Excel so.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from importer.model import OUR_COLUMNS
from importer.reports import workbook
from importer.reports.copies import CopiedRow, Copy, by_file, copy_of
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
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=copy.source.sheet.table.separator)
        lines.writerow(written(text) for text in (*copy.header, *OUR_COLUMNS))
        lines.writerows(_line(row, speech) for row in copy.rows)


def _line(row: CopiedRow, speech: Speech) -> list[str]:
    # Left as it is, a row that is not whole shall not pass for one next time: one cell too many has it rejected again.
    more = [] if row.is_whole else [""]
    return [written(text) for text in (*row.cells, row.result.status, row.message(speech), *more)]
