"""Every way in which one request can end, against a real server that breaks off where the test says."""

import contextlib
import gzip
import logging
import socket
import ssl
import subprocess

import pytest
from scripted_server import CLOSES, HANGS, RESETS, Scripted, Turn, answer, raw

from importer.api import http
from importer.api.answers import TokenRefused
from importer.api.http import Connection
from importer.api.request import Request
from importer.errors import AccessDenied, AnswerLost, RequestTrouble, RowRefused, TryLater, Unreachable, WrongSettings
from importer.model import Reply

POST = Request("POST", "/orders", {"order_id": "SO-1"})
PUT = Request("PUT", "/orders/7", {"order_id": "SO-1"})
GET = Request("GET", "/orders", query={"order_id": "SO-1"})
TOKEN = Request("POST", "/token", {"access_key": "k"}, repeatable=True)

HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
ORDER = b'{"id": 7, "order_id": "SO-1"}'

HELLO = answer(200, [])
BOTH_WAYS = pytest.mark.parametrize("is_kept", [False, True], ids=["new connection", "kept connection"])
"""What is asked first goes the library's way, what follows over the same connection ours."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def connection_to(server: Scripted, **options) -> Connection:
    """The way to *server*, with little patience."""
    return Connection(server.url, **({"connect_timeout_s": 2, "read_timeout_s": 2} | options))


def ending(server: Scripted, request: Request, *, is_kept: bool = False, **options) -> Reply | Exception:
    """How *request* ends; *is_kept*: over a connection that has carried another one, answered by `HELLO`, before."""
    connection = connection_to(server, **options)
    if is_kept:
        connection.send(GET)
    try:
        return connection.send(request, "t0ken")
    except (RequestTrouble, AccessDenied, Unreachable, WrongSettings) as trouble:
        return trouble


def times(number: int, turn: Turn, *, is_kept: bool) -> list[Turn]:
    """The turns for so many `ending`s, each of which is to meet *turn*."""
    return [HELLO, turn] * number if is_kept else [turn] * number


def kind_and_words(trouble: object) -> tuple[type, str]:
    """What kind of error, and what it says."""
    return type(trouble), str(trouble)


# --- what is sent -------------------------------------------------------------------------------------------


def test_a_request_goes_out_as_json():
    """A row is sent once, as JSON in UTF-8, with the token and our name."""
    with Scripted(answer(201, {"id": 7})) as server:
        reply = connection_to(server).send(Request("POST", "/orders", {"order_id": "Ä 1", "weight": 0.5}), "t0ken")

    assert reply == Reply(201, {"id": 7})
    [seen] = server.requests
    assert (seen.method, seen.target, seen.json) == ("POST", "/v2/orders", {"order_id": "Ä 1", "weight": 0.5})
    sent = {name: seen.headers.get(name) for name in ("authorization", "content-type", "accept", "user-agent")}
    assert sent == {
        "authorization": "Bearer t0ken",
        "content-type": "application/json",
        "accept": "application/json",
        "user-agent": http.USER_AGENT,
    }


def test_odd_signs_in_a_query_arrive_as_they_are():
    """An order number with any sign in it is looked up as it is written."""
    with Scripted(answer(200, [])) as server:
        connection_to(server).send(Request("GET", "/orders", query={"order_id": "SO &1=ä/+#%"}))

    assert server.asked == ["GET /v2/orders?order_id=SO%20%261%3D%C3%A4%2F%2B%23%25"]


def test_half_a_character_does_not_end_the_run():
    """A cell damaged by another program is sent as it is and is for the server to refuse."""
    with Scripted(answer(400)) as server, pytest.raises(RowRefused):
        connection_to(server).send(Request("POST", "/products", {"sku": "\ud800"}))

    assert server.requests[0].body == b'{"sku":"\\ud800"}'


def test_a_connection_is_kept():
    """Many requests go over one connection, refusals included, and cookies are not carried along."""
    turns = [answer(201, {"id": 1}, Set_Cookie="a=b"), answer(422, {}), answer(503), answer(200, [])]
    with Scripted(*turns) as server:
        connection = connection_to(server)
        for request in (POST, POST, GET, GET):
            with contextlib.suppress(RequestTrouble):
                connection.send(request)

    assert (len(server.requests), server.connections) == (4, 1)
    assert [one.headers.get("cookie") for one in server.requests] == [None] * 4


def test_a_connection_closed_while_it_rested_is_opened_anew():
    """A server that closes a resting connection costs nothing: the next row is sent over a new one."""
    with Scripted(answer(201, {"id": 1}), answer(201, {"id": 2})) as server:
        connection = connection_to(server)
        first = connection.send(POST)
        server.hang_up()
        second = connection.send(POST)

    assert (first, second, server.connections) == (Reply(201, {"id": 1}), Reply(201, {"id": 2}), 2)


def test_what_stands_behind_an_answer_belongs_to_no_request():
    """Where a server says more than it was asked, its connection is not used again: the next row has its own answer."""
    stray = answer(408, {})
    with Scripted(HELLO, Turn(answer(201, {"id": 1}).data + stray.data), answer(201, {"id": 2})) as server:
        connection = connection_to(server)
        replies = [connection.send(request) for request in (GET, POST, POST)]

    assert (replies[1:], server.connections) == ([Reply(201, {"id": 1}), Reply(201, {"id": 2})], 2)


def test_a_large_body_over_a_kept_connection():
    """A picture of many megabytes arrives whole, also where the network takes it piece by piece."""
    picture = "x" * 8_000_000
    with Scripted(HELLO, answer(201, {"id": 1})) as server:
        connection = connection_to(server)
        connection.send(GET)
        reply = connection.send(Request("PUT", "/product_images", {"attachment": picture}))

    assert (reply, server.connections) == (Reply(201, {"id": 1}), 1)
    assert server.requests[1].json == {"attachment": picture}


def test_a_long_rested_connection_is_not_trusted_with_a_post(monkeypatch):
    """A connection that the server may be about to close is not used for a row that must not be sent twice."""
    monkeypatch.setattr(http, "IDLE_S", 0.0)
    with Scripted(*[answer(200, {"id": 1})] * 3) as server:
        connection = connection_to(server)
        connection.send(GET)
        connection.send(GET)
        assert server.connections == 1
        connection.send(POST)

    assert server.connections == 2


# --- the reply ----------------------------------------------------------------------------------------------


@BOTH_WAYS
@pytest.mark.parametrize(
    ("turn", "reply"),
    [
        (answer(200, {"id": 7}), Reply(200, {"id": 7})),
        (answer(201, {"id": 7}, Location="/v2/orders/7"), Reply(201, {"id": 7}, "/v2/orders/7")),
        (answer(201, None, Location="/v2/orders/7"), Reply(201, None, "/v2/orders/7")),
        (answer(201), Reply(201, None)),
        (answer(202, {"id": 7}), Reply(202, {"id": 7})),
        (Turn(b"HTTP/1.1 204 No Content\r\n\r\n"), Reply(204, None)),
        (raw(200, gzip.compress(ORDER), Content_Encoding="gzip"), Reply(200, {"id": 7, "order_id": "SO-1"})),
        (Turn(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(201, {"id": 7}).data), Reply(201, {"id": 7})),
        (Turn(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), Reply(201, {})),
        (Turn(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), Reply(201, None)),
        (Turn(HEAD + b"\r\n" + ORDER, then="close"), Reply(201, {"id": 7, "order_id": "SO-1"})),
        # The body does not arrive, but where the record is does.
        (
            Turn(HEAD + b"Location: /v2/orders/7\r\nContent-Length: 99\r\n\r\n{", "close"),
            Reply(201, None, "/v2/orders/7"),
        ),
    ],
)
def test_a_usable_reply(turn, reply, is_kept):
    """Whatever the server's way to say that it is done, it is understood."""
    with Scripted(*times(1, turn, is_kept=is_kept)) as server:
        assert ending(server, POST, is_kept=is_kept) == reply

    assert server.connections == 1


