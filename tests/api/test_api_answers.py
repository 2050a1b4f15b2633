"""What each status and each shape of a refusal means."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import urllib3
from hypothesis import given
from hypothesis import strategies as some

from importer.api.answers import TokenRefused, answer, number_of, seconds_to_wait, server_id
from importer.api.complaints import complaints
from importer.api.http.meaning import LIBRARY_ERRORS, trouble
from importer.api.request import Request
from importer.errors import (
    AccessDenied,
    AnswerLost,
    ImporterError,
    RequestTrouble,
    RowRefused,
    TryLater,
    Violation,
    WrongSettings,
)
from importer.model import Reply

POST = Request("POST", "/orders", {"recipient_email": "erika@example.com"})
PUT = Request("PUT", "/orders/7", {})
GET = Request("GET", "/orders")
URL = "https://api.example/v2/orders"


def ending(request: Request, status: int, content: bytes = b"", **headers: str) -> Reply | Exception:
    """How a request ends that is answered so."""
    try:
        return answer(request, status, {name.replace("_", "-"): text for name, text in headers.items()}, content, URL)
    except (RequestTrouble, ImporterError) as found:
        return found


@pytest.mark.parametrize(
    ("statuses", "post", "put"),
    [
        ([400, 402, 404, 409, 422], RowRefused, RowRefused),
        ([405, 406, 410, 412, 413, 415, 418, 423, 431, 451, 499], RowRefused, RowRefused),
        ([408, 425, 429], TryLater, TryLater),
        ([500, 501, 502, 503, 504, 507, 520, 599], AnswerLost, TryLater),
        ([401], TokenRefused, TokenRefused),
        ([403], AccessDenied, AccessDenied),
        ([407], WrongSettings, WrongSettings),
        ([300, 301, 302, 304, 307, 308], WrongSettings, WrongSettings),
        ([303], AnswerLost, WrongSettings),
    ],
)
def test_every_status_means_something(statuses, post, put):
    """Each status says whether the row is refused, may have been taken, is to be sent later, or the run is over."""
    assert {status: type(ending(POST, status)) for status in statuses} == dict.fromkeys(statuses, post)
    assert {status: type(ending(PUT, status)) for status in statuses} == dict.fromkeys(statuses, put)
    assert {type(ending(GET, status)) for status in statuses} == {put}


def test_an_overload_that_says_how_long_is_to_be_waited_for():
    """503 with a Retry-After is the server's own word that nothing was done; without, a proxy may have passed it on."""
    found = ending(POST, 503, Retry_After="7")

    assert (type(found), found.after_s) == (TryLater, 7.0)


def test_no_status_is_without_meaning():
    """Whatever three digits a server answers with, the caller gets a reply or one of our errors."""
    endings = {status: ending(POST, status, b"{}") for status in range(200, 1000)}

    assert {s: one for s, one in endings.items() if not isinstance(one, (Reply, RequestTrouble, ImporterError))} == {}


def test_the_status_goes_along():
    """Reports show the status that decided."""
    statuses = (401, 422, 429, 500)

    assert [ending(POST, status).http_status for status in statuses] == [*statuses]
    assert [str(ending(POST, status)) for status in statuses] == [f"HTTP {status}" for status in statuses]


def test_a_redirect_is_shown_and_not_followed():
    """A redirect ends the run and says where it points, without what stands in its query."""
    found = ending(POST, 301, Location="https://www.example/v2/orders/?order_id=SO-1")

    assert str(found) == (
        "POST https://api.example/v2/orders is answered by a redirect to https://www.example/v2/orders/ (HTTP 301). "
        "Nothing is sent there; set base_url (or the path in [api.paths]) to the right address."
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"detail": "Your trial is over."}, "The API does not let us in (HTTP 403). It says: Your trial is over."),
        ({"detail": "Unknown: ERIKA@example.com"}, "The API does not let us in (HTTP 403)."),
        ({}, "The API does not let us in (HTTP 403)."),
    ],
)
def test_the_reason_of_a_403(said, sentence):
    """Why we are not let in is said in the server's words, unless it repeats what we have sent."""
    assert str(ending(POST, 403, json.dumps(said).encode())) == sentence


