"""`rejected/`: the rows that did not get in, ready to be mended and imported again."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from made_runs import NOTE, at, book, checked, csv_table, outcome, table
from openpyxl import load_workbook

from importer.model import Outcome, Problem, Status
from importer.reports.copies import NOT_WHOLE
from importer.reports.matched import matched
from importer.reports.rejected import write

EVERY_STATUS = [
    *(Status.CREATED, Status.UPDATED, Status.UNCHANGED, Status.SKIPPED, Status.REFUSED, Status.BLOCKED),
    *(Status.NOT_SENT, Status.IN_DOUBT),
]


def test_csv_comes_back_with_its_separator_columns_and_order(tmp_path):
    """Rejected rows stand under the user's own header, in the user's own form, with the reason at the right."""
    read = csv_table(tmp_path / "orders.csv", 'Order no;note;language\n007;"a;b";de\n008;"c ""d""\n2";xx\n009;;\n', ";")
    wrong = at(read, 3, "language", "not_a_choice", suggestion="de", facts={"choices": "de, en"})
    sheet = checked(read, "orders", [wrong])

    (path,) = write(tmp_path / "rejected", matched([sheet], [outcome(row) for row in sheet.rows]))

    assert path == tmp_path / "rejected" / "orders.csv"
    assert path.read_bytes().decode("utf-8-sig") == (
        "Order no;note;language;import_status;import_message\r\n"
        '008;"c ""d""\n2";xx;rejected;'
        "row 3: language: one of these is wanted: de, en (did you mean de?)\r\n"
    )


def test_only_rows_that_surely_did_not_get_in_come_back(tmp_path):
    """Refused, blocked and unsent rows come back; a row in doubt does not, for it may be in."""
    text = "order_id\n" + "".join(f"{status}\n" for status in EVERY_STATUS)
    sheet = checked(csv_table(tmp_path / "orders.csv", text), "orders")
    outcomes = [outcome(row, status) for row, status in zip(sheet.rows, EVERY_STATUS, strict=True)]

    (path,) = write(tmp_path / "rejected", matched([sheet], outcomes))

    assert [line[:2] for line in lines(path)[1:]] == [[name] * 2 for name in ("refused", "blocked", "not_sent")]


def test_rows_that_a_dry_run_would_send_do_not_come_back(tmp_path):
    """After a dry run only the rows that need mending are in the folder."""
    sheet = checked(csv_table(tmp_path / "orders.csv", "order_id\nSO-1\n"), "orders")
    (row,) = sheet.rows
    would = Problem(row.where, "dry_run", {"status": "created"}, severity=NOTE)

    assert write(tmp_path / "rejected", matched([sheet], [Outcome(row, Status.NOT_SENT, problems=(would,))])) == ()
    assert not (tmp_path / "rejected").exists()


def test_workbook_comes_back_with_the_sheets_that_have_such_rows(tmp_path):
    """A workbook comes back as one: same sheets and columns, text cells, bad cells coloured and commented."""
    orders = [["order_id"], ["SO-1"]]
    items = [["order_id", "sku", "", "price"], ["SO-1", "0012", "?", "1,5"], ["SO-1", "0013", "", "x"]]
    path = book(tmp_path / "june.xlsm", Orders=orders, **{"Order Items": items})
    read = table(path, "Order Items", items)
    sheets = [
        checked(table(path, "Orders", orders), "orders"),
        checked(read, "order_items", [at(read, 3, "price", "not_a_number", facts={"example": "1.50"})]),
    ]
    results = matched(sheets, [outcome(row) for sheet in sheets for row in sheet.rows])

    (back,) = write(tmp_path / "rejected", results)

    made = load_workbook(back)
    assert back.name == "june.xlsx"
    assert made.sheetnames == ["Order Items"]
    assert list(made["Order Items"].values) == [
        ("order_id", "sku", None, "price", "import_status", "import_message"),
        ("SO-1", "0013", None, "x", "rejected", "row 3: price: a number is wanted, such as 1.50"),
    ]
    bad = made["Order Items"]["D2"]
    assert (bad.fill.fgColor.rgb, bad.comment.text) == ("FFFFC7CD", "— import —\na number is wanted, such as 1.50")
    assert {cell.number_format for cell in made["Order Items"][2] if cell.value} == {"@"}


def test_row_whose_cells_cannot_be_told_apart_is_no_whole_row_next_time(tmp_path):
    """A row with too many cells comes back with a hint, and imported untouched it is rejected once more."""
    read = csv_table(tmp_path / "orders.csv", "order_id,note\nSO-1,a\n")
    ragged = Problem(replace(read.where, row=2), "ragged_row", {"found": "3", "expected": "2"})
    sheet = checked(read, "orders", [ragged])

    (path,) = write(tmp_path / "rejected", matched([sheet], [outcome(sheet.rows[0])]))

    assert lines(path) == [
        ["order_id", "note", "import_status", "import_message"],
        ["SO-1", "a", "rejected", f"row 2: {ragged.message} | {NOT_WHOLE}", ""],
    ]


def test_columns_of_an_earlier_report_are_replaced(tmp_path):
    """Importing a rejected file again does not pile up status columns."""
    text = "order_id,import_status,Import Message,language\nSO-1,rejected,old,xx\n"
    read = csv_table(tmp_path / "orders.csv", text)
    sheet = checked(read, "orders", [at(read, 2, "language", "missing")])

    (path,) = write(tmp_path / "rejected", matched([sheet], [outcome(sheet.rows[0])]))

    assert lines(path) == [
        ["order_id", "language", "import_status", "import_message"],
        ["SO-1", "xx", "rejected", "row 2: language: a value is required here"],
    ]


@pytest.mark.parametrize(
    ("given", "back"),
    [
        (["orders.csv", "orders.csv"], ["orders.csv", "orders-2.csv"]),
        (["orders.csv.gz", "drop.data", "a.tsv"], ["orders.csv", "drop.data.csv", "a.tsv"]),
    ],
)
def test_no_file_takes_the_place_of_another(tmp_path, given, back):
    """Files of one name from two folders come back as two; packed files come back unpacked."""
    sheets = []
    for number, name in enumerate(given):
        (tmp_path / str(number)).mkdir()
        sheets.append(checked(csv_table(tmp_path / str(number) / name, f"order_id\nSO-{number}\n"), "orders"))
    outcomes = [outcome(sheet.rows[0], Status.BLOCKED) for sheet in sheets]

    paths = write(tmp_path / "rejected", matched(sheets, outcomes))

    assert [path.name for path in paths] == back
    assert [lines(path)[1][0] for path in paths] == [f"SO-{number}" for number in range(len(given))]


def lines(path: Path) -> list[list[str]]:
    """The cells of a CSV file as they stand in it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_few_rows_mean_what_they_meant_among_all(tmp_path):
    """A price of 1.234 that was 1234 beside others comes back as 1234; a number of a workbook comes back as one."""
    read = csv_table(tmp_path / "order_items.csv", "order_id;sales_price;currency\nSO-1;1.234;x\nSO-2;12,50;EUR\n", ";")
    sheet = checked(read, "order_items", [at(read, 2, "currency", "currency_unknown")])
    sheet = replace(sheet, rows=(replace(sheet.rows[0], values={"sales_price": Decimal(1234)}), sheet.rows[1]))
    typed = replace(
        table(tmp_path / "june.xlsx", "Order Items", [["order_id", "sales_price"], ["SO-1", "1.234"]]),
        decimals=frozenset(["1.234"]),
    )
    other = checked(typed, "order_items", [at(typed, 2, "order_id", "missing")])
    other = replace(other, rows=(replace(other.rows[0], values={"sales_price": Decimal("1.234")}),))
    sheets = [sheet, other]

    paths = write(tmp_path / "rejected", matched(sheets, [outcome(row) for one in sheets for row in one.rows]))

    assert paths[0].read_text(encoding="utf-8-sig").splitlines()[1].startswith("SO-1;1234;x;rejected;")
    cell = load_workbook(paths[1])["Order Items"]["B2"]
    assert (cell.value, cell.data_type) == (1.234, "n")
