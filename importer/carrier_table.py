"""The carrier table in force for an account: the API's, once it was fetched, else the one that ships with us."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from importer.errors import UnreadableFile
from importer.speech import english
from schemas import carriers

SHIPPED = english("the vendor's Return Portal Pro page (2020), as shipped with the importer")


@dataclass(frozen=True, slots=True)
class CarrierTable:
    """Carriers per country, and where they come from."""

    carriers: Mapping[str, tuple[str, ...]]
    """Country -> carrier codes."""
    origin: str
    """In words, for whoever asks; in English."""


def in_force(folder: Path, account: str) -> CarrierTable:
    """The table for *account*, kept in *folder* once it was fetched.

    Raises:
        UnreadableFile: the kept table is damaged.
    """
    path = _path(folder, account)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        table = {country: tuple(codes) for country, codes in kept["carriers"].items()}
        return CarrierTable(table, f"GET {kept['server']}/carriers, fetched {kept['fetched_at']}")
    except FileNotFoundError:
        return CarrierTable(carriers.table(), SHIPPED)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise UnreadableFile(
            "{path} is damaged. Remove it, or run `importer carriers --refresh`.", path=str(path)
        ) from error


def keep(folder: Path, account: str, server: str, table: Mapping[str, tuple[str, ...]], now: datetime) -> CarrierTable:
    """Keep *table*, as fetched from *server*, and give back what is in force from now on."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {"server": server, "fetched_at": now.isoformat(timespec="seconds"), "carriers": table}
    path = _path(folder, account)
    new = path.with_suffix(".part")
    new.write_text(json.dumps(kept, indent=2), encoding="utf-8")
    new.replace(path)
    return in_force(folder, account)


def _path(folder: Path, account: str) -> Path:
    return folder / f"carriers-{hashlib.sha256(account.encode()).hexdigest()[:12]}.json"
