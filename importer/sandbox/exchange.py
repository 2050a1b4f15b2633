"""Between the wire and the API: every request is noted, and may meet with a fault on its way in or out.

An ASGI application around that of `app`.  A real cut needs the connection itself, which `server` leaves in the scope.
Waiting never blocks other requests.
"""

import asyncio
import json
import math
import os
import socket
import struct
import time
from dataclasses import dataclass, replace
from email.utils import formatdate
from fnmatch import fnmatchcase
from typing import Any, Literal
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from importer.sandbox.answers import Answer, error_page, json_answer, problem
from importer.sandbox.app import BODY
from importer.sandbox.control import Controls
from importer.sandbox.dial import Strike
from importer.sandbox.resources import BASE, usual_path

TRANSPORT = "sandbox.transport"
"""Name under which the connection stands in the scope's state."""

DOCUMENTS = frozenset({f"{BASE}/docs.json", f"{BASE}/docs.html"})
"""Not part of what is imitated: neither noted nor struck."""

AT_ONCE = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""SO_LINGER: closing the socket resets the connection."""

MALFORMED = problem(400, "Syntax error")


@dataclass(frozen=True, slots=True)
class Fate:
    """How a request ends on the wire."""

    answer: Answer | None
    """None = the connection is cut without an answer."""
    cut: Literal["", "eof", "reset", "hang", "half"] = ""
    """How the connection is cut; "half" = after half of the answer's body, "" = not at all."""


class Exchange:
    """The sandbox as uvicorn calls it."""

    def __init__(self, app: ASGIApp, controls: Controls) -> None:
        self._app = app
        self._controls = controls
        self._open = 0
        """Requests that are being answered now."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or cut its connection."""
        if not scope["path"].startswith(f"{BASE}/") or scope["path"] in DOCUMENTS:
            await self._app(scope, receive, send)
            return
        sent = await _body(receive)
        if sent is None:
            return
        task = asyncio.current_task()
        assert task is not None
        self._controls.underway.add(task)
        self._open += 1
        try:
            await self._exchange(scope, sent, receive, send)
        except asyncio.CancelledError:
            # Given up because the sandbox ends or is reset.
            await _cut(scope["state"][TRANSPORT], "eof", receive)
        finally:
            self._open -= 1

    async def _exchange(self, scope: Scope, sent: bytes, receive: Receive, send: Send) -> None:
        options = self._controls.account.options
        as_sent = scope["path"].removeprefix(BASE)
        path = usual_path(as_sent) if options.aliases else as_sent
        request = f"{scope['method']} {path}"
        decoded = _decoded(scope, sent)
        entry = self._controls.journal.begin(scope["method"], as_sent, _query(scope), decoded)
        strikes = self._controls.dial.strikes(request, sent)
        entry["fault"] = " ".join(strike.fault.kind for strike in strikes)
        is_missing = any(fnmatchcase(request, pattern) for pattern in options.missing_paths)
        inner = {**scope, "path": "/no such path" if is_missing else f"{BASE}{path}", BODY: decoded}
        fate = await self._fate(inner, strikes)
        self._controls.journal.end(entry, fate.answer.status if fate.answer else None)
        if fate.answer:
            await _send(fate.answer, send, is_half=fate.cut == "half")
        if fate.cut:
            await _cut(scope["state"][TRANSPORT], fate.cut, receive)

    async def _fate(self, scope: Scope, strikes: list[Strike]) -> Fate:
        """What becomes of a request that meets with *strikes*, in their order."""
        for strike in strikes:
            fault = strike.fault
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds + fault.each_s * max(0, self._open - fault.limit))
            elif fault.kind == "expire_tokens":
                self._controls.account.tokens.expire()
            elif fault.kind in {"drop_after", "cut_body", "not_json"}:
                return _spoiled(await self._carried_out(scope), strike)
            else:
                return await self._diverted(scope, strike)
        return Fate(await self._carried_out(scope))

    async def _diverted(self, scope: Scope, strike: Strike) -> Fate:
        """A request that is answered without being carried out, or carried out apart from its answer."""
        fault = strike.fault
        match fault.kind:
            case "drop_before":
                return Fate(None, fault.close)
            case "slow_commit":
                self._controls.underway.later(fault.seconds, lambda: self._carried_out(scope))
                return Fate(None, fault.close)
            case "accepted_202":
                if fault.seconds:
                    self._controls.underway.later(fault.seconds, lambda: self._carried_out(scope))
                else:
                    await self._carried_out(scope)
                return Fate(json_answer(202, {"message": "Accepted"}))
            case "redirect":
                target = fault.location or scope["path"]
                return Fate(Answer(fault.answer_status, headers=(("location", target),)))
        if fault.stored:
            await self._carried_out(scope)
        return Fate(_false_answer(strike))

    async def _carried_out(self, scope: Scope) -> Answer:
        """The API's own answer."""
        messages: list[Message] = []

        async def receive() -> Message:
            # `_decoded` has read the body; see `app`.
            return {"type": "http.request", "body": b"", "more_body": False}

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        start, *parts = messages
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
        return Answer(start["status"], b"".join(part["body"] for part in parts), headers)


def _spoiled(answer: Answer, strike: Strike) -> Fate:
    """A request that was carried out and whose answer does not arrive as it should."""
    if strike.fault.kind == "drop_after":
        return Fate(None, strike.fault.close)
    if strike.fault.kind == "cut_body":
        return Fate(answer, "half")
    return Fate(replace(error_page(200), status=answer.status))


def _false_answer(strike: Strike) -> Answer:
    fault = strike.fault
    bodies = {"json": problem, "html": error_page, "empty": Answer}
    answer = bodies[fault.body](fault.answer_status)
    if fault.retry_after == "none":
        return answer
    seconds = math.ceil(strike.after_s)
    # A date has no fractions: one more second, so that it is never too early.
    date = formatdate(time.time() + seconds + 1, usegmt=True)
    value = str(seconds) if fault.retry_after == "seconds" else date
    return replace(answer, headers=(*answer.headers, ("retry-after", value)))


# --- reading ------------------------------------------------------------------------------------------------


async def _body(receive: Receive) -> bytes | None:
    """The whole body of a request; None when the client went away before it was complete."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _query(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))


def _decoded(scope: Scope, sent: bytes) -> object:
    """The JSON in a request's body, None when there is none, or the `Answer` that refuses it."""
    if not sent or scope["method"] not in {"POST", "PUT", "DELETE"}:
        return None
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"application/json")
    if b"json" not in kind:
        shown = kind.decode("latin-1").partition(";")[0]
        return problem(
            415, f'The content-type "{shown}" is not supported. Supported MIME types are "application/json".'
        )
    try:
        decoded = json.loads(sent.decode("utf-8"), parse_constant=_no_constant)
        if b"\\u" in sent:
            # Half of a surrogate pair is no text, and PHP says so.
            json.dumps(decoded, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return MALFORMED
    return decoded


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


# --- writing ------------------------------------------------------------------------------------------------


async def _send(answer: Answer, send: Send, *, is_half: bool) -> None:
    """Write *answer*, or all of its headers and half of its body."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if answer.status != 204 and all(name != b"content-length" for name, _ in headers):  # noqa: PLR2004 - No Content
        headers.append((b"content-length", b"%d" % len(answer.body)))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = answer.body[: len(answer.body) // 2] if is_half else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": is_half})


async def _cut(transport: asyncio.Transport, how: str, receive: Receive) -> None:
    """Cut the connection, and return when it is gone."""
    match how:
        case "half":
            transport.close()
        case "reset":
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            transport.abort()
        case "eof":
            transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
