"""What the API answers, and how it refuses: the bodies of the vendor's framework.  No HTTP server, no records."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from importer.errors import Violation

PROBLEM_TYPE = "https://tools.ietf.org/html/rfc2616#section-10"

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body, ready to be sent."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Refusal(Exception):
    """The API does not do what was asked; `answer` says so in its words."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"HTTP {answer.status}")
        self.answer = answer


def json_answer(status: int, body: object, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """*body* as JSON."""
    return Answer(
        status,
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        (("content-type", "application/json"), ("cache-control", "no-cache, private"), *headers),
    )


def problem(status: int, detail: str = "", violations: Sequence[Violation] = ()) -> Answer:
    """An error in the framework's words; with *violations* they are the detail."""
    body: dict[str, Any] = {"type": PROBLEM_TYPE, "title": "An error occurred"}
    if violations:
        body["detail"] = "\n".join(f"{one.path}: {one.message}" if one.path else one.message for one in violations)
        body["violations"] = [{"propertyPath": one.path, "message": one.message} for one in violations]
    else:
        body["detail"] = detail or TITLES.get(status, "Error")
    return json_answer(status, body)


def no_entry(message: str) -> Answer:
    """401 in the words of the framework's token bundle."""
    return json_answer(401, {"code": 401, "message": message})


def error_page(status: int) -> Answer:
    """What a web server in front of the API shows."""
    title = f"{status} {TITLES.get(status, 'Error')}"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<h1>{title}</h1>\r\n</body>\r\n</html>\r\n"
    return Answer(status, page.encode(), (("content-type", "text/html"),))
