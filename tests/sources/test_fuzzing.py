"""Files that nobody would make on purpose end in a table or a sentence, in bounded time and memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fuzzing.py")
ROOT = Path(__file__).parents[2]

posix = pytest.mark.skipif(os.name != "posix", reason="the limits are those of Unix")


def fuzzed(folder: Path, seconds: float, seed: int) -> dict:
    """What came of so many seconds of fuzzing; a failure names the case that showed it."""
    command = [sys.executable, str(SCRIPT), str(folder), str(seconds), str(seed)]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds * 3 + 200, check=False, env=os.environ, cwd=ROOT
    )
    case = (folder / "case.txt").read_text(encoding="utf-8") if (folder / "case.txt").exists() else "none"
    assert ended.returncode == 0, f"case {case} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr[-3000:]}"
    return json.loads(ended.stdout)


@posix
def test_a_few_seconds_of_odd_files(tmp_path):
    """Random bytes and damaged files of every kind are read or refused, never anything else."""
    assert fuzzed(tmp_path, 5, seed=1)["cases"] > 0


@posix
@pytest.mark.torture
def test_minutes_of_odd_files(tmp_path):
    """The same for minutes, each time with other files; IMPORTER_FUZZ_SEED and IMPORTER_FUZZ_SECONDS choose them."""
    seed = int(os.environ.get("IMPORTER_FUZZ_SEED", int.from_bytes(os.urandom(3), "big") * 1000))
    seconds = float(os.environ.get("IMPORTER_FUZZ_SECONDS", "180"))

    found = fuzzed(tmp_path, seconds, seed)

    print(json.dumps({"seed": seed, **found}, indent=1))  # noqa: T201 - the long form is run to be looked at
    assert found["cases"] > seconds
