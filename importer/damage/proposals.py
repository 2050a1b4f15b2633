"""Corrections written down for a person to confirm: one line for every text that has one suggestion.

Each line is a comment until somebody takes its "# " away.  What is personal stays out of the file.  A file that is
there is gone on with: what stands in it stays as it is.
"""

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.errors import WrongSettings
from importer.model import CheckedSheet, Problem, Where

HEAD = """\
# Corrections.  Left stands the cell as it is written, right how it is to be read.
# A line that begins with "# " is a proposal: look at it, take the "# " away if it is right, or correct it.
# A text that is right as it is, is to be read as itself.  Then:
#     importer check FILE --fixes THIS_FILE
"""
MOST_OF_A_COLUMN = 1_000

SECTION = re.compile(r"\[\s*fixes\s*\.\s*(\w+)\s*\.\s*(\w+)\s*\]")
LEFT = re.compile(r"""(?:#\s*)?("(?:[^"\\]|\\.)*"|'[^']*')\s*=""")
"""The left side of a correction, or of one that is a comment."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text of a column, and what may have been meant by it."""

    entity: str
    column: str
    text: str
    meant: str
    count: int
    """Rows that have it."""
    first: Where

    @property
    def line(self) -> str:
        """The correction as TOML."""
        return f"{_toml(self.text)} = {_toml(self.meant)}"

    @property
    def comment(self) -> str:
        """How often it is needed, and where to look: `412 rows, first june.xlsx › Shipments!S2`."""
        return f"{self.count:,} row{'' if self.count == 1 else 's'}, first {self.first}"


def proposals(sheets: Sequence[tuple[CheckedSheet, Sequence[Problem]]]) -> tuple[Proposal, ...]:
    """The corrections that the problems of *sheets* suggest; the most needed of each column first.

    Only where every cell of the column that holds the text has one and the same suggestion: a postcode that is short
    in one country is right in another.  Private columns are left out.
    """
    columns: defaultdict[tuple[str, str], dict[str, dict[Where, set[str]]]] = defaultdict(dict)
    for sheet, problems in sheets:
        for problem in problems:
            if sheet.entity and problem.column in sheet.columns and problem.suggestion and not problem.private:
                texts = columns[sheet.entity.name, problem.column]
                texts.setdefault(problem.value, {}).setdefault(problem.where, set()).add(problem.suggestion)
    return tuple(
        one
        for (entity, column), texts in columns.items()
        for one in _most_needed(
            _of_column(entity, column, texts, _counts([sheet for sheet, _ in sheets], entity, column))
        )
    )


def _most_needed(found: Iterable[Proposal]) -> list[Proposal]:
    return sorted(found, key=lambda one: -one.count)[:MOST_OF_A_COLUMN]


def _of_column(
    entity: str, column: str, texts: Mapping[str, Mapping[Where, set[str]]], counts: Mapping[str, int]
) -> Iterator[Proposal]:
    for text, places in texts.items():
        meant = set().union(*places.values())
        if len(meant) == 1 and len(places) == counts[text] and text.strip():
            yield Proposal(entity, column, text, meant.pop(), len(places), next(iter(places)))


def _counts(sheets: Iterable[CheckedSheet], entity: str, column: str) -> Counter[str]:
    """How often each text stands in the *column* of all sheets of *entity*."""
    counts: Counter[str] = Counter()
    for sheet in sheets:
        if sheet.entity and sheet.entity.name == entity and column in sheet.columns:
            texts = sheet.table.frame[sheet.columns[column]].value_counts()
            counts.update(dict(zip(map(str, texts.index), texts.tolist(), strict=True)))
    return counts


# --- the file -----------------------------------------------------------------------------------------------


def save(path: Path, found: Sequence[Proposal]) -> int:
    """Write those of *found* into the file *path* that it does not speak of yet, and tell how many they are.

    Raises:
        WrongSettings: the file cannot be written, or is none that can be gone on with.
    """
    try:
        before = path.read_text(encoding="utf-8-sig") if path.exists() else HEAD
        told = _told(before)
        new = [one for one in found if (one.entity, one.column, one.text) not in told]
        after = _with(before, new)
        tomllib.loads(after)
        path.write_text(after, encoding="utf-8")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{path} cannot be gone on with: {error}. Correct it, or name another file.") from error
    except OSError as error:
        raise WrongSettings(f"{path} cannot be written: {error.strerror}.") from error
    return len(new)


def _told(content: str) -> set[tuple[str, str, str]]:
    """Entity, column and text of every correction in *content*, also of those that are still comments."""
    told = set()
    section: tuple[str, str] | None = None
    for line in content.splitlines():
        if line.startswith("["):
            header = SECTION.match(line)
            section = (header[1], header[2]) if header else None
        elif section and (left := LEFT.match(line)):
            told.add((*section, str(tomllib.loads(f"text = {left[1]}")["text"])))
    return told


def _with(content: str, new: Iterable[Proposal]) -> str:
    """*content* with *new* lines at the end of their tables, and with tables for those that have none."""
    tables: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in new:
        tables[one.entity, one.column].append(f"# {one.line}   # {one.comment}")
    lines: list[str] = []
    waiting: list[str] = []
    for line in [*content.splitlines(), "["]:
        if line.startswith("["):
            # The table ends before the blank lines, which stay between it and the next one.
            end = len("\n".join(lines).rstrip().splitlines())
            lines[end:end] = waiting
            header = SECTION.match(line)
            waiting = tables.pop((header[1], header[2]), []) if header else []
        lines.append(line)
    whole = "\n".join(lines[:-1]).rstrip()
    return "\n".join([whole, *(_table(*names, those) for names, those in tables.items()), ""])


def _table(entity: str, column: str, lines: Iterable[str]) -> str:
    return "\n".join(["", f"[fixes.{entity}.{column}]", *lines])


def _toml(text: str) -> str:
    """*text* as a basic string of TOML, which is that of JSON but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
