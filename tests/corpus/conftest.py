"""The check as a person calls it, and LibreOffice without a window."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from corpus_contents import CONTENTS
from corpus_files import Said, by_openpyxl

from importer import cli


@pytest.fixture
def check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[[Path], Said]:
    """Run `importer check FILE`; a traceback would be an exception of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def run(path: Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["importer", "check", str(path)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="session")
def by_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """(content, suffix) -> the content as LibreOffice saves it as .xlsx, .xls and .ods; all converted at once."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("libreoffice")
    sources = [by_openpyxl(folder / f"{name}.xlsx", entity, rows) for name, (entity, rows) in CONTENTS.items()]
    found = {}
    for suffix, form in (("xlsx", "xlsx:Calc MS Excel 2007 XML"), ("xls", "xls:MS Excel 97"), ("ods", "ods")):
        out = folder / suffix
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", out, *sources]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        found |= {(source.stem, suffix): out / f"{source.stem}.{suffix}" for source in sources}
    return found
