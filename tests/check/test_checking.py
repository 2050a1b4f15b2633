import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer import sources
from importer.check import check
from importer.errors import UnreadableFile
from importer.model import CheckedSheet, Problem, Row, Severity, Where
from importer.plan import related
from schemas import ENTITIES, entity_named
from schemas.cells import CLEAR, CellError, Conventions, Note
from schemas.examples import example

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def checked(tmp_path) -> Callable[..., CheckedSheet]:
    """Writes a CSV file line by line and checks it."""

    def run(*lines: str, name: str = "orders.csv", conventions: Conventions | None = None, **options) -> CheckedSheet:
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        (table,) = sources.tables(path)
        return check(table, conventions or Conventions(), **options)

    return run


@pytest.fixture
def book(tmp_path) -> Callable[..., list[CheckedSheet]]:
    """Writes a workbook, sheet by sheet, and checks every sheet of it."""

    def run(sheets: dict[str, list[list[object]]], **options) -> list[CheckedSheet]:
        found = openpyxl.Workbook()
        found.remove(found.active)
        for title, lines in sheets.items():
            sheet = found.create_sheet(title)
            for line in lines:
                sheet.append(line)
        found.save(tmp_path / "shop.xlsx")
        return [check(table, Conventions(), **options) for table in sources.tables(tmp_path / "shop.xlsx")]

    return run


def at(row: int, letters: str = "", file: str = "orders.csv") -> Where:
    """A place in a CSV file."""
    return Where(file, row=row, column=letters)


def codes(row: Row) -> list[tuple[str, str]]:
    """Place and code of every problem of a row."""
    return [(problem.where.cell or "row", problem.code) for problem in row.problems]


# --- a sheet as a whole -------------------------------------------------------------------------------------


def test_a_good_sheet_gives_its_rows(checked):
    """Every row has its typed values, its key and its cells; blank cells are absent."""
    sheet = checked(
        "order_id,order_date,boarding_complete,order_tags",
        "SO-1,2026-01-31T10:00:00Z,ja,b=2; a=1",
        "SO-2,31.01.2026,#CLEAR,",
    )

    assert sheet.entity == entity_named("orders")
    assert sheet.columns == {"order_id": 0, "order_date": 1, "boarding_complete": 2, "order_tags": 3}
    assert sheet.problems == ()
    assert sheet.rows == (
        Row(
            "orders",
            at(2),
            "SO-1",
            {
                "order_id": "SO-1",
                "order_date": datetime(2026, 1, 31, 10, tzinfo=UTC),
                "boarding_complete": True,
                "order_tags": (("a", "1"), ("b", "2")),
            },
        ),
        Row(
            "orders",
            at(3),
            "SO-2",
            {"order_id": "SO-2", "order_date": datetime(2026, 1, 31, tzinfo=BERLIN), "boarding_complete": CLEAR},
        ),
    )
    assert dict(sheet.rows[1].cells) == {
        "order_id": at(3, "A"),
        "order_date": at(3, "B"),
        "boarding_complete": at(3, "C"),
        "order_tags": at(3, "D"),
    }


def test_every_wrong_cell_is_told_with_all_that_is_known_of_it(checked):
    """Place, column, value, facts and a near value; private cells are marked, and what is right has no problem."""
    sheet = checked(
        "sku,order_id,name,description,sales_price,currency,size,weight,returnable",
        "A,SO-1,Shirt,Blue,24.90,EUR,M,0.2,yes",
        "A,SO-1,Shirt,Blue,cheap,EUX,M,-1,maybe",
        name="order_items.csv",
    )

    facts = {"example": "19.99"}
    file = "order_items.csv"
    assert sheet.rows[0].problems == ()
    assert sheet.rows[1].problems == (
        Problem(at(3, "E", file), "not_a_number", facts, "sales_price", "cheap"),
        Problem(at(3, "F", file), "currency_unknown", {}, "currency", "EUX", "EUR"),
        Problem(at(3, "H", file), "too_small", {"least": "0"}, "weight", "-1"),
        Problem(at(3, "I", file), "not_a_boolean", {}, "returnable", "maybe"),
    )
    assert sheet.rows[1].is_rejected
    assert sheet.rows[1].values == {
        "sku": "A",
        "order_id": "SO-1",
        "name": "Shirt",
        "description": "Blue",
        "size": "M",
    }


