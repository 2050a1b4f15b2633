"""Files of the same name from different folders, told apart: a row is known by its file's name, sheet and number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from importer.model import Problem, Table


def told_apart(tables: Iterable[Table]) -> tuple[Table, ...]:
    """*tables*; those of files that share a name have as much of their folders before it as tells them apart."""
    tables = tuple(tables)
    alike: defaultdict[str, dict[Path, None]] = defaultdict(dict)
    for table in tables:
        alike[table.where.file][table.path] = None
    names = {file: _names(file, tuple(paths)) for file, paths in alike.items() if len(paths) > 1}
    return tuple(
        _named(table, names[table.where.file][table.path]) if table.where.file in names else table for table in tables
    )


def _names(file: str, paths: tuple[Path, ...]) -> dict[Path, str]:
    """A name for each of *paths*, all different: june/orders.csv."""
    longest = max(len(path.parts) for path in paths)
    tails = ([path.parent.parts[-length:] for path in paths] for length in range(1, longest + 1))
    # Different paths differ somewhere.
    folders = next(found for found in tails if len(set(found)) == len(paths))
    return {path: "/".join([*folder, file]) for path, folder in zip(paths, folders, strict=True)}


def _named(table: Table, file: str) -> Table:
    return replace(
        table,
        where=replace(table.where, file=file),
        problems=tuple(_moved(problem, file) for problem in table.problems),
        source=_named(table.source, file) if table.source else None,
    )


def _moved(problem: Problem, file: str) -> Problem:
    return replace(problem, where=replace(problem.where, file=file))
