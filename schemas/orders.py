"""Orders: the shop's order number is also the consumer's log-in to the returns portal."""

from schemas import hints, kinds
from schemas.columns import order_id
from schemas.entity import Entity, Field

ORDERS = Entity(
    name="orders",
    sheet="Orders",
    blatt="Bestellungen",
    meaning="One row per order. With the e-mail of its shipment, the order number opens the returns portal.",
    path="/orders",
    key=("order_id",),
    hints=(
        hints.together("order_url", "language", "language_without_url"),
        hints.not_in_future("order_date"),
        hints.together("language", "order_url", "url_without_language"),
        hints.not_before("promised_delivery_date", "order_date", "promised_before_ordered"),
    ),
    fields=(
        order_id("Your order number; consumers log in to the returns portal with it.", reference=None),
        Field(
            "order_url",
            kinds.web_address(),
            "Shop address",
            "Shop-Adresse",
            "Web site the order came from; with the language it selects the portal's localisation.",
            "https://shop.example.com",
            recommended=True,
            aliases=("shop_order_url", "shop url"),
        ),
        Field(
            "order_date",
            kinds.moment(),
            "Order date",
            "Bestelldatum",
            "When the order was placed.",
            "2026-01-31 10:00",
            mandatory=True,
            aliases=("shop_order_date", "date of order", "Auftragsdatum"),
        ),
        Field(
            "language",
            kinds.language(),
            "Language",
            "Sprache",
            "Language of mails and of the portal for this order.",
            "de",
            recommended=True,
            aliases=("order language", "lang"),
        ),
        Field(
            "promised_delivery_date",
            kinds.moment(),
            "Promised delivery date",
            "Zugesagter Liefertermin",
            "Date promised to the consumer; needed when a shipment has local_delivery.",
            "2026-02-04",
            recommended=True,
            aliases=("delivery date", "Lieferdatum"),
        ),
        Field(
            "boarding_complete",
            kinds.boolean(),
            "All parcels sent",
            "Alle Pakete versandt",
            "TRUE once all shipments of the order are in; blank leaves it open.",
            "TRUE",
        ),
        Field(
            "order_tags",
            kinds.tags(),
            "Order tags",
            "Bestell-Tags",
            "Tags for your statistics, as key=value; key=value.",
            "channel=web; season=winter",
        ),
        Field(
            "delivered_with_seven_senders",
            kinds.boolean(),
            "Delivered with Seven Senders",
            "Zustellung mit Seven Senders",
            "Known from one client only and absent from later pages; leave it blank unless you were told to fill it.",
            "",
        ),
    ),
)
