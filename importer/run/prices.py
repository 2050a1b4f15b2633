"""What one record takes, in requests; and the sum of many.  Which records there are is the quote's business."""

from collections import Counter

from importer.reports.quote import Range
from importer.run.desk import Existing
from importer.run.unit import PAUSE_S
from importer.settings import Settings
from schemas.entity import Reference

NONE = (0, 0)

Span = tuple[int, int]
"""Requests, from the least to the most."""


class Prices:
    """The requests that a record takes."""

    def __init__(self, settings: Settings) -> None:
        self.asks_first = Existing(settings.existing) is not Existing.UPDATE
        """Whatever the ledger does not know is asked for before it is created."""
        self._doubts = round(settings.api.settle_s / PAUSE_S) + 2
        """So often at most the server is asked for a record in doubt."""
        lookups = settings.api.lookups
        self._look_up: dict[str, Span] = {
            "products": (int(lookups.products),) * 2,
            "orders": (1, 1),
            "order_states": (1, 1),
            "order_items": (1, 2) if lookups.order_items else NONE,
            "shipments": (1, 2) if lookups.shipments else (1, 1),
            "shipment_events": (int(lookups.shipment_events),) * 2,
        }

    def look_up(self, entity: str) -> Span:
        """Asking for a record."""
        return self._look_up.get(entity, NONE)

    def outside(self, reference: Reference) -> Span:
        """Asking for a parent that is in no file, by each of its names."""
        few, many = self.look_up(reference.entity)
        return few, many * len(reference.fields)

    def new(self, entity: str, *, may_exist: bool) -> Span:
        """The first or only turn of a record that the ledger does not know, but perhaps the server."""
        few, many = self.look_up(entity)
        return (few, many + 1) if may_exist else (1, 1)

    def in_doubt(self, entity: str) -> Span:
        """The same of a record that may have been sent."""
        few, many = self.look_up(entity)
        return min(1, few), self._doubts * max(1, many) + 2


class Tally:
    """Requests by entity."""

    def __init__(self) -> None:
        self._least, self._most = Counter[str](), Counter[str]()

    def add(self, entity: str, span: Span, *, times: int = 1) -> None:
        """Some more for rows of *entity*."""
        self._least[entity] += span[0] * times
        self._most[entity] += span[1] * times

    def of(self, entity: str) -> Range:
        """All of *entity*."""
        return Range(self._least[entity], self._most[entity])
