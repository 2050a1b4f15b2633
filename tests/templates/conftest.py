import pytest
from openpyxl import load_workbook

from importer import templates


@pytest.fixture(scope="session")
def all_in_one(tmp_path_factory):
    """The English workbook with all sheets, as a path."""
    (path,) = templates.write(tmp_path_factory.mktemp("templates"), style="xlsx")
    return path


@pytest.fixture(scope="session")
def book(all_in_one):
    """The same, read back."""
    return load_workbook(all_in_one)


@pytest.fixture(scope="session")
def german_book(tmp_path_factory):
    """The German workbook with all sheets, read back."""
    (path,) = templates.write(tmp_path_factory.mktemp("vorlagen"), style="xlsx", language="de")
    return load_workbook(path)
