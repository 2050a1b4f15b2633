"""A folder of another system's files, and a profile for them."""

from pathlib import Path

import pytest

from importer.mapping import mapped, profile_in
from importer.sources import tables
from schemas.cells import Conventions


@pytest.fixture
def folder(tmp_path):
    r"""Write files and give their folder: `folder({"a.csv": "x,y\\n1,2\\n"})`."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def led(folder):
    """The first table that a profile makes of files; the profile is the text of its [sheets.x] tables."""

    def lead(profile: str, files: dict[str, str], *, given: str = ""):
        place = folder({**files, "shop.toml": profile})
        (place / "shop.toml").rename(place.parent / "shop.toml")
        found = tables(place / given if given else place)
        return mapped(found, profile_in(place.parent / "shop.toml"), Conventions(), tables)

    return lead


@pytest.fixture
def cells():
    """What a table holds, as {row number: {column: cell}}."""

    def read(table):
        frame = table.frame.set_axis(list(table.header), axis="columns")
        return {number: dict(row) for number, row in frame.to_dict("index").items()}

    return read
