"""Order states: what happened to an order before it shipped.  The system sets shipped and completed itself."""

from schemas import kinds
from schemas.columns import order_id
from schemas.entity import Entity, Field

STATES = (
    "new",
    "paid",
    "in_production",
    "in_preparation",
    "warehouse_handover",
    "refunded",
    "returned",
    "cancelled",
)

ORDER_STATES = Entity(
    name="order_states",
    sheet="Order States",
    blatt="Bestellstatus",
    meaning="Optional: states an order passed through. Sent before its shipments, since an order cannot go back.",
    path="/order_states",
    key=("order_id", "state"),
    can_update=False,
    fields=(
        order_id("The order."),
        Field(
            "state", kinds.choice(*STATES), "State", "Status", "The state it took.", "in_preparation", mandatory=True
        ),
        Field(
            "datetime",
            kinds.moment(),
            "Time",
            "Zeitpunkt",
            "When it took this state.",
            "2026-01-31 12:00",
            mandatory=True,
            aliases=("date", "Datum", "timestamp"),
        ),
        Field("location", kinds.text(), "Location", "Ort", "Where that was.", "Berlin"),
    ),
)
