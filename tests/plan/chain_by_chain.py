"""The order of work, worked out with all rows in hand as plainly as can be: the measure for the lazy way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter

from importer.model import CheckedSheet, Row
from importer.plan import WAVES, Chain, Link, Need, Step
from schemas import ENTITIES, entity_named
from schemas.cells import CLEAR


def chains(
    sheets: Sequence[CheckedSheet], *, link: Link = "update", complete_boarding: bool = False
) -> list[list[Chain]]:
    """The chains of each wave, in the order in which their first rows stand."""
    names = _Names(row for sheet in sheets for row in sheet.rows)
    return [
        [_chain(rows, names, link, complete_boarding=complete_boarding) for rows in wave]
        for wave in together(sheets, names)
    ]


def together(sheets: Sequence[CheckedSheet], names: "_Names | None" = None) -> list[list[list[Row]]]:
    """For each wave the rows of each of its chains."""
    rows = [row for sheet in sheets for row in sheet.rows]
    names = names or _Names(rows)
    by_wave: list[defaultdict[str, list[Row]]] = [defaultdict(list) for _ in WAVES]
    wave_of = {entity: at for at, entities in enumerate(WAVES) for entity in entities}
    for row in rows:
        by_wave[wave_of[row.entity]][_chain_name(row, names)].append(row)
    return [list(wave.values()) for wave in by_wave]


class _Names:
    """Every row by the values that other rows may call it by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_name: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        referred = {field.reference for entity in ENTITIES for field in entity.references if field.reference}
        fields = {reference.entity: reference.fields for reference in referred}
        for row in rows:
            for name in {str(row.values[field]) for field in fields.get(row.entity, ()) if _says(row, field)}:
                self._by_name[row.entity, name].append(row)

    def named(self, entity: str, name: str) -> list[Row]:
        """The rows of *entity* that may be called *name*."""
        return self._by_name.get((entity, name), [])


def _says(row: Row, field: str) -> bool:
    return field in row.values and row.values[field] is not CLEAR


def _chain_name(row: Row, names: _Names) -> str:
    """What keeps rows together: their order; for an event, what its shipment is in; else the row is alone."""
    if "order_id" in row.values:
        return f"order {row.values['order_id']}"
    if row.entity == "shipment_events" and "shipment_reference" in row.values:
        reference = str(row.values["shipment_reference"])
        shipments = names.named("shipments", reference)
        return _chain_name(shipments[0], names) if shipments else f"shipment {reference}"
    return f"sku {row.values['sku']}" if "sku" in row.values else f"row {row.where}"


def _chain(rows: Sequence[Row], names: _Names, link: Link, *, complete_boarding: bool) -> Chain:
    turn = {entity.name: float(at) for at, entity in enumerate(ENTITIES)}
    if link == "create":
        turn["order_items"], turn["shipments"] = turn["shipments"], turn["order_items"]
    after_shipments = max(turn["shipments"], turn["order_items"]) + 0.5
    steps: list[tuple[float, Step]] = []
    for row in rows:
        needs = _needs(row, names)
        completes = complete_boarding and row.entity == "orders"
        links = link == "update" and row.entity == "order_items" and _waits_for_shipment(needs)
        if completes or links:
            steps.append((turn[row.entity], Step(row, needs, is_last=False)))
        at = after_shipments if completes or links else turn[row.entity]
        steps.append((at, Step(row, needs, completes=completes)))
    return Chain(tuple(step for _, step in sorted(steps, key=itemgetter(0))))


def _needs(row: Row, names: _Names) -> tuple[Need, ...]:
    needs = []
    for field in entity_named(row.entity).references:
        if field.reference and _says(row, field.name):
            value = str(row.values[field.name])
            parents = names.named(field.reference.entity, value)
            needs.append(Need(field, value, parents[0] if parents else None))
    return tuple(needs)


def _waits_for_shipment(needs: tuple[Need, ...]) -> bool:
    return any(need.parent is not None and need.parent.entity == "shipments" for need in needs)
