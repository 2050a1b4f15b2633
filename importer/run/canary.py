"""A few chains go ahead of each wave, chosen to cover its variants; the rest waits for what becomes of them."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from importer.plan import Chain
from schemas import entity_named

MOST_CANARIES = 5
MOST_LOOKED_AT = 1_000
"""The variants of a file show among so many chains, and choosing must take no time."""

Variant = tuple[str, str, str]
"""Entity, field and value of a cell that has a closed list: a carrier, a country, a language."""


def ahead(chains: Iterable[Chain]) -> tuple[tuple[Chain, ...], Iterator[Chain]]:
    """A few chains that, taken together, show as many variants as possible, all when there are few; and the rest."""
    rest = iter(chains)
    candidates = [(one, frozenset(_variants(one))) for one in islice(rest, MOST_LOOKED_AT)]
    chosen: list[Chain] = []
    seen: set[Variant] = set()
    while candidates and len(chosen) < MOST_CANARIES:
        at = max(range(len(candidates)), key=lambda index: len(candidates[index][1] - seen))
        one, variants = candidates.pop(at)
        chosen.append(one)
        seen |= variants
    return tuple(chosen), chain((one for one, _ in candidates), rest)


def _variants(one: Chain) -> Iterator[Variant]:
    for row in one.rows:
        if row.is_rejected or row.is_example:
            continue
        yield row.entity, "", ""
        for field in entity_named(row.entity).fields:
            if field.name in row.values and field.kind.has_choices:
                yield row.entity, field.name, str(row.values[field.name])
