"""Whole processes: a small workbook checked, and the help shown, against importing what both cannot do without."""

import subprocess
import sys
from pathlib import Path

from bench import data
from bench.measure import medians

SMALL = 50
LONGEST_S = 120


def ratios(folder: Path, rounds: int) -> dict[str, float]:
    """The check of 50 rows as a multiple of importing pandas and pandera; the help as a multiple of importing click."""
    path = data.workbook(folder / f"order_items-{SMALL}.xlsx", "Order Items", data.order_items(folder, SMALL)[0])
    importer = [sys.executable, "-m", "importer"]
    times = medians(
        {
            "check": lambda: _run([*importer, "check", str(path)]),
            "libraries": lambda: _run([sys.executable, "-c", "import pandas, pandera.pandas"]),
            "help": lambda: _run([*importer, "--help"]),
            "click": lambda: _run([sys.executable, "-c", "import click"]),
        },
        rounds,
    )
    return {
        f"check a workbook of {SMALL} rows, whole process / importing pandas and pandera": times["check"]
        / times["libraries"],
        "--help, whole process / importing click": times["help"] / times["click"],
    }


def _run(command: list[str]) -> None:
    # A check that finds mistakes ends with 3, which is no trouble here.
    subprocess.run(command, check=False, capture_output=True, timeout=LONGEST_S)
