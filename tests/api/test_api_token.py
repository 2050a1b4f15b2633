"""The token: fetched when needed, renewed in time and when refused, once for all threads, never shown."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from parts import Clock
from pydantic import SecretStr
from scripted_server import Scripted, answer, raw

from importer.api.answers import TokenRefused
from importer.api.http import Connection
from importer.api.request import Request
from importer.api.token import Authorised
from importer.errors import AccessDenied, RequestTrouble, TryLater, WrongSettings
from importer.model import Reply

KEY = SecretStr("s3cret-key")
GET = Request("GET", "/orders")
POST = Request("POST", "/orders", {"order_id": "SO-1"})
EXPIRED = answer(401, {"code": 401, "message": "Expired JWT Token"})


def given(token: str):
    """The reply to a good access key."""
    return answer(200, {"token": token, "allowed_to_track_all_shipments": True})


def authorised(server: Scripted, clock: Clock | None = None) -> Authorised:
    """What sends with a token."""
    return Authorised(Connection(server.url), KEY, clock=clock or Clock())


def bearers(server: Scripted) -> list[str]:
    """Which token went along with which request."""
    return [f"{one.target.removeprefix('/v2')} {one.headers.get('authorization', '-')}" for one in server.requests]


def test_one_token_for_many_requests():
    """The access key is sent once, and the token with every request after."""
    with Scripted(given("t1"), answer(200, []), answer(201, {})) as server:
        sender = authorised(server)
        sender.send(GET)
        sender.send(POST)

    assert server.requests[0].json == {"access_key": "s3cret-key"}
    assert bearers(server) == ["/token -", "/orders Bearer t1", "/orders Bearer t1"]


def test_a_token_is_renewed_in_time():
    """After 55 of its 60 minutes the token is renewed, before anything is refused."""
    clock = Clock()
    with Scripted(given("t1"), answer(200, []), answer(200, []), given("t2"), answer(200, [])) as server:
        sender = authorised(server, clock)
        sender.send(GET)
        clock.now += 55 * 60 - 1
        sender.send(GET)
        clock.now += 1
        sender.send(GET)

    assert bearers(server) == [
        "/token -", "/orders Bearer t1", "/orders Bearer t1", "/token -", "/orders Bearer t2",
    ]  # fmt: skip


def test_a_token_that_cannot_be_renewed_is_used_while_it_is_good():
    """While the server has trouble with tokens, the old one is used on, and another is asked for now and then."""
    clock = Clock()
    turns = [given("t1"), answer(200, []), answer(503), answer(200, []), answer(200, []), given("t2"), answer(200, [])]
    with Scripted(*turns) as server:
        sender = authorised(server, clock)
        for wait in (0, 55 * 60, 1, 30):
            clock.now += wait
            sender.send(GET)

    assert bearers(server) == [
        "/token -",
        "/orders Bearer t1",
        "/token -",
        "/orders Bearer t1",
        "/orders Bearer t1",
        "/token -",
        "/orders Bearer t2",
    ]


def test_a_refused_token_is_renewed_once():
    """A token that is no longer good is renewed, and the request that it was refused for is sent again."""
    with Scripted(given("t1"), EXPIRED, given("t2"), answer(201, {"id": 7})) as server:
        reply = authorised(server).send(POST)

    assert reply == Reply(201, {"id": 7})
    assert bearers(server) == ["/token -", "/orders Bearer t1", "/token -", "/orders Bearer t2"]


def test_a_fresh_token_that_is_refused_ends_the_run():
    """When even a fresh token is refused, there is no way in; it is not tried for ever."""
    with Scripted(given("t1"), EXPIRED, given("t2"), EXPIRED) as server, pytest.raises(AccessDenied) as caught:
        authorised(server).send(POST)

    assert str(caught.value) == "The API does not accept a token that it has just given out (HTTP 401)."
    assert len(server.requests) == 4


class Shop:
    """A server that knows one good token at a time."""

    base_url = "https://api.example/v2"

    def __init__(self, threads: int) -> None:
        self.renewals = 0
        self._all_refused = threading.Barrier(threads)

    def send(self, request: Request, token: str = "") -> Reply:
        """401 to all who come with the first token, together."""
        if request.path == "/token":
            self.renewals += 1
            return Reply(200, {"token": f"t{self.renewals}"})
        if token == "t1":
            self._all_refused.wait(10)
            raise TokenRefused("HTTP 401", http_status=401)
        return Reply(200, [])


def test_many_threads_renew_once():
    """When the token expires under 32 threads, one of them renews it for all."""
    shop = Shop(32)
    sender = Authorised(shop, KEY, clock=Clock())
    with ThreadPoolExecutor(32) as threads:
        replies = list(threads.map(sender.send, [GET] * 32))

    assert replies == [Reply(200, [])] * 32
    assert shop.renewals == 2


@pytest.mark.parametrize(
    ("turn", "kind", "sentence"),
    [
        *(
            (
                answer(status, {"code": status, "message": "Invalid credentials: s3cret-key"}),
                AccessDenied,
                (
                    f"The API does not accept the access key (HTTP {status}). Is it the one for URL? "
                    "The test environment has keys of its own."
                ),
            )
            for status in (400, 401, 422)
        ),
        (answer(403, {"message": "Bad key s3cret-key"}), AccessDenied, "The API does not let us in (HTTP 403)."),
        (answer(200, {"message": "hello"}), AccessDenied, "The API gave no token for the access key (HTTP 200)."),
        (answer(200, {"token": ""}), AccessDenied, "The API gave no token for the access key (HTTP 200)."),
        (answer(200, {"token": "a\nb"}), AccessDenied, "The API gave no token for the access key (HTTP 200)."),
        (answer(200, {"token": 7}), AccessDenied, "The API gave no token for the access key (HTTP 200)."),
        (answer(200, ["t"]), AccessDenied, "The API gave no token for the access key (HTTP 200)."),
        (answer(404), WrongSettings, "There is no URL/token (HTTP 404); base_url ends with the version, /v2."),
        (answer(405), WrongSettings, "There is no URL/token (HTTP 405); base_url ends with the version, /v2."),
        (
            raw(200, b"<html>Welcome</html>", "text/html"),
            WrongSettings,
            "URL does not answer like the API (HTTP 200 without readable JSON); is base_url right?",
        ),
        (answer(503), TryLater, "HTTP 503"),
        (answer(500), TryLater, "HTTP 500"),
    ],
)
def test_no_token(turn, kind, sentence, caplog):
    """Whatever keeps us from a token is said clearly, and the access key is never shown."""
    caplog.set_level(logging.DEBUG, "importer")
    with Scripted(turn) as server, pytest.raises((kind, RequestTrouble)) as caught:
        authorised(server).send(GET)

    assert (type(caught.value), str(caught.value)) == (kind, sentence.replace("URL", server.url))
    assert [asked for asked in server.asked if asked != "POST /v2/token"] == []
    chain = [repr(error) for error in (caught.value, caught.value.__cause__)]
    assert "s3cret" not in "".join([*chain, caplog.text])


def test_the_key_does_not_show_itself():
    """Neither the key nor the token shows in what a debugger prints."""
    with Scripted(given("t1"), answer(200, [])) as server:
        sender = authorised(server)
        sender.send(GET)

    assert [word for word in ("s3cret", "t1") if word in repr(sender) + repr(vars(sender)["_key"])] == []
