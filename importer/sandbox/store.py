"""The sandbox's records in SQLite: one table per entity, the record as JSON.  Knows no rules of the API.

Commits are not made durable against a loss of power; a file that was given survives the end of the process.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from importer.errors import WrongSettings
from schemas import ENTITIES

Record = dict[str, Any]
"""A record as JSON, its `id` first."""

SEARCHED: Mapping[str, tuple[str, ...]] = {
    "products": ("sku",),
    "product_images": ("sku",),
    "orders": ("order_id", "state"),
    "order_states": ("order_id",),
    "order_items": ("order_id",),
    "shipments": ("order_id", "reference_number", "tracking_code"),
    "shipment_events": ("shipment_id",),
}
"""Members by which records are looked up."""

FIRST_IDS: Mapping[str, int] = {
    "products": 1_001,
    "product_images": 50_001,
    "orders": 4_434_712,
    "order_states": 20_000_001,
    "order_items": 70_000_001,
    "shipments": 300_000_001,
    "shipment_events": 9_000_001,
}
"""Far apart, so that the number of one entity is never taken for that of another.  Shipments have nine digits (vendor's
Q&A page, 2024); an order's number is of the size that the vendor's pages show."""


class Store:
    """All records.  Used by one thread at a time."""

    def __init__(self, file: Path | None = None) -> None:
        """Open *file*, or memory.

        Raises:
            WrongSettings: the file cannot be opened or is no SQLite file.
        """
        try:
            self._db = sqlite3.connect(file or ":memory:", isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = OFF")
            self._create_tables()
        except sqlite3.Error as error:
            raise WrongSettings(f"{file}: the sandbox cannot keep its records there ({error}).") from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def insert(self, entity: str, body: Mapping[str, Any]) -> Record:
        """Store *body* as a new record and give it back with its number."""
        added = self._db.execute(f'INSERT INTO "{entity}" (body) VALUES (?)', (_text(body),))  # noqa: S608 - ours
        return {"id": added.lastrowid, **body}

    def replace(self, entity: str, record: Record) -> None:
        """Store *record* in place of the one with the same number."""
        body = {name: value for name, value in record.items() if name != "id"}
        self._db.execute(
            f'UPDATE "{entity}" SET body = ? WHERE id = ?',  # noqa: S608 - ours
            (_text(body), record["id"]),
        )

    def delete(self, entity: str, number: int) -> None:
        """Remove the record with that number, if it is there.  Its number is never given again."""
        self._db.execute(f'DELETE FROM "{entity}" WHERE id = ?', (number,))  # noqa: S608 - ours

    def get(self, entity: str, number: object) -> Record | None:
        """The record with that number, written as digits or a whole number."""
        text = str(number)
        if not (text.isascii() and text.isdigit()) or len(text) > len(str(2**62)):
            return None
        found = self._db.execute(f'SELECT id, body FROM "{entity}" WHERE id = ?', (int(text),))  # noqa: S608 - ours
        return _first(found)

    def first(self, entity: str, member: str, value: object) -> Record | None:
        """The oldest record that has just that *value* in one of its searched members."""
        found = self.find(entity, {member: value}, limit=1)
        return found[0] if found else None

    def find(self, entity: str, filters: Mapping[str, object], *, limit: int = -1, offset: int = 0) -> list[Record]:
        """Records with just these values, oldest first; a negative *limit* means all."""
        assert set(filters) <= set(SEARCHED[entity])
        where = "".join(f' AND "{member}" = ?' for member in filters)
        found = self._db.execute(
            f'SELECT id, body FROM "{entity}" WHERE TRUE{where} ORDER BY id LIMIT ? OFFSET ?',  # noqa: S608 - ours
            (*filters.values(), limit, offset),
        )
        return _records(found)

    def count(self, entity: str, filters: Mapping[str, object]) -> int:
        """How many records have just these values."""
        assert set(filters) <= set(SEARCHED[entity])
        where = "".join(f' AND "{member}" = ?' for member in filters)
        counted = self._db.execute(
            f'SELECT COUNT(*) FROM "{entity}" WHERE TRUE{where}',  # noqa: S608 - ours
            tuple(filters.values()),
        )
        return int(counted.fetchone()[0])

    def picture(self, sku: str) -> bytes | None:
        """The stored picture of a product."""
        found = self._db.execute("SELECT content FROM pictures WHERE sku = ?", (sku,)).fetchone()
        return bytes(found[0]) if found else None

    def keep_picture(self, sku: str, content: bytes) -> None:
        """Store the picture of a product in place of the former one."""
        self._db.execute("INSERT OR REPLACE INTO pictures (sku, content) VALUES (?, ?)", (sku, content))

    def drop_picture(self, sku: str) -> None:
        """Remove the picture of a product."""
        self._db.execute("DELETE FROM pictures WHERE sku = ?", (sku,))

    def everything(self) -> dict[str, list[Record]]:
        """Every record of every entity, by the entities' names, oldest first."""
        return {entity.name: self.find(entity.name, {}) for entity in ENTITIES}

    def clear(self) -> None:
        """Forget everything and number from the start."""
        for table in (*SEARCHED, "pictures"):
            self._db.execute(f'DELETE FROM "{table}"')  # noqa: S608 - ours
        self._db.execute("DELETE FROM sqlite_sequence")
        self._number_from_the_start()

    def _create_tables(self) -> None:
        for table, members in SEARCHED.items():
            columns = [
                f"\"{name}\" TEXT GENERATED ALWAYS AS (json_extract(body, '$.{name}')) VIRTUAL" for name in members
            ]
            self._db.execute(
                f'CREATE TABLE IF NOT EXISTS "{table}" '
                f"({', '.join(['id INTEGER PRIMARY KEY AUTOINCREMENT', 'body TEXT NOT NULL', *columns])})"
            )
            for name in members:
                self._db.execute(f'CREATE INDEX IF NOT EXISTS "{table}_{name}" ON "{table}" ("{name}")')
        self._db.execute("CREATE TABLE IF NOT EXISTS pictures (sku TEXT PRIMARY KEY, content BLOB NOT NULL)")
        if not self._db.execute("SELECT 1 FROM sqlite_sequence").fetchone():
            self._number_from_the_start()

    def _number_from_the_start(self) -> None:
        before_first = [(table, number - 1) for table, number in FIRST_IDS.items()]
        self._db.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", before_first)


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _records(rows: Iterable[tuple[int, str]]) -> list[Record]:
    return [{"id": number, **json.loads(body)} for number, body in rows]


def _first(rows: Iterable[tuple[int, str]]) -> Record | None:
    return next(iter(_records(rows)), None)
