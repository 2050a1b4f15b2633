"""The template filled with rows: every value comes back as what it was."""

# ruff: noqa: DTZ001 - the clock of a cell has no zone

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from importer import safe_text, templates
from importer.errors import WrongSettings
from importer.templates import cells
from schemas import kinds
from schemas.cells import CLEAR, Conventions

BERLIN = ZoneInfo("Europe/Berlin")
# What Excel can store; others cannot be read from a spreadsheet either.
PRINTABLE = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff", include_characters="\n\t"),
    min_size=1,
)
HOSTILE = ["=1+1", "+49", "-1", "@SUM(A1)", "{=1}", "<r>bold</r>", "<r>&</r>", "http://example.com", "_x0041_", " a "]


def row_of(path, sheet):
    """The values of row 2 by header."""
    header, row = load_workbook(path)[sheet].iter_rows(min_row=1, max_row=2, values_only=True)
    return {name.removesuffix(" *"): value for name, value in zip(header, row, strict=True) if value is not None}


def test_values_become_cells_of_their_type(tmp_path):
    """Texts, numbers and dates become such cells; yes and no are the words of the drop-down; blank stays blank."""
    row = {
        "order_id": "0010",
        "quantity": 2,
        "sku": "4001234567890",
        "name": "",
        "sales_price": Decimal("24.90"),
        "returnable": True,
        "appearance": CLEAR,
    }
    path = templates.fill(tmp_path / "items.xlsx", {"order_items": [row]})

    assert row_of(path, "Order Items") == {
        "order_id": "0010",
        "quantity": 2,
        "sku": "4001234567890",
        "sales_price": 24.9,
        "returnable": "TRUE",
        "appearance": "#CLEAR",
    }


def test_times_stand_on_the_clock_of_the_zone(tmp_path):
    """A time with an offset is shown as the wall clock of the set zone says; without one it stays as it is."""
    row = {
        "order_id": "A",
        "order_date": datetime(2026, 1, 31, 9, 0, tzinfo=UTC),
        "promised_delivery_date": datetime(2026, 2, 4),
    }

    def in_zone(zone):
        path = tmp_path / f"{len(zone)}.xlsx"
        return row_of(templates.fill(path, {"orders": [row]}, conventions=Conventions(timezone=zone)), "Orders")

    delivery = {"order_id": "A", "promised_delivery_date": datetime(2026, 2, 4)}
    assert in_zone("Europe/Berlin") == delivery | {"order_date": datetime(2026, 1, 31, 10, 0)}
    assert in_zone("Asia/Tokyo") == delivery | {"order_date": datetime(2026, 1, 31, 18, 0)}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN), "2026-10-25T02:30:00+01:00"),
        (datetime(1899, 12, 31, 10, 0), "1899-12-31 10:00:00"),
        (Decimal("1234567890123456.78"), "1234567890123456.78"),
    ],
)
def test_what_excel_would_spoil_is_written_as_text(value, text):
    """The second of two equal hours, days before 1900 and numbers of many digits are written as text, undamaged."""
    assert cells.typed(value, Conventions()) == text


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_every_instant_is_read_back(instant):
    """Whatever the clock change, reading the cell in the same zone gives the same instant."""
    instant = instant.replace(microsecond=0)
    written = cells.typed(instant, Conventions())
    text = written if isinstance(written, str) else written.isoformat(" ")

    assert kinds.moment().read(text, Conventions()).value == instant


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**18, places=4))
def test_every_number_is_read_back(number):
    """A number is never rounded, whether it is written as a number or as text."""
    written = cells.typed(number, Conventions())

    assert (Decimal(written) if isinstance(written, str) else Decimal(repr(written))) == number


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(PRINTABLE, min_size=1, max_size=20))
def test_text_stays_text(tmp_path_factory, texts):
    """Any text comes back letter by letter and is never a formula, a link, a number or mark-up, in any column."""
    folder = tmp_path_factory.mktemp("texts")
    rows = [{"description": text, "sales_price": text} for text in [*HOSTILE, *texts]]
    path = templates.fill(folder / "texts.xlsx", {"order_items": rows})
    sheet = load_workbook(path)["Order Items"]

    for letters in "GH":
        written = [cell for (cell,) in sheet[f"{letters}2:{letters}{len(rows) + 1}"]]
        assert [cell.value for cell in written] == [row["description"] for row in rows]
        assert {(cell.data_type, cell.number_format, cell.hyperlink) for cell in written} == {("s", "@", None)}


