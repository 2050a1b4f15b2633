"""The OpenAPI document, so that a person can call the sandbox by it alone: its operations.  Schemas: `openapi_schemas`.

Operations have the names that the vendor's framework gives them.
"""

from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from importer.sandbox.openapi_schemas import Json, ref, schemas_by_name
from importer.sandbox.resources import Resource

INTRODUCTION = """\
A local imitation of the API, for rehearsals and tests.  First `POST /v2/token` with the access key, then send the
token with every request: `Authorization: Bearer TOKEN`.  Order of work for a returns portal: product, product image,
order, order items, shipment, then each order item again with the shipment's `id` (PUT), and events after a return.
What happened here is told by `GET /_sandbox/state` and `GET /_sandbox/requests`."""


# --- operations ---------------------------------------------------------------------------------------------


def creating(resource: Resource) -> Json:
    """POST on a list."""
    return _operation(
        f"post{resource.singular}Collection",
        f"Creates a {resource.singular} resource.",
        resource.singular,
        sends=f"{resource.singular}-write",
        answers={201: ("Created", ref(resource.singular))},
        fails=(400, 401, 422),
    )


def listing(resource: Resource) -> Json:
    """GET of a list."""
    filters = [_parameter(name, "query", "Only records with just this value.") for name in resource.filters]
    return _operation(
        f"get{resource.singular}Collection",
        f"Retrieves the collection of {resource.singular} resources.",
        resource.singular,
        parameters=[*filters, _parameter("page", "query", "Page of the list, from 1.", kind="integer")],
        answers={200: ("One page", {"type": "array", "items": ref(resource.singular)})},
        fails=(401,),
    )


def reading(resource: Resource) -> Json:
    """GET of one record."""
    return _on_one(resource, "get", "Retrieves", {200: ("The record", ref(resource.singular))})


def changing(resource: Resource) -> Json:
    """PUT of one record."""
    answers = {200: ("The record as it is now", ref(resource.singular))}
    return _on_one(resource, "put", "Changes", answers, sends=f"{resource.singular}-change")


def deleting(resource: Resource) -> Json:
    """DELETE of one record."""
    return _on_one(resource, "delete", "Removes", {204: ("Removed", None)})


def token() -> Json:
    """POST /token."""
    answers: Mapping[int, tuple[str, Json | None]] = {200: ("A token, good for 60 minutes", ref("Token"))}
    made = _operation("postToken", "Gives a token.", "Token", sends="AccessKey", answers=answers, fails=(400, 401))
    return made | {"security": []}


def putting_image() -> Json:
    """PUT of a product's image."""
    return _operation(
        "putProductImageItem",
        "Stores the image of a product, in place of the former one.",
        "ProductImage",
        sends="ProductImage-write",
        answers={200: ("Stored", ref("ProductImage"))},
        fails=(400, 401, 422),
    )


def deleting_image() -> Json:
    """DELETE of a product's image."""
    return _operation(
        "deleteProductImageItem",
        "Removes the image of a product.",
        "ProductImage",
        parameters=[_parameter("sku", "query", "The product.", is_required=True)],
        answers={204: ("Removed", None)},
        fails=(401, 404),
    )


def plain_list(name: str, singular: str, path_parameter: str = "") -> Json:
    """GET of a list of things that are only read."""
    return _operation(
        name,
        f"Retrieves the collection of {singular} resources.",
        singular,
        parameters=[_parameter(path_parameter, "path", "The shipment's number.")] if path_parameter else [],
        answers={200: ("All of them", {"type": "array", "items": {"type": "object"}})},
        fails=(401, 404) if path_parameter else (401,),
    )


def _on_one(
    resource: Resource, verb: str, does: str, answers: Mapping[int, tuple[str, Json | None]], sends: str = ""
) -> Json:
    return _operation(
        f"{verb}{resource.singular}Item",
        f"{does} a {resource.singular} resource.",
        resource.singular,
        parameters=[_parameter("id", "path", "The record's number: `id` in replies.")],
        sends=sends,
        answers=answers,
        fails=(400, 401, 404, 422) if sends else (401, 404),
    )


def _operation(  # noqa: PLR0913 - the parts that every operation has
    name: str,
    summary: str,
    tag: str,
    *,
    answers: Mapping[int, tuple[str, Json | None]],
    fails: tuple[int, ...],
    parameters: list[Json] | None = None,
    sends: str = "",
) -> Json:
    replies = {str(status): _reply(words, schema) for status, (words, schema) in answers.items()}
    replies |= {str(status): _reply(FAILURES[status], ref(_failure(status))) for status in fails}
    made: Json = {"operationId": name, "summary": summary, "tags": [tag], "responses": replies}
    if parameters:
        made["parameters"] = parameters
    if sends:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(sends)}}}
    return made


FAILURES = {
    400: "Something is missing or wrong; `violations` say what",
    401: "No token, or one that has expired",
    404: "There is no such record",
    422: "As 400, where the sandbox is told to answer so",
}


def _failure(status: int) -> str:
    return "NoEntry" if status == 401 else "Problem"  # noqa: PLR2004 - as HTTP calls it


def _reply(words: str, schema: Json | None) -> Json:
    return {"description": words} | ({"content": {"application/json": {"schema": schema}}} if schema else {})


def _parameter(name: str, where: str, words: str, *, kind: str = "string", is_required: bool = False) -> Json:
    required = is_required or where == "path"
    return {"name": name, "in": where, "required": required, "description": words, "schema": {"type": kind}}


# --- the document -------------------------------------------------------------------------------------------


def document(app: FastAPI) -> Json:
    """The whole document of *app*."""
    whole = get_openapi(title="Seven Senders API, imitated", version="2.0", description=INTRODUCTION, routes=app.routes)
    schemas = schemas_by_name()
    whole["components"] = {
        "schemas": schemas,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    whole["security"] = [{"token": []}]
    for operation in (each for path in whole["paths"].values() for each in path.values()):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["example"] = schemas[content["schema"]["$ref"].rpartition("/")[2]]["examples"][0]
    return dict(whole)
