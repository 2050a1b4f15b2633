"""The one image of a product: stored, replaced, deleted and shown."""

import base64
import binascii
from hashlib import sha256
from urllib.parse import quote

from importer.errors import Violation
from importer.sandbox import checks, records
from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, Refusal, json_answer, problem
from importer.sandbox.store import Record
from schemas.product_images import PRODUCT_IMAGES

FORMATS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
"""How files of the two formats begin ("Product images" page: JPEG or PNG only)."""


def put(account: Account, body: object) -> Answer:
    """PUT of a product's image, in place of the former one; an unknown SKU is created unless the options say no."""
    payload = checks.checked(account, PRODUCT_IMAGES, body)
    content = _content(payload["attachment"])
    if _format(content) is None:
        checks.refuse(account, [Violation("attachment", "The file must be a JPEG or PNG, sent as base64.")])
    product = account.store.first("products", "sku", payload["sku"])
    if product is None and account.options.images_need_products:
        checks.refuse_reference(account, "sku", payload["sku"])
    image = _stored(account, payload["sku"], payload["filename"], content)
    product = product or records.stored(account, "products", {"sku": payload["sku"]})
    account.store.replace("products", product | {"image_url": image["image_url"]})
    return json_answer(200, {name: image[name] for name in ("id", "sku", "filename", "image_url")})


def delete(account: Account, sku: object) -> Answer:
    """DELETE of a product's image: 204; the product stays, without one."""
    image = account.store.first("product_images", "sku", sku) if isinstance(sku, str) else None
    if image is None:
        raise Refusal(problem(404))
    account.store.delete("product_images", image["id"])
    account.store.drop_picture(image["sku"])
    product = account.store.first("products", "sku", image["sku"])
    if product:
        account.store.replace("products", product | {"image_url": None})
    return Answer(204)


def shown(account: Account, sku: str) -> Answer:
    """The picture itself, as its public address gives it."""
    content = account.store.picture(sku)
    if content is None:
        raise Refusal(problem(404))
    return Answer(200, content, (("content-type", str(_format(content))),))


def _content(attachment: str) -> bytes:
    """The file in *attachment*; b"" when it is no base64."""
    try:
        return base64.b64decode(attachment, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _format(content: bytes) -> str | None:
    return next((format_ for beginning, format_ in FORMATS if content.startswith(beginning)), None)


def _stored(account: Account, sku: str, filename: str, content: bytes) -> Record:
    """The image's record; size and digest are for tests that look at the sandbox's state."""
    body = {
        "sku": sku,
        "filename": filename,
        "image_url": f"{account.url}/images/{quote(sku, safe='')}",
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }
    account.store.keep_picture(sku, content)
    former = account.store.first("product_images", "sku", sku)
    if former is None:
        return account.store.insert("product_images", body)
    account.store.replace("product_images", {"id": former["id"], **body})
    return {"id": former["id"], **body}
