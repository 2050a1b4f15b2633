"""The API of a dry run: reads go through, writes are answered as if they had been done, and nothing is sent."""

from itertools import count

from importer.api.request import Request, Sender
from importer.model import Reply


class Dry:
    """Stands between the importer and everything that sends."""

    def __init__(self, inner: Sender) -> None:
        self._inner = inner
        self._numbers = count(1)

    def send(self, request: Request) -> Reply:
        """The reply to a GET; to all else one with a number that no record has."""
        if request.method == "GET":
            return self._inner.send(request)
        return Reply(201 if request.method == "POST" else 200, {"id": f"new-{next(self._numbers)}"})
