"""The command line: one file per command; the only place that prints, and where exceptions become exit codes.

A command's module is imported when the command is called, and `endings` when one has failed, so that help and
completion stay quick.
"""

import gc
import importlib
import sys
from collections.abc import Mapping
from types import ModuleType

import click

from importer import __version__
from importer.errors import EXIT_CODES, EXIT_INTERRUPTED, EXIT_STOPPED, EXIT_USAGE, ImporterError

COMMANDS: Mapping[str, str] = {
    "demo": "Import the shipped example into the built-in sandbox.",
    "template": "Write blank templates to fill in.",
    "mapping": "Propose a mapping profile for another system's files.",
    "check": "Check files and name every mistake by cell; sends nothing.",
    "upload": "Check, send and report; run again, it goes on.",
    "runs": "List the runs in the ledger.",
    "show": "Show one run in full.",
    "verify": "Read the server back and compare it with what a run wrote.",
    "forget": "Remove a person from the ledger and the reports.",
    "carriers": "Show the carriers per country, and where the list came from.",
    "sandbox": "Run a local imitation of the API.",
}
"""Every command with the line that the overview shows."""

EXIT_HELP = "Exit codes:\n\n\b\n" + "\n".join(f"{code:>4}  {meaning}" for code, meaning in EXIT_CODES.items())


class Commands(click.Group):
    """Commands by name, imported on call."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command, imported now; raises a usage error when there is none of that name."""
        if cmd_name not in COMMANDS:
            from schemas.nearest import nearest

            near = nearest(cmd_name, COMMANDS)
            ctx.fail(f"There is no command {cmd_name}." + (f" Did you mean {near}?" if near else ""))
        command = _module(cmd_name).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The overview, without importing a single command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _module(command: str) -> ModuleType:
    """The module of a command, imported now.

    What is imported stays, so that the garbage collector need not look at it: doing so again and again while it grows
    took a sixth of the time of a small check.
    """
    gc.disable()
    try:
        return importlib.import_module(f"importer.cli.{command}")
    finally:
        gc.freeze()
        gc.enable()


@click.group(cls=Commands, epilog=EXIT_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="sevensenders-importer %(version)s")
def importer() -> None:
    """Spreadsheets to the Seven Senders API: checked by cell, sent in order, every row accounted for.

    \b
    importer demo                      see it work, without an account
    importer template --out .          a workbook to fill in
    importer check june.xlsx           every mistake, by cell
    importer upload june.xlsx          send it; run again to go on
    """


def main() -> None:
    """Run the command; no traceback ever reaches a user."""
    try:
        importer.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as mistake:
        mistake.show()
        sys.exit(EXIT_USAGE)
    except ImporterError as reason:
        _endings().stopped(str(reason))
        sys.exit(reason.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _endings().interrupted()
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # `importer check ... | head`: whoever reads has had enough.
        sys.stderr.close()
        sys.exit(0)
    except Exception as mistake:  # the outermost line: no traceback ever reaches a user
        if _endings().is_out_of_room(mistake):
            _endings().out_of_room(mistake)
            sys.exit(EXIT_STOPPED)
        if _endings().is_traceback_wanted():
            raise
        _endings().broken(mistake)
        sys.exit(EXIT_STOPPED)


def _endings() -> ModuleType:
    from importer.cli import endings

    return endings
