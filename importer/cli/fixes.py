"""What `check` and `upload` say of changed and damaged cells, and the correction profile that they write."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click

from importer import damage
from importer.model import CheckedSheet
from importer.reports.causes import Cause
from importer.reports.found import problems_of
from importer.speech import Speech


def save(path: Path, sheets: Iterable[CheckedSheet], speech: Speech) -> None:
    """Write what the problems of *sheets* suggest into the correction profile *path*, and say how much that is."""
    count = damage.save(path, damage.proposals([(sheet, problems_of((sheet,))) for sheet in sheets]))
    said = speech.counted(
        "1 correction is proposed in {file}; look at it, and take the # away if it is right.",
        "{count} corrections are proposed in {file}; look at them, and take the # away from those that are right.",
        count,
        file=path.name,
    )
    click.echo(said, err=True)


def changed_lines(told: Iterable[Cause], speech: Speech) -> Iterator[str]:
    """How many cells were changed, of those that are *told*."""
    counts = dict.fromkeys(damage.CHANGED, 0)
    for one in told:
        if one.code in counts:
            counts[one.code] += one.count
    if count := counts["repaired"]:
        yield speech.counted("1 damaged cell was repaired.", "{count} damaged cells were repaired.", count)
    if count := counts["fixed"]:
        yield speech.counted(
            "1 cell was read as the correction profile says.",
            "{count} cells were read as the correction profile says.",
            count,
        )


def damage_lines(sheets: Iterable[CheckedSheet], speech: Speech) -> Iterator[str]:
    """How many damaged cells of *sheets* could be repaired; damage is found before the check, and told of the table."""
    problems = chain.from_iterable(sheet.table.problems for sheet in sheets)
    count = sum(problem.code in damage.CODES and bool(problem.suggestion) for problem in problems)
    if count:
        yield speech.counted(
            "For 1 damaged cell a repair is proposed; --repair makes it.",
            "For {count} damaged cells a repair is proposed; --repair makes them.",
            count,
        )