def test_personal_data_is_marked_in_its_problems(checked):
    """A wrong e-mail address is told, and neither it nor anything like it reaches the terminal."""
    sheet = checked("recipient_email,recipient_city", "erika(at)example.com,Köln", name="shipments.csv")

    (problem,) = [one for one in sheet.rows[0].problems if one.column == "recipient_email"]

    assert problem == Problem(
        at(2, "A", "shipments.csv"), "not_an_email", {}, "recipient_email", "erika(at)example.com", private=True
    )
    assert "erika" not in str(problem)


def test_what_was_understood_is_noted_and_keeps_nobody_out(checked):
    """A value that is sent in another form than written is told at its cell, as a note."""
    sheet = checked("order_id,order_date,language", "SO-1,2026-01-31,DE", "SO-2,2026-01-31,de")

    note = Problem(at(2, "C"), "normalised", {"value": "de"}, "language", "DE", severity=Severity.NOTE)
    assert [row.problems for row in sheet.rows] == [(note,), ()]
    assert [row.values["language"] for row in sheet.rows] == ["de", "de"]
    assert not sheet.rows[0].is_rejected


def test_cells_of_blanks_are_blank(checked):
    """Nothing but spaces in a mandatory cell is missing, in another one nothing is sent."""
    sheet = checked("order_id,order_date,language", "SO-1, \u00a0 ,  ")

    assert sheet.rows[0].problems == (Problem(at(2, "B"), "missing", {}, "order_date", ""),)
    assert sheet.rows[0].values == {"order_id": "SO-1"}


def test_rules_over_several_cells_are_told_at_one_of_them(checked):
    """A carrier that does not work in its country is told at the carrier, once, with those that do."""
    sheet = checked("carrier_name,carrier_country", "dpd,DE", "dpd,IT", "nonsense,DE", name="shipments.csv")

    told = [[one for one in row.problems if one.where.column] for row in sheet.rows]
    assert [[(one.where.cell, one.code) for one in problems] for problems in told] == [
        [],
        [("A3", "carrier_not_in_country")],
        [("A4", "carrier_unknown")],
    ]


def test_the_conventions_are_obeyed(checked):
    """Time zone, clear word, decimal sign, order of day and month and the carrier table come from the caller."""
    conventions = Conventions(timezone="Europe/London", clear_word="(none)", day_first=True)
    sheet = checked("order_id,order_date,language", "SO-1,03/04/2026,(none)", conventions=conventions)

    assert sheet.rows[0].values == {
        "order_id": "SO-1",
        "order_date": datetime(2026, 4, 3, tzinfo=ZoneInfo("Europe/London")),
        "language": CLEAR,
    }


# --- which entity it is -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("orders.csv", "orders"),
        ("Orders.CSV", "orders"),
        ("order_items.csv", "order_items"),
        ("order_items-june-2026.csv", "order_items"),
        ("order-items.csv", "order_items"),
        ("Order Items.csv", "order_items"),
        ("Bestellpositionen-juni.csv", "order_items"),
        ("shipments.2026.txt", "shipments"),
    ],
)
def test_the_name_of_a_csv_file_tells_what_is_in_it(checked, name, entity):
    """The entity's name or a sheet's title, with anything behind a hyphen."""
    assert checked("sku,order_id", "A,SO-1", name=name).entity == entity_named(entity)


