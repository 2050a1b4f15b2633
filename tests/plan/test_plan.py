"""Across rows and sheets: keys, references, and the order of work."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.model import CheckedSheet, Problem, Row, Severity, Table, Where
from importer.plan import chains, related
from schemas import entity_named
from schemas.cells import CLEAR, Value
from schemas.entity import identity

WHEN = datetime(2026, 1, 31, 10, tzinfo=UTC)


def sheet(
    entity_name: str, *rows: Mapping[str, Value], file: str = "june.xlsx", broken: Sequence[int] = ()
) -> CheckedSheet:
    """A checked sheet of *rows*, numbered from 2; those at the positions *broken* are rejected."""
    entity = entity_named(entity_name)
    where = Where(file, entity.sheet)
    letters = {name: chr(ord("A") + at) for at, name in enumerate(entity.names)}

    def row(at: int, values: Mapping[str, Value]) -> Row:
        place = Where(file, entity.sheet, at + 2)
        cells = {name: Where(file, entity.sheet, at + 2, letters[name]) for name in values}
        problems = (Problem(place, "missing"),) if at in broken else ()
        return Row(entity_name, place, identity(entity, values), values, problems, cells)

    table = Table(Path(file), where, entity.names, 1, pd.DataFrame())
    return CheckedSheet(table, entity, {}, tuple(row(at, values) for at, values in enumerate(rows)))


def problems(sheets: Sequence[CheckedSheet]) -> list[tuple[str, str, Mapping[str, str]]]:
    """Cell, code and facts of every problem the plan added."""
    return [
        (f"{problem.where.sheet}!{problem.where.cell}", problem.code, problem.facts)
        for sheet in sheets
        for row in sheet.rows
        for problem in row.problems
        if problem.code != "missing"
    ]


def order_of_work(sheets: Sequence[CheckedSheet], **options: object) -> list[list[list[str]]]:
    """For each wave, its chains, as entity and row number."""
    return [
        [
            [f"{step.row.entity} {step.row.where.row}{'' if step.is_last else ' first'}" for step in chain.steps]
            for chain in wave
        ]
        for wave in chains(related(sheets), **options).waves
    ]


ORDER = {"order_id": "SO-1", "order_date": WHEN}
ITEM = {"order_id": "SO-1", "sku": "A", "shipment_reference": "S-1"}
SHIPMENT = {"order_id": "SO-1", "reference_number": "S-1", "tracking_code": "T-1"}
EVENT = {"shipment_reference": "T-1", "event": "Refunded", "datetime": WHEN}


def test_two_rows_with_one_key_are_both_named():
    """When two rows share a key, both are rejected and each names the other."""
    found = related([sheet("orders", ORDER, {"order_id": "SO-2", "order_date": WHEN}, ORDER)])

    assert problems(found) == [
        ("Orders!A2", "duplicate_key", {"others": "Orders!4"}),
        ("Orders!A4", "duplicate_key", {"others": "Orders!2"}),
    ]


def test_a_cell_to_be_cleared_is_no_key():
    """Two shipments whose reference numbers are to be removed are known by their tracking codes instead."""
    cleared = {"order_id": "SO-1", "reference_number": CLEAR}

    (found,) = related([sheet("shipments", cleared | {"tracking_code": "T-1"}, cleared | {"tracking_code": "T-2"})])

    assert [(row.key, row.problems) for row in found.rows] == [("tracking_code=T-1", ()), ("tracking_code=T-2", ())]


def test_a_key_may_not_stand_in_two_files():
    """The same order in two files of one run is a duplicate, too."""
    found = related([sheet("orders", ORDER), sheet("orders", ORDER, file="july.xlsx")])

    assert [code for _, code, _ in problems(found)] == ["duplicate_key", "duplicate_key"]


def test_a_parent_that_is_not_in_the_file_is_a_note_with_the_near_name():
    """A reference to a row that is not in the file is a note, as the server may have it; a near name is suggested."""
    found = related(
        [
            sheet("orders", {"order_id": "SO-1001", "order_date": WHEN}),
            sheet("order_states", {"order_id": "SO-1010", "state": "paid"}),
        ]
    )

    (note,) = found[1].rows[0].problems
    assert (str(note.where), note.severity, note.code, note.suggestion) == (
        "june.xlsx › Order States!A2",
        Severity.NOTE,
        "reference_not_here",
        "SO-1001",
    )


def test_parents_none_of_which_are_in_the_files_are_told_once():
    """Where a run brings no orders at all, that is one note at the column, and none at its rows."""
    states = [{"order_id": f"SO-{number}", "state": "paid"} for number in range(3)]

    (found,) = related([sheet("order_states", *states)])

    assert found.problems == (
        Problem(
            Where("june.xlsx", "Order States", column="A"),
            "all_references_elsewhere",
            {"count": "3", "entity": "Orders"},
            column="order_id",
            severity=Severity.NOTE,
        ),
    )
    assert problems([found]) == []


def test_a_name_that_two_shipments_share_is_ambiguous():
    """A tracking code that two shipments carry cannot say which of them an item is in."""
    other = {"order_id": "SO-1", "reference_number": "S-2", "tracking_code": "T-1"}
    found = related([sheet("shipments", SHIPMENT, other), sheet("shipment_events", EVENT)])

    assert problems(found) == [
        ("Shipment Events!A2", "reference_ambiguous", {"value": "T-1", "others": "Shipments!2, Shipments!3"}),
    ]


def test_an_item_cannot_be_in_the_shipment_of_another_order():
    """An item that names a shipment of another order is rejected at that cell."""
    item = {"order_id": "SO-2", "sku": "A", "shipment_reference": "S-1"}
    found = related([sheet("order_items", item), sheet("shipments", SHIPMENT)])

    assert ("Order Items!E2", "shipment_of_other_order", {"other": "SO-1"}) in problems(found)


def test_same_day_delivery_needs_the_promised_date():
    """A shipment with local delivery is rejected when its order promises no date."""
    found = related([sheet("orders", ORDER), sheet("shipments", SHIPMENT | {"local_delivery": True})])

    assert [code for _, code, _ in problems(found)] == ["promised_date_missing"]


def test_a_currency_unlike_the_orders_others_is_a_note():
    """Of three items of one order, the one in another currency is noted, with the usual one proposed."""
    items = [
        {"order_id": "SO-1", "sku": sku, "currency": money}
        for sku, money in zip("ABC", ("EUR", "USD", "EUR"), strict=True)
    ]
    other = {"order_id": "SO-2", "sku": "A", "currency": "USD"}

    (found,) = related([sheet("order_items", *items, other)])

    notes = [problem for row in found.rows for problem in row.problems if problem.code == "currency_mixed"]
    assert [(note.where.cell, note.severity, note.value, note.suggestion, note.facts) for note in notes] == [
        ("I3", Severity.NOTE, "USD", "EUR", {"expected": "EUR"})
    ]


def test_a_pickup_on_a_day_before_the_order_is_a_note():
    """The usual slip of January, last year's number, shows where the parcel leaves before it was ordered."""
    shipments = [SHIPMENT | {"planned_pickup_datetime": day} for day in (WHEN.replace(year=2025), WHEN.replace(hour=0))]

    found = related([sheet("orders", ORDER), sheet("shipments", *shipments[:1]), sheet("shipments", *shipments[1:])])

    notes = [problem for one in found for row in one.rows for problem in row.problems if not problem.facts]
    assert [(note.where.sheet, note.where.row, note.code, note.severity) for note in notes] == [
        ("Shipments", 2, "pickup_before_order", Severity.NOTE)
    ]


