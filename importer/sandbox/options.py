"""How the sandbox behaves: every switch in one frozen value.

A default is what the vendor's documentation says or what is most likely where it says nothing; the switch then stands
for the other possibility, so that the importer can be tried against both.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from re import fullmatch
from typing import Any, Literal

from importer.sandbox.faults import Fault, fault_from
from importer.sandbox.resources import RESOURCES


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """All switches of the sandbox.

    Raises:
        ValueError: a value that is none of those named.
    """

    access_key: str = "sandbox-access-key"
    """The key that `POST /token` accepts."""
    state: Path | None = None
    """SQLite file that outlives the sandbox; None = records are kept in memory."""

    seed: int = 0
    """Decides which requests a fault with a probability strikes."""
    faults: tuple[Fault, ...] = ()
    """Faults from the start; they can be changed while the sandbox runs."""

    token_life_s: float = 3600.0
    """Seconds a token is good for (vendor's "Authentication" page: 60 minutes)."""
    one_token: bool = False
    """A new token makes the former ones invalid, as older pages hint ("valid until the next token is fetched")."""

    violation_status: Literal[400, 422] = 400
    """Status of a payload with violations; the vendor lists both."""
    unknown_reference_status: Literal[400, 404, 422] | None = None
    """Status when the order, product or shipment that a payload names is not there; None = `violation_status`."""
    duplicates_update: tuple[str, ...] = ()
    """Entities of which a second POST with the same key updates the record and answers 200, such as ("orders",)."""
    unique_tracking_codes: bool = False
    """A second shipment with the same tracking code is refused."""
    shipment_creates_order: bool = False
    """A shipment of an unknown order creates that order (the vendor's minimal integration posts shipments alone)."""
    items_need_products: bool = True
    """An order item of an unknown SKU is refused."""
    images_need_products: bool = False
    """An image of an unknown SKU is refused; otherwise it creates the SKU (two pages contradict each other)."""

    lenient_carriers: bool = False
    """Any carrier is taken in any country."""
    carriers: Mapping[str, tuple[str, ...]] | None = None
    """The account's carriers: country -> codes; None = the table that ships with the package."""
    carriers_shape: Literal["2018", "2017"] = "2018"
    """Shape of the reply to `GET /carriers`; both are known."""

    accept_blank: bool = False
    """Mandatory texts may be "": a client of 2018 sent an empty warehouse_address and got in."""
    any_event_case: bool = False
    """An event's case does not matter: one page shows "refunded" beside a list with "Refunded"."""
    refuse_unknown_members: bool = False
    """Members that the API does not know are refused instead of ignored."""
    put_replaces: bool = False
    """A PUT replaces the record, so that members left out are lost; otherwise it merges."""

    page_size: int = 30
    """Records on a page of a list."""
    lists: Literal["bare", "hydra"] = "bare"
    """Lists are JSON arrays, or hydra objects as the vendor's framework can answer."""
    ignored_filters: tuple[str, ...] = ()
    """Filters that are ignored, so that the whole list comes back, such as ("shipments.reference_number",)."""
    missing_paths: tuple[str, ...] = ()
    """Requests that get 404 because the path is not there, such as ("GET /products", "GET /order_items/*")."""
    aliases: bool = False
    """Other spellings of paths in the vendor's pages are understood: `/order`, `/order-states`, `/orders.json`."""

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one not in allowed:
                    wanted = ", ".join(map(str, allowed))
                    raise ValueError(f'sandbox option {name} is "{one}"; wanted is one of: {wanted}')
        for path in self.missing_paths:
            if not fullmatch(r"(\*|[A-Z]+) /\S*", path):
                raise ValueError(f'sandbox option missing_paths is "{path}"; wanted is such as GET /products')


CHOICES: Mapping[str, tuple[object, ...]] = {
    "violation_status": (400, 422),
    "unknown_reference_status": (None, 400, 404, 422),
    "duplicates_update": tuple(resource.name for resource in RESOURCES if resource.unique),
    "carriers_shape": ("2018", "2017"),
    "lists": ("bare", "hydra"),
    "ignored_filters": tuple(f"{resource.name}.{name}" for resource in RESOURCES for name in resource.filters),
}
"""What may stand in an option, or in each of its entries."""

FIXED = frozenset({"state"})
"""What cannot be changed while the sandbox runs."""


def members(options: SandboxOptions) -> dict[str, Any]:
    """*options* as a JSON object, without what cannot be changed while the sandbox runs."""
    plain = {field.name: getattr(options, field.name) for field in fields(options) if field.name not in FIXED}
    own_carriers = None if options.carriers is None else dict(options.carriers)
    return plain | {"faults": [fault.members for fault in options.faults], "carriers": own_carriers}


def options_from(found: object, *, state: Path | None) -> SandboxOptions:
    """The options that a JSON object describes; what it leaves out is at its default.

    Raises:
        ValueError: not an object, an option that does not exist, or a value that makes no sense.
    """
    if not isinstance(found, Mapping):
        raise ValueError("options are an object with the names of the sandbox's switches")
    defaults = members(SandboxOptions())
    for name, value in found.items():
        if name not in defaults:
            listed = ", ".join(sorted(defaults))
            raise ValueError(f'the sandbox has no option "{name}" that can be changed; there are: {listed}')
        if not _is_like(value, defaults[name]):
            raise ValueError(f'sandbox option {name} is "{value}"; wanted is such as {json.dumps(defaults[name])}')
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    if "faults" in plain:
        plain["faults"] = tuple(fault_from(one) for one in plain["faults"])
    if plain.get("carriers") is not None:
        plain["carriers"] = {country: tuple(codes) for country, codes in plain["carriers"].items()}
    return SandboxOptions(state=state, **plain)


def _is_like(value: object, default: object) -> bool:
    """Whether the JSON *value* is of the same type as an option's *default*; what None may become is checked later."""
    if isinstance(default, list | tuple):
        return isinstance(value, list)
    if isinstance(default, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return default is None or type(value) is type(default)
