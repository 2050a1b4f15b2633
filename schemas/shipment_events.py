"""Shipment events: what the shop tells the portal after a return."""

from schemas import kinds
from schemas.columns import SHIPMENT_REFERENCE
from schemas.entity import Entity, Field

EVENTS = ("Refunded", "Returned to warehouse")

SHIPMENT_EVENTS = Entity(
    name="shipment_events",
    sheet="Shipment Events",
    blatt="Sendungsereignisse",
    meaning="One row per event after a return: paid back, or arrived at the warehouse.",
    path="/shipment_events",
    key=("shipment_reference", "event", "datetime"),
    can_update=False,
    fields=(
        Field(
            "shipment_reference",
            kinds.code(),
            "Shipment",
            "Sendung",
            "Reference number or tracking code of the shipment.",
            "EXAMPLE-S-1",
            mandatory=True,
            api="id",
            reference=SHIPMENT_REFERENCE,
            aliases=("Sendungsnummer", "shipment reference number"),
        ),
        Field("event", kinds.choice(*EVENTS), "Event", "Ereignis", "What happened.", "Refunded", mandatory=True),
        Field(
            "datetime",
            kinds.moment(),
            "Time",
            "Zeitpunkt",
            "When it happened.",
            "2026-02-20 09:30",
            mandatory=True,
            aliases=("date", "Datum", "timestamp"),
        ),
    ),
)
