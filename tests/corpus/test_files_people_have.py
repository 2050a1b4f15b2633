"""Some two hundred files in all the forms that people have, each with what must be read from it."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from corpus_contents import CONTENTS, Rows, numbered, texts
from corpus_files import Said, TextForm, by_openpyxl, by_xlsxwriter, gzipped, text_files, zipped
from corpus_refused import REFUSED

from importer import sources
from importer.model import Table
from schemas import ENTITIES
from schemas.entity import bare

Check = Callable[[Path], Said]

PROJECT = Path(__file__).parents[2]
NORTHWIND = PROJECT.parent / "shared" / "data" / "northwind"
PROGRAMS = {
    "openpyxl": by_openpyxl,
    "XlsxWriter": by_xlsxwriter,
    "texts in their cells": lambda path, title, rows: by_xlsxwriter(path, title, rows, in_line=True),
}


def read(table: Table) -> tuple[list[str], dict[int, list[str]]]:
    """Header and rows of *table*."""
    return list(table.header), {number: list(cells) for number, *cells in table.frame.itertuples()}


def wanted(rows: Rows) -> tuple[list[str], dict[int, list[str]]]:
    """What must be read."""
    return texts(rows)[0], numbered(rows)


@pytest.mark.parametrize(("name", "entity", "form"), [*text_files()], ids=str)
def test_csv_is_read_to_the_letter(check: Check, tmp_path: Path, name: str, entity: str, form: TextForm) -> None:
    """A CSV file gives every cell as it stands, whatever its encoding, separator, line ends and quotes."""
    rows = CONTENTS[name][1]
    path = tmp_path / f"{entity}.csv"
    path.write_bytes(form.written(rows))

    (table,) = sources.tables(path)

    # A first line that names the separator is shown by no program, and so it counts as no row.
    assert read(table) == wanted(rows)
    assert check(path).code in {0, 3}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("wrapping", ["zip", "gz", "folder"])
def test_what_csv_is_wrapped_in_makes_no_difference(check: Check, tmp_path: Path, name: str, wrapping: str) -> None:
    """A CSV file in a .zip, a .gz or a folder gives what it gives by itself."""
    entity, rows = CONTENTS[name]
    content = TextForm("utf-8", ",").written(rows)
    path = {
        "zip": lambda: zipped(tmp_path / "drop.zip", f"{entity}.csv", content),
        "gz": lambda: gzipped(tmp_path / f"{entity}.csv.gz", content),
        "folder": lambda: _in_folder(tmp_path / "drop", f"{entity}.csv", content),
    }[wrapping]()

    (table,) = sources.tables(path)

    assert read(table) == wanted(rows)
    assert check(path).code in {0, 3}


def _in_folder(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir()
    (folder / name).write_bytes(content)
    (folder / f".~lock.{name}#").write_text("somebody,desk,01.01.2026", encoding="utf-8")
    (folder / "notes.md").write_text("not for you", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_workbooks_are_read_as_they_look(check: Check, tmp_path: Path, name: str, program: str) -> None:
    """A workbook gives texts to the letter, numbers with their digits, dates as dates, whatever wrote it."""
    entity, rows = CONTENTS[name]

    (table,) = sources.tables(PROGRAMS[program](tmp_path / "june.xlsx", entity, rows))

    assert read(table) == wanted(rows)
    assert check(tmp_path / "june.xlsx").code in {0, 3}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_packed_workbook_is_read_as_well(check: Check, tmp_path: Path, name: str) -> None:
    """A workbook that was packed for the way, as .xlsx.gz, gives what it gives by itself."""
    entity, rows = CONTENTS[name]
    content = by_openpyxl(tmp_path / "june.xlsx", entity, rows).read_bytes()
    path = gzipped(tmp_path / "june.xlsx.gz", content)

    (table,) = sources.tables(path)

    assert read(table) == wanted(rows)
    assert check(path).code in {0, 3}


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_libreoffice_changes_nothing(
    check: Check, by_libreoffice: dict[tuple[str, str], Path], name: str, suffix: str
) -> None:
    """The same saved by LibreOffice, also in the older and in its own format, gives the same cells."""
    path = by_libreoffice[name, suffix]

    (table,) = sources.tables(path)

    assert read(table) == wanted(CONTENTS[name][1])
    assert check(path).code in {0, 3}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_gets_one_sentence(check: Check, tmp_path: Path, case: str) -> None:
    """A file that is no table ends the check with exit code 1 and one sentence that says what it is."""
    name, content, word = REFUSED[case]
    (tmp_path / name).write_bytes(content)

    said = check(tmp_path / name)

    assert (said.code, said.out, word in said.err, len(said.err.strip().splitlines())) == (1, "", True, 1)


@pytest.mark.parametrize("path", sorted((PROJECT / "templates").rglob("*.*")), ids=lambda path: path.name)
def test_our_templates_are_read_as_what_they_are(check: Check, path: Path) -> None:
    """Every template has the columns of its entities in their order, and nothing to import."""
    if path.suffix not in {".xlsx", ".csv"}:
        pytest.skip("no template")

    names = {tuple(map(bare, entity.names)) for entity in ENTITIES}
    ours = [table for table in sources.tables(path) if tuple(map(bare, table.header)) in names]

    assert len(ours) == (len(ENTITIES) if path.stem == "all-in-one" else 1)
    assert check(path).code == 0


@pytest.mark.skipif(not NORTHWIND.is_dir(), reason="the sample files are not part of the project")
@pytest.mark.parametrize("name", ["categories", "customers", "order-details", "orders", "products", "shippers"])
def test_real_files_lose_no_row(name: str) -> None:
    """The files of the Northwind trader give as many rows as they have, and every sound one to the letter."""
    path = NORTHWIND / f"{name}.csv"
    if not path.exists():
        pytest.skip("not among the samples")
    with path.open(newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)

    (table,) = sources.tables(path)

    ragged = {problem.where.row for problem in table.problems}
    sound = {number: cells for number, cells in enumerate(lines, start=2) if cells and number not in ragged}
    found_header, found = read(table)
    assert found_header == header
    assert len(found) == sum(map(any, lines))
    assert {number: cells for number, cells in found.items() if number not in ragged} == sound


def test_there_are_enough_of_them() -> None:
    """The corpus has more than 120 files, refused ones not counted."""
    workbooks = len(CONTENTS) * (len(PROGRAMS) + (3 if shutil.which("soffice") else 0))

    assert len(list(text_files())) + 3 * len(CONTENTS) + workbooks > 120
