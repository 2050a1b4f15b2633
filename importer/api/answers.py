"""A status and a body -> the reply, or the error that says what to do.  Knows no HTTP library.

What the API answers is partly known only from its framework (see `tests/contract/facts.toml`), so every status means
something here, also those that were never seen of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from importer.api.complaints import complaints
from importer.api.request import Request
from importer.errors import AccessDenied, AnswerLost, RequestTrouble, RowRefused, TryLater, WrongSettings
from importer.model import Reply

WAIT = frozenset({408, 425, 429})
"""Statuses that say "not done, later"."""
OVERLOADED = 503
"""Says the same when it comes with a Retry-After; without, it may be a proxy's that has passed the request on."""
SEE_OTHER, UNAUTHORIZED, FORBIDDEN, PROXY_WANTS_PASSWORD = 303, 401, 403, 407

SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")
NUMBER = re.compile(r"/([\w-]+)(?:\.json)?/?(?:[?#].*)?$")
"""The last step of a record's address."""


class TokenRefused(RequestTrouble):
    """401: surely not done.  Only `token` sees it; with a token renewed it does not come twice."""


def answer(request: Request, status: int, headers: Mapping[str, str], content: bytes | None, url: str) -> Reply:
    """The reply, when it is one that can be used.

    *content* is None where the body could not be read to its end; *url* is what was asked, without its query.

    Raises:
        TokenRefused, TryLater, RowRefused, AnswerLost: the request.
        AccessDenied, WrongSettings: the run.
    """
    if status < 300:  # noqa: PLR2004 - as HTTP counts
        return _reply(request, status, headers, content)
    if status < 400:  # noqa: PLR2004
        raise _redirect(request, status, headers.get("Location", ""), url)
    words = f"HTTP {status}"
    if status in WAIT or (status == OVERLOADED and "Retry-After" in headers):
        raise TryLater(words, http_status=status, after_s=seconds_to_wait(headers))
    if status >= 500:  # noqa: PLR2004
        raise unanswered(request, words, http_status=status, after_s=seconds_to_wait(headers))
    if status == UNAUTHORIZED:
        raise TokenRefused(words, http_status=status)
    if status == FORBIDDEN:
        raise AccessDenied("The API does not let us in (HTTP 403).{reason}", reason=_reason(request, content))
    if status == PROXY_WANTS_PASSWORD:
        raise WrongSettings("The proxy wants a name and a password (HTTP 407); write them into HTTPS_PROXY.")
    raise RowRefused(words, http_status=status, violations=complaints(content))


def unanswered(
    request: Request, words: str, *, http_status: int | None = None, after_s: float | None = None
) -> RequestTrouble:
    """What it means that no usable answer came after sending: harmless to repeat, or perhaps done."""
    if request.is_harmless:
        return TryLater(words, http_status=http_status, after_s=after_s)
    return AnswerLost(words, http_status=http_status)


def number_of(record: object, location: str = "") -> str:
    """The record's number on the server: its `id`, else the end of its address; "" where neither is there."""
    said = record if isinstance(record, Mapping) else {}
    number = said.get("id")
    if isinstance(number, (int, str)) and not isinstance(number, bool) and str(number):
        return str(number)
    address = said.get("@id") or location
    found = NUMBER.search(address) if isinstance(address, str) else None
    return found[1] if found else ""


def server_id(reply: Reply) -> str:
    """The number of the record that *reply* is about; "" when the server did not tell it."""
    return number_of(reply.body, reply.location)


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by `Retry-After`, which gives seconds or a date; None when it says nothing.

    A date is counted from the server's own `Date`, so that a wrong clock of ours does not shorten the wait.
    """
    said = headers.get("Retry-After", "").strip()
    if SECONDS.fullmatch(said):
        return float(said)
    until = _moment(said)
    if until is None:
        return None
    now = _moment(headers.get("Date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# --- 2xx and 3xx --------------------------------------------------------------------------------------------


def _reply(request: Request, status: int, headers: Mapping[str, str], content: bytes | None) -> Reply:
    location = headers.get("Location", "")
    if content is not None and _is_empty(status, headers, content):
        return Reply(status, None, location)
    try:
        return Reply(status, json.loads(content or b""), location)
    except (ValueError, RecursionError):
        if location and number_of(None, location):
            return Reply(status, None, location)
        raise unanswered(request, f"HTTP {status} without readable JSON", http_status=status) from None


def _is_empty(status: int, headers: Mapping[str, str], content: bytes) -> bool:
    """The server has nothing to say, and says so; an empty body without a length may as well have been cut off."""
    has_length = "Content-Length" in headers or "Transfer-Encoding" in headers
    return not content.strip() and (has_length or status in {204, 205})


def _redirect(request: Request, status: int, location: str, url: str) -> RequestTrouble | WrongSettings:
    """A redirect is not followed: our data goes to the address that was named and to no other."""
    if status == SEE_OTHER and not request.is_harmless:
        return unanswered(request, f"HTTP {status}", http_status=status)
    to = urlsplit(location)
    where = f"{to.scheme}://{to.hostname}{to.path}" if to.hostname else to.path
    return WrongSettings(
        f"{request.method} {url} is answered by a redirect to {where or 'nowhere'} (HTTP {status}). "
        "Nothing is sent there; set base_url (or the path in [api.paths]) to the right address."
    )


# --- why 403 ------------------------------------------------------------------------------------------------


def _reason(request: Request, content: bytes | None) -> str:
    """The server's first words on a 403, such as that a trial is over; nothing that we have sent is repeated."""
    said = next((violation.message for violation in complaints(content)), "")
    echoed = any(len(text) > 2 and text.casefold() in said.casefold() for text in _texts(request.body))  # noqa: PLR2004
    return f" It says: {said}" if said and not echoed else ""


def _texts(value: object) -> Iterator[str]:
    """All texts in a body, at any depth."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif value is not None:
        yield str(value)