def test_a_csv_file_whose_name_does_not_tell_is_refused(checked):
    """It is not guessed from the columns; the option that tells is named."""
    with pytest.raises(UnreadableFile) as told:
        checked("order_id", "SO-1", name="june.csv")

    assert str(told.value) == (
        "june.csv: the file's name does not tell what is in it; call it after a sheet, such as orders.csv, or say "
        "--entity with one of products, product_images, orders, order_states, order_items, shipments, shipment_events; "
        "a mapping profile can tell, too, or name it under ignore"
    )


def test_the_entity_that_is_given_wins(checked):
    """With the entity given, the name of the file does not matter."""
    entity = entity_named("orders")

    assert checked("order_id", "SO-1", name="june.csv", entity=entity).entity == entity
    assert checked("order_id", "SO-1", name="shipments.csv", entity=entity).entity == entity


def test_sheets_are_known_by_their_title(book):
    """English and German titles in any case; other sheets are left alone with a note, those of our template without."""
    line = [["sku"], ["A"]]
    titles = ("Products", "PRODUKTE", "order_items", "Bestell ungen", "Order", "Instructions", "_lists", "Problems")

    found = book(dict.fromkeys(titles, line))

    assert [(sheet.table.where.sheet, sheet.entity and sheet.entity.name) for sheet in found] == [
        ("Products", "products"),
        ("PRODUKTE", "products"),
        ("order_items", "order_items"),
        ("Bestell ungen", "orders"),
        ("Order", None),
        ("Instructions", None),
        ("_lists", None),
        ("Problems", None),
    ]
    note = Problem(
        Where("shop.xlsx", "Order"), "sheet_unknown", column="Order", suggestion="Orders", severity=Severity.NOTE
    )
    assert [(sheet.rows, sheet.problems) for sheet in found[4:]] == [((), (note,)), ((), ()), ((), ()), ((), ())]


def test_a_sheet_without_rows_is_noted(checked):
    """A header alone is no error: most workbooks leave some sheets blank."""
    sheet = checked("order_id,order_date")

    assert (sheet.rows, sheet.problems) == (
        (),
        (Problem(Where("orders.csv"), "sheet_empty", severity=Severity.NOTE),),
    )


# --- columns ------------------------------------------------------------------------------------------------


def test_headers_are_taken_in_any_spelling(checked):
    """Old names, German and English titles, other case and punctuation, and the star of mandatory columns."""
    sheet = checked("Shop Order ID *,BESTELLDATUM,order-url,lang", "SO-1,2026-01-31,https://shop.example,de")

    assert sheet.columns == {"order_id": 0, "order_date": 1, "order_url": 2, "language": 3}
    assert (sheet.problems, sheet.rows[0].problems) == ((), ())


def test_unknown_columns_are_named_and_not_imported(checked):
    """A column that we do not know is noted, with the name that may have been meant; a blank one is not mentioned."""
    sheet = checked("order_id,order_date,langauge,weather,,", "SO-1,2026-01-31,de,rain,,x", "SO-2,2026-01-31,fr,,,")

    def unknown(letters: str, title: str, suggestion: str) -> Problem:
        return Problem(at(1, letters), "column_unknown", column=title, suggestion=suggestion, severity=Severity.NOTE)

    assert sheet.problems == (unknown("C", "langauge", "language"), unknown("D", "weather", ""), unknown("F", "", ""))
    assert sheet.rows[0].values.keys() == {"order_id", "order_date"}


def test_the_columns_of_our_own_reports_are_passed_over(checked):
    """A file of rejected rows can be corrected and given again as it is."""
    sheet = checked(
        "order_id,order_date,import_status,import_message,Errors", "SO-1,2026-01-31,rejected,a date is wanted,1"
    )

    assert (sheet.problems, sheet.rows[0].problems) == ((), ())


