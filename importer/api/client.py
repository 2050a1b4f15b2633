"""The API in the importer's words: create, update, find.  How a request gets there is for the layers below to know."""

from importer.api.answers import server_id
from importer.api.counters import Counters, Counting
from importer.api.http import Connection
from importer.api.lookup import Answer, LookUp, Values, pages
from importer.api.request import ApiSettings, Request, Sender
from importer.api.token import Authorised
from importer.errors import AnswerLost, RequestTrouble, Unreachable
from importer.model import Reply
from schemas.entity import Entity, Payload

ACCEPTED = 202
CARRIERS = "/carriers"


class Api:
    """One account of the API; shared by all threads."""

    def __init__(
        self,
        settings: ApiSettings,
        connection: Connection,
        authorised: Authorised,
        sender: Sender,
        counting: Counting,
    ) -> None:
        self._settings = settings
        self._authorised = authorised
        self._connection = connection
        self._sender = sender
        self._counting = counting
        self._look_up = LookUp(sender, settings)

    def create(self, entity: Entity, body: Payload) -> Reply:
        """Send a new record, or for a PUT entity a new one in place of the old.

        Raises:
            TryLater, RowRefused, AnswerLost: see `importer.errors`.
            ImporterError: the run cannot go on.
        """
        reply = self._sender.send(Request(entity.method, self._settings.path(entity), body))
        if reply.http_status == ACCEPTED and entity.method == "POST" and not server_id(reply):
            raise AnswerLost("HTTP 202, accepted but not confirmed", http_status=ACCEPTED)
        return reply

    def update(self, entity: Entity, server_id: str, body: Payload) -> Reply:
        """Bring a record up to date; raises as `create` does, but never `AnswerLost`, since PUT is harmless to repeat.

        The whole record is sent: whether PUT merges or replaces is not documented.
        """
        return self._sender.send(Request("PUT", self._settings.update_path(entity, server_id, body), body))

    def find(self, entity: Entity, values: Values) -> Answer:
        """The server's records with the key in *values*, which are members of a payload; see `lookup`.

        Raises:
            ImporterError: the run cannot go on.
        """
        return self._look_up.find(entity, values)

    def knock(self) -> float:
        """Get a token, if there is none yet, as the first request would; the seconds that took, connection and all.

        Raises:
            TryLater: there is none to be had now.
            ImporterError: the run cannot go on.
        """
        return self._authorised.knock()

    def carriers(self) -> list[object]:
        """The carriers of the account as `GET /carriers` gives them, in whatever shape.

        Raises:
            ImporterError: they cannot be had.
        """
        try:
            return [carrier for page in pages(self._sender, CARRIERS, {}) for carrier in page]
        except RequestTrouble as trouble:
            raise Unreachable(
                "The carriers cannot be had from {address}: {answer}.",
                address=self._settings.base_url,
                answer=trouble.answer,
            ) from trouble

    def fetch(self, address: str) -> bytes:
        """The bytes behind a picture's address; raises OSError."""
        return self._connection.fetch(address)

    def close(self) -> None:
        """Close all connections."""
        self._connection.close()

    # --- for the summary ------------------------------------------------------------------------------------

    @property
    def counters(self) -> Counters:
        """What was sent so far, by all threads."""
        return self._counting.totals

    def sent_here(self) -> int:
        """Requests sent so far by the thread that asks."""
        return self._counting.sent_here