# --- the number ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "number"),
    [
        (Reply(201, {"id": 7}), "7"),
        (Reply(201, {"id": "272762277"}), "272762277"),
        (Reply(201, {"id": 0}), "0"),
        (Reply(201, {"@id": "/v2/orders/12"}), "12"),
        (Reply(201, {"id": 7}, "/v2/orders/12"), "7"),
        (Reply(201, {}, "https://api.example/v2/orders/12"), "12"),
        (Reply(201, None, "/v2/orders/12.json?x=1"), "12"),
        (Reply(201, None, "/v2/products/ab-1f/"), "ab-1f"),
        (Reply(201, {"id": None}), ""),
        (Reply(201, {"id": True}), ""),
        (Reply(201, [{"id": 7}]), ""),
        (Reply(204, None), ""),
        (Reply(201, None, "nowhere"), ""),
    ],
)
def test_the_number_of_a_record(reply, number):
    """A record's number is taken from the reply's body, or else from the address that it names."""
    assert server_id(reply) == number


@given(some.recursive(some.none() | some.booleans() | some.integers() | some.text(), some.lists), some.text())
def test_any_record_has_a_number_or_none(record, location):
    """No reply, however odd, is stumbled over."""
    assert isinstance(number_of(record, location), str)


# --- Retry-After --------------------------------------------------------------------------------------------

NOON = "Mon, 02 Feb 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": " 120 "}, 120.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "Mon, 02 Feb 2026 12:00:30 GMT", "Date": NOON}, 30.0),
        ({"Retry-After": "Mon, 02 Feb 2026 13:00:00 +0100", "Date": NOON}, 0.0),
        ({"Retry-After": "Mon, 02 Feb 2026 11:00:00 GMT", "Date": NOON}, 0.0),
        ({"Retry-After": "Mon, 02-Feb-26 12:01:00 GMT", "Date": NOON}, 60.0),
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "1e9"}, None),
        ({"Retry-After": "Mon, 99 Feb 2026 12:00:00 GMT", "Date": NOON}, None),
    ],
)
def test_retry_after(headers, seconds):
    """The server's wish to wait is understood in seconds and as a date, by the server's own clock."""
    assert seconds_to_wait(headers) == seconds


def test_a_date_without_the_servers_clock():
    """Where the server does not tell its time, ours has to do."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)

    found = seconds_to_wait({"Retry-After": later})

    assert found is not None
    assert 90 < found <= 100


def test_waiting_is_passed_on():
    """The seconds to wait reach whoever waits."""
    assert [ending(GET, status, Retry_After="7").after_s for status in (429, 503, 502)] == [7.0] * 3


# --- complaints ---------------------------------------------------------------------------------------------

DATE_BLANK = Violation("order_date", "This value should not be blank.")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        # The framework's JSON, as 400 and as 422.
        (
            {
                "type": "https://tools.ietf.org/html/rfc2616#section-10",
                "title": "An error occurred",
                "detail": "order_date: This value should not be blank.",
                "violations": [{"propertyPath": "order_date", "message": "This value should not be blank."}],
            },
            [DATE_BLANK],
        ),
        (
            {"violations": [{"propertyPath": "carrier.name", "title": "Unknown carrier."}, {"message": "No."}]},
            [Violation("carrier.name", "Unknown carrier."), Violation("", "No.")],
        ),
        # Its JSON-LD, with and without the list.
        (
            {
                "@type": "ConstraintViolationList",
                "hydra:title": "An error occurred",
                "hydra:description": "order_date: This value should not be blank.\nlanguage: Too long.",
            },
            [DATE_BLANK, Violation("language", "Too long.")],
        ),
        # Its log-in, and others.
        ({"code": 401, "message": "Invalid credentials."}, [Violation("", "Invalid credentials.")]),
        ({"detail": "Not Found"}, [Violation("", "Not Found")]),
        ({"title": "An error occurred", "detail": ""}, [Violation("", "An error occurred")]),
        ({"error": {"message": "no such order"}}, [Violation("", "no such order")]),
        ({"error": "invalid_request", "error_description": "No order"}, [Violation("", "No order")]),
        (
            {"errors": {"order_date": ["Blank.", "Wrong."], "sku": "Taken."}},
            [Violation("order_date", "Blank."), Violation("order_date", "Wrong."), Violation("sku", "Taken.")],
        ),
        ({"errors": [{"field": "sku", "message": "Taken."}]}, [Violation("sku", "Taken.")]),
        ({"errors": ["Taken."]}, [Violation("", "Taken.")]),
        (
            [{"property": "sku", "message": "Taken."}, "And more."],
            [Violation("sku", "Taken."), Violation("", "And more.")],
        ),
        ("just a text", [Violation("", "just a text")]),
        # Nothing that could be shown.
        ({}, []),
        ({"violations": None, "detail": None}, []),
        ({"violations": [{"propertyPath": "sku"}, 7, None]}, []),
        ([], []),
        (7, []),
        (None, []),
        # Markup and control characters are taken out.
        (
            {"detail": "<b>No</b>\u0007 such\n\torder, 3 < 5"},
            [Violation("", "No such"), Violation("", "order, 3 < 5")],
        ),
    ],
)
def test_complaints_in_json(body, found):
    """Whatever shape the server's complaint has, its words and the members it names are found."""
    assert complaints(json.dumps(body).encode()) == tuple(found)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"order_id is missing", (Violation("", "order_id is missing"),)),
        ("Größe fehlt".encode(), (Violation("", "Größe fehlt"),)),
        (b"<html><head><title>502 Bad Gateway</title></head></html>", ()),
        (b"<!DOCTYPE html>\n<p>Sorry", ()),
        (b"Sorry <br/> we are closed", ()),
        (b"\x00\x01\xff\xfe", ()),
        (b"   \n", ()),
        (b"", ()),
        (None, ()),
        (b"{" + b"[" * 200_000, (Violation("", ("{" + "[" * 200_000)[:500]),)),
    ],
)
def test_complaints_that_are_no_json(content, found):
    """Plain words are shown; a web page of some server on the way is not."""
    assert complaints(content) == found


