"""An API that repeats whatever it is sent, as servers in trouble do: in violations, in error pages, in headers."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self


class Answer(NamedTuple):
    """What a request gets."""

    status: int
    body: bytes = b""
    kind: str = "application/json"


Script = Callable[[str, str, dict, str], Answer]
"""Method, path, body and all that was sent as text -> the answer."""


def refused(method: str, path: str, body: dict, sent: str) -> Answer:
    """400: a violation for every member, with its value, one for the whole row, and everything once more."""
    violations = [
        {"propertyPath": name, "message": f'"{value}" is refused, all of: {sent}'} for name, value in body.items()
    ]
    violations.append({"propertyPath": "", "message": f"Refused: {sent}"})
    violations.append({"propertyPath": "warehouse", "message": f"Nobody knows {' '.join(map(str, body.values()))}"})
    return Answer(400, json.dumps({"detail": sent, "violations": violations}).encode())


def refused_in_one_sentence(method: str, path: str, body: dict, sent: str) -> Answer:
    """422: a text, of which no part says where it belongs."""
    return Answer(422, json.dumps({"detail": " and ".join(map(str, body.values()))}, ensure_ascii=False).encode())


def in_a_page(method: str, path: str, body: dict, sent: str) -> Answer:
    """404: a page of a web server."""
    return Answer(404, f"<html><body><h1>Not found</h1><pre>{sent}</pre></body></html>".encode(), "text/html")


def in_plain_text(method: str, path: str, body: dict, sent: str) -> Answer:
    """409: plain words."""
    return Answer(409, sent.encode(), "text/plain")


def broken(method: str, path: str, body: dict, sent: str) -> Answer:
    """500: the answer is lost."""
    return Answer(500, sent.encode(), "text/plain")


def no_json(method: str, path: str, body: dict, sent: str) -> Answer:
    """201 without JSON."""
    return Answer(201, sent.encode(), "text/plain")


def unauthorized(method: str, path: str, body: dict, sent: str) -> Answer:
    """401, whatever the token."""
    return Answer(401, json.dumps({"code": 401, "message": sent}).encode())


def forbidden(method: str, path: str, body: dict, sent: str) -> Answer:
    """403."""
    return Answer(403, json.dumps({"code": 403, "message": sent, "detail": sent}).encode())


def redirected(method: str, path: str, body: dict, sent: str) -> Answer:
    """302 without anywhere to go."""
    return Answer(302, sent.encode(), "text/plain")


SCRIPTS = (
    *(refused, refused_in_one_sentence, in_a_page, in_plain_text),
    *(broken, no_json, unauthorized, forbidden, redirected),
)


class Echoing:
    """A server that answers by a script what is sent at a path, such as /orders; all else succeeds."""

    def __init__(self, script: Script, *, at: str) -> None:
        self.script = script
        self.at = at
        self.is_blind = False
        """Nothing can be looked up."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v2"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, path: str, body: dict, sent: str) -> Answer:
        """What a request gets, *path* being that below the base URL."""
        if path.startswith(self.at) and method != "GET":
            return self.script(method, path, body, sent)
        if path == "/token":
            return Answer(200, json.dumps({"token": f"token-{body['access_key']}"}).encode())
        if method == "GET" and self.is_blind:
            return in_a_page(method, path, body, sent)
        return Answer(200, b"[]") if method == "GET" else Answer(201, b'{"id": 4711}')


def _handler(echoing: Echoing) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            sent = f"{self.command} {self.path} {self.headers.get('Authorization', '')} {content}"
            path = self.path.removeprefix("/v2")
            status, reply, kind = echoing.answer(self.command, path, json.loads(content) if content else {}, sent)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    return Handler
