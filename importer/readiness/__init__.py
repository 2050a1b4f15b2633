"""For every order of a run: could its consumer use the returns portal?  Pure: looks at checked rows and outcomes alone.

What is not in these files may be on the server: that is "cannot be told", not a reason.  All is asked in columns: a row
is a number and two bytes of what is known of it; texts are looked up again for what is shown.

Source: the vendor's documentation (Return Portal Pro page).
"""

from collections.abc import Iterable, Sequence

from importer.model import CheckedSheet, Outcome, Readiness
from importer.outcomes import Outcomes
from importer.readiness.not_ready import NotReadyInColumns
from importer.readiness.orders import Orders
from importer.readiness.reasons import together
from importer.readiness.rows_of import RowsOf

ENTITIES = ("orders", "order_items", "shipments", "products", "product_images")

__all__ = ["readiness"]


def readiness(sheets: Sequence[CheckedSheet], outcomes: Iterable[Outcome] | Outcomes = ()) -> Readiness:
    """The orders of *sheets*, which are those after the plan, sorted into ready, not ready and not to be told.

    With the *outcomes* of an upload, a row that is not in counts like one that was rejected.
    """
    told = Outcomes.of(outcomes)
    files = {entity: RowsOf(entity, sheets, told) for entity in ENTITIES}
    parts = [some.sorted_out() for some in Orders(files).some()]
    reasons = together(part.reasons for part in parts)
    return Readiness(
        ready=sum(part.ready for part in parts),
        untold=sum(part.untold for part in parts),
        orders=NotReadyInColumns(reasons, files),
    )
