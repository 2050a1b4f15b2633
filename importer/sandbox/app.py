"""The API's paths, and who is let in.  What a request does is told elsewhere: see `records`, `images`, `shipments`."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from importer.sandbox import catalogue, control, images, openapi, records, shipments
from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, Refusal, json_answer, problem
from importer.sandbox.docs_page import page
from importer.sandbox.openapi_schemas import Json
from importer.sandbox.resources import BASE, RESOURCES, Resource

BODY = "sandbox.body"
"""Name under which `exchange` leaves the decoded body in a request's scope, or the `Answer` that refuses it."""

Act = Callable[[Request], Answer]
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def app_for(controls: control.Controls) -> FastAPI:
    """The application for one account, without the faults: `exchange` puts them around it."""
    account = controls.account
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _not_routed)
    for resource in RESOURCES:
        _add_resource(app, account, resource)
    _add_images(app, account)
    _add_readings(app, account)
    _add_token(app, account)
    _add_documents(app)
    control.add_to(app, controls, account.options)
    return app


# --- paths --------------------------------------------------------------------------------------------------


def _add_resource(app: FastAPI, account: Account, resource: Resource) -> None:
    path = resource.entity.path
    # A SKU may hold a slash.
    one = f"{path}/{{id:path}}" if resource.name == "products" else f"{path}/{{id}}"

    def add(method: str, path: str, act: Act, described: Json) -> None:
        _route(app, method, path, _endpoint(account, act), described)

    def number(asked: Request) -> str:
        return str(asked.path_params["id"])

    add("POST", path, lambda asked: records.create(account, resource, _body(asked)), openapi.creating(resource))
    if resource.can_only_be_created:
        return
    add("GET", path, lambda asked: records.page(account, resource, asked.query_params), openapi.listing(resource))
    add("GET", one, lambda asked: records.one(account, resource, number(asked)), openapi.reading(resource))
    add(
        "PUT",
        one,
        lambda asked: records.update(account, resource, number(asked), _body(asked)),
        openapi.changing(resource),
    )
    add("DELETE", one, lambda asked: records.delete(account, resource, number(asked)), openapi.deleting(resource))


def _add_images(app: FastAPI, account: Account) -> None:
    def put(asked: Request) -> Answer:
        sent, named = _body(asked), asked.path_params.get("sku")
        return images.put(account, {"sku": named, **sent} if named and isinstance(sent, dict) else sent)

    def delete(asked: Request) -> Answer:
        sent = _body(asked)
        in_body = sent.get("sku") if isinstance(sent, dict) else None
        return images.delete(account, asked.path_params.get("sku") or asked.query_params.get("sku") or in_body)

    async def picture(request: Request) -> Response:
        return _response(images.shown(account, request.path_params["sku"]))

    _route(app, "PUT", "/product_images", _endpoint(account, put), openapi.putting_image())
    _route(app, "DELETE", "/product_images", _endpoint(account, delete), openapi.deleting_image())
    # Whether the SKU stands in the path is not known: both are understood.
    _route(app, "PUT", "/product_images/{sku:path}", _endpoint(account, put))
    _route(app, "DELETE", "/product_images/{sku:path}", _endpoint(account, delete))
    # A picture's address is public.
    app.add_api_route("/images/{sku:path}", picture, include_in_schema=False)


def _add_readings(app: FastAPI, account: Account) -> None:
    for path, act, described in (
        ("/carriers", lambda _: catalogue.carriers(account), openapi.plain_list("getCarrierCollection", "Carrier")),
        ("/warehouses", lambda _: catalogue.warehouses(), openapi.plain_list("getWarehouseCollection", "Warehouse")),
        (
            "/shipment/events/{id}",
            lambda asked: shipments.happenings(account, asked.path_params["id"]),
            openapi.plain_list("getShipmentEventCollection", "ShipmentEvent", "id"),
        ),
    ):
        _route(app, "GET", path, _endpoint(account, act), described)


def _add_token(app: FastAPI, account: Account) -> None:
    async def token(request: Request) -> Response:
        options = account.options
        life_s, only_one = options.token_life_s, options.one_token
        return _response(account.tokens.issue(_body(request), options.access_key, life_s=life_s, only_one=only_one))

    _route(app, "POST", "/token", token, openapi.token())


def _add_documents(app: FastAPI) -> None:
    async def as_json(_: Request) -> Response:
        return _response(json_answer(200, openapi.document(app)))

    async def as_page(_: Request) -> Response:
        return Response(page(openapi.document(app)), media_type="text/html")

    _route(app, "GET", "/docs.json", as_json)
    _route(app, "GET", "/docs.html", as_page)


def _route(app: FastAPI, method: str, path: str, endpoint: Endpoint, described: Json | None = None) -> None:
    """Add *endpoint* below /v2; without a description it is not in the document."""
    app.add_api_route(
        f"{BASE}{path}",
        endpoint,
        methods=[method],
        status_code=min(map(int, described["responses"])) if described else None,
        response_class=Response,
        openapi_extra=described,
        include_in_schema=described is not None,
    )


# --- requests and answers -----------------------------------------------------------------------------------


def _endpoint(account: Account, act: Act) -> Endpoint:
    """*act* for those who are let in."""

    async def endpoint(request: Request) -> Response:
        account.tokens.let_in(request.headers.get("authorization", ""))
        return _response(act(request))

    return endpoint


def _body(request: Request) -> object:
    """The decoded body of *request*; None when there is none.

    Raises:
        Refusal: it is no JSON, or is said to be something else.
    """
    sent = request.scope[BODY]
    if isinstance(sent, Answer):
        raise Refusal(sent)
    return sent


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers))


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return _response(refusal.answer)


async def _not_routed(_: Request, error: Exception) -> Response:
    """No such path, or not with this method."""
    assert isinstance(error, HTTPException)
    answer = problem(error.status_code, error.detail)
    return Response(answer.body, answer.status, {**dict(answer.headers), **(error.headers or {})})
