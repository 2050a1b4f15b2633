"""`make bench`: measure, print, and write `bench/results.md`."""

import argparse
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import checking, sending

RESULTS = Path(__file__).with_name("results.md")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each measurement; medians are given")
    rounds = parser.parse_args().rounds
    found: dict[str, float] = {}
    for part in (checking, sending):
        with tempfile.TemporaryDirectory() as folder:
            found |= part.ratios(Path(folder), rounds)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of {rounds} rounds"
    lines = [
        "# Results of `make bench`\n",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}.\n",
        "| what | ratio |",
        "|---|---|",
        *(f"| {name} | {ratio:.2f} |" for name, ratio in found.items()),
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main()
