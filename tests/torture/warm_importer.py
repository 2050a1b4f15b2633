"""The importer started again and again without its start-up: a process that has the libraries loaded forks for each.

A fork is a process of its own that a SIGKILL really kills, and it runs the command as it is.  Run as a script, this is
that process; `WarmImporter` is how a test speaks to it.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Self

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""A library's own threads would not survive the fork."""


class Run:
    """One run of the command that was started."""

    def __init__(self, warm: "WarmImporter", pid: int) -> None:
        self.pid = pid
        self._warm = warm
        self._exit_code: int | None = None

    def send(self, number: int) -> None:
        """Send it a signal, if it is still there."""
        if not self.has_ended():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at whatever instruction it is."""
        self.send(signal.SIGKILL)

    def has_ended(self) -> bool:
        """Whether it has come to its end by itself or by a signal."""
        return self._exit_code is not None or self._warm.ask("has_ended", self.pid)

    def wait(self) -> int:
        """Its exit code; below 0 the signal that ended it."""
        if self._exit_code is None:
            self._exit_code = self._warm.ask("wait", self.pid)
        return self._exit_code


class WarmImporter:
    """Starts runs; use it in a `with`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | ONE_THREAD,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(60)

    def start(self, arguments: list[str], *, folder: Path, settings: Mapping[str, str], output: Path) -> Run:
        """`importer ARGUMENTS` in *folder*; what it prints is appended to the file *output*."""
        return Run(self, self.ask("start", [arguments, str(folder), dict(settings), str(output)]))

    def warm_up(self, folder: Path) -> None:
        """Let it read and check *folder* once, so that all is loaded that is loaded on the way."""
        self.ask("warm_up", str(folder))

    def ask(self, what: str, about: object):
        """The answer of the process."""
        self._process.stdin.write(json.dumps([what, about]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


# --- the process itself ---------------------------------------------------------------------------------------


def _serve() -> None:
    import importer.cli.upload  # noqa: PLC0415, F401

    # An answer must not be mixed with what the runs print.
    answers = os.fdopen(os.dup(1), "w")
    acts = {"warm_up": _warm_up, "start": _start, "wait": _wait, "has_ended": _has_ended}
    for line in sys.stdin:
        what, about = json.loads(line)
        answers.write(json.dumps(acts[what](about)) + "\n")
        answers.flush()


def _warm_up(folder: str) -> None:
    from importer.run.preparation import prepare  # noqa: PLC0415
    from importer.settings import load  # noqa: PLC0415

    prepare([Path(folder)], load({}, folder=Path(folder)))
    # What is there by now is shared with all runs, and not copied by a look at it.
    gc.collect()
    gc.freeze()


def _start(order: list) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        _become(*order)
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(end.code or 0)
    except BaseException:  # noqa: BLE001 - whatever it is, this child must not go on as a second server
        traceback.print_exc()
    os._exit(99)


def _become(arguments: list[str], folder: str, settings: dict[str, str], output: str) -> None:
    from importer.cli import main  # noqa: PLC0415

    printed = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (printed, 1), (printed, 2)):
        os.dup2(ours, theirs)
    os.chdir(folder)
    os.environ.update(settings)
    sys.argv = ["importer", *arguments]
    main()
    sys.exit(0)


def _wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _has_ended(pid: int) -> bool:
    """Without taking its exit code, which is for `wait`: until then its number is given to nobody else."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


if __name__ == "__main__":
    _serve()
