"""The API's resources and the paths below /v2 where they are found.  No behaviour."""

from dataclasses import dataclass

from schemas.entity import Entity
from schemas.order_items import ORDER_ITEMS
from schemas.order_states import ORDER_STATES
from schemas.orders import ORDERS
from schemas.products import PRODUCTS
from schemas.shipment_events import SHIPMENT_EVENTS
from schemas.shipments import SHIPMENTS

BASE = "/v2"


@dataclass(frozen=True, slots=True)
class Resource:
    """Records of one entity, and what can be done with them."""

    entity: Entity
    singular: str
    """What the vendor's framework calls one of them, such as "OrderItem"."""
    filters: tuple[str, ...] = ()
    """Query parameters of the list that are understood; others are ignored, as the framework does."""
    can_only_be_created: bool = False
    """There is POST and nothing else."""

    @property
    def name(self) -> str:
        """The entity's name."""
        return self.entity.name

    @property
    def unique(self) -> str | None:
        """The member of which no two records may share a value, if not blank."""
        return self.entity.key[0] if len(self.entity.key) == 1 else None


RESOURCES = (
    Resource(PRODUCTS, "Product", filters=("sku",)),
    Resource(ORDERS, "Order", filters=("order_id", "state")),
    Resource(ORDER_ITEMS, "OrderItem", filters=("order_id",)),
    Resource(SHIPMENTS, "Shipment", filters=("reference_number", "tracking_code", "order_id")),
    Resource(ORDER_STATES, "OrderState", can_only_be_created=True),
    Resource(SHIPMENT_EVENTS, "ShipmentEvent", can_only_be_created=True),
)
"""All resources that have numbered records.  A product's image has none: it belongs to its SKU."""

ALIASES = {
    "/product": "/products",
    "/product_image": "/product_images",
    "/order": "/orders",
    "/order_state": "/order_states",
    "/order_item": "/order_items",
    "/shipment": "/shipments",
    "/shipment_event": "/shipment_events",
}
"""Singular paths, as some pages print them; hyphens and the suffix `.json` are understood besides."""


def usual_path(path: str) -> str:
    """The spelling that the sandbox answers to, of a *path* below /v2 in another spelling from the vendor's pages."""
    first, slash, rest = path.removesuffix(".json").lstrip("/").partition("/")
    # "/shipment/events/{id}" is a path of its own, of 2017.
    if first == "shipment" and rest.startswith("events/"):
        return f"/{first}/{rest}"
    usual = f"/{first.replace('-', '_')}"
    return f"{ALIASES.get(usual, usual)}{slash}{rest}"