def test_a_missing_mandatory_column_is_one_problem_that_all_rows_share(checked):
    """It is told once at the header, and no row of the sheet is imported; other cells are checked all the same."""
    sheet = checked("order_id,language", "SO-1,de", "SO-2,xx")

    missing = Problem(at(1), "column_missing", {"column": "order_date"}, "order_date")
    assert sheet.problems == (missing,)
    assert [[one.code for one in row.problems] for row in sheet.rows] == [
        ["column_missing"],
        ["column_missing", "language_unknown"],
    ]
    assert all(row.problems[0] is sheet.problems[0] for row in sheet.rows)


def test_a_column_that_is_there_twice_is_not_guessed(checked):
    """Two columns of one meaning: neither is read, and every row says so."""
    sheet = checked("order_id,order_date,shop_order_id", "SO-1,2026-01-31,SO-9")

    twice = Problem(at(1, "C"), "column_twice", {"column": "order_id"}, "order_id", "shop_order_id")
    assert (sheet.columns, sheet.problems) == ({"order_date": 1}, (twice,))
    assert sheet.rows[0] == Row("orders", at(2), "", {"order_date": datetime(2026, 1, 31, tzinfo=BERLIN)}, (twice,))


def test_a_sheet_with_none_of_our_columns_is_rejected_row_by_row(checked):
    """Every row still has its outcome."""
    sheet = checked("a,b", "1,2", "3,4")

    assert (sheet.columns, len(sheet.rows)) == ({}, 2)
    assert all(codes(row) == [("row", "column_missing"), ("row", "column_missing")] for row in sheet.rows)


# --- what reading the file had found ------------------------------------------------------------------------


def test_a_row_whose_cells_may_be_shifted_is_not_looked_into(checked):
    """A ragged row has that one problem: what its cells seem to say would only confuse."""
    sheet = checked("order_id,order_date,language", "SO-1,31 Jan, 2026,de", "SO-2,2026-01-31,de")

    ragged = Problem(at(2), "ragged_row", {"found": "4", "expected": "3"})
    assert sheet.rows[0] == Row("orders", at(2), "", {}, (ragged,))
    assert sheet.rows[1].problems == ()


def test_a_cell_has_one_problem_for_one_cause(tmp_path):
    """An error cell is told as such: not also as a missing or a wrong value, and it is no value."""
    path = tmp_path / "shop.xlsx"
    found = openpyxl.Workbook()
    found.active.title = "Shipments"
    found.active.append(["reference_number", "tracking_code", "recipient_country", "Weather"])
    found.active.append(["#N/A", "=A1", 12345678901234567890, "#REF!"])
    found.save(path)
    (table,) = sources.tables(path)

    sheet = check(table, Conventions())

    def problem(letters: str, code: str, column: str, value: str = "", *, private: bool = False) -> Problem:
        return Problem(Where("shop.xlsx", "Shipments", 2, letters), code, {}, column, value, private=private)

    cells = tuple(one for one in sheet.rows[0].problems if one.where.column)
    assert cells == (
        problem("A", "error_cell", "reference_number", "#N/A"),
        problem("B", "formula_without_value", "tracking_code"),
        problem("C", "code_damaged", "recipient_country", "12345678901234600000"),
    )
    # The column that is not imported keeps no row out, and reports find the same problems at the table.
    assert sheet.table.problems == cells
    assert (sheet.rows[0].values, sheet.rows[0].key) == ({}, "")


