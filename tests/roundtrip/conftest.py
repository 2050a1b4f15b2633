"""LibreOffice without a window, and an importer between a folder and a real server on loopback."""

import shutil
import subprocess
from itertools import count
from types import SimpleNamespace

import pytest

from importer.run.preparation import prepare
from importer.run.upload import Upload
from importer.settings import load as load_settings

SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory):
    """Convert a file: `libreoffice(path, "ods")` gives the new one, in a folder of its own."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile")

    def convert(path, form):
        folder = tmp_path_factory.mktemp("converted")
        how = (f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form, "--outdir", folder)
        subprocess.run([SOFFICE, *how, path], check=True, capture_output=True, timeout=120)
        return folder / f"{path.stem}.{form.partition(':')[0]}"

    return convert


@pytest.fixture
def upload(tmp_path, sandbox):
    """Import a file into the sandbox: `upload(path)` gives what became of its rows, the writes, and the report."""
    runs = count(1)

    def run(path, **settings):
        given = {
            "base_url": sandbox.base_url,
            "access_key": sandbox.access_key,
            "account": "test",
            "ledger": f"sqlite:///{tmp_path / 'ledger.sqlite'}",
            "report_dir": tmp_path / "reports",
        } | settings
        chosen = load_settings(given, folder=tmp_path)
        before = len(sandbox.requests())
        upload = Upload(prepare([path], chosen), chosen, run_id=f"run-{next(runs)}")
        outcomes = tuple(upload.outcomes())
        writes = [
            request
            for request in sandbox.requests()[before:]
            if request["method"] != "GET" and not request["path"].endswith("/token")
        ]
        return SimpleNamespace(outcomes=outcomes, writes=writes, report=upload.folder, summary=upload.summary)

    return run
