"""LibreOffice without a window, and an importer between a folder and a real server on loopback."""

import shutil
import subprocess

import pytest

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
