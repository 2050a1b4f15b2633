"""How many requests a second the server allows, learned from its refusals alone.  Pure: no clock, no threads, no store.

The vendor publishes no number, so the rate is found as one finds the size of a hole in a bucket: by what runs through
between two moments when it is empty.  A refusal (429) is such a moment.  So what was accepted between two refusals is
what the server allows, whatever it lets through at once; two measurements that agree are believed and kept to.  Since
limits change, the rate is tried a little higher after a while, gently first and then doubling.

Counts what one process sends, and takes it for all that is sent: the ledger's lease sees to it that it is.
"""

import math
from dataclasses import dataclass, replace

AGREE = 1 / 8
"""Two measurements that differ by no more are believed."""
ENOUGH = 15
"""So many accepted requests make a measurement."""
CUTS = (0.85, 0.7, 0.55)
"""Without a measurement: the share of the rate that is tried next, at the first refusal, the second, the third ..."""
DIP, DIP_S = 0.1, 1.0
"""After a refusal the rate begins so much lower and rises within about so many seconds: the bucket is empty."""
HOLD_S = 10.0
"""A rate that is believed is kept for so long before a higher one is tried, ..."""
HOLD_REQUESTS = 200
"""... for so many requests, since trying costs a refusal or two, ..."""
HOLD_PAUSES = 12
"""... and for so many times the pause that the server asks for at a refusal, and twice as long once it has
proved right again and again."""
UNSURE_S, UNSURE_REQUESTS = 1.0, 5
"""A rate that is only guessed is tried higher after so many seconds and requests."""
STEP = 0.02
"""Growth while a higher rate is tried: 2 % in the first second, then 4, 8, 16 ... % more ..."""
DOUBLING_REQUESTS = 10
"""... but with so many requests at least between the steps."""
IN_THE_DARK = 3.0
"""So much quicker as long as nothing was ever measured."""
NEARER = 1.05
"""What is measured is a little too low, as not every chance to send is used; so much higher is tried at most."""
POLITE_S = 2.0
"""Of a pause that the server asks for, so much is politeness: the header knows only whole seconds ..."""
WINDOW_S = 5.0
"""... but where nothing is accepted for longer than this, the server counts by the minute or so."""
LEAST = 0.2
"""Requests per second that are never gone below."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What is known of the server's limit, and how it came to be known.  Times are seconds of one clock."""

    limit: float = math.inf
    """Requests per second; infinite before the first refusal."""
    since: float = 0.0
    """When this limit was set; growth is counted from here."""
    hold_s: float = 0.0
    """It is kept for so long before a higher one is tried."""
    haste: float = 1.0
    accepted: int = 0
    """Requests accepted ..."""
    counted_from: float = 0.0
    """... since here."""
    sent: int = 0
    """Requests sent since then; counted only before the first refusal."""
    measured: float = 0.0
    """The last measurement; 0 = there was none."""
    agreed: int = 0
    """How many measurements agreed, one after another."""
    guesses: int = 0
    """Refusals since the last measurement."""
    refused_at: float | None = None
    """The first refusal after which nothing was accepted yet; None = the last request was accepted."""
    refused_rate: float = 0.0
    """The rate at that refusal."""
    cut_at: float = -math.inf
    """What was sent before says nothing of the present rate."""
    pause_s: float = 0.0
    """The longest pause that the server has asked for since `refused_at`."""

    def at(self, now: float) -> float:
        """Requests per second that may be sent at *now*."""
        if math.isinf(self.limit):
            return math.inf
        age = now - self.since
        if age < self.hold_s:
            return self.limit * (1 - DIP * math.exp(-max(0.0, age) / DIP_S))
        doublings = (age - self.hold_s) / max(1.0, DOUBLING_REQUESTS / self.limit) * self.haste
        return self.limit * (1 + STEP * (2 ** min(30.0, doublings) - 1))


def known(limit: float, now: float) -> Rate:
    """A limit that was learned earlier, or by others."""
    return Rate(limit=limit, since=now, hold_s=_unsure_s(limit), measured=limit, counted_from=now)


