"""Payloads written by hand from the vendor's pages, not derived from our description, and a client that sends them."""

import base64
import io
from dataclasses import dataclass

import requests
from PIL import Image

ORDER = {"order_id": "SO-1", "order_url": "https://www.7s.com", "order_date": "2017-08-15T16:53:07+01:00"}
PRODUCT = {"sku": "QA_SKU_1"}
ITEM = {
    "order_id": "SO-1",
    "sku": "QA_SKU_1",
    "name": "Shirt",
    "description": "A shirt",
    "sales_price": 19.99,
    "currency": "EUR",
    "size": "Medium",
    "weight": 0.5,
    "returnable": True,
}
SHIPMENT = {
    "order_id": "SO-1",
    "tracking_code": "00340434161094042557",
    "reference_number": "REF-1",
    "carrier": {"name": "dhl", "country": "DE"},
    "carrier_service": "standard",
    "planned_pickup_datetime": "2020-08-15T09:00:00+0000",
    "warehouse": "Primary Warehouse",
    "warehouse_address": "Schwedter Strasse 36A, 10435 Berlin",
    "recipient_first_name": "Erika",
    "recipient_last_name": "Mustermann",
    "recipient_email": "erika@example.com",
    "recipient_address": "Packstation 123",
    "recipient_zip": "01067",
    "recipient_city": "Dresden",
    "recipient_country": "DE",
    "weight": 0,
}
STATE = {"order_id": "SO-1", "state": "in_preparation", "datetime": "2019-09-17T18:18:21+02:00"}


def picture(file_format: str = "PNG", colour: str = "red") -> str:
    """A real picture of 8 x 8 pixels, as base64."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, file_format)
    return base64.b64encode(content.getvalue()).decode()


@dataclass
class Client:
    """Speaks to a sandbox with a token, as the importer does."""

    sandbox: object
    token: str

    def send(self, method, path, json=None, **more):
        """One request below /v2."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.request(method, self.sandbox.base_url + path, json=json, headers=headers, timeout=20, **more)

    def get(self, path):
        """GET."""
        return self.send("GET", path)

    def post(self, path, json):
        """POST."""
        return self.send("POST", path, json)

    def put(self, path, json):
        """PUT."""
        return self.send("PUT", path, json)

    def made(self, path, json):
        """The record that a POST creates."""
        reply = self.post(path, json)
        assert reply.status_code == 201, reply.text
        return reply.json()


def new_token(sandbox):
    """A fresh token of *sandbox*."""
    reply = requests.post(f"{sandbox.base_url}/token", json={"access_key": sandbox.access_key}, timeout=20)
    return reply.json()["token"]


def complaints(reply):
    """The violations in *reply*: path -> message."""
    return {one["propertyPath"]: one["message"] for one in reply.json()["violations"]}
