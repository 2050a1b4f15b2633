"""What the data must look like.  The bottom layer: it knows nothing of files, HTTP or the ledger."""

from schemas.entity import Entity
from schemas.order_items import ORDER_ITEMS
from schemas.order_states import ORDER_STATES
from schemas.orders import ORDERS
from schemas.product_images import PRODUCT_IMAGES
from schemas.products import PRODUCTS
from schemas.shipment_events import SHIPMENT_EVENTS
from schemas.shipments import SHIPMENTS

ENTITIES: tuple[Entity, ...] = (
    PRODUCTS,
    PRODUCT_IMAGES,
    ORDERS,
    ORDER_STATES,
    ORDER_ITEMS,
    SHIPMENTS,
    SHIPMENT_EVENTS,
)
"""All entities, in upload order."""


def entity_named(name: str) -> Entity:
    """The entity called *name*, such as "order_items"; raises KeyError."""
    for one in ENTITIES:
        if one.name == name:
            return one
    raise KeyError(name)