def test_the_example_row_is_never_imported(checked):
    """The template's example is told as such and has no errors, whatever else stands in it."""
    line = ["EXAMPLE-1001", "soon", "xx"]
    sheet = checked("order_id,order_date,language", ",".join(line), "SO-1,2026-01-31,de", "EXAMPLE-1001,x")

    def note(row: int) -> tuple[Problem, ...]:
        return (Problem(at(row), "example_row", severity=Severity.NOTE),)

    assert sheet.rows[0] == Row("orders", at(2), "", {}, note(2), is_example=True)
    assert sheet.rows[2] == Row("orders", at(4), "", {}, note(4), is_example=True)
    assert (sheet.rows[1].is_example, sheet.rows[1].problems, sheet.table.problems) == (False, (), ())


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_every_example_is_recognised_and_would_pass(tmp_path, entity):
    """The example of every sheet is passed over as it stands, and with another key it is a good row."""
    texts = example(entity)
    path = tmp_path / f"{entity.name}.csv"
    lines = [";".join(texts), *(";".join(f'"{text}"' for text in row) for row in (texts.values(), _renamed(texts)))]
    path.write_text("\n".join(lines), encoding="utf-8")
    (table,) = sources.tables(path)

    first, second = check(table, Conventions()).rows

    assert (first.is_example, second.is_example, second.errors) == (True, False, ())


def _renamed(texts: dict[str, str]) -> list[str]:
    return [text.replace("EXAMPLE-", "MY-") for text in texts.values()]


# --- keys ---------------------------------------------------------------------------------------------------

ITEM = "order_id,sku,name,description,sales_price,currency,size,weight,returnable,quantity,line"


def test_items_without_a_line_number_are_counted_by_their_content(checked):
    """Rows that share order and article are numbered by what they say, so sorting the sheet changes no key."""
    lines = [
        "SO-1,A,Shirt,Blue,24.90,EUR,M,0.2,yes,2,",
        "SO-1,A,Shirt,Blue,24.90,EUR,L,0.2,yes,1,",
        "SO-1,A,Shirt,Blue,24.90,EUR,L,0.2,yes,1,",
        "SO-1,B,Shirt,Blue,24.90,EUR,L,0.2,yes,,",
        "SO-1,A,Shirt,Blue,24.90,EUR,M,0.2,yes,,7",
        ",A,Shirt,Blue,24.90,EUR,M,0.2,yes,,",
    ]
    (sheet,) = related([checked(ITEM, *lines, name="order_items.csv")])
    keys = [row.key for row in sheet.rows]

    shared = "SO-1 / sku=A / #"
    assert keys == [f"{shared}3", f"{shared}1", f"{shared}2", "SO-1 / sku=B / #1", "SO-1 / 7", ""]


LINES = st.lists(
    st.tuples(st.sampled_from(["SO-1", "SO-2", ""]), st.sampled_from("AB"), st.sampled_from(["1", "2", "x"])),
    min_size=1,
    max_size=7,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, seed=st.integers(0, 9))
def test_sorting_the_sheet_changes_no_key_and_no_problem(checked, lines, seed):
    """Keys, values and problems go with what a row says, wherever it stands."""
    written = [f"{order},{sku},Shirt,Blue,24.90,EUR,L,0.2,yes,{quantity}," for order, sku, quantity in lines]
    shuffled = random.Random(seed).sample(written, len(written))

    def content(rows: tuple[Row, ...]) -> list[tuple[object, ...]]:
        return sorted((row.key, repr(row.values), repr([one.code for one in row.problems])) for row in rows)

    before = related([checked(ITEM, *written, name="order_items.csv")])[0].rows
    after = related([checked(ITEM, *shuffled, name="order_items.csv")])[0].rows

    assert content(before) == content(after)
    assert len({row.key for row in before if row.key}) == len([row for row in before if row.key])


# --- every row has its place --------------------------------------------------------------------------------

ANY_LINE = st.text(st.sampled_from("SO-1,;\"' \nde2026."), max_size=25)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY_LINE, min_size=1, max_size=8))
def test_no_row_is_lost_between_file_and_check(tmp_path, lines):
    """Whatever a file holds, every row that was read comes out exactly once, with its own number."""
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,order_date,language", *lines]), encoding="utf-8")
    try:
        (table,) = sources.tables(path)
    except UnreadableFile:
        return

    sheet = check(table, Conventions())

    assert [row.where.row for row in sheet.rows] == table.frame.index.tolist()
    spoilt = {problem.where.row for problem in table.problems}
    assert spoilt <= {row.where.row for row in sheet.rows if row.is_rejected}


