"""The real command line, in this process: arguments in, exit code and both streams out."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from importer import cli


class Said(NamedTuple):
    """What a command left on the terminal."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(monkeypatch, capsys, tmp_path) -> Callable[..., Said]:
    """Run `importer ARGS` in an empty folder with no settings but those given."""
    for name in ("BASE_URL", "ACCESS_KEY", "LEDGER", "PROFILE"):
        monkeypatch.delenv(f"IMPORTER_{name}", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)

    def run(*args: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["importer", *map(str, args)])
        code = _exit_code()
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def online(monkeypatch, sandbox, command) -> Callable[..., Said]:
    """The same, with the sandbox as the API."""
    monkeypatch.setenv("IMPORTER_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("IMPORTER_ACCESS_KEY", sandbox.access_key)
    monkeypatch.setenv("IMPORTER_ACCOUNT", "test")
    return command


def _exit_code() -> int:
    try:
        cli.main()
    except SystemExit as done:
        return int(done.code or 0)
    return 0


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def examples() -> Path:
    """The folder of examples."""
    return EXAMPLES
