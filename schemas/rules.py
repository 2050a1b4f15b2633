"""Rules over the cells of one row.  Each is a function that gives a `Rule`; a rule never looks at another row."""

from functools import partial

from schemas import carriers
from schemas.cells import CellError, Conventions
from schemas.entity import Rule, Values
from schemas.nearest import nearest


def carrier_in_country(name: str, country: str) -> Rule:
    """The pair of the columns *name* and *country* must stand in the carrier table in force."""

    def broken(values: Values, conventions: Conventions) -> CellError | None:
        if name not in values or country not in values:
            return None
        table = carriers.table() if conventions.carriers is None else conventions.carriers
        carrier, where = str(values[name]), str(values[country])
        offered = table.get(where, ())
        if not offered:
            return CellError("country_without_carriers", country=where)
        if carrier in offered:
            return None
        near = partial(nearest, carrier, offered)
        return CellError("carrier_not_in_country", country=where, choices=", ".join(offered), suggestion=near)

    return Rule((name, country), at=name, broken=broken)