def test_work_goes_the_vendors_way():
    """Products and images first; then, order by order: order, states, items, shipments, items linked, events."""
    sheets = [
        sheet("shipment_events", EVENT),
        sheet("shipments", SHIPMENT),
        sheet("order_items", ITEM, {"order_id": "SO-1", "sku": "B"}),
        sheet("order_states", {"order_id": "SO-1", "state": "paid"}),
        sheet("orders", ORDER, {"order_id": "SO-2", "order_date": WHEN}),
        sheet("product_images", {"sku": "A"}),
        sheet("products", {"sku": "A"}, {"sku": "B"}),
    ]

    assert order_of_work(sheets) == [
        [["products 2"], ["products 3"]],
        [["product_images 2"]],
        [
            [
                "orders 2",
                "order_states 2",
                "order_items 2 first",
                "order_items 3",
                "shipments 2",
                "order_items 2",
                "shipment_events 2",
            ],
            ["orders 3"],
        ],
    ]


def test_items_can_be_created_with_their_shipment_at_once():
    """With link="create" shipments go first and no item has a second turn."""
    sheets = [sheet("orders", ORDER), sheet("order_items", ITEM), sheet("shipments", SHIPMENT)]

    assert order_of_work(sheets, link="create")[2] == [["orders 2", "shipments 2", "order_items 2"]]


def test_an_order_is_completed_after_its_shipments():
    """With complete_boarding the order has its last turn after all its shipments."""
    sheets = [sheet("orders", ORDER), sheet("order_items", ITEM), sheet("shipments", SHIPMENT)]

    assert order_of_work(sheets, complete_boarding=True)[2] == [
        ["orders 2 first", "order_items 2 first", "shipments 2", "orders 2", "order_items 2"]
    ]


def test_rejected_rows_keep_their_place():
    """A rejected row is planned like any other, so that it is there to explain its children."""
    plan = chains(related([sheet("orders", ORDER, broken=[0]), sheet("order_items", ITEM)]))

    (chain,) = plan.waves[2]
    assert [(row.entity, row.is_rejected) for row in chain.rows] == [("orders", True), ("order_items", False)]
    assert chain.steps[1].needs[0].parent == chain.rows[0]


ITEMS = st.lists(
    st.fixed_dictionaries(
        {"order_id": st.sampled_from("12"), "sku": st.sampled_from("AB"), "size": st.sampled_from("SML")}
    ),
    max_size=8,
)


@settings(deadline=None)
@given(ITEMS, st.randoms(use_true_random=False))
def test_sorting_the_sheet_changes_no_key(items, random):
    """Lines of an order without line numbers keep their keys wherever they stand, and no two share one."""
    shuffled = random.sample(items, len(items))

    def keys(rows: Sequence[Mapping[str, Value]]) -> list[tuple[str, str]]:
        (found,) = related([sheet("order_items", *rows)])
        return sorted((row.key, str(row.values["size"])) for row in found.rows)

    assert keys(items) == keys(shuffled)
    assert len({key for key, _ in keys(items)}) == len(items)


@settings(deadline=None)
@given(ITEMS, st.lists(st.sampled_from("123"), unique=True))
def test_every_row_stands_in_exactly_one_chain(items, orders):
    """No row is lost and none is planned twice, whatever the sheets hold."""
    sheets = related(
        [sheet("orders", *({"order_id": order, "order_date": WHEN} for order in orders)), sheet("order_items", *items)]
    )

    planned = sorted((row.entity, row.where.row) for row in chains(sheets).rows)

    assert planned == sorted((row.entity, row.where.row) for one in sheets for row in one.rows)
