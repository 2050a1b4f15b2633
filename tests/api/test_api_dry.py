"""A dry run reads the server and writes nothing to it."""

from parts import Book

from importer.api.dry import Dry
from importer.api.request import Request
from importer.model import Reply


def test_a_dry_run_reads_and_does_not_write():
    """Look-ups go through; whatever would change something is answered here, each with another number."""
    book = Book(Reply(200, [{"id": 7}]))
    dry = Dry(book)
    requests = [Request("GET", "/orders"), Request("POST", "/orders", {}), Request("PUT", "/orders/7", {})]

    replies = [dry.send(request) for request in (*requests, Request("DELETE", "/orders/7"))]

    assert replies == [
        Reply(200, [{"id": 7}]),
        Reply(201, {"id": "new-1"}),
        Reply(200, {"id": "new-2"}),
        Reply(200, {"id": "new-3"}),
    ]
    assert book.requests == [requests[0]]
