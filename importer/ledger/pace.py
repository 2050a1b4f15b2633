"""How quickly an account lets us send: one row, so that all threads and processes of an account keep to it together.

The row is a queue of places in time: whoever wants to send reserves the next ones and waits for them.  Each change is
one atomic statement.  When to slow down or speed up, and by how much, is for whoever sends to decide.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Double, Executable, bindparam, case, func, literal, select, update

from importer.ledger import sqlite
from importer.ledger.database import Database
from importer.ledger.sqlite import greatest
from importer.ledger.tables import pace
from importer.ledger.values import Pace

CLOCK_SLACK_S = 5.0
"""When the clock was set back by more, what is reserved and blocked is forgotten: all would wait for as long."""


class SharedPace:
    """The pace of one account, the same for all that hold it.

    *now*, in seconds since 1970, replaces the database's clock where a caller has a clock of its own.
    """

    def __init__(self, database: Database, account_id: int) -> None:
        self._database = database
        self._account_id = account_id

    def pace(self, now: float | None = None) -> Pace:
        """What has been learned so far."""
        with self._database.reading() as connection:
            return Pace(*connection.execute(_READ, {"the_account": self._account_id, "now": now}).one())

    def reserve(self, n: int, now: float | None = None, *, least_s: float = 0.0) -> float:
        """Reserve the next *n* places; seconds to wait for the first of them, never below 0.

        The others follow one by one at the account's interval, or at *least_s* seconds if that is longer.
        """
        values = {"n": n, "least_s": least_s, "now": now}
        return max(0.0, float(self._changed(_RESERVE, values)[0]))

    def give_back(self, n: int, now: float | None = None, *, least_s: float = 0.0) -> None:
        """Give back *n* reserved places that were not used; what others have reserved behind them stays theirs."""
        self._changed(_GIVE_BACK, {"n": n, "least_s": least_s, "now": now})

    def slow_down(self, *, was: float, to: float, blocked_s: float = 0.0, now: float | None = None) -> Pace:
        """Lengthen the interval from *was* to *to*, and let nobody send for *blocked_s* seconds.

        Of many that are refused at once only the first lengthens it: it is no longer what the others have seen.
        """
        return Pace(*self._changed(_SLOW_DOWN, {"was": was, "to": to, "blocked_s": blocked_s, "now": now}))

    def speed_up(self, *, was: float, to: float, now: float | None = None) -> Pace:
        """Shorten the interval from *was* to *to*, unless somebody has changed it in the meantime."""
        return Pace(*self._changed(_SPEED_UP, {"was": was, "to": to, "blocked_s": 0.0, "now": now}))

    def _changed(self, statement: Executable, values: dict[str, float | None]) -> tuple[Any, ...]:
        def work(connection: Connection) -> tuple[Any, ...]:
            return tuple(connection.execute(statement, values | {"the_account": self._account_id}).one())

        return self._database.writer.ask(work)


# --- statements ---------------------------------------------------------------------------------------------

_THE_ROW = pace.c.account_id == bindparam("the_account")
_NOW = func.coalesce(bindparam("now", type_=Double), sqlite.now(), type_=Double)
_SPAN = greatest(pace.c.interval_s, bindparam("least_s", type_=Double)) * bindparam("n", type_=Double)
_WAS = bindparam("was", type_=Double)
_STATE = (pace.c.interval_s, greatest(literal(0.0), pace.c.blocked_until - _NOW), _NOW - pace.c.changed_at)


def _sane(moment: ColumnElement[float]) -> ColumnElement[float]:
    return case((pace.c.seen_at > _NOW + CLOCK_SLACK_S, _NOW), else_=moment)


def _change(condition: ColumnElement[bool]) -> Executable:
    """Change the interval on *condition*; the block in any case, and never to an earlier end."""
    return (
        update(pace)
        .where(_THE_ROW)
        .values(
            interval_s=case((condition, bindparam("to", type_=Double)), else_=pace.c.interval_s),
            changed_at=case((condition, _NOW), else_=pace.c.changed_at),
            blocked_until=greatest(_sane(pace.c.blocked_until), _NOW + bindparam("blocked_s", type_=Double)),
            seen_at=_NOW,
        )
        .returning(*_STATE)
    )


_READ = select(*_STATE).where(_THE_ROW)
_RESERVE = (
    update(pace)
    .where(_THE_ROW)
    .values(
        next_at=_sane(greatest(pace.c.next_at, pace.c.blocked_until, _NOW)) + _SPAN,
        blocked_until=_sane(pace.c.blocked_until),
        seen_at=_NOW,
    )
    .returning(pace.c.next_at - _SPAN - _NOW)
)
_GIVE_BACK = (
    update(pace).where(_THE_ROW).values(next_at=greatest(_NOW, pace.c.next_at - _SPAN)).returning(pace.c.next_at)
)
_SLOW_DOWN = _change(pace.c.interval_s <= _WAS)
_SPEED_UP = _change(pace.c.interval_s == _WAS)
