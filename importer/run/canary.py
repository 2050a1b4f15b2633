"""A few chains go ahead of each wave, chosen to cover its variants; the rest waits for what becomes of them."""

from collections.abc import Iterator, Sequence
from itertools import islice

from importer.plan import Chain
from schemas import entity_named

MOST_CANARIES = 5
MOST_LOOKED_AT = 1_000
"""The variants of a file show among so many chains, and choosing must take no time."""

Variant = tuple[str, str, str]
"""Entity, field and value of a cell that has a closed list: a carrier, a country, a language."""


def first(chains: Sequence[Chain]) -> tuple[Chain, ...]:
    """A few chains that, taken together, show as many variants as possible; all of them when there are few."""
    candidates = [(chain, frozenset(_variants(chain))) for chain in islice(chains, MOST_LOOKED_AT)]
    chosen: list[Chain] = []
    seen: set[Variant] = set()
    while candidates and len(chosen) < MOST_CANARIES:
        at = max(range(len(candidates)), key=lambda index: len(candidates[index][1] - seen))
        chain, variants = candidates.pop(at)
        chosen.append(chain)
        seen |= variants
    return tuple(chosen)


def _variants(chain: Chain) -> Iterator[Variant]:
    for row in chain.rows:
        if row.is_rejected or row.is_example:
            continue
        yield row.entity, "", ""
        for field in entity_named(row.entity).fields:
            if field.name in row.values and field.kind.has_choices:
                yield row.entity, field.name, str(row.values[field.name])
