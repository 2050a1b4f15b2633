import base64
from hashlib import sha256

import pytest
import requests
from vendor_client import PRODUCT, complaints, picture

from importer.sandbox import SandboxOptions

IMAGE = {"sku": "QA_SKU_1", "attachment": picture(), "filename": "TestImage.png"}


def test_image_of_a_product(sandbox, api):
    """An image is stored with its product, and the product's image_url shows it to everyone."""
    api.made("/products", PRODUCT)

    reply = api.put("/product_images", IMAGE)

    [product] = api.get("/products?sku=QA_SKU_1").json()
    shown = requests.get(product["image_url"], timeout=20)
    content = base64.b64decode(IMAGE["attachment"])
    assert (reply.status_code, reply.json()["image_url"]) == (200, product["image_url"])
    assert (shown.headers["content-type"], shown.content) == ("image/png", content)
    [stored] = sandbox.state()["product_images"]
    assert (stored["size"], stored["sha256"]) == (len(content), sha256(content).hexdigest())


def test_image_is_replaced(sandbox, api):
    """A second image takes the place of the first: one per product."""
    api.put("/product_images", IMAGE)
    api.put("/product_images", {**IMAGE, "attachment": picture("JPEG"), "filename": "other.jpg"})

    [product] = api.get("/products").json()
    assert requests.get(product["image_url"], timeout=20).headers["content-type"] == "image/jpeg"
    assert [one["filename"] for one in sandbox.state()["product_images"]] == ["other.jpg"]


def test_image_is_deleted(sandbox, api):
    """A deleted image leaves its product, without an address."""
    api.put("/product_images", IMAGE)
    [before] = api.get("/products").json()

    replies = [api.send("DELETE", "/product_images?sku=QA_SKU_1").status_code for _ in range(2)]

    assert replies == [204, 404]
    assert api.get("/products").json() == [before | {"image_url": None}]
    assert requests.get(before["image_url"], timeout=20).status_code == 404
    assert sandbox.state()["product_images"] == []


def test_sku_in_the_path(api):
    """Whether the SKU stands in the path or in the body is not known: both work."""
    named = {name: value for name, value in IMAGE.items() if name != "sku"}

    put = api.put("/product_images/A%2FB", named)
    deleted = api.send("DELETE", "/product_images/A%2FB")
    api.put("/product_images", IMAGE)
    by_body = api.send("DELETE", "/product_images", {"sku": "QA_SKU_1"})

    assert (put.status_code, put.json()["sku"]) == (200, "A/B")
    assert (deleted.status_code, by_body.status_code) == (204, 204)


def test_image_of_an_unknown_product(switched):
    """An image of an unknown SKU creates the product, as one page says, or is refused, as another one says."""
    created = switched(SandboxOptions())
    first = created.put("/product_images", IMAGE).status_code
    products = [product["sku"] for product in created.get("/products").json()]
    refused = switched(SandboxOptions(images_need_products=True)).put("/product_images", IMAGE)

    assert (first, products) == (200, ["QA_SKU_1"])
    assert complaints(refused) == {"sku": 'Item not found for "QA_SKU_1".'}


@pytest.mark.parametrize(
    "attachment",
    ["no base64", "data:image/png;base64," + picture(), base64.b64encode(b"GIF89a").decode(), picture("BMP"), "ä"],
    ids=["no base64", "data URI", "GIF", "BMP", "letters"],
)
def test_what_is_no_picture(sandbox, api, attachment):
    """Only base64 of a JPEG or PNG is taken."""
    reply = api.put("/product_images", {**IMAGE, "attachment": attachment})

    assert (reply.status_code, list(complaints(reply))) == (400, ["attachment"])
    assert sandbox.state()["products"] == []


def test_large_image(sandbox, api):
    """A picture of ten megabytes gets in."""
    content = base64.b64decode(picture()) + b"\0" * 10_000_000

    reply = api.put("/product_images", {**IMAGE, "attachment": base64.b64encode(content).decode()})

    assert reply.status_code == 200
    assert sandbox.state()["product_images"][0]["size"] == len(content)
