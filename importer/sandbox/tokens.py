"""The tokens handed out, and how long they are good for."""

import secrets
import time

from importer.sandbox.answers import Answer, Refusal, json_answer, no_entry, problem


class Tokens:
    """Who is let in.  Tokens are forgotten when the sandbox ends; the client then has to ask for a new one."""

    def __init__(self) -> None:
        self._good_until: dict[str, float] = {}

    def issue(self, body: object, access_key: str, *, life_s: float, only_one: bool) -> Answer:
        """The answer to `POST /token`."""
        given = body.get("access_key") if isinstance(body, dict) else None
        if not isinstance(given, str):
            return problem(400, 'The key "access_key" must be provided.')
        if not secrets.compare_digest(given.encode(), access_key.encode()):
            return no_entry("Bad credentials")
        if only_one:
            self._good_until.clear()
        token = secrets.token_urlsafe(32)
        self._good_until[token] = time.monotonic() + life_s
        # The two flags are the account's mode, as the vendor's own shop plugin reads it.
        modes = {"allowed_to_track_all_shipments": True, "allowed_to_send_seven_senders_shipments": True}
        return json_answer(200, {"token": token, **modes})

    def let_in(self, authorization: str) -> None:
        """Pass over a header "Bearer TOKEN" whose token is good.

        Raises:
            Refusal: 401, with the reason.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise Refusal(no_entry("JWT Token not found"))
        good_until = self._good_until.get(token.strip())
        if good_until is None:
            raise Refusal(no_entry("Invalid JWT Token"))
        if time.monotonic() >= good_until:
            raise Refusal(no_entry("Expired JWT Token"))

    def expire(self) -> None:
        """Make all tokens handed out so far expire now."""
        self._good_until = dict.fromkeys(self._good_until, 0.0)

    def forget(self) -> None:
        """Know no token any more."""
        self._good_until.clear()
