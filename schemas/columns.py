"""The two columns that several sheets share, so that they accept the same headers everywhere."""

from schemas import kinds
from schemas.entity import Field, Reference

ORDER_REFERENCE = Reference("orders", ("order_id",))
PRODUCT_REFERENCE = Reference("products", ("sku",))
SHIPMENT_REFERENCE = Reference("shipments", ("reference_number", "tracking_code"), sends_server_id=True)


def order_id(meaning: str, reference: Reference | None = ORDER_REFERENCE) -> Field:
    """The order's number, on its own sheet (no reference) and wherever a row belongs to an order."""
    return Field(
        "order_id",
        kinds.code(),
        "Order number",
        "Bestellnummer",
        meaning,
        "EXAMPLE-1001",
        mandatory=True,
        reference=reference,
        aliases=("shop_order_id", "order no", "order reference", "Auftragsnummer", "Bestell-Nr"),
    )


def sku(meaning: str, reference: Reference | None = PRODUCT_REFERENCE) -> Field:
    """The product's number, on its own sheet (no reference) and wherever a row points to a product."""
    return Field(
        "sku",
        kinds.code(),
        "SKU",
        "Artikelnummer",
        meaning,
        "EXAMPLE-SHIRT-M",
        mandatory=True,
        reference=reference,
        aliases=("article number", "Artikelnr", "item number", "product_sku"),
    )
