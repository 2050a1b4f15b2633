"""The schemas of the OpenAPI document and an example for each; all follow from the entities' description."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from importer.sandbox.payloads import ALSO_MANDATORY
from importer.sandbox.resources import RESOURCES
from importer.sandbox.store import FIRST_IDS
from schemas import carriers, countries, currencies
from schemas.cells import Conventions
from schemas.entity import Entity, Field
from schemas.kinds import to_json
from schemas.orders import ORDERS
from schemas.product_images import PRODUCT_IMAGES

Json = dict[str, Any]

# The smallest PNG there is: one pixel.
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

SHARED = {"country": "Country", "currency": "Currency", "language": "Language"}
"""Kinds whose allowed values stand in the document once."""


def ref(name: str) -> Json:
    """A reference to the schema called *name*."""
    return {"$ref": f"#/components/schemas/{name}"}


@cache
def schemas_by_name() -> Json:
    """All schemas by name, sorted.

    Made on first demand: reading the examples loads more than starting the sandbox does.
    """
    return dict(sorted(_named_schemas()))


def _named_schemas() -> Iterator[tuple[str, Json]]:
    text = {"type": "string"}
    yield "Country", text | {"enum": list(countries.codes()), "description": "ISO 3166-1 alpha-2"}
    yield "Currency", text | {"enum": list(currencies.codes()), "description": "ISO 4217"}
    yield "Language", text | {"enum": list(ORDERS.field("language").kind.choices())}
    yield "AccessKey", _object({"access_key": text}, ["access_key"]) | {"examples": [{"access_key": "the access key"}]}
    yield "Token", _object({"token": text}, ["token"])
    yield "NoEntry", _object({"code": {"const": 401}, "message": text}, ["code", "message"])
    violation = _object({"propertyPath": text, "message": text}, ["propertyPath", "message"])
    listed = {"violations": {"type": "array", "items": violation}}
    yield "Problem", _object({"type": text, "title": text, "detail": text, **listed}, ["type", "title", "detail"])
    for resource in RESOURCES:
        yield from _schemas_of(resource.entity, resource.singular, READ_ONLY.get(resource.name, {}))
    yield from _schemas_of(PRODUCT_IMAGES, "ProductImage", READ_ONLY["product_images"])


READ_ONLY: Mapping[str, Json] = {
    "products": {"image_url": {"type": ["string", "null"]}},
    "product_images": {"image_url": {"type": "string"}},
    "orders": {
        "state": {"type": "string"},
        "states_history": {"type": "array", "items": {"type": "object"}},
        "shipments": {"type": "array", "items": ref("Shipment")},
    },
    "shipments": {"carrier_tracking_url": {"type": "string"}, "status": {"type": "string"}},
    "shipment_events": {"shipment_id": {"type": "string"}},
}
"""Members of replies that nobody sends."""


def _schemas_of(entity: Entity, singular: str, read_only: Json) -> Iterator[tuple[str, Json]]:
    members = _members(entity)
    example = _example(entity)
    about = {"description": entity.meaning}
    yield f"{singular}-write", _object(members, _mandatory(entity)) | about | {"examples": [example]}
    if not any(resource.entity is entity and resource.can_only_be_created for resource in RESOURCES):
        # What is not sent stays as it was.
        change = {name: "300000001" for name in members if name == "shipment_id"} or example
        yield f"{singular}-change", _object(members, []) | about | {"examples": [change]}
    shown = {name: schema for name, schema in members.items() if name != "attachment"}
    yield singular, _object({**shown, "id": {"type": "integer"}, **read_only}, ["id"])


def _object(members: Json, mandatory: list[str]) -> Json:
    return {"type": "object", "properties": members} | ({"required": mandatory} if mandatory else {})


def _members(entity: Entity) -> Json:
    """Member -> schema; those with dotted names inside an object of their own."""
    members: Json = {}
    for field in entity.fields:
        outer, _, inner = (field.payload_name or "").partition(".")
        if inner:
            around = members.setdefault(outer, {"type": "object", "properties": {}, "required": []})
            around["properties"][inner] = _member(field)
            around["required"] += [inner] if field.mandatory else []
        elif outer:
            members[outer] = _member(field)
    if "carrier" in members:
        members["carrier"]["anyOf"] = [
            {"properties": {"country": {"const": country}, "name": {"enum": list(names)}}}
            for country, names in carriers.table().items()
        ]
    return members


def _mandatory(entity: Entity) -> list[str]:
    """Names of the members that must be there; an object is named once."""
    names = [
        field.payload_name.partition(".")[0]
        for field in entity.fields
        if field.payload_name and (field.mandatory or (entity.name, field.payload_name) in ALSO_MANDATORY)
    ]
    return list(dict.fromkeys(names))


def _member(field: Field) -> Json:
    kind = field.kind
    made: Json = {"type": kind.json_type, **(kind.limits or {})}
    if kind.json_type == "date-time":
        made = {"type": "string", "format": "date-time"}
    elif kind.json_type == "object":
        made = {"type": "object", "additionalProperties": {"type": "string"}}
    elif kind.name in SHARED:
        made = ref(SHARED[kind.name])
    elif kind.json_type == "string" and kind.choices():
        made = {"type": "string", "enum": list(kind.choices())}
    return made | {"description": _meaning(field)}


def _meaning(field: Field) -> str:
    if field.reference and field.reference.sends_server_id:
        return "Number of the shipment: `id` in the reply to POST /v2/shipments, as text."
    if field.kind.name == "image file":
        return "The file, JPEG or PNG, as base64 without a prefix."
    return field.meaning


def _example(entity: Entity) -> Json:
    """A payload that the sandbox takes, once what it names is there."""
    example: Json = {}
    for field in entity.fields:
        outer, _, inner = (field.payload_name or "").partition(".")
        is_later = field.reference is not None and field.reference.sends_server_id and not field.mandatory
        if not outer or not field.example or is_later:
            continue
        value = _example_value(field)
        if inner:
            example.setdefault(outer, {})[inner] = value
        else:
            example[outer] = value
    return example


def _example_value(field: Field) -> object:
    if field.reference and field.reference.sends_server_id:
        return str(FIRST_IDS[field.reference.entity])
    if field.kind.name == "image file":
        return PICTURE
    return to_json(field.kind.read(field.example, Conventions()).value)
