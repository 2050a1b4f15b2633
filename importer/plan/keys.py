"""Rows of one entity that share a key: an error where keys are to be unique, a number where they are counted."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from importer.findings import Finding, Numbers
from importer.keys import KeyIndex, Shown
from importer.model import Row, Severity
from importer.plan.book import PLACE, SHEET, Book, Question, Said
from schemas.entity import Entity
from schemas.kinds import to_json


class SameKeys(Question):
    """Finds the rows of an entity whose cells in the fields of a key are the same.

    Only rows that have all these cells, and not all those of the key *before*, which would be theirs.
    """

    def __init__(self, book: Book, entity: Entity, key: Sequence[str], before: Sequence[str] = ()) -> None:
        self._book = book
        self._entity = entity
        self.key = key
        self._before = before
        self._index = KeyIndex()

    def columns(self, entity: str) -> Collection[str]:
        """Those of both keys."""
        return {*self.key, *self._before} if entity == self._entity.name else ()

    def look(self, entity: str, rows: Numbers, columns: Shown) -> None:  # noqa: ARG002 - of one entity
        """Keep the hashes of keys."""
        wanted = columns.filled(*self.key)
        if self._before:
            wanted &= ~columns.filled(*self._before)
        self._index.add(columns.hashes(wanted, *self.key), rows[wanted])

    def groups(self) -> Iterator[Numbers]:
        """Rows that share a key, group by group, each in order; at least two."""
        alike = list(self._index.duplicates())
        if not alike:
            return
        # Equal hashes are equal keys but for a chance in a million million; the texts decide.
        rows = np.sort(np.concatenate(alike))
        texts = zip(*(self._book.texts(name, rows).to_pylist() for name in self.key), strict=True)
        groups: defaultdict[tuple[str | None, ...], list[int]] = defaultdict(list)
        for row, key in zip(rows.tolist(), texts, strict=True):
            groups[key].append(row)
        yield from (np.array(group) for group in groups.values() if len(group) > 1)


class Duplicates:
    """Rows that have one key, though it is to be unique."""

    def __init__(self, book: Book, entity: Entity) -> None:
        self._book = book
        self._entity = entity
        self.questions = [SameKeys(book, entity, entity.key)]
        if entity.else_key and not entity.numbered:
            self.questions.append(SameKeys(book, entity, entity.else_key, before=entity.key))

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """An error at each row, which names the others."""
        for same in self.questions:
            groups = list(same.groups())
            if groups:
                rows = np.concatenate(groups)
                group_of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
                order = np.argsort(rows)
                yield from self._told(rows[order], group_of[order], groups, same.key[0])

    def _told(
        self, rows: Numbers, group_of: Numbers, groups: Sequence[Numbers], name: str
    ) -> Iterator[tuple[int, Finding]]:
        def said(at: int) -> Said:
            others = self._book.places(groups[group_of[at]], but=int(rows[at]))
            return Said("duplicate_key", {"others": others})

        yield from self._book.findings(rows, self._entity.field(name), Severity.ERROR, said)


class Counted:
    """Rows that may share a key and are told apart by counting them, in the order of their content.

    Content, not position: sorting a sheet, or spreading it over two files, changes no key.
    """

    def __init__(self, book: Book, entity: Entity) -> None:
        self._book = book
        self.question = SameKeys(book, entity, entity.else_key, before=entity.key)

    def numbers(self) -> dict[int, dict[int, int]]:
        """Sheet -> place of a row -> its number among those that share its key; the first ones are left out."""
        found: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for group in self.question.groups():
            content = sorted((_content(self._book.row(row)), row) for row in group.tolist())
            for number, (_, row) in enumerate(content[1:], start=2):
                found[row >> SHEET][row & PLACE] = number
        return found


def _content(row: Row) -> str:
    return repr(sorted((name, str(to_json(value))) for name, value in row.values.items()))
