"""What an error of requests or urllib3 means for the request: unsent, perhaps done, or hopeless."""

import ssl
from collections import deque
from collections.abc import Iterator
from http.client import HTTPException

import requests
from urllib3 import exceptions as wire

from importer.api.answers import unanswered
from importer.api.request import Request
from importer.errors import ImporterError, RequestTrouble, TryLater, Unreachable, WrongSettings
from importer.speech import english

LIBRARY_ERRORS = (OSError, ValueError, HTTPException, wire.HTTPError)
"""Bases of all that requests and urllib3 raise."""
SENSELESS = (
    requests.exceptions.URLRequired,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    wire.LocationValueError,
    wire.InvalidHeader,
    wire.ProxySchemeUnsupported,
    UnicodeError,
)
"""No address, or no proxy, that anything could be sent to."""


def trouble(error: Exception, request: Request, base_url: str, *, has_begun: bool) -> RequestTrouble | ImporterError:
    """The error of ours for an *error* of the library; *has_begun*: the server may have got the request.

    What cannot get better by waiting ends the run: an untrusted certificate, an address that is none.
    """
    causes = tuple(_causes(error))
    words = _words(causes)
    if has_begun:
        return unanswered(request, words)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return _untrusted(base_url, causes)
    if any("Tunnel connection failed: 407" in str(cause.args) for cause in causes):
        return WrongSettings("The proxy wants a name and a password (HTTP 407); write them into HTTPS_PROXY.")
    if any(isinstance(cause, SENSELESS) for cause in causes):
        return WrongSettings(
            "Nothing can be sent to {address}: it, or the proxy in HTTPS_PROXY, is no web address.", address=base_url
        )
    return TryLater(words, reached=False)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """*error* and all that is wrapped in it, each once, the outermost first."""
    waiting, seen = deque([error]), set[int]()
    while waiting:
        one = waiting.popleft()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting.extend(part for part in inner if isinstance(part, BaseException))


WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (wire.NameResolutionError, english("the host name is not known")),
    (wire.ProxyError, english("the proxy does not let us through")),
    (requests.exceptions.ProxyError, english("the proxy does not let us through")),
    (ConnectionRefusedError, english("connection refused")),
    (wire.NewConnectionError, english("no connection")),
    (wire.ConnectTimeoutError, english("no connection in time")),
    (requests.exceptions.ConnectTimeout, english("no connection in time")),
    (ssl.SSLError, english("no secure connection")),
    (wire.TimeoutError, english("no answer in time")),
    (requests.exceptions.Timeout, english("no answer in time")),
    (TimeoutError, english("no answer in time")),
)
"""What happened, the most telling first; all else is a connection that broke."""


def _words(causes: tuple[BaseException, ...]) -> str:
    for kind, words in WORDS:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return english("the connection broke")


def _untrusted(base_url: str, causes: tuple[BaseException, ...]) -> Unreachable:
    reasons = (getattr(cause, "verify_message", "") for cause in causes)
    why = next((str(reason).rstrip(".") for reason in reasons if reason), english("it is not trusted"))
    return Unreachable(
        "The certificate of {address} is not accepted: {reason}. If your company's network looks into https, name the "
        "file with its certificates in REQUESTS_CA_BUNDLE.",
        address=base_url,
        reason=why,
    )
