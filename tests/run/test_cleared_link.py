"""An item's shipment that is to be cleared."""


def test_a_cleared_shipment_is_taken_off_the_item(book, load, sandbox):
    """An item whose shipment cell says #CLEAR waits for no shipment; the server is told that it has none any more."""
    shop = {
        "orders": ["order_id", "SO-1"],
        "shipments": ["order_id | reference_number | tracking_code", "SO-1 | S-1 | T-1"],
        "products": ["sku", "A"],
    }
    load(book(**shop, order_items=["order_id | line | sku | shipment_reference", "SO-1 | 1 | A | S-1"]))

    again = load(book(**shop, order_items=["order_id | line | sku | shipment_reference", "SO-1 | 1 | A | #CLEAR"]))

    assert again.statuses["order_items 2"] == "updated"
    (item,) = sandbox.state()["order_items"]
    assert item.get("shipment_id") is None