UNREADABLE = {
    "cut body": Turn(HEAD + b"Content-Length: 99\r\n\r\n" + ORDER, then="close"),
    "reset in the body": Turn(HEAD + b"Content-Length: 99\r\n\r\n" + ORDER, then="reset"),
    "cut chunk": Turn(HEAD + b"Transfer-Encoding: chunked\r\n\r\n50\r\n{", then="close"),
    "no chunk size": Turn(HEAD + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", then="close"),
    "empty and cut": Turn(HEAD + b"\r\n", then="close"),
    "no JSON": raw(200, b"<html>Welcome to the hotel</html>", "text/html"),
    "half of JSON": raw(201, ORDER[:9], "application/json"),
    "broken gzip": raw(201, b"\x1f\x8b nonsense", Content_Encoding="gzip"),
    "bottomless JSON": raw(200, b"[" * 100_000),
    "slow body": Turn(HEAD + b"Content-Length: 99\r\n\r\n{", then="hang"),
}


@BOTH_WAYS
@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_success_is_no_success(name, is_kept):
    """Where nothing can be read of a reply, a new record is in doubt; what is harmless to repeat is repeated."""
    turn = UNREADABLE[name]
    with Scripted(*times(3, turn, is_kept=is_kept)) as server:
        endings = [ending(server, request, is_kept=is_kept, read_timeout_s=0.3) for request in (POST, PUT, GET)]

    status = int(turn.data.split()[1])
    words = f"HTTP {status} without readable JSON"
    assert [kind_and_words(one) for one in endings] == [(AnswerLost, words), (TryLater, words), (TryLater, words)]
    assert [one.http_status for one in endings] == [status] * 3


# --- no reply: it may have been done ------------------------------------------------------------------------

SILENCES = {
    "closed": (CLOSES, "the connection broke"),
    "reset": (RESETS, "the connection broke"),
    "no answer": (HANGS, "no answer in time"),
    "less than a status": (Turn(b"HTTP/1.1 20", then="close"), "the connection broke"),
    "stuck in the head": (Turn(b"HTTP/1.1 201 Created\r\nContent-", then="hang"), "no answer in time"),
    "no HTTP": (Turn(b"220 mail.example ESMTP\r\n", then="close"), "the connection broke"),
    "endless head": (Turn(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", then="close"), "the connection broke"),
}


@BOTH_WAYS
@pytest.mark.parametrize("name", SILENCES)
def test_a_lost_answer(name, is_kept):
    """A new record whose answer is lost is in doubt; asking, changing and fetching a token are simply repeated."""
    turn, words = SILENCES[name]
    with Scripted(*times(4, turn, is_kept=is_kept)) as server:
        endings = [ending(server, request, is_kept=is_kept, read_timeout_s=0.3) for request in (POST, PUT, GET, TOKEN)]

    assert [kind_and_words(one) for one in endings] == [
        (AnswerLost, words),
        (TryLater, words),
        (TryLater, words),
        (TryLater, words),
    ]
    assert [getattr(one, "reached", True) for one in endings] == [True] * 4


@BOTH_WAYS
def test_half_a_head(is_kept):
    """An answer that breaks off in its head is a lost one, whether or not its status was to be read already."""
    turn = Turn(b"HTTP/1.1 201 Created\r\nCont", then="close")
    with Scripted(*times(1, turn, is_kept=is_kept)) as server:
        assert type(ending(server, POST, is_kept=is_kept)) is AnswerLost


def test_a_kept_connection_that_closes_as_we_send():
    """When the server closes a kept connection just as a row is sent over it, the row may have arrived."""
    with Scripted(answer(200, []), CLOSES) as server:
        connection = connection_to(server)
        connection.send(GET)
        with pytest.raises(AnswerLost):
            connection.send(POST)

    assert server.connections == 1


# --- no reply: it surely was not done -----------------------------------------------------------------------


def refused_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize("request_", [POST, GET])
def test_connection_refused(request_):
    """Where nobody listens nothing was done, and we try later."""
    with pytest.raises(TryLater, match=r"^connection refused$") as caught:
        Connection(f"http://127.0.0.1:{refused_port()}/v2").send(request_)

    assert caught.value.reached is False


def test_unknown_host():
    """A host name that nobody knows: nothing was done."""
    with pytest.raises(TryLater, match=r"^the host name is not known$") as caught:
        Connection("https://no-such-host.invalid/v2").send(POST)

    assert caught.value.reached is False


def test_no_connection_in_time():
    """A server that does not even accept the connection: nothing was done."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        with pytest.raises(TryLater, match=r"^no connection in time$") as caught:
            Connection(f"http://127.0.0.1:{port}/v2", connect_timeout_s=0.2).send(POST)
        for one in waiting:
            one.close()

    assert caught.value.reached is False


def test_a_dead_kept_connection_is_provably_unused():
    """When a kept connection is dead before the first byte could leave, the row was surely not sent."""
    with Scripted(Turn(answer(200, []).data, then="hang")) as server:
        connection = connection_to(server, read_timeout_s=0.2)
        connection.send(GET)
        [line] = connection._resting
        [wire] = [one for one in line._pool.pool.queue if one]
        wire.sock.shutdown(socket.SHUT_WR)
        with pytest.raises(TryLater) as caught:
            connection.send(POST)

    assert caught.value.reached is False


# --- TLS ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate that its owner has signed himself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    made = subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("openssl cannot make a certificate here")
    return paths


def tls_server(certificate, *turns: Turn) -> Scripted:
    """A scripted server that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return Scripted(*turns, tls=context)


def test_an_untrusted_certificate_ends_the_run(certificate):
    """A server that cannot prove who it is gets nothing from us, and waiting would not help."""
    with tls_server(certificate, answer(201, {"id": 7})) as server:
        found = ending(server, POST)

    assert isinstance(found, Unreachable)
    assert str(found) == (
        f"The certificate of {server.url} is not accepted: self-signed certificate. If your company's network looks "
        "into https, name the file with its certificates in REQUESTS_CA_BUNDLE."
    )
    assert server.requests == []


def test_a_company_can_name_its_certificates(certificate, monkeypatch):
    """A certificate named in the environment is trusted, and TLS connections are kept, too."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    with tls_server(certificate, answer(201, {"id": 7}), answer(201, {"id": 8})) as server:
        connection = connection_to(server)
        replies = [connection.send(POST), connection.send(POST)]

    assert (replies, server.connections) == ([Reply(201, {"id": 7}), Reply(201, {"id": 8})], 1)


def test_a_missing_certificate_file(monkeypatch):
    """A certificate file that is not there is said at once, by its name."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
    with pytest.raises(WrongSettings) as caught:
        Connection("https://api.example/v2")

    assert str(caught.value) == "The certificates in /no/such/file.pem (REQUESTS_CA_BUNDLE) cannot be read."


@BOTH_WAYS
@pytest.mark.parametrize("then", ["close", "reset"])
def test_a_lost_answer_over_tls(certificate, monkeypatch, then, is_kept):
    """A TLS connection that breaks after sending leaves a new record in doubt, as any other does."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    with tls_server(certificate, *times(2, Turn(then=then), is_kept=is_kept)) as server:
        endings = [ending(server, request, is_kept=is_kept) for request in (POST, GET)]

    assert [type(one) for one in endings] == [AnswerLost, TryLater]


@pytest.mark.parametrize(
    "turn", [Turn(reads=False, then="close"), Turn(b"HTTP/1.1 400 Bad Request\r\n\r\n", "close", reads=False)]
)
def test_a_server_that_breaks_off_before_tls_stands(turn):
    """Without a secure connection nothing was sent."""
    with Scripted(turn) as server, pytest.raises(TryLater) as caught:
        Connection(server.url.replace("http:", "https:")).send(POST)

    assert str(caught.value) in {"the connection broke", "no secure connection"}
    assert caught.value.reached is False


# --- proxies ------------------------------------------------------------------------------------------------


def test_the_companys_proxy_is_used(monkeypatch):
    """A proxy named in the environment is used, for every request of a connection ..."""
    with Scripted(answer(201, {"id": 7}), answer(201, {"id": 8})) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        connection = Connection("http://api.example/v2")
        replies = [connection.send(POST), connection.send(POST)]

    assert replies == [Reply(201, {"id": 7}), Reply(201, {"id": 8})]
    assert proxy.asked == ["POST http://api.example/v2/orders"] * 2


def test_no_proxy_on_the_way_to_ourselves(monkeypatch):
    """... but not on the way to this very machine, where the sandbox is."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{refused_port()}")
    with Scripted(answer(201, {"id": 7})) as server:
        assert ending(server, POST) == Reply(201, {"id": 7})


def test_a_host_without_proxy(monkeypatch):
    """A host in NO_PROXY is not asked through the proxy."""
    with Scripted(answer(201, {"id": 7})) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "api.invalid")
        with pytest.raises(TryLater):
            Connection("http://api.invalid/v2").send(POST)

    assert proxy.asked == []


@pytest.mark.parametrize(
    ("turn", "kind", "words"),
    [
        (CLOSES, TryLater, "the connection broke"),
        (raw(503, b""), TryLater, "the proxy does not let us through"),
        (
            raw(407, b""),
            WrongSettings,
            "The proxy wants a name and a password (HTTP 407); write them into HTTPS_PROXY.",
        ),
    ],
)
def test_a_proxy_that_does_not_let_us_through(monkeypatch, turn, kind, words):
    """What a proxy did not pass on was surely not done, although something was sent to the proxy."""
    with Scripted(turn) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(kind) as caught:
            Connection("https://api.example/v2").send(POST)

    assert (str(caught.value), proxy.asked) == (words, ["CONNECT api.example:443"])


def test_a_proxy_that_is_not_there(monkeypatch):
    """A proxy that nobody runs: nothing was done."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{refused_port()}")
    with pytest.raises(TryLater) as caught:
        Connection("https://api.example/v2").send(POST)

    assert caught.value.reached is False


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "gopher://127.0.0.1:70", "http://"])
def test_a_proxy_that_is_none(monkeypatch, proxy):
    """A proxy we cannot use is a matter of settings."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(WrongSettings):
        Connection("https://api.example/v2").send(POST)


# --- the base URL -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.example/v2",
        "ftp://api.example",
        "https://",
        "https:///v2",
        "https://api.example/v2?x=1",
        "https://[::1",
    ],
)
def test_a_base_url_that_is_none(base_url):
    """A base URL that is no web address is said before anything is sent."""
    with pytest.raises(WrongSettings) as caught:
        Connection(base_url)

    assert str(caught.value) == (
        f'base_url "{base_url}" is no address of an API; wanted is such as https://api.sevensenders.com/v2.'
    )


