"""A ledger in a file, an account in it, and a disk that can be filled or locked."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from ledgers import KNOWN

from importer.ledger import Account, Ledger


@pytest.fixture
def path(tmp_path) -> Path:
    """The file of a ledger that is not there yet."""
    return tmp_path / "state" / "ledger.sqlite"


@pytest.fixture
def url(path) -> str:
    """Its address."""
    return f"sqlite:///{path}"


@pytest.fixture
def ledger(url):
    """A new ledger, open."""
    with Ledger.open(url) as ledger:
        yield ledger


@pytest.fixture
def account(ledger) -> Account:
    """The account "main" of it."""
    return ledger.account("main", **KNOWN)


@dataclass(frozen=True)
class Disk:
    """A small disk of its own, in memory."""

    path: Path

    def lock(self) -> None:
        """Let nobody write any more."""
        subprocess.run(["mount", "-o", "remount,ro", self.path], check=True)

    def fill(self) -> Path:
        """Use up what is left; gives the file that does it."""
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
        return filler


@pytest.fixture
def disk(tmp_path):
    """A disk of one megabyte; the test is skipped where we may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if (
        os.name != "posix"
        or not shutil.which("mount")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("mounting a disk takes more rights")
    yield Disk(place)
    subprocess.run(["umount", place], check=True)
