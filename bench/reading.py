"""Checking a workbook, against the quickest reader of workbooks alone and against what most programs read them with."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

from bench import data
from bench.measure import Case, in_children

Work = Callable[[], object]
SHEETS = {data.order_items: "Order Items", data.shipments: "Shipments"}


def ratios(folder: Path, rounds: int, rows: int) -> dict[str, float]:
    """The check of a workbook of *rows*, and our reading of it, as multiples of python-calamine's reading."""
    found = {}
    for make, sheet in SHEETS.items():
        path = data.workbook(folder / f"{make.__name__}-{rows}.xlsx", sheet, make(folder, rows)[0])
        cases = {name: Case(f"bench.reading:{name}", (str(path),)) for name in ("ours", "our_reading", "calamine")}
        measured = in_children(cases, rounds)
        floor = measured["calamine"].seconds
        what = f"{rows:,} {make.__name__} in a workbook"
        found[f"check {what} / python-calamine reading it"] = measured["ours"].seconds / floor
        found[f"read {what} / python-calamine reading it"] = measured["our_reading"].seconds / floor
        found[f"check {what}, peak MB"] = measured["ours"].peak_mb
    path = folder / f"{data.order_items.__name__}-{rows}.xlsx"
    openpyxl = in_children({"openpyxl": Case("bench.reading:openpyxl", (str(path),))}, 1)["openpyxl"]
    ours = in_children({"ours": Case("bench.reading:our_reading", (str(path),))}, 1)["ours"]
    found[f"openpyxl reading {rows:,} order_items / our reading"] = openpyxl.seconds / ours.seconds
    return found


def memory(folder: Path, rows: int) -> dict[str, float]:
    """The memory that the check of a very long sheet takes; one round, since it takes a minute."""
    path = data.workbook(folder / f"order_items-{rows}.xlsx", "Order Items", data.order_items(folder, rows)[0])
    ours = in_children({"ours": Case("bench.reading:ours", (str(path),))}, 1)["ours"]
    return {f"check {rows:,} order_items in a workbook, peak MB": ours.peak_mb}


def ours(file: str) -> Work:
    """`importer check`; what it prints goes nowhere."""
    from importer.cli.check import command  # noqa: PLC0415 - before the clock, in its own process
    from importer.run.preparation import prepare as _  # noqa: F401, PLC0415

    def work() -> None:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            command.main([file], standalone_mode=False)

    return work


def our_reading(file: str) -> Work:
    """Our tables, nothing checked."""
    from importer.sources import tables  # noqa: PLC0415

    return lambda: tables(Path(file))


def calamine(file: str) -> Work:
    """All cells of the first sheet, by python-calamine."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    return lambda: CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()


def openpyxl(file: str) -> Work:
    """All cells of the first sheet, by openpyxl in its quick mode."""
    from openpyxl import load_workbook  # noqa: PLC0415

    return lambda: [*load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True)]
