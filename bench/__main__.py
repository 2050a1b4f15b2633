"""`make bench`: measure, print, and write `bench/results.md` and `bench/results.json`."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import again, checking, reading, sending, starting

HERE = Path(__file__).parent
LIBRARIES = ("pandas", "pyarrow", "pandera", "python-calamine", "openpyxl", "requests", "frictionless", "pydantic")

MILLION = 1_000_000
TENTH = 100_000
"""Rows for what would take too long otherwise."""

Part = Callable[[Path, int], Mapping[str, float]]
PARTS: Mapping[str, Part] = {
    "starting": starting.ratios,
    "checking": lambda folder, rounds: checking.ratios(folder, rounds, MILLION, MILLION),
    "reading": lambda folder, rounds: reading.ratios(folder, rounds, TENTH),
    "growth": lambda folder, _: {
        **checking.growth(folder, MILLION, 10 * MILLION),
        **reading.memory(folder, MILLION),
    },
    "sending": sending.ratios,
    "again": lambda folder, rounds: again.ratios(folder, rounds, again.AFFORDABLE),
}


def main() -> None:
    """Run the parts wanted; the results of the others stay as they were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; all if none is named")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each measurement; medians are given")
    parser.add_argument("--data", type=Path, help="folder that keeps the files to measure with for the next time")
    options = parser.parse_args()
    results = _known()
    for name in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as scratch:
            folder = options.data or Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            ratios = {what: round(ratio, 3) for what, ratio in PARTS[name](folder, options.rounds).items()}
        results[name] = {
            "on": f"{datetime.now(UTC):%Y-%m-%d}",
            **_machine(),
            "rounds": options.rounds,
            "ratios": ratios,
        }
        _write(results)
        sys.stdout.write("\n".join(_lines(name, results[name])) + "\n")


def _known() -> dict[str, dict[str, object]]:
    path = HERE / "results.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _write(results: Mapping[str, Mapping[str, object]]) -> None:
    parts = {name: results[name] for name in PARTS if name in results}
    (HERE / "results.json").write_text(json.dumps(parts, indent=2) + "\n", encoding="utf-8")
    lines = [line for name, part in parts.items() for line in _lines(name, part)]
    text = "\n".join(["# Results of `make bench`\n", *lines])
    (HERE / "results.md").write_text(text, encoding="utf-8")


def _lines(name: str, part: Mapping[str, object]) -> list[str]:
    ratios = part["ratios"]
    assert isinstance(ratios, dict)
    return [
        f"## {name}\n",
        f"{part['on']}, {part['machine']}, medians of {part['rounds']} rounds; {part['versions']}.\n",
        "| what | figure |",
        "|---|--:|",
        *(f"| {what} | {figure:g} |" for what, figure in ratios.items()),
        "",
    ]


def _machine() -> dict[str, str]:
    processor = platform.machine()
    return {
        "machine": f"{platform.system()} on {processor}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    }


if __name__ == "__main__":
    main()
