"""The page on how cells are read tells the truth, line by line."""

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schemas import ENTITIES, messages
from schemas.cells import CellError, Conventions, Value
from schemas.entity import Field
from schemas.habits import habit

PAGE = (Path(__file__).parents[2] / "docs" / "cells.md").read_text(encoding="utf-8")
CELLS = "| column | cell | is read as | and is said |"
COLUMNS = "| column | cells | are read as |"


def lines_below(header: str) -> list[list[str]]:
    """The cells of every line of the page's tables that have this *header*."""
    tables = [table.partition("\n\n")[0].strip().splitlines()[1:] for table in PAGE.split(header)[1:]]
    return [[cell.strip() for cell in line.strip("|").split("|")] for table in tables for line in table]


def field_named(name: str) -> Field:
    """The field of that name, on whichever sheet it stands."""
    return next(field for entity in ENTITIES for field in entity.fields if field.name == name.strip("`"))


def shown(value: Value | None) -> str:
    """*value* as the page writes it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M}"
        case Decimal():
            return f"{value:f}"
    return str(value)


def read(field: Field, text: str, conventions: Conventions) -> tuple[str, str]:
    """How *text* is read, and what is said of it."""
    try:
        found = field.read(text, conventions)
    except CellError as error:
        return "", messages.text(error.code, error.facts)
    return shown(found.value), found.note.message if found.note else ""


@pytest.mark.parametrize(("name", "cell", "value", "said"), lines_below(CELLS), ids=str)
def test_a_cell_is_read_as_the_page_says(name, cell, value, said):
    """Value and sentence are those of the line."""
    field, text = field_named(name), cell.strip("`")

    assert read(field, text, habit(field, [text], Conventions()).conventions) == (value, said)


@pytest.mark.parametrize(("name", "cells", "values"), lines_below(COLUMNS), ids=str)
def test_a_column_is_read_as_the_page_says(name, cells, values):
    """Each cell is read as the others of its column tell."""
    field, texts = field_named(name), re.findall("`([^`]*)`", cells)
    conventions = habit(field, texts, Conventions()).conventions

    assert [read(field, text, conventions)[0] or "refused" for text in texts] == values.split(", ")


def test_no_table_is_left_out():
    """Every table of the page is of one of the two sorts."""
    tables = len(re.findall(r"^\|---", PAGE, re.MULTILINE))

    assert tables == len(re.findall(re.escape(CELLS), PAGE)) + len(re.findall(re.escape(COLUMNS), PAGE)) > 0