@given(some.binary(max_size=200) | some.text(max_size=100).map(str.encode))
def test_no_body_is_stumbled_over(content):
    """Whatever bytes come with a refusal, it stays a refusal, and its words are one line without markup."""
    found = ending(POST, 422, content)

    assert isinstance(found, RowRefused)
    assert all(one.message == " ".join(one.message.split()) and "</" not in one.message for one in found.violations)


def test_a_flood_of_complaints_is_cut():
    """Thousands of complaints about one row do not fill the report."""
    found = complaints(json.dumps({"violations": [{"message": "x" * 999}] * 999}).encode())

    assert found == (Violation("", "x" * 500),) * 50


# --- errors of the library ----------------------------------------------------------------------------------


def descendants(kind: type) -> set[type]:
    """*kind* and all classes below it."""
    return {kind}.union(*(descendants(child) for child in kind.__subclasses__()))


LIBRARY = sorted(
    {
        kind
        for base in (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
        for kind in descendants(base)
        if kind.__module__.partition(".")[0] in {"requests", "urllib3", "socket", "ssl", "http", "builtins"}
        and not issubclass(kind, Warning)
    },
    key=lambda kind: f"{kind.__module__}.{kind.__qualname__}",
)


@pytest.mark.parametrize("kind", LIBRARY, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_error_of_the_library_means_something(kind):
    """No error of requests or urllib3, of today or of a later version, gets past the door as it is.

    What may have been sent is in doubt unless it is harmless to repeat; what was not sent is tried later or ends the
    run.
    """
    error = kind.__new__(kind)
    sent = [type(trouble(error, one, "https://api.example/v2", has_begun=True)) for one in (POST, PUT)]
    unsent = {type(trouble(error, one, "https://api.example/v2", has_begun=False)) for one in (POST, PUT)}

    assert sent == [AnswerLost, TryLater]
    assert len(unsent) == 1
    assert unsent <= {TryLater, WrongSettings, ImporterError} | descendants(ImporterError)


def test_the_door_catches_every_error_of_the_library():
    """All exceptions that requests and urllib3 define are among those the door catches."""
    defined = {
        kind
        for module in (requests.exceptions, urllib3.exceptions)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, Warning)
    }

    assert {kind for kind in defined if not issubclass(kind, LIBRARY_ERRORS)} == set()
    assert len(defined) > 40
