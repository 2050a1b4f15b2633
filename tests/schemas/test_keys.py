"""Keys in the ledger say which cells they were made of."""

from hypothesis import example, given
from hypothesis import strategies as st

from schemas import entity_named
from schemas.entity import identity, named_by

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12)


@given(order=TEXT, other=TEXT, number=st.integers(1, 99))
@example("SO / 1", "a\\", 2)
@example("\\", "/ #3", 1)
@example("#2", "sku=1", 1)
@example("SO-1", "#", 1)
@example("SO-1", "#x", 1)
def test_cells_can_be_told_from_a_key(order, other, number):
    """Whatever is in the cells, the key gives them back, and the number of a line among its like."""
    items, shipments = entity_named("order_items"), entity_named("shipments")
    by_line = {"order_id": order, "line": other}
    by_sku = {"order_id": order, "sku": other}

    assert named_by(items, identity(items, by_line)) == (by_line, 1) or other.startswith(("sku=", "#"))
    assert named_by(items, identity(items, by_sku, number)) == (by_sku, number)
    assert named_by(shipments, identity(shipments, {"tracking_code": other})) == ({"tracking_code": other}, 1)
    state = {"order_id": order, "state": "paid"}
    assert named_by(entity_named("order_states"), identity(entity_named("order_states"), state)) == (state, 1)
