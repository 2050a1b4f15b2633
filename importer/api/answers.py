"""A status and a body -> the reply, or the error that says what to do.  Knows no HTTP library.

What the API answers is partly known only from its framework (see `tests/contract/facts.toml`), so every status and
every shape of error that was ever seen of it is understood.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from importer.api.request import Request
from importer.errors import AccessDenied, AnswerLost, RequestTrouble, RowRefused, TryLater, Unreachable, Violation
from importer.model import Reply

WAIT = frozenset({408, 425, 429, 503})
"""Statuses that say "not done, later"."""
MOST_WORDS = 300
"""Characters of a server's sentence that are kept."""


def reply_or_trouble(request: Request, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """The reply, when it is one that can be used.

    Raises:
        TryLater, RowRefused, AnswerLost, AccessDenied, Unreachable: see `importer.errors`.
    """
    if status < 300:  # noqa: PLR2004 - as HTTP calls it
        return _reply(request, status, headers, body)
    if status < 400:  # noqa: PLR2004
        raise Unreachable(f"{request.method} {request.path} was redirected (HTTP {status}); is base_url right?")
    if status in WAIT:
        raise TryLater(f"HTTP {status}", http_status=status, after_s=_seconds(headers.get("Retry-After", "")))
    if status >= 500:  # noqa: PLR2004
        raise lost_or_later(request, f"HTTP {status}", status)
    if status == 403:  # noqa: PLR2004
        raise AccessDenied(f"The API refuses {request.method} {request.path} to this access key (HTTP 403).")
    raise _refusal(status, body)


def lost_or_later(request: Request, answer: str, status: int | None = None) -> RequestTrouble:
    """What it means that no usable answer came after sending."""
    kind = TryLater if request.is_harmless else AnswerLost
    return kind(answer, http_status=status)


def _reply(request: Request, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    if not body.strip():
        decoded: object = None
    else:
        try:
            decoded = json.loads(body)
        except ValueError:
            raise lost_or_later(request, f"HTTP {status} without JSON", status) from None
    reply = Reply(status, decoded, headers.get("Location", ""))
    if request.method == "POST" and status == 202 and not server_id(reply):  # noqa: PLR2004
        raise AnswerLost("HTTP 202, accepted but not confirmed", http_status=status)
    return reply


def server_id(reply: Reply) -> str:
    """The record's number, from the body or else the Location; "" when it is in neither."""
    number = reply.body.get("id") if isinstance(reply.body, Mapping) else None
    return str(number) if number is not None else reply.location.rstrip("/").rpartition("/")[2]


def _refusal(status: int, body: bytes) -> RowRefused:
    try:
        decoded = json.loads(body)
    except ValueError:
        decoded = None
    said = decoded if isinstance(decoded, Mapping) else {}
    violations = tuple(_violations(said))
    words = next(
        (str(said[name]) for name in ("detail", "hydra:description", "message", "error") if said.get(name)), ""
    )
    if not words and decoded is None:
        words = _plain(body)
    answer = words or "; ".join(violation.message for violation in violations)
    return RowRefused((answer or f"HTTP {status}")[:MOST_WORDS], http_status=status, violations=violations)


def _violations(said: Mapping[str, object]) -> Iterator[Violation]:
    found = said.get("violations") or said.get("errors") or ()
    if not isinstance(found, list):
        return
    for one in found:
        if isinstance(one, Mapping):
            path = one.get("propertyPath") or one.get("property") or one.get("field") or ""
            message = one.get("message") or one.get("title") or "refused"
            yield Violation(str(path), str(message)[:MOST_WORDS])


def _plain(body: bytes) -> str:
    """The body's words, unless it is a page made for browsers."""
    text = body.decode("utf-8", "replace").strip()
    return "" if text.startswith("<") else " ".join(text.split())


def _seconds(retry_after: str) -> float | None:
    """Seconds to wait by a `Retry-After`, which gives seconds or an HTTP date; None when it says nothing."""
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
