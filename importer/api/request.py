"""What is asked of the API, and what it is told to be like: frozen values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from importer.model import Reply
from schemas.entity import Entity

HARMLESS = frozenset({"GET", "PUT", "DELETE"})
"""Methods that may be sent twice: the second time changes nothing more."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; its path begins below the base URL.  What it holds may be private and does not show in its text."""

    method: str
    path: str
    body: Mapping[str, object] | None = field(default=None, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeatable: bool = False
    """Harmless to send twice although the method does not say so, such as asking for a token."""

    @property
    def is_harmless(self) -> bool:
        """Sending it twice is as good as once."""
        return self.repeatable or self.method in HARMLESS


class Sender(Protocol):
    """Anything that sends: the tokens, the pacer and the patience are stacked on each other."""

    def send(self, request: Request) -> Reply:
        """The reply; raises as `importer.errors` says."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """Look-ups that the vendor does not document, each of which may be off."""

    products: bool = True
    shipments: bool = True
    order_items: bool = True
    shipment_events: bool = True


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """How to talk to the API; each is described in `importer.settings`."""

    base_url: str
    paths: Mapping[str, str] = field(default_factory=dict)
    """Entity -> path, where it is not the usual one."""
    update_paths: Mapping[str, str] = field(default_factory=dict)
    """Entity -> path of one record, with `{id}` or a member such as `{sku}` in it; the usual one is `PATH/{id}`."""
    events_path: str = "/shipment/events/{id}"
    """Where a shipment's events are read (page "Shipment/events/:id" of 2017)."""
    lookups: LookUps = field(default_factory=LookUps)
    connect_timeout_s: float = 5
    read_timeout_s: float = 30
    tries: int = 6
    """How often a request that was surely not done is sent."""
    patience_s: float = 300
    """Seconds to wait in all for one request to be taken."""

    def path(self, entity: Entity) -> str:
        """Path of the entity's collection."""
        return self.paths.get(entity.name, entity.path)

    def update_path(self, entity: Entity, server_id: str, body: Mapping[str, object]) -> str:
        """Path of one record; a PUT entity has only its collection, where the body says which record is meant."""
        if entity.method == "PUT" and entity.name not in self.update_paths:
            return self.path(entity)
        pattern = self.update_paths.get(entity.name, self.path(entity) + "/{id}")
        return filled(pattern, {**body, "id": server_id})


def filled(pattern: str, values: Mapping[str, object]) -> str:
    """*pattern* with its `{name}` replaced by the values, written as one step of a path each."""
    for name, value in values.items():
        if f"{{{name}}}" in pattern:
            pattern = pattern.replace(f"{{{name}}}", quote(str(value), safe=""))
    return pattern
