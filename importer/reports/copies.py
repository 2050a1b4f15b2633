"""Rows of a sheet copied out of it: header, columns and order as they stand there, and what became of each row.

Columns that an earlier report added are left out; whoever writes the copy adds them anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path, PurePath

from importer.model import OUR_COLUMNS, Problem, Severity, Where
from importer.reports.as_it_stands import as_it_stands
from importer.reports.matched import CONSEQUENCES, RowResult, SheetResult
from importer.speech import Speech
from schemas.entity import bare

OURS = tuple(bare(header) for header in OUR_COLUMNS)
CSV_SUFFIXES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class CopiedRow:
    """The cells of a row as text, and what became of it."""

    result: RowResult
    cells: tuple[str, ...]

    def message(self, speech: Speech) -> str:
        """What is wrong, with the row's number in the user's own file: `row 17: sku: a value is required here`."""
        return f"{speech.row(self.result.number)}: {self.result.message(speech)}"


@dataclass(frozen=True, slots=True)
class Copy:
    """Some rows of a sheet."""

    source: SheetResult
    header: tuple[str, ...]
    positions: tuple[int, ...]
    """Where each column of the copy stands in the sheet, counted from 0."""
    rows: tuple[CopiedRow, ...]


def copy_of(result: SheetResult, is_wanted: Callable[[RowResult], bool]) -> Copy:
    """The rows of *result* that are wanted; perhaps none."""
    table = result.sheet.table
    header = table.header + ("",) * (len(table.frame.columns) - len(table.header))
    positions = tuple(at for at, text in enumerate(header) if bare(text) not in OURS)
    wanted = {row.number: row for row in result.rows if is_wanted(row)}
    frame = table.frame.loc[table.frame.index.isin(wanted)].reindex(columns=list(positions), fill_value="")
    texts = zip(frame.index.tolist(), frame.to_numpy(dtype=object).tolist(), strict=True)
    rows = tuple(CopiedRow(wanted[number], tuple(cells)) for number, cells in texts)
    return Copy(result, tuple(header[at] for at in positions), positions, rows)


def problems_by_cell(row: RowResult) -> dict[str, tuple[Problem, ...]]:
    """What is wrong with cells of *row*, by the letters of their column; not what concerns the whole row."""
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in row.problems:
        where = problem.where
        is_wrong = problem.severity is Severity.ERROR and problem.code not in CONSEQUENCES
        if is_wrong and where.column and where.row == row.number:
            found[where.column] = (*found.get(where.column, ()), problem)
    return found


def by_file(results: Iterable[SheetResult]) -> dict[str, tuple[SheetResult, ...]]:
    """The sheets to be imported, file by file, under the name of a file to give them back in.

    That is the file's own name, but .xlsx for every workbook, and unpacked; no two files share one, not even those that
    came from different folders.
    """
    groups: defaultdict[tuple[Path, str], list[SheetResult]] = defaultdict(list)
    for result in results:
        if result.sheet.entity:
            groups[result.sheet.table.path, result.where.file].append(result)
    named: dict[str, tuple[SheetResult, ...]] = {}
    for found in groups.values():
        named[_free(_name_of(found[0].where), named)] = as_it_stands(found)
    return named


def _name_of(where: Where) -> PurePath:
    name = PurePath(PurePath(where.file).name)
    if where.sheet:
        return name.with_suffix(".xlsx")
    plain = name.with_suffix("") if name.suffix.lower() == ".gz" else name
    return plain if plain.suffix.lower() in CSV_SUFFIXES else plain.with_name(f"{plain.name}.csv")


def _free(name: PurePath, taken: Iterable[str]) -> str:
    # Some file systems take Orders.csv and orders.csv for one.
    folded = {other.casefold() for other in taken}
    names = (f"{name.stem}{number}{name.suffix}" for number in chain([""], (f"-{again}" for again in count(2))))
    return next(free for free in names if free.casefold() not in folded)
