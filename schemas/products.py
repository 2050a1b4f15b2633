"""Products: what an order item points to.  Name, price and size live on the item, in the order's language."""

from schemas import kinds
from schemas.columns import sku
from schemas.entity import Entity, Field

PRODUCTS = Entity(
    name="products",
    sheet="Products",
    blatt="Produkte",
    meaning="One row per article in the warehouse. Products come first: images and order items point to them.",
    path="/products",
    key=("sku",),
    fields=(
        sku("Your article number, unique per product.", reference=None),
        Field(
            "customs_description",
            kinds.text(),
            "Customs description",
            "Zollbeschreibung",
            "What customs officers should read; needed for CH, GB and NO.",
            "Cotton shirt",
        ),
        Field(
            "customs_item_value",
            kinds.code(),
            "Customs value",
            "Zollwert",
            "Value of one piece. The vendor types it as text and documents no currency.",
            "24.90",
        ),
        Field(
            "customs_tariff_code_sending_country",
            kinds.code(),
            "Tariff code, sending country",
            "Zolltarifnummer Versandland",
            "HS code in the country the goods leave.",
            "61051000",
            aliases=("HS code", "Zolltarifnummer"),
        ),
        Field(
            "customs_tariff_code_receiving_country",
            kinds.code(),
            "Tariff code, receiving country",
            "Zolltarifnummer Empfangsland",
            "HS code in the country the goods go to.",
            "6105100000",
        ),
        Field(
            "customs_origin_country_iso2",
            kinds.country(),
            "Country of origin",
            "Ursprungsland",
            "Where the goods were made.",
            "PT",
            aliases=("customs_origin_country", "origin country"),
        ),
    ),
)
