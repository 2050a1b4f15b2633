"""Timing: cases in rotating order, several rounds, medians; where memory counts, each in a process of its own."""

import importlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
LONGEST_S = 1800


@dataclass(frozen=True, slots=True)
class Case:
    """A function of this package, to be run in a process of its own."""

    function: str
    """Such as "bench.checking:ours"; it gives back a function that does the work, for imports come before the clock."""
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians over the rounds."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    """Of the whole process, in megabytes."""


def medians(cases: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each case over *rounds*, the order turned every round so that none is always first."""
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    for name in _in_turn(list(cases), rounds):
        started = time.perf_counter()
        cases[name]()
        seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(found) for name, found in seconds.items()}


def in_children(cases: Mapping[str, Case], rounds: int) -> dict[str, Measured]:
    """The same for cases that get a process each."""
    found: dict[str, list[Measured]] = {name: [] for name in cases}
    for name in _in_turn(list(cases), rounds):
        found[name].append(_child(cases[name]))
    return {
        name: Measured(*(statistics.median(getattr(one, slot) for one in many) for slot in Measured.__slots__))
        for name, many in found.items()
    }


def _in_turn(names: Sequence[str], rounds: int) -> list[str]:
    turns = (turn % len(names) for turn in range(rounds))
    return [name for turn in turns for name in (*names[turn:], *names[:turn])]


def _child(case: Case) -> Measured:
    command = [sys.executable, "-m", "bench.measure", case.function, *case.arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=LONGEST_S)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Run one case and tell what it cost; what `in_children` starts."""
    function, *arguments = sys.argv[1:]
    module, _, name = function.partition(":")
    work = getattr(importlib.import_module(module), name)(*arguments)
    started, cpu = time.perf_counter(), time.process_time()
    work()
    measured = {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE,
    }
    sys.stdout.write(json.dumps(measured) + "\n")


if __name__ == "__main__":
    main()
