"""Where the examples are, and how to look into the files they make."""

import sys
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
NORTHWIND = ROOT.parent / "shared" / "data" / "northwind"

# The scripts import each other as they do when they are run.
sys.path[:0] = [str(EXAMPLES), str(EXAMPLES / "northwind")]


@pytest.fixture
def examples():
    """The folder of the examples."""
    return EXAMPLES


@pytest.fixture(scope="session")
def northwind():
    """The folder with the trader's five CSV files, which are not part of the project."""
    return NORTHWIND


@pytest.fixture(scope="session")
def cells():
    """What a workbook holds, as {sheet: {cell: value}}; only the sheets of data, and no blank cells."""

    def read(path):
        book = openpyxl.load_workbook(path)
        return {
            sheet.title: {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}
            for sheet in book
            if sheet.sheet_state == "visible" and sheet.title != "Instructions"
        }

    return read
