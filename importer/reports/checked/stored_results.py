"""The stored results of formulas, which openpyxl drops when it saves, put back into the copy.

Without them a copy that nobody has opened in Excel would have formulas without values, and could not be imported again.
No cell has moved, so each result belongs where it stood.  Excel counts anew when it opens the file.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

Results = Mapping[str, tuple[str, str]]
"""Cell -> the type and the text of its stored result, as they stand in the file."""

# As openpyxl writes a cell with a formula: no type, and an empty value.
FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f\b[^>]*(?:/>|>[^<]*</f>))<v ?/></c>')
FORMULA_TAG = re.compile(rb"<(?:\w+:)?f[ />]")
SHARED_TEXT = "s"


def put_back(source: Path, target: Path) -> None:
    """Give the formulas of *target*, a copy of *source* just saved by openpyxl, their stored results."""
    results = _stored_results(source)
    if not results:
        return
    parts = {part: results[title] for title, part in _sheets(_reader(target)).items() if title in results}
    written = target.with_name(f"{target.name}.new")
    with ZipFile(target) as old, ZipFile(written, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part, _with(parts[part.filename], content) if part.filename in parts else content)
    written.replace(target)


def _with(results: Results, content: bytes) -> bytes:
    def cell(found: re.Match[str]) -> str:
        place, style, formula = found.groups()
        if place not in results:
            return found.group()
        kind, text = results[place]
        return f'<c r="{place}"{style} t="{kind}">{formula}<v>{escape(text)}</v></c>'

    return FORMULA.sub(cell, content.decode()).encode()


def _stored_results(source: Path) -> dict[str, Results]:
    """By the title of the sheet; sheets without formulas are left out."""
    reader = _reader(source)
    found = {title: _results_of(reader, part) for title, part in _sheets(reader).items()}
    return {title: results for title, results in found.items() if results}


def _reader(path: Path) -> ExcelReader:
    reader = ExcelReader(path, read_only=True)
    reader.read_manifest()
    reader.read_workbook()
    return reader


def _sheets(reader: ExcelReader) -> dict[str, str]:
    """Title -> name of the part in the file."""
    return {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}


def _results_of(reader: ExcelReader, part: str) -> Results:
    content = reader.archive.read(part)
    # Most sheets have no formula, and to find that out by parsing takes as long as reading the workbook.
    if not FORMULA_TAG.search(content):
        return {}
    results = {}
    for _, element in iterparse(BytesIO(content)):
        if element.tag == f"{{{SHEET_MAIN_NS}}}c":
            formula, value = element.find(f"{{{SHEET_MAIN_NS}}}f"), element.find(f"{{{SHEET_MAIN_NS}}}v")
            kind = element.get("t", "n")
            if formula is not None and value is not None and value.text and kind != SHARED_TEXT:
                results[element.get("r", "")] = kind, value.text
            element.clear()
    return results
