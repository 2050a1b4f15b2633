"""A clock that only goes when it is told to, and senders that answer by the book, for what is above the network."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from importer.api.request import Request
from importer.model import Reply

OK = Reply(200, {})


@dataclass
class Clock:
    """Time that passes only by waiting; `clock.stops_at` is when somebody presses Ctrl-C."""

    now: float = 1000.0
    waits: list[float] = field(default_factory=list)
    stops_at: float = float("inf")

    def __call__(self) -> float:
        """The time."""
        return self.now

    def pause(self, seconds: float) -> bool:
        """As `Event.wait`: True when the run is to stop."""
        self.waits.append(seconds)
        self.now = min(self.now + seconds, max(self.now, self.stops_at))
        return self.now >= self.stops_at


class Book:
    """Sends nothing: each request gets the next of the answers, the last one for ever."""

    base_url = "https://api.example/v2"

    def __init__(self, *answers: Reply | Exception | Callable[[Request, str], Reply]) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.tokens: list[str] = []
        self._lock = threading.Lock()

    def send(self, request: Request, token: str = "") -> Reply:
        """The next answer."""
        with self._lock:
            self.requests.append(request)
            self.tokens.append(token)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Reply) else answer(request, token)