def test_a_password_in_the_base_url_is_not_repeated():
    """A password does not belong into the base URL, and is not shown."""
    with pytest.raises(WrongSettings) as caught:
        Connection("https://me:s3cret@api.example/v2")

    assert str(caught.value) == "base_url holds a name or password; the access key is set in IMPORTER_ACCESS_KEY."


def test_an_open_line_is_warned_of(caplog):
    """Without https the access key can be read on the way; that is said, except on this very machine."""
    Connection("http://127.0.0.1:8080/v2")
    Connection("http://api.example/v2")

    assert [one.getMessage() for one in caplog.records] == [
        "base_url begins with http://: the access key and all data can be read on the way"
    ]


# --- what is logged -----------------------------------------------------------------------------------------


def test_the_log_holds_nothing_private(caplog):
    """The log tells method, path, status and time, and neither names, keys nor tokens."""
    caplog.set_level(logging.DEBUG, "importer")
    private = Request("POST", "/shipments", {"recipient_email": "erika@example.com"}, {"order_id": "SO-77"})
    with Scripted(answer(201, {"id": 7, "recipient_email": "erika@example.com"}), CLOSES) as server:
        connection = connection_to(server)
        connection.send(private, "t0ken")
        with pytest.raises(AnswerLost):
            connection.send(private, "t0ken")

    ours = [one.getMessage() for one in caplog.records if one.name.startswith("importer")]
    assert [line.partition(" in ")[0] for line in ours] == [
        "POST /shipments -> 201",
        "POST /shipments -> the connection broke",
    ]
    everything = "\n".join(one.getMessage() for one in caplog.records)
    assert [word for word in ("erika", "t0ken") if word in everything] == []
    assert "erika" not in repr(private)


def test_401_is_told_apart():
    """401 is neither the row's fault nor the end: the token is renewed first."""
    with Scripted(answer(401, {"code": 401, "message": "Expired JWT Token"})) as server:
        assert kind_and_words(ending(server, POST)) == (TokenRefused, "HTTP 401")


# --- pictures -----------------------------------------------------------------------------------------------


def test_a_picture_is_fetched_without_our_token():
    """A picture's address gets no token, and a redirect is not followed."""
    with Scripted(raw(200, b"\xff\xd8 jpeg", "image/jpeg"), answer(302, Location="http://10.0.0.1/")) as server:
        connection = Connection("https://api.example/v2")
        picture = connection.fetch(f"{server.url}/a.jpg")
        with pytest.raises(OSError, match=r"^HTTP 302$"):
            connection.fetch(f"{server.url}/b.jpg")

    assert picture == b"\xff\xd8 jpeg"
    assert ["authorization" in one.headers for one in server.requests] == [False, False]
