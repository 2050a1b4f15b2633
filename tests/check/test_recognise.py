"""Which entity a sheet holds when its name does not tell (29 in the list of pitfalls)."""

import openpyxl
import pytest

from importer import sources
from importer.check import check, told_by_headers
from importer.check.recognise import fitting_entity
from importer.errors import UnreadableFile
from schemas import ENTITIES
from schemas.cells import Conventions

ORDERS = ["Bestellnummer", "Bestelldatum", "Sprache", "Notiz"]
STATES = ["order_id", "state", "datetime"]


@pytest.fixture
def recognised(tmp_path):
    """What the sheets of a workbook, given as title -> header, are taken for, and the codes of what is said of each."""

    def read(**sheets: list[str]) -> dict[str, tuple[str, list[str]]]:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, header in sheets.items():
            book.create_sheet(title).append(header)
            book[title].append(["x"] * len(header))
        book.save(tmp_path / "june.xlsx")
        tables = sources.tables(tmp_path / "june.xlsx")
        found = {}
        for table, fits in zip(tables, told_by_headers(tables), strict=True):
            sheet = check(table, Conventions(), fits=fits)
            told = [one for one in sheet.problems if one.code in {"entity_by_header", "sheet_unknown"}]
            found[table.where.sheet] = (
                sheet.entity.name if sheet.entity else "",
                [f"{one.code} {one.facts.get('entity', one.suggestion)}" for one in told],
            )
        return found

    return read


def test_29_the_only_sheet_whose_header_fits_is_taken(recognised):
    """A workbook straight from a shop: Tabelle1 with the columns of orders holds orders, and that is said."""
    found = recognised(Tabelle1=ORDERS, Pivot=["Monat", "Summe"])

    assert found == {
        "Tabelle1": ("orders", ["entity_by_header Orders"]),
        "Pivot": ("", ["sheet_unknown "]),
    }


def test_29_two_sheets_that_fit_are_not_guessed(recognised):
    """Where two sheets could be meant none is taken, and what each looks like is suggested."""
    found = recognised(Tabelle1=ORDERS, Tabelle2=STATES)

    assert found == {
        "Tabelle1": ("", ["sheet_unknown Orders"]),
        "Tabelle2": ("", ["sheet_unknown Order States"]),
    }


def test_29_beside_a_sheet_with_a_title_of_ours_nothing_is_guessed(recognised):
    """Who names one sheet after ours has left the others out on purpose, perhaps."""
    found = recognised(Orders=ORDERS, Tabelle2=STATES)

    assert found == {"Orders": ("orders", []), "Tabelle2": ("", ["sheet_unknown Order States"])}


def test_29_a_sheet_that_explains_our_template_is_no_rival(recognised):
    """Our own instructions beside a sheet that was renamed do not matter."""
    assert recognised(Instructions=["How to"], Juni=ORDERS)["Juni"] == ("orders", ["entity_by_header Orders"])


def test_29_a_csv_file_is_told_by_its_header(tmp_path):
    """A file called export.csv with the columns of one sheet alone is read as that, and it is said."""
    path = tmp_path / "export.csv"
    path.write_text("order_id,state,datetime\nSO-1,new,2026-01-31T10:00:00Z\n", encoding="utf-8")
    tables = sources.tables(path)

    sheet = check(tables[0], Conventions(), fits=told_by_headers(tables)[0])

    assert sheet.entity
    assert (sheet.entity.name, len(sheet.rows), [row.errors for row in sheet.rows]) == ("order_states", 1, [()])
    assert [one.message for one in sheet.problems] == [
        "the name does not tell what is in it; by its header it is read as Order States"
    ]


@pytest.mark.parametrize(
    "header",
    [
        "order_id,order_date,sku,name,sales_price",
        "order_id,order_date,tracking_code,carrier_name",
        "order_id,order_date,a,b,c,d",
        "sku,name",
        "sku",
        "a,b",
    ],
)
def test_29_a_header_that_is_not_clear_is_not_guessed(tmp_path, header):
    """A flat export of orders and items, a header with more unknown than known titles, a single column: ask."""
    path = tmp_path / "export.csv"
    path.write_text(f"{header}\n{header.replace('_', '-')}\n", encoding="utf-8")
    tables = sources.tables(path)

    assert told_by_headers(tables) == (None,)
    with pytest.raises(UnreadableFile, match="the file's name does not tell what is in it"):
        check(tables[0], Conventions())


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
@pytest.mark.parametrize("titles", ["names", "mandatory", "titel"])
def test_29_every_sheet_of_ours_is_known_by_its_whole_header(tmp_path, entity, titles):
    """A template that was renamed is still what it is, in either language; by its mandatory columns alone as well."""
    fields = [field for field in entity.fields if titles != "mandatory" or field.mandatory]
    path = tmp_path / "export.csv"
    header = [field.titel if titles == "titel" else field.name for field in fields]
    path.write_text(";".join(header) + "\n", encoding="utf-8")

    (table,) = sources.tables(path)

    # A single sku may be a product, or whatever else has one.
    expected = None if len(fields) == 1 else entity
    assert fitting_entity(table) is expected


def test_23_two_headers_keep_every_row_out(tmp_path):
    """Where nobody knows which row is the header, every row is rejected for that one reason, told once."""
    path = tmp_path / "orders.csv"
    path.write_text("order_id,order_date\nSO-1,2026-01-31\nlanguage,order_url\nSO-2,2026-01-31\n", encoding="utf-8")

    sheet = check(sources.tables(path)[0], Conventions())

    assert [[error.code for error in row.errors][:1] for row in sheet.rows] == [["header_ambiguous"]] * 3
    (told,) = sheet.problems
    wanted = "take one of them away, or say header_row in a mapping profile"
    assert str(told) == f"orders.csv: row 1 and row 3 look equally like the header; {wanted}"