def test_a_large_sheet_is_checked_whole(tmp_path):
    """Rows far down the sheet, beyond any chunk, have their own numbers and problems."""
    path = tmp_path / "orders.csv"
    lines = [f"SO-{number},{'soon' if number == 24_321 else '2026-01-31'}" for number in range(25_000)]
    path.write_text("\n".join(["order_id,order_date", *lines]), encoding="utf-8")
    (table,) = sources.tables(path)

    rows = check(table, Conventions()).rows

    assert [(row.where.row, row.key) for row in rows] == [(n + 2, f"SO-{n}") for n in range(25_000)]
    assert [(row.key, codes(row)) for row in rows if row.problems] == [("SO-24321", [("B24323", "not_a_date")])]


# --- pictures -----------------------------------------------------------------------------------------------


def test_pictures_are_looked_at_where_somebody_can_look(checked):
    """What is said of a picture stands at its cell; each is looked at once, blank and example rows are not."""
    asked = []

    def look(text: str) -> tuple[Note, ...]:
        asked.append(text)
        if text == "gone.png":
            raise CellError("image_not_found")
        return (Note("image_small", {"found": "10 x 10"}),) if text == "small.png" else ()

    lines = ("A,shirt.png", "B,gone.png", "C, small.png ", "D,gone.png", "E,", "EXAMPLE-SHIRT-M,never.png")
    sheet = checked("sku,image_file", *lines, name="product_images.csv", look_at_image=look)

    def problem(row: int, code: str, value: str, severity: Severity = Severity.ERROR, **facts: str) -> Problem:
        return Problem(at(row, "B", "product_images.csv"), code, facts, "image_file", value, severity=severity)

    assert [row.problems for row in sheet.rows[:5]] == [
        (),
        (problem(3, "image_not_found", "gone.png"),),
        (problem(4, "image_small", " small.png ", Severity.NOTE, found="10 x 10"),),
        (problem(5, "image_not_found", "gone.png"),),
        (problem(6, "missing", ""),),
    ]
    assert sorted(asked) == ["gone.png", "shirt.png", "small.png"]


# --- a real file --------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample files are not part of the project")
def test_a_real_file_of_another_system_is_checked(tmp_path):
    """Northwind's order details, with our names for the columns: every line is an item, none is lost."""
    lines = (SHARED / "northwind" / "order-details.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "order_items.csv"
    path.write_text("\n".join(["order_id,sku,sales_price,quantity,discount", *lines[1:]]), encoding="utf-8")
    (table,) = sources.tables(path)

    sheet = check(table, Conventions())

    missing = {problem.facts["column"] for problem in sheet.problems if problem.code == "column_missing"}
    assert missing == {"name", "description", "currency", "size", "weight", "returnable"}
    assert len(sheet.rows) == 2155
    assert sheet.rows[0].values == {
        "order_id": "10248",
        "sku": "11",
        "sales_price": Decimal("14.00"),
        "quantity": 12,
    }
    assert sheet.rows[0].key == "10248 / sku=11 / #1"


def test_numbers_of_a_workbook_do_not_tell_how_its_texts_are_written(tmp_path):
    """Weights typed as numbers have no decimal sign of their own, so a text 1,234 beside them is asked for."""
    path = tmp_path / "june.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Order Items"
    book.active.append(["order_id", "weight"])
    for row in (["A-1", 0.42], ["A-2", 1.5], ["A-3", "1,234"]):
        book.active.append(row)
    book.save(path)

    (table,) = sources.tables(path)
    sheet = check(table, Conventions())

    assert [problem.code for problem in sheet.rows[2].problems if problem.column == "weight"] == ["ambiguous_number"]
    assert [str(row.values.get("weight")) for row in sheet.rows] == ["0.42", "1.5", "None"]
