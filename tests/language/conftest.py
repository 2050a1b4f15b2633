"""The real command line in German, and everything it left for people to read."""

import csv
import html
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import openpyxl
import pytest

from importer import cli

MISTAKES = Path(__file__).parents[2] / "examples" / "mistakes"


@dataclass(frozen=True)
class Told:
    """What a command said, and where."""

    code: int
    out: str
    err: str
    folder: Path
    """The run's report folder."""

    @property
    def page(self) -> str:
        """The words of report.html."""
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "\n", text, flags=re.DOTALL))

    def lines(self, name: str) -> list[dict[str, str]]:
        """The lines of one of the lists."""
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def workbooks(self) -> Iterator[str]:
        """Our words in the marked workbook and in that of rejected rows: our sheet, our columns, our comments."""
        for path in (*self.folder.glob("*.checked.xlsx"), *self.folder.glob("rejected/*.xlsx")):
            for sheet in openpyxl.load_workbook(path).worksheets:
                yield from _our_words(sheet)

    @property
    def everything(self) -> str:
        """All of it."""
        messages = [line["message"] for name in ("problems.csv", "results.csv") for line in self.lines(name)]
        figures = json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))
        causes = [cause["message"] for cause in figures["causes"]]
        told = (self.out, self.err, self.page, *messages, *causes, figures["exit_meaning"], *self.workbooks)
        return "\n".join(told)


def _our_words(sheet: openpyxl.worksheet.worksheet.Worksheet) -> Iterator[str]:
    is_ours = sheet.title == "Probleme"
    message = next((cell.column for cell in sheet[1] if cell.value == "import_message"), None)
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        if cell.comment and "import" in cell.comment.text:
            yield cell.comment.text
        if cell.value and (is_ours or (cell.column == message and cell.row > 1)):
            yield str(cell.value)


@pytest.fixture
def german(monkeypatch, capsys, tmp_path, sandbox) -> Callable[..., Told]:
    """Run `importer ARGS` in German, in a folder with the example full of mistakes, with the sandbox as the API."""
    copytree(MISTAKES, tmp_path / "mistakes")
    for name, value in {
        "BASE_URL": sandbox.base_url,
        "ACCESS_KEY": sandbox.access_key,
        "ACCOUNT": "test",
        "LANGUAGE": "de",
    }.items():
        monkeypatch.setenv(f"IMPORTER_{name}", value)
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.chdir(tmp_path)

    def run(*args: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["importer", *args])
        code = _exit_code()
        said = capsys.readouterr()
        return Told(code, said.out, said.err, tmp_path / "reports" / "run")

    return run


def _exit_code() -> int:
    try:
        cli.main()
    except SystemExit as done:
        return int(done.code or 0)
    return 0
