"""Reading a profile: what makes no sense is told with its key, what was wanted and what is near."""

from pathlib import Path

import pytest

from importer.errors import WrongSettings
from importer.mapping import profile_in
from importer.model import Where

DOCS = Path(__file__).parents[2] / "docs"

SHEET = '[sheets.orders]\nfile = "a.csv"\n'
COLUMNS = '[sheets.orders.columns]\norder_id = "Nr"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "sheets: wanted is a table for each sheet, such as [sheets.orders]."),
        ("sheet = 1", "sheet: This is not known here. Did you mean sheets?"),
        ("sheets = 1", "sheets: wanted is a table, such as [sheets]."),
        (
            '[sheets.order]\nfile = "a.csv"',
            (
                "sheets.order: wanted is one of products, product_images, orders, order_states, order_items, "
                'shipments, shipment_events, not "order". Did you mean orders?'
            ),
        ),
        (
            "[sheets.orders]",
            'sheets.orders: wanted is where it comes from, such as file = "export.csv", or sheet = "Tabelle1".',
        ),
        (SHEET, 'sheets.orders.columns: wanted is at least one column, such as order_id = "Their number".'),
        (SHEET + 'colums.order_id = "Nr"', "sheets.orders.colums: This is not known here. Did you mean columns?"),
        (
            SHEET + 'columns.order_dat = "x"',
            "sheets.orders.columns.order_dat: There is no such column in Orders. Did you mean order_date?",
        ),
        (
            SHEET + "columns.order_id = 5",
            (
                "sheets.orders.columns.order_id: wanted is the name of a column in quotation marks, or a table such as "
                '{ text = "EUR" }.'
            ),
        ),
        (
            SHEET + 'columns.order_id = { column = "x", text = "y" }',
            "sheets.orders.columns.order_id: wanted is exactly one of column, text, join.",
        ),
        (
            SHEET + 'columns.order_id = { colum = "x" }',
            "sheets.orders.columns.order_id.colum: This is not known here. Did you mean column?",
        ),
        (
            SHEET + 'columns.order_id = { column = "x", otherwise = "blank" }',
            "sheets.orders.columns.order_id.otherwise: there are no values to which it would be the exception.",
        ),
        (
            SHEET + 'columns.order_id = { column = "x", otherwise = "eror", values = { a = "b" } }',
            (
                'sheets.orders.columns.order_id.otherwise: wanted is one of keep, blank, error, not "eror". '
                "Did you mean error?"
            ),
        ),
        (
            SHEET + 'columns.order_id = { column = "x", values = { a = "b", A = "c" } }',
            'sheets.orders.columns.order_id.values: "A" is there twice; case makes no difference here.',
        ),
        (
            SHEET + 'timezone = "Europe/Berln"\n' + COLUMNS,
            (
                'sheets.orders.timezone: wanted is a name such as Europe/Berlin, not "Europe/Berln". '
                "Did you mean Europe/Berlin?"
            ),
        ),
        (
            SHEET + "when = { a = 1 }\n" + COLUMNS,
            "sheets.orders.when: wanted is true (filled), false (blank), or the values that are to be taken, as texts.",
        ),
        (
            SHEET + 'lookup.x = { file = "b.csv" }\n' + COLUMNS,
            'sheets.orders.lookup.x: key is missing; wanted is such as file = "customers.csv", key = "customerID".',
        ),
    ],
)
def test_what_makes_no_sense_is_told(tmp_path, text, said):
    """The message names the profile, the key, what was wanted and what is near."""
    path = tmp_path / "shop.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(WrongSettings) as error:
        profile_in(path)

    assert str(error.value) == f"shop.toml › {said}"


def test_what_is_no_toml_is_told_with_its_line(tmp_path):
    """A missing quotation mark is found by its line."""
    path = tmp_path / "shop.toml"
    path.write_text('[sheets.orders]\nfile = "a.csv\n', encoding="utf-8")

    with pytest.raises(WrongSettings, match=r"shop\.toml is not valid TOML: .*line 2"):
        profile_in(path)


def test_a_profile_that_is_not_there_is_told(tmp_path):
    """A wrong path ends in one sentence."""
    with pytest.raises(WrongSettings, match=r"none\.toml cannot be read: No such file or directory\."):
        profile_in(tmp_path / "none.toml")


def test_the_example_of_the_documents_is_a_profile(tmp_path):
    """What the documents show can be copied."""
    shown = (DOCS / "mapping.md").read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "shop.toml").write_text(shown, encoding="utf-8")

    assert [sheet.entity.name for sheet in profile_in(tmp_path / "shop.toml").sheets] == [
        "orders",
        "shipments",
        "order_items",
    ]


def test_what_stands_above_the_sheets_holds_for_all(tmp_path):
    """A setting at the top holds for each sheet that does not say otherwise."""
    path = tmp_path / "shop.toml"
    path.write_text(
        'decimal = ","\nday_first = true\n'
        + SHEET
        + COLUMNS
        + '[sheets.shipments]\nfile = "b.csv"\ndecimal = "."\ncolumns.order_id = "Nr"\n',
        encoding="utf-8",
    )

    assert [(sheet.decimal, sheet.day_first) for sheet in profile_in(path).sheets] == [(",", True), (".", True)]


@pytest.mark.parametrize(
    ("file", "pattern", "fits"),
    [
        ("orders.csv", "orders.csv", True),
        ("Orders.CSV", "orders.csv", True),
        ("orders-june.csv", "orders-*.csv", True),
        ("orders.csv", "order.csv", False),
        ("june.checked.xlsx", "june.xlsx", True),
        ("june.checked.xlsx", "june.csv", True),
        ("june.xlsx", "june.csv", False),
    ],
)
def test_files_are_known_by_name_or_pattern(tmp_path, file, pattern, fits):
    """A nightly export has a date in its name, and a marked workbook that comes back is still the same file."""
    path = tmp_path / "shop.toml"
    path.write_text(f'[sheets.orders]\nfile = "{pattern}"\n{COLUMNS}', encoding="utf-8")
    (sheet,) = profile_in(path).sheets

    assert sheet.is_fed_by(Where(file)) == fits
