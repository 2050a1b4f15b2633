"""The quick way through columns finds what the plain way row by row finds, whatever the sheets hold."""

import csv

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from row_by_row import related as row_by_row

from importer import sources
from importer.check import check
from importer.model import CheckedSheet
from importer.plan import related
from importer.rows import RowsInHand
from schemas import entity_named
from schemas.cells import Conventions

CELLS = {
    "orders": {
        "order_id": st.sampled_from(["1", "2", "3", "EXAMPLE-1001", ""]),
        "order_date": st.sampled_from(["2026-01-31", "2026-01-31T23:30:00Z", "31.01.2026 10:00", "x", "2026-02-01"]),
        "promised_delivery_date": st.sampled_from(["", "2026-02-04", "#CLEAR"]),
    },
    "order_items": {
        "order_id": st.sampled_from(["1", "2", "4", " 1", ""]),
        "line": st.sampled_from(["", "", "1", "#CLEAR"]),
        "sku": st.sampled_from(["A", "B", ""]),
        "shipment_reference": st.sampled_from(["S1", "S2", "T1", "T2", "#CLEAR", "", "S9"]),
        "currency": st.sampled_from(["EUR", "eur", "USD", ""]),
        "size": st.sampled_from("SM"),
    },
    "shipments": {
        "order_id": st.sampled_from(["1", "2", "5"]),
        "reference_number": st.sampled_from(["S1", "S2", "", "T1", "#CLEAR"]),
        "tracking_code": st.sampled_from(["T1", "T2", "T3", ""]),
        "planned_pickup_datetime": st.sampled_from(
            [
                "2026-01-30",
                "2026-01-31",
                "2026-01-31T23:30:00Z",
                "2026-02-01 00:10",
                "2026-01-30T23:30:00-05:00",
                "30.1.2026",
            ]
        ),
        "local_delivery": st.sampled_from(["", "yes", "no"]),
    },
    "shipment_events": {
        "shipment_reference": st.sampled_from(["S1", "T1", "T2", "S9", ""]),
        "event": st.sampled_from(["Refunded", "refunded"]),
        "datetime": st.sampled_from(["2026-02-01T10:00:00Z", "2026-02-01 11:00", "2026-02-01"]),
    },
    "products": {"sku": st.sampled_from(["A", "C", "C", ""])},
}
BOOKS = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.fixed_dictionaries(cells), max_size=7) for name, cells in CELLS.items()}
)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BOOKS)
def test_columns_tell_what_rows_tell(tmp_path, book):
    """Keys, duplicates, references and everything else among rows are the same as when each row is asked by itself."""
    sheets = [checked(tmp_path, name, rows) for name, rows in book.items()]

    plain = row_by_row(sheets)

    assert [list(sheet.rows) for sheet in related(sheets)] == plain
    assert [list(sheet.rows) for sheet in related([in_hand(sheet) for sheet in sheets])] == plain


def checked(folder, name: str, rows: list[dict[str, str]]) -> CheckedSheet:
    """The sheet of some *rows*, read and checked."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, CELLS[name])
        lines.writeheader()
        lines.writerows(rows)
    (table,) = sources.tables(path)
    return check(table, Conventions(), entity=entity_named(name))


def in_hand(sheet: CheckedSheet) -> CheckedSheet:
    """The same sheet, its rows put together one by one."""
    return CheckedSheet(sheet.table, sheet.entity, sheet.columns, RowsInHand(tuple(sheet.rows)), sheet.problems)
