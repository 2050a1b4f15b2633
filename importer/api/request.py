"""What is asked of the API, and what it is told to be like: frozen values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas import ENTITIES
from schemas.entity import Payload

HARMLESS = frozenset({"GET", "PUT", "DELETE"})
"""Methods that may be sent twice: the second time changes nothing more."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; its path begins below the base URL."""

    method: str
    path: str
    body: Payload | None = None
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_harmless(self) -> bool:
        """Sending it twice is as good as once."""
        return self.method in HARMLESS


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
    lookups: LookUps = field(default_factory=LookUps)
    connect_timeout_s: float = 5
    read_timeout_s: float = 30
    tries: int = 6
    patience_s: float = 300

    def path(self, entity: str) -> str:
        """Path of the entity's collection."""
        usual = {one.name: one.path for one in ENTITIES}
        return self.paths.get(entity, usual[entity])