@given(texts=st.lists(PRINTABLE | st.sampled_from(HOSTILE), min_size=1, max_size=8))
def test_csv_text_is_read_back(tmp_path_factory, texts):
    """CSV gives every text back, once the marks that keep formulas from running are taken away."""
    folder = tmp_path_factory.mktemp("texts")
    path = templates.fill(folder / "orders.csv", {"orders": [{"order_id": text} for text in texts]})
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";", strict=True))

    assert [safe_text.read(line[0]) for line in lines[1:]] == texts


def test_csv_keeps_offsets_and_tags(tmp_path):
    """CSV keeps what a date cell cannot: the offset; tags are written as JSON, so that any sign may stand in them."""
    row = {
        "order_id": "A",
        "order_date": datetime(2026, 1, 31, 10, 0, tzinfo=BERLIN),
        "boarding_complete": False,
        "order_tags": (("a", "1; 2"), ("ü", "=")),
    }
    path = templates.fill(tmp_path / "orders.csv", {"orders": [row]})

    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == (
        'A;;2026-01-31T10:00:00+01:00;;;FALSE;"{""a"": ""1; 2"", ""ü"": ""=""}";'
    )


def test_filled_workbook_has_only_the_sheets_given(tmp_path):
    """Sheets follow in upload order, also without rows, and nothing speaks of an example that is not there."""
    path = templates.fill(tmp_path / "two.xlsx", {"orders": [], "products": [{"sku": "A"}, {"sku": "B"}]})
    book = load_workbook(path)
    terms = {row[0] for row in book["Instructions"].iter_rows(values_only=True)}

    assert book.sheetnames == ["Instructions", "Products", "Orders", "_lists"]
    assert [cell.value for cell in book["Products"]["A"]] == ["sku *", "A", "B"]
    assert book["Products"]["A2"].font.italic is False
    assert book["Orders"].max_row == 1
    assert "Example row" not in terms


def test_unknown_names_are_mistakes(tmp_path):
    """A field or an entity that does not exist is not dropped in silence."""
    with pytest.raises(KeyError):
        templates.fill(tmp_path / "a.xlsx", {"orders": [{"order_number": "1"}]})
    with pytest.raises(KeyError):
        templates.fill(tmp_path / "a.xlsx", {"returns": []})
    assert list(tmp_path.iterdir()) == []


def test_text_longer_than_a_cell_is_refused(tmp_path):
    """Nothing is cut: a text that no cell can hold is named, and CSV takes it."""
    rows = {"orders": [{"order_id": "A"}, {"order_id": "x" * 32_768}]}

    with pytest.raises(WrongSettings) as refusal:
        templates.fill(tmp_path / "orders.xlsx", rows)

    assert str(refusal.value) == (
        "Orders, row 3, column 1: a cell of Excel holds 32767 characters and this text has 32768; write CSV instead"
    )
    templates.fill(tmp_path / "orders.csv", rows)


@pytest.mark.parametrize(
    ("name", "rows"), [("a.xls", {"orders": []}), ("a.csv", {"orders": [], "products": []}), ("a.csv", {})]
)
def test_name_must_fit_what_is_inside(tmp_path, name, rows):
    """Only .xlsx, or .csv for a single sheet, can be written."""
    with pytest.raises(WrongSettings, match=r"a name ending in \.xlsx is wanted, or in \.csv for a single sheet"):
        templates.fill(tmp_path / name, rows)
