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
        return Unreachable(_untrusted(base_url, causes))
    if any("Tunnel connection failed: 407" in str(cause.args) for cause in causes):
        return WrongSettings("The proxy wants a name and a password (HTTP 407); write them into HTTPS_PROXY.")
    if any(isinstance(cause, SENSELESS) for cause in causes):
        return WrongSettings(f"Nothing can be sent to {base_url}: it, or the proxy in HTTPS_PROXY, is no web address.")
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
    (wire.NameResolutionError, "the host name is not known"),
    (wire.ProxyError, "the proxy does not let us through"),
    (requests.exceptions.ProxyError, "the proxy does not let us through"),
    (ConnectionRefusedError, "connection refused"),
    (wire.NewConnectionError, "no connection"),
    (wire.ConnectTimeoutError, "no connection in time"),
    (requests.exceptions.ConnectTimeout, "no connection in time"),
    (ssl.SSLError, "no secure connection"),
    (wire.TimeoutError, "no answer in time"),
    (requests.exceptions.Timeout, "no answer in time"),
    (TimeoutError, "no answer in time"),
)
"""What happened, the most telling first; all else is a connection that broke."""


def _words(causes: tuple[BaseException, ...]) -> str:
    for kind, words in WORDS:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "the connection broke"


def _untrusted(base_url: str, causes: tuple[BaseException, ...]) -> str:
    reasons = (getattr(cause, "verify_message", "") for cause in causes)
    why = next((str(reason).rstrip(".") for reason in reasons if reason), "it is not trusted")
    return (
        f"The certificate of {base_url} is not accepted: {why}. If your company's network looks into https, name the "
        "file with its certificates in REQUESTS_CA_BUNDLE."
    )
