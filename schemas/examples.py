"""The template's example row: what it says, and how it is known again when it comes back in a user's file.

One story over all sheets: one shirt, one order, one parcel, one refund.  Each row's key begins with EXAMPLE-, so that
no row of a shop is taken for it.  Writing the row into a file is the template's business, leaving it out that of the
check.
"""

from collections.abc import Mapping

from schemas.entity import Entity

PREFIX = "EXAMPLE-"


def example(entity: Entity) -> dict[str, str]:
    """The example row's filled cells as text, by field name, in the order of the columns."""
    return {field.name: field.example for field in entity.fields if field.example}


def is_example(entity: Entity, texts: Mapping[str, str]) -> bool:
    """Whether *texts* (raw cells by field name) are the example row, also when the user edited other cells of it.

    The first field of the key decides: the sku, order or shipment the row is about.  It is enough, because nothing that
    hangs on the example's product, order or shipment can be imported either.
    """
    name = entity.key[0]
    return texts.get(name, "").strip() == entity.field(name).example
