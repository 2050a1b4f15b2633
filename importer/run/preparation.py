"""Files -> checked sheets: everything that needs no network and no ledger."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from importer import carrier_table, images
from importer.check import check, told_by_headers
from importer.errors import UnreadableFile, WrongSettings
from importer.mapping import Mapped, Profile, mapped, profile_in
from importer.model import CheckedSheet, Readiness, Table, Where
from importer.plan import related
from importer.readiness import readiness
from importer.reports.summary import ReadFile, files_read
from importer.rows import in_columns
from importer.run.mending import mended
from importer.run.naming import told_apart
from importer.settings import Settings
from importer.sources import Wishes, stdin_table, tables
from importer.speech import english
from schemas import ENTITIES, entity_named
from schemas.cells import Conventions, Note
from schemas.entity import Entity
from schemas.naming import Expected, expected, expected_of

STANDARD_INPUT = Path("-")
OF_THE_SYSTEM = ("desktop.ini", "Thumbs.db")
"""What Windows puts into folders; that of other systems begins with a point."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files read and checked, among each other as well."""

    sheets: tuple[CheckedSheet, ...]
    files: tuple[ReadFile, ...]
    """The files as they were when they were read."""
    empty: tuple[Path, ...] = ()
    """Folders into which nothing was delivered: no mistake, but said."""

    @property
    def portal(self) -> Readiness:
        """For which orders the returns portal will be ready, if all rows get in that passed the check; worked out anew.

        Raises:
            NoRoom: there are more rows than fit into memory, and no room for temporary files.
        """
        return readiness(self.sheets)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(len(sheet.rows) for sheet in self.sheets)

    @property
    def rejected(self) -> int:
        """How many of them failed the check."""
        return sum(in_columns(sheet.rows).rejected for sheet in self.sheets)

    @property
    def is_rejected_anywhere(self) -> bool:
        """Some row failed the check."""
        return self.rejected > 0


def prepare(
    paths: Sequence[Path], settings: Settings, *, entity: str | None = None, mapping: Path | None = None
) -> Prepared:
    """Read and check *paths*, all problems in one pass.

    *entity* is the name of the entity where neither sheet nor file name tells; *mapping* a profile that leads other
    systems' columns to ours.

    Raises:
        UnreadableFile: a file that cannot be read, or that holds no sheet of ours.
        WrongSettings: a profile that makes no sense, or not for these files.
    """
    conventions = conventions_of(settings)
    wanted = entity_named(entity) if entity else None
    profile = profile_in(mapping) if mapping else None
    wishes = _wishes(settings, wanted, profile)
    empty = tuple(filter(_is_empty, paths))
    if len(empty) == len(paths):
        return Prepared((), (), empty)
    read = _tables([path for path in paths if path not in empty], entity, wishes)
    led = mapped(list(read), profile, conventions, partial(tables, wishes=wishes)) if profile else map(Mapped, read)
    all_led = list(led)
    named = told_apart(one.table for one in all_led)
    all_led = [replace(one, table=table) for one, table in zip(all_led, named, strict=True)]
    fitting = told_by_headers(named)
    all_led = mended(all_led, settings, wanted, fitting)
    checked = [_checked(one, conventions, wanted, fits) for one, fits in zip(all_led, fitting, strict=True)]
    if not any(sheet.entity for sheet in checked):
        raise _nothing_of_ours(checked)
    with ThreadPoolExecutor(1, thread_name_prefix="files") as thread:
        files = thread.submit(files_read, checked)
        return Prepared(related(checked), files.result(), empty)


def _is_empty(path: Path) -> bool:
    """Whether *path* is a folder without files, as a drop folder is when nothing was delivered.

    Folders in it do not count, for they are not read.  Files that cannot be read do: somebody delivered them.
    """
    try:
        return path.is_dir() and not any(one.is_file() and _is_delivered(one.name) for one in path.iterdir())
    except OSError:
        return False  # reading it will say why


def _is_delivered(name: str) -> bool:
    return not name.startswith(".") and name not in OF_THE_SYSTEM


def _checked(led: Mapped, usual: Conventions, entity: Entity | None, fits: Entity | None) -> CheckedSheet:
    look = partial(_notes_on_picture, led.table.path.parent)
    if led.sheet is None:
        return check(led.table, usual, entity=entity, fits=fits, look_at_image=look)
    return check(led.table, led.sheet.conventions(usual), entity=led.sheet.entity, look_at_image=look)


def conventions_of(settings: Settings) -> Conventions:
    """How cells are to be read, by the settings."""
    return Conventions(
        timezone=settings.timezone,
        carriers=carrier_table.in_force(settings.state_folder, settings.account_name).carriers,
        clear_word=settings.clear_word,
        decimal=settings.decimal,
        day_first=settings.day_first,
        accept_serial_dates=settings.accept_serial_dates,
        today=_today(settings.timezone),
    )


def _today(zone: str) -> date:
    try:
        return datetime.now(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise WrongSettings('There is no timezone "{zone}"; one like Europe/Berlin is wanted.', zone=zone) from error


def _wishes(settings: Settings, entity: Entity | None, profile: Profile | None) -> Wishes:
    """How files are to be read: by the settings, and their headers found by what the profile or the user says."""

    def known(file: str, sheet: str) -> Expected:
        told = profile.expected(Where(file, sheet)) if profile else None
        return told or (expected_of(entity) if entity else expected(file, sheet))

    return Wishes(settings.encoding, settings.separator, settings.fill_merged, settings.visible_only, known)


def _tables(paths: Sequence[Path], entity: str | None, wishes: Wishes) -> Iterator[Table]:
    for path in paths:
        if path == STANDARD_INPUT:
            if entity is None:
                raise WrongSettings("For CSV on standard input, say what it holds: --entity orders, for example.")
            yield stdin_table(sys.stdin.buffer, wishes)
        else:
            yield from tables(path, wishes)


def _notes_on_picture(folder: Path, text: str) -> tuple[Note, ...]:
    """What is worth knowing of a picture in *folder*; one on the web is looked at when it is fetched for the upload."""
    return () if images.is_address(text) else images.picture(text, folder, fetch=_no_fetching).notes


def _no_fetching(_: str) -> bytes:
    raise OSError("a check needs no network")


def _nothing_of_ours(checked: Sequence[CheckedSheet]) -> UnreadableFile:
    return UnreadableFile(
        "No sheet of ours was found, only {found}. Sheets are recognised by their names: {names}.",
        found=", ".join(map(_looks_like, checked)) or english("nothing"),
        names=", ".join(entity.sheet for entity in ENTITIES),
    )


def _looks_like(sheet: CheckedSheet) -> str:
    """The sheet's place and, where there is one, the name that it should perhaps have: `june.xlsx › Juni (Orders?)`."""
    near = next((problem.suggestion for problem in sheet.problems if problem.suggestion), "")
    return f"{sheet.table.where} ({near}?)" if near else str(sheet.table.where)
