"""The slips that `make_mistakes` puts into the shop, one cell each.

What is to be found is written down here by hand, never taken from the importer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.cells import Value

ONLY_AT_UPLOAD = ""
"""In place of a code: no error in the file, since the row's parent might be on the server."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One cell of the shop, and what somebody made of it."""

    entity: str
    row: Mapping[str, str]
    """Cells that tell the row from all others, as they are in the good shop."""
    column: str
    wrong: Value
    """As the cell is left behind; "" = left blank."""
    code: str
    suggestion: str
    why: str
    """How it comes about, for the README."""


MISTAKES = (
    Mistake(
        "product_images", {"sku": "NM-0302"}, "image_file", "images/laterne.png",
        "image_not_found", "", "The picture's file is called lantern.png.",
    ),
    Mistake(
        "orders", {"order_tags": "channel=phone"}, "order_id", "NM-1011",
        "duplicate_key", "", "The order number was copied down from the row above; both rows are told.",
    ),
    Mistake(
        "orders", {"order_id": "NM-1005"}, "language", "nl",
        "language_not_offered", "", "The customer is Dutch, but Dutch is none of the 25 order languages.",
    ),
    # The parcels of these two orders are held back as well: the API takes no earlier state once a parcel has gone out.
    Mistake(
        "order_states", {"order_id": "NM-1003", "location": "Lager Rostock"}, "state", "in preperation",
        "not_a_choice", "in_preparation", "Misspelt, and a blank where an underscore belongs.",
    ),
    Mistake(
        "order_states", {"order_id": "NM-1002"}, "datetime", "03/04/2026",
        "ambiguous_date", "", "This may be 3 April or 4 March.",
    ),
    Mistake(
        "order_items", {"order_id": "NM-1001", "sku": "NM-0301"}, "sales_price", "abc",
        "not_a_number", "", "Somebody meant to fill in the price later.",
    ),
    Mistake(
        "order_items", {"order_id": "NM-1002", "sku": "NM-0201-M"}, "currency", "EU",
        "currency_unknown", "EUR", "The last letter is missing.",
    ),
    Mistake(
        "order_items", {"order_id": "NM-1003", "line": "1"}, "weight", "1,234",
        "ambiguous_number", "", "This may be a little over one kilogram, or more than a ton.",
    ),
    Mistake(
        "order_items", {"order_id": "NM-1004", "sku": "NM-0302"}, "quantity", 0,
        "out_of_range", "", "An order line with no pieces.",
    ),
    Mistake(
        "order_items", {"order_id": "NM-1006", "sku": "NM-0101"}, "sku", "NM-0110",
        ONLY_AT_UPLOAD, "", "Two digits changed places; an article of that number might be on the server.",
    ),
    Mistake(
        "order_items", {"order_id": "NM-1008", "sku": "NM-0202"}, "returnable", "maybe",
        "not_a_boolean", "", "Neither yes nor no.",
    ),
    Mistake(
        "order_items", {"order_id": "NM-1010", "sku": "NM-0201-M"},
        "shop_product_url", "www.nordmole.example/es/camiseta",
        "not_a_web_address", "https://www.nordmole.example/es/camiseta", "Copied without https:// in front.",
    ),
    Mistake(
        "order_items", {"order_id": "NM-1012", "sku": "NM-0202"}, "order_id", "NM-1021",
        ONLY_AT_UPLOAD, "", "Two digits changed places; an order of that number might be on the server.",
    ),
    Mistake(
        "shipments", {"reference_number": "NM-S-1001"}, "recipient_country", "Deutchland",
        "country_unknown", "DE", "Misspelt; Deutschland or Germany would have been understood.",
    ),
    Mistake(
        "shipments", {"reference_number": "NM-S-1002"}, "tracking_code", "3.40434E+17",
        "code_damaged", "", "The column was not formatted as text, and Excel has shortened the number for good.",
    ),
    Mistake(
        "shipments", {"reference_number": "NM-S-1003"}, "carrier_name", "hermes",
        "carrier_not_in_country", "", "Hermes takes over no parcels in France.",
    ),
    Mistake(
        "shipments", {"reference_number": "NM-S-1004"}, "planned_pickup_datetime", "31.02.2026",
        "not_a_date", "", "February has no 31st.",
    ),
    Mistake(
        "shipments", {"tracking_code": "00340434161094042588"}, "reference_number", "NM-S-1007-1",
        "duplicate_key", "", "The second parcel was given the number of the first; both rows are told.",
    ),
    Mistake(
        "shipments", {"reference_number": "NM-S-1008"}, "recipient_email", "niccolo.dangelo.example.it",
        "not_an_email", "", "The @ is missing.",
    ),
    Mistake(
        "shipments", {"reference_number": "NM-S-1011"}, "recipient_zip", "",
        "missing", "", "The postcode was forgotten.",
    ),
    Mistake(
        "shipment_events", {"shipment_reference": "NM-S-1003"}, "event", "Refunde",
        "not_a_choice", "Refunded", "The last letter is missing.",
    ),
    Mistake(
        "shipment_events", {"shipment_reference": "00340434161094042557"}, "shipment_reference", "00340434161094042575",
        ONLY_AT_UPLOAD, "", "Two digits changed places; a parcel of that number might be on the server.",
    ),
)  # fmt: skip
