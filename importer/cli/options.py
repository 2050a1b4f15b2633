"""Options shared by commands, derived from the settings so that each is described once."""

import functools
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin

import click

from importer.cli import logs
from importer.cli.environment import slips
from importer.errors import ImporterError
from importer.settings import Settings, load
from importer.speech import LANGUAGES, Language, Speech, language_of
from schemas import ENTITIES

LOG = logging.getLogger("importer.settings")
FLAGS = {"language": "--lang"}
"""Of settings whose option is not called like them."""

Command = TypeVar("Command", bound=Callable[..., Any])


class FileName(click.Path):
    """A file's name; blank is none, though the system takes it for the working folder (`"$FILE"` with FILE unset)."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; raises a usage error where it is blank."""
        if not str(value).strip():
            self.fail("a file name is blank", param, ctx)
        return super().convert(value, param, ctx)


ENTITY = click.option(
    "--entity",
    type=click.Choice([entity.name for entity in ENTITIES]),
    help="What a CSV file holds, where its name does not tell.",
)
MAPPING = click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="Mapping profile (TOML) that leads the columns of other systems to ours; see `importer mapping`.",
    metavar="FILE",
)
SAVE_FIXES = click.option(
    "--save-fixes",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what may have been meant into a correction profile, to be confirmed and given with --fixes.",
    metavar="FILE",
)
FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FileName(path_type=Path))


def setting(name: str, *flags: str) -> Callable[[Command], Command]:
    """The command-line option for the setting *name*; None when it is not given."""
    field = Settings.model_fields[name]
    flag = FLAGS.get(name, "--" + name.replace("_", "-"))
    default = field.get_default(call_default_factory=True)
    shown = f" [default: {default}]" if default not in (None, "", False) else ""
    meaning = field.description or ""
    text = f"{meaning[:1].upper()}{meaning[1:]}.{shown}"
    if field.annotation is bool:
        return click.option(flag, *flags, name, is_flag=True, default=None, help=text)
    return click.option(flag, *flags, name, type=_click_type(field.annotation), default=None, help=text)


def _click_type(annotation: Any) -> Any:
    if isinstance(annotation, UnionType):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        return click.Choice([choice for choice in get_args(annotation) if choice])
    return {int: int, float: float, Path: click.Path(path_type=Path)}.get(annotation, str)


def reading(command: Command) -> Command:
    """The options on how files are read, where they do not tell it themselves, and what is put right in them."""
    for name in ("fixes", "repair", "visible_only", "fill_merged", "separator", "encoding"):
        command = setting(name)(command)
    return command


def common(command: Command) -> Command:
    """The options of every command; the command gets `settings`, made of its options and these."""

    @setting("base_url")
    @setting("ledger")
    @click.option("--profile", help="Use [profiles.NAME] of importer.toml.", metavar="NAME")
    @setting("language")
    @click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors and the result.")
    @click.option("--verbose", "-v", count=True, help="Say what is going on, on stderr; -vv: every request, too.")
    @click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="Form of the log lines.")
    @click.option("--no-progress", is_flag=True, help="Show no progress bar.")
    @functools.wraps(command)
    def with_settings(
        profile: str | None,
        quiet: bool,
        verbose: int,
        log_format: str,
        no_progress: bool,
        **options: Any,
    ) -> Any:
        logs.set_up(_level(quiet=quiet, verbose=verbose), log_format)
        for slip in slips(os.environ):
            LOG.warning(slip)
        names = [name for name in options if name in Settings.model_fields]
        given = {name: options.pop(name) for name in names}
        with told_in(speech_of(given["language"])):
            settings = load(given, profile=profile)
        with told_in(settings.speech):
            return command(settings=settings, show=logs.Show(quiet=quiet, progress=not no_progress), **options)

    return with_settings  # type: ignore[return-value]


@contextmanager
def told_in(speech: Speech) -> Iterator[None]:
    """Have whatever ends the work told in the language of *speech*; in English where it becomes a log line."""
    try:
        yield
    except ImporterError as reason:
        if logs.is_json():
            raise
        raise type(reason)(speech.error(reason)) from reason


def speech_of(language: Language | None) -> Speech:
    """How to speak where there are no settings: in the *language* that was asked for, else that of the environment."""
    return Speech(language or language_of(os.environ))


LANG = click.option(
    "--lang",
    "speech",
    type=click.Choice(LANGUAGES),
    callback=lambda _, __, language: speech_of(language),
    help="Language of what is said to people; else that of the environment (LANG), or English.",
)
"""For commands without settings; gives the speech."""


def _level(*, quiet: bool, verbose: int) -> int:
    if verbose:
        return logging.DEBUG if verbose > 1 else logging.INFO
    return logging.ERROR if quiet else logging.WARNING
