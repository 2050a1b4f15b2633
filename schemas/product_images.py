"""Product images: one per product; a new one replaces the old (vendor's page on product images)."""

from schemas import kinds
from schemas.columns import sku
from schemas.entity import Entity, Field

PRODUCT_IMAGES = Entity(
    name="product_images",
    sheet="Product Images",
    blatt="Produktbilder",
    meaning="One picture per product, shown in the returns portal. JPEG or PNG, square, 800 x 800 pixels or more.",
    path="/product_images",
    method="PUT",
    key=("sku",),
    fields=(
        sku("The product shown."),
        Field(
            "image_file",
            kinds.image(),
            "Image file",
            "Bilddatei",
            "Path of the picture, counted from the spreadsheet's folder, or its http(s) address.",
            "images/shirt.png",
            mandatory=True,
            api="attachment",
            aliases=("image", "picture", "Bild"),
        ),
        Field(
            "filename",
            kinds.code(),
            "File name",
            "Dateiname",
            "Name of the picture on the server; blank takes the file's own.",
            "shirt.png",
        ),
    ),
)
