"""The files of the corpus: each content in every form that can hold it, written by several programs."""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import openpyxl
import xlsxwriter
from corpus_contents import CONTENTS, Rows, texts


class Said(NamedTuple):
    """What `importer check` left on the terminal."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class TextForm:
    """A way to write CSV."""

    encoding: str
    separator: str
    line_end: str = "\n"
    first_line: str = ""
    quoting: int = csv.QUOTE_MINIMAL
    ends_with_line: bool = True

    def __str__(self) -> str:
        parts = [self.encoding, self.separator, self.line_end, self.first_line.strip()]
        parts += ["all quoted"] if self.quoting == csv.QUOTE_ALL else []
        parts += [] if self.ends_with_line else ["no last line end"]
        return " ".join(repr(part)[1:-1] for part in parts if part)

    def written(self, rows: Rows) -> bytes:
        """The rows; raises UnicodeEncodeError where the encoding lacks a letter."""
        text = io.StringIO(newline="")
        text.write(self.first_line)
        writer = csv.writer(text, delimiter=self.separator, lineterminator=self.line_end, quoting=self.quoting)
        writer.writerows(texts(rows))
        whole = text.getvalue()
        return (whole if self.ends_with_line else whole.rstrip("\r\n")).encode(self.encoding)


TEXT_FORMS = (
    TextForm("utf-8", ","),
    TextForm("utf-8", ",", ends_with_line=False),
    TextForm("utf-8", ",", quoting=csv.QUOTE_ALL),
    TextForm("utf-8-sig", ";", "\r\n"),
    TextForm("utf-8", ";", "\r\n", "sep=;\r\n"),
    TextForm("utf-8", "\t"),
    TextForm("utf-8", "|"),
    TextForm("utf-8", ",", "\r", quoting=csv.QUOTE_ALL),
    TextForm("utf-16", "\t", "\r\n"),
    TextForm("utf-16-be", "\t"),
)
CODE_PAGES = (TextForm("cp1252", ";", "\r\n"), TextForm("cp1250", ";", "\r\n"))
"""In these only what is not in all encodings alike."""


def text_files() -> Iterator[tuple[str, str, TextForm]]:
    """Name of the content, of its entity, and the form."""
    for name, (entity, rows) in CONTENTS.items():
        for form in TEXT_FORMS:
            yield name, entity, form
        for form in CODE_PAGES:
            if not str(texts(rows)).isascii() and _can_hold(form, rows):
                yield name, entity, form


def _can_hold(form: TextForm, rows: Rows) -> bool:
    try:
        return form.written(rows).decode("cp1252") != form.written(rows).decode("cp1250") or form.encoding == "cp1252"
    except UnicodeError:
        return form.encoding == "cp1250" and _encodes(form, rows)


def _encodes(form: TextForm, rows: Rows) -> bool:
    try:
        return bool(form.written(rows))
    except UnicodeEncodeError:
        return False


# --- what CSV may be wrapped in ----------------------------------------------------------------------------------


def zipped(path: Path, name: str, content: bytes) -> Path:
    """A .zip with one file in a folder, and what macOS puts beside it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"june/{name}", content)
        archive.writestr(f"__MACOSX/june/._{name}", b"\0\1\2")
    return path


def gzipped(path: Path, content: bytes) -> Path:
    """A .gz file."""
    path.write_bytes(gzip.compress(content))
    return path


# --- workbooks ---------------------------------------------------------------------------------------------------


def by_openpyxl(path: Path, title: str, rows: Rows) -> Path:
    """Typed cells; texts stay texts, whatever they look like."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        for position, value in enumerate(row, start=1):
            if value not in (None, ""):
                cell = sheet.cell(number, position, value)
                cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)
    return path


def by_xlsxwriter(path: Path, title: str, rows: Rows, *, in_line: bool = False) -> Path:
    """The same by another program; *in_line*: texts stand in their cells, as many exporters write them."""
    with xlsxwriter.Workbook(path, {"constant_memory": in_line, "default_date_format": "dd.mm.yyyy hh:mm"}) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for position, value in enumerate(row):
                match value:
                    case None | "":
                        continue
                    case str():
                        sheet.write_string(number, position, value)
                    case bool():
                        sheet.write_boolean(number, position, value)
                    case datetime() | date():
                        sheet.write_datetime(number, position, value)
                    case _:
                        sheet.write_number(number, position, value)
    return path