def with_counted(rate: Rate, *, sent: int, accepted: int) -> Rate:
    """So many more requests have left, and so many were taken that left since `counted_from`."""
    return replace(rate, sent=rate.sent + sent, accepted=rate.accepted + accepted)


def with_unused(rate: Rate, seconds: float, now: float) -> Rate:
    """Nobody wanted to send for some *seconds*: growth stands still, since a rate that is not used is not proved."""
    return replace(rate, since=min(now, rate.since + seconds))


def with_accepted(rate: Rate, sent_at: float, now: float) -> Rate:
    """A request that left at *sent_at* was taken; it is still to be counted."""
    return _measured(rate, now) if rate.refused_at is not None and sent_at >= rate.cut_at else rate


def with_refused(rate: Rate, sent_at: float, now: float, after_s: float | None) -> Rate:
    """A request that left at *sent_at* was refused, to be sent again after so many seconds if the server said so.

    Of many under way that are refused together, only the first lowers the rate.
    """
    if sent_at < rate.cut_at:
        return replace(rate, pause_s=max(rate.pause_s, after_s or 0.0))
    was = rate.at(now)
    if math.isinf(was):
        was = max(rate.sent, 1) / max(now - rate.counted_from, 0.05)
    if rate.refused_at is None:
        rate = replace(rate, refused_at=now, refused_rate=was, pause_s=0.0)
        share = CUTS[0]
    else:
        share = CUTS[1]
    return replace(
        rate,
        limit=max(LEAST, was * share),
        since=now,
        hold_s=math.inf,
        cut_at=now,
        pause_s=max(rate.pause_s, after_s or 0.0),
    )


def _measured(rate: Rate, now: float) -> Rate:
    """The first request after a refusal was taken: see what ran through since the refusal before."""
    assert rate.refused_at is not None
    dry_s = now - rate.refused_at
    polite_s = min(rate.pause_s, POLITE_S, dry_s)
    whole_s = max(now - rate.counted_from, 1e-3)
    if rate.accepted < ENOUGH:
        # Counting goes on: the bucket was empty at its start and has been so again.
        limit = max(LEAST, min(rate.limit, rate.refused_rate * CUTS[min(rate.guesses, len(CUTS) - 1)]))
        haste = 1.0 if rate.measured else IN_THE_DARK
        guessed = replace(rate, limit=limit, since=now, hold_s=_unsure_s(limit), haste=haste, refused_at=None)
        return replace(guessed, agreed=0, guesses=rate.guesses + 1)
    least, most = rate.accepted / whole_s, rate.accepted / max(whole_s - polite_s, 1e-3)
    agreed = rate.agreed + 1 if abs(most - rate.measured) <= AGREE * rate.measured else 0
    limit, hold_s = _believed(rate, least, most, agreed)
    if dry_s > WINDOW_S:
        limit, hold_s, agreed = least, 2 * whole_s, 0
    return Rate(
        limit=max(LEAST, limit),
        since=now,
        hold_s=hold_s,
        counted_from=now,
        measured=most,
        agreed=agreed,
        cut_at=rate.cut_at,
    )


def _believed(rate: Rate, least: float, most: float, agreed: int) -> tuple[float, float]:
    """The limit to keep to, and for how long, when between *least* and *most* requests a second were accepted."""
    middle = (least + most) / 2
    if not agreed:
        limit = (middle + max(middle, rate.refused_rate)) / 2
        return min(limit, rate.refused_rate), _unsure_s(limit)
    limit = min(rate.refused_rate, middle + (rate.refused_rate - middle) / 4, middle * NEARER)
    polite_s = min(rate.pause_s, POLITE_S)
    patience_s = HOLD_PAUSES * polite_s * min(2, max(1, agreed - 2))
    return limit, max(HOLD_S, HOLD_REQUESTS / limit, patience_s)


def _unsure_s(limit: float) -> float:
    return max(UNSURE_S, UNSURE_REQUESTS / limit)
