"""The API, set up as the settings say."""

import threading

from importer.api import Api, ApiSettings, LookUps, PaceStore, connect
from importer.settings import Settings


def api_for(settings: Settings, *, pace: PaceStore, stop: threading.Event, dry_run: bool = False) -> Api:
    """The API of the settings' account; raises `WrongSettings` without base URL or access key."""
    lookups = settings.api.lookups
    ours = ApiSettings(
        base_url=settings.wanted_base_url(),
        paths=settings.api.paths,
        lookups=LookUps(
            products=lookups.products,
            shipments=lookups.shipments,
            order_items=lookups.order_items,
            shipment_events=lookups.shipment_events,
        ),
        connect_timeout_s=settings.api.connect_timeout_s,
        read_timeout_s=settings.api.read_timeout_s,
        tries=settings.api.tries,
        patience_s=settings.api.patience_s,
    )
    return connect(
        ours,
        settings.secret(),
        pace=pace,
        rate=settings.rate,
        most_at_once=settings.workers,
        stop=stop,
        dry_run=dry_run,
    )
