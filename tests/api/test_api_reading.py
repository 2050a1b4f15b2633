"""Answers read off a connection by ourselves, against `http.client` reading the same bytes."""

import io
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.api.http import reading

NAMES = st.sampled_from(["Location", "X-Request-Id", "content-type", "Retry-After", "Date"])
VALUES = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"], exclude_characters="\x85\xa0"), max_size=20)


@dataclass
class Pieces:
    """A socket from which the bytes come in pieces."""

    pieces: list[bytes] = field(default_factory=list)

    def recv(self, most: int) -> bytes:
        """The next piece."""
        if not self.pieces:
            return b""
        piece, self.pieces[0] = self.pieces[0][:most], self.pieces[0][most:]
        if not self.pieces[0]:
            self.pieces.pop(0)
        return piece


def in_pieces(data: bytes, cuts: list[int]) -> Pieces:
    """*data* cut at some places."""
    places = [0, *sorted({cut % len(data) for cut in cuts} - {0}), len(data)]
    return Pieces([data[one:other] for one, other in pairwise(places)])


def chunked(body: bytes, sizes: list[int]) -> bytes:
    """*body* in chunks of *sizes*, the rest in one."""
    found, rest = b"", body
    for size in sizes:
        chunk, rest = rest[:size], rest[size:]
        found += b"%x;name=value\r\n%b\r\n" % (len(chunk), chunk) if chunk else b""
    found += b"%X\r\n%b\r\n" % (len(rest), rest) if rest else b""
    return found + b"0\r\nTrailer: x\r\n\r\n"


def by_the_library(data: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body as `http.client` reads them."""

    class Made:
        def makefile(self, _: str) -> io.BytesIO:
            return io.BytesIO(data)

    response = HTTPResponse(Made(), method="POST")
    response.begin()
    return response.status, {name.lower(): value for name, value in response.headers.items()}, response.read()


@given(
    status=st.sampled_from([200, 201, 204, 304, 400, 404, 422, 429, 503]),
    headers=st.dictionaries(NAMES, VALUES, max_size=4),
    body=st.binary(max_size=300),
    how=st.sampled_from(["length", "end"]) | st.lists(st.integers(1, 50), max_size=4),
    cuts=st.lists(st.integers(0, 10_000), max_size=6),
    before=st.sampled_from([b"", b"HTTP/1.1 100 Continue\r\n\r\n"]),
)
def test_an_answer_is_read_as_the_library_reads_it(status, headers, body, how, cuts, before):
    """However an answer is built and in whatever pieces it comes, its status, headers and body are the same.

    A list says *how* long the chunks of its body are.
    """
    headers = {name: value.strip() for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Some reason", *(f"{name}: {value}" for name, value in headers.items())]
    if status in {204, 304}:
        body, sent = b"", b""
    else:
        sent = chunked(body, how) if isinstance(how, list) else body
        length = [f"Content-Length: {len(body)}"] if how == "length" else []
        lines += ["Transfer-Encoding: chunked"] if isinstance(how, list) else length
    data = before + "\r\n".join([*lines, "", ""]).encode("latin-1") + sent

    said = reading.answer(in_pieces(data, cuts))

    assert (said.status, dict(said.headers), said.body) == by_the_library(data)
    assert said.is_last == (how == "end" and status not in {204, 304})


@pytest.mark.parametrize(
    ("head", "is_last"),
    [
        (b"HTTP/1.1 201 Created\r\nConnection: close\r\n", True),
        (b"HTTP/1.1 201 Created\r\nConnection: keep-alive\r\n", False),
        (b"HTTP/1.0 201 Created\r\n", True),
        (b"HTTP/1.1 201\r\n", False),
        (b"HTTP/1.1 201 Created\nX: y\n", False),
    ],
)
def test_whether_a_connection_goes_on(head, is_last):
    """A connection that the server will close is not used again; bare line feeds are line ends, too."""
    said = reading.answer(Pieces([head + b"Content-Length: 2\r\n\r\n{}"]))

    assert (said.status, said.body, said.is_last) == (201, b"{}", is_last)


def test_a_header_in_two_lines():
    """A header that is folded, or that comes twice, is one list."""
    lines = b"HTTP/1.1 200 OK\r\nVia: a,\r\n  b\r\nvia: c\r\nContent-Length: 0\r\n\r\n"
    said = reading.answer(Pieces([lines]))

    assert said.headers["via"] == "a,, b, c"


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 2, 3\r\n\r\n{}",
        b"Content-Length: two\r\n\r\n{}",
        b"Content-Length: 3\r\n\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nnonsense",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    ],
)
def test_a_body_that_is_not_whole(lines):
    """Of a body whose length cannot be had, or that breaks off, nothing is taken for the answer."""
    said = reading.answer(Pieces([b"HTTP/1.1 201 Created\r\n" + lines]))

    assert (said.status, said.body, said.is_last) == (201, None, True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 nonsense\r\n\r\n",
        b"HTTP/1.1 201 Created\r\nX: " + b"y" * 70_000,
        b"HTTP/1.1 201 Created\r\n" + b"X: y\r\n" * 101 + b"\r\n",
        b"HTTP/1.1 201 Created\r\nX",
    ],
)
def test_no_answer(data):
    """What is no answer of HTTP, or breaks off before its body begins, is none."""
    with pytest.raises((OSError, HTTPException)):
        reading.answer(Pieces([data] if data else []))
