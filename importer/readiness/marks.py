"""What is known of a row that belongs to an order, as bits: two bytes a row hold all that its order is asked about."""

import numpy as np
import numpy.typing as npt

Marks = npt.NDArray[np.uint16]
Mask = npt.NDArray[np.bool_]


class Mark:
    """What a row may be marked with."""

    LOST = 1 << 0
    """It does not get in; of an item, for a reason of its own."""

    # An order.
    LANGUAGE = 1 << 1
    URL = 1 << 2

    # A shipment.
    EMAIL = 1 << 1
    """With which the consumer can log in, since the shipment is not lost."""

    # An item.
    RETURNABLE = 1 << 1
    KEPT = 1 << 2
    """It may not come back, its row says."""
    LINKED = 1 << 3
    """It names a parcel ..."""
    PARCEL_HERE = 1 << 4
    """... that is in these files ..."""
    PARCEL_LOST = 1 << 5
    """... and does not get in."""
    PRODUCT_HERE = 1 << 6
    PRODUCT_LOST = 1 << 7
    PICTURE_HERE = 1 << 8
    PICTURE_LOST = 1 << 9
    BUNDLE_RETURNABLE = 1 << 10
    """Of its order and bundle, some item may come back."""
    BUNDLE_LINKED = 1 << 11
    """Of its order and bundle, some item names a parcel."""


def unmarked(rows: int) -> Marks:
    """So many rows of which nothing is known yet."""
    return np.zeros(rows, dtype=np.uint16)


def has(marks: Marks, mark: int) -> Mask:
    """Which of *marks* have this one, or one of several."""
    found: Mask = marks & mark != 0
    return found
