"""The templates in the repository, for people who have not installed the importer."""

import io
import zipfile
from pathlib import Path

import pytest

from importer import templates
from schemas import ENTITIES

PUBLISHED = Path(__file__).parent.parent.parent / "templates"
STALE = "is not what the importer writes now; templates/README.md says how to write it again"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder as the importer writes it today."""
    folder = tmp_path_factory.mktemp("templates")
    templates.write(folder, style="xlsx")
    templates.write(folder, style="csv")
    templates.write(folder / "de", style="xlsx", language="de")
    for entity in ENTITIES:
        templates.write(folder, [entity], style="xlsx")
    return folder


def content(path):
    """What is in a file; for a workbook part by part, since compression is the machine's business."""
    data = path.read_bytes()
    if path.suffix != ".xlsx":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return {part.filename: parts.read(part) for part in parts.infolist()}


def test_published_templates_are_what_the_importer_writes(written):
    """The folder templates/ holds exactly the files that the importer would write, part for part the same."""
    wanted = {path.relative_to(written): content(path) for path in written.rglob("*.*")}
    found = {path.relative_to(PUBLISHED): content(path) for path in PUBLISHED.rglob("*.*") if path.suffix != ".md"}

    assert sorted(found) == sorted(wanted)
    assert [str(path) for path in sorted(wanted) if found[path] != wanted[path]] == [], STALE
