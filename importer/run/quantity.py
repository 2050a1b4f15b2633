"""How many records a row becomes: as many as its quantity says, and one where it says nothing."""

import pyarrow as pa

from importer.findings import Numbers
from importer.model import Row

QUANTITY = "quantity"


def records_of(row: Row) -> int:
    """How many *row* becomes."""
    quantity = row.values.get(QUANTITY, 1)
    return quantity if isinstance(quantity, int) else 1


def records_by(quantities: pa.Array) -> Numbers:
    """The same for many rows, of which that column means *quantities*, as texts."""
    found: Numbers = quantities.fill_null("1").cast(pa.int64()).to_numpy()
    return found
