"""Which faults strike a request: the same ones every time, for the same seed and the same requests.

`times` and `skip` count the matching requests in the order of their arrival.  A `probability` is drawn from the seed,
the fault's place in the list, the request's method, path and body, and how often just that request was seen.  So the
fate of a row does not depend on which of several workers comes first, and a repeat has another fate than the first try.

Decides only; what a fault then does is `exchange`'s business.
"""

import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import blake2b
from random import Random
from typing import Any

from importer.sandbox.faults import PASSING, Fault


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that strikes the request at hand."""

    fault: Fault
    after_s: float
    """Seconds after which another try is welcome, for Retry-After."""


class Dial:
    """The faults in force.  To change one, set them all again; their counts then start afresh."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self._armed: tuple[_Armed, ...] = ()
        self.set(faults, seed)

    def set(self, faults: Iterable[Fault], seed: int) -> None:
        """Replace all faults, and begin to count from zero."""
        self._armed = tuple(_Armed(fault, f"{seed}/{place}") for place, fault in enumerate(faults))

    def strikes(self, request: str, body: bytes) -> list[Strike]:
        """The faults that strike *request* ("POST /orders"), in their order, up to the first that is its end."""
        return list(_until_the_end(armed.strike(request, body) for armed in self._armed))

    def report(self) -> list[dict[str, Any]]:
        """The faults in force and how often each happened, as JSON."""
        return [armed.fault.members | {"happened": armed.happened} for armed in self._armed]


def _until_the_end(strikes: Iterator[Strike | None]) -> Iterator[Strike]:
    for strike in strikes:
        if strike is not None:
            yield strike
            if strike.fault.kind not in PASSING:
                return


@dataclass(slots=True)
class _Armed:
    """A fault with its counts."""

    fault: Fault
    seed: str
    seen: int = 0
    """Matching requests so far."""
    happened: int = 0
    repeats: Counter[str] = field(default_factory=Counter)
    """How often each request was drawn for, by its digest; kept only for faults with a probability."""
    allowance: float = math.inf
    """Requests that the rate limit still lets through at `looked_at`."""
    looked_at: float = 0.0

    def strike(self, request: str, body: bytes) -> Strike | None:
        fault = self.fault
        if not _matches(fault.match, request) or self.happened == fault.times:
            return None
        self.seen += 1
        if self.seen <= fault.skip or (fault.probability < 1 and self._draw(request, body) >= fault.probability):
            return None
        if fault.kind == "rate_limit" and self._is_allowed():
            return None
        self.happened += 1
        return Strike(fault, self._after_s())

    def _draw(self, request: str, body: bytes) -> float:
        """A number in [0, 1) that depends on nothing but the seed and this request."""
        this = f"{request} {blake2b(body, digest_size=16).hexdigest()}"
        self.repeats[this] += 1
        return Random(f"{self.seed} {this} {self.repeats[this]}").random()  # noqa: S311 - faults, not secrets

    def _is_allowed(self) -> bool:
        """Whether the rate limit lets one more request through now (token bucket)."""
        now = time.monotonic()
        self.allowance = min(self.fault.burst, self.allowance + (now - self.looked_at) * self.fault.rate)
        self.looked_at = now
        if self.allowance < 1:
            return False
        self.allowance -= 1
        return True

    def _after_s(self) -> float:
        if self.fault.after_s is not None:
            return self.fault.after_s
        return (1 - self.allowance) / self.fault.rate if self.fault.kind == "rate_limit" else 1.0


def _matches(pattern: str, request: str) -> bool:
    return pattern == "*" or fnmatchcase(request, pattern.replace("{id}", "*"))
