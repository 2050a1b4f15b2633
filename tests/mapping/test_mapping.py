"""Applying a profile: what becomes of the cells, and that each remembers its place."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.errors import UnreadableFile, WrongSettings
from importer.mapping import mapped, profile_in
from importer.model import Where
from importer.sources import tables
from schemas.cells import Conventions

EXPORT = "Nr,Straße,Hausnr,Stadt,Land\nA-1,Hauptstr.,5,Bonn,Deutschland\nA-2,Ringweg,,NULL,Italien\n"


def profile(columns: str, more: str = "", entity: str = "shipments") -> str:
    """A profile with one sheet, fed by export.csv."""
    return f'[sheets.{entity}]\nfile = "export.csv"\n{more}\n[sheets.{entity}.columns]\n{columns}\n'


def test_cells_are_taken_joined_and_written_out(led, cells):
    """A column is taken as it is, several are joined without gaps, a text is the same everywhere."""
    (one,) = led(
        profile(
            'order_id = "Nr"\n'
            'reference_number = "S-{Nr}-{Hausnr}"\n'
            'recipient_address = { join = ["Straße", "Hausnr"] }\n'
            'warehouse = { text = "Main" }\n'
        ),
        {"export.csv": EXPORT},
    )

    # In the entity's order; a template with a blank piece is blank, a join leaves it out.
    assert cells(one.table) == {
        2: {
            "order_id": "A-1",
            "reference_number": "S-A-1-5",
            "warehouse": "Main",
            "recipient_address": "Hauptstr. 5",
        },
        3: {"order_id": "A-2", "reference_number": "", "warehouse": "Main", "recipient_address": "Ringweg"},
    }


def test_every_column_remembers_where_it_stood(led):
    """A mapped column has the letters of the user's own; what the profile itself says has none."""
    (one,) = led(
        profile('order_id = "Nr"\nwarehouse = { text = "Main" }\nrecipient_address = { join = ["Straße", "Hausnr"] }'),
        {"export.csv": EXPORT},
    )

    assert one.table.letters == ("A", "", "B")
    assert one.table.where == Where("export.csv")
    assert one.table.source is not None
    assert one.table.source.header == ("Nr", "Straße", "Hausnr", "Stadt", "Land")


def test_words_for_blank_are_blank(led, cells):
    """What another system writes for nothing is nothing."""
    (one,) = led('blank = ["NULL"]\n' + profile('recipient_city = "Stadt"'), {"export.csv": EXPORT})

    assert cells(one.table) == {2: {"recipient_city": "Bonn"}, 3: {"recipient_city": ""}}


@pytest.mark.parametrize(
    ("otherwise", "left"), [("", "Italien"), ('otherwise = "keep"', "Italien"), ('otherwise = "blank"', "")]
)
def test_values_are_translated(led, cells, otherwise, left):
    """A value in the list is translated, blind to case; another one stays, or becomes blank."""
    (one,) = led(
        profile(
            f'[sheets.shipments.columns.recipient_country]\ncolumn = "Land"\n{otherwise}\nvalues.deutschland = "DE"'
        ),
        {"export.csv": EXPORT},
    )

    assert [row["recipient_country"] for row in cells(one.table).values()] == ["DE", left]
    assert one.table.problems == ()


def test_a_value_that_is_not_translated_can_be_an_error(led):
    """If the profile says so, an unknown value is a problem at the user's own cell."""
    (one,) = led(
        profile(
            '[sheets.shipments.columns.recipient_country]\ncolumn = "Land"\notherwise = "error"\n'
            'values = { Deutschland = "DE", Italie = "IT" }'
        ),
        {"export.csv": EXPORT},
    )

    assert [str(problem) for problem in one.table.problems] == [
        (
            'export.csv!E3: recipient_country "Italien": the mapping profile does not translate this; correct it, or '
            "add it to sheets.shipments.columns.recipient_country.values there (did you mean italie?)"
        )
    ]


@pytest.mark.parametrize(
    ("take", "found"),
    [
        ("first word", "Anna"),
        ("last word", "Berg"),
        ("all but first word", "Maria Berg"),
        ("all but last word", "Anna Maria"),
    ],
)
def test_a_name_is_split(led, cells, take, found):
    """First and last names in one cell can be told apart by their words."""
    (one,) = led(
        profile(f'recipient_last_name = {{ column = "Name", take = "{take}" }}'),
        {"export.csv": "Name\n Anna Maria Berg \n"},
    )

    assert cells(one.table) == {2: {"recipient_last_name": found}}


def test_a_price_is_lowered_by_its_discount(led, cells):
    """The discount is a share of the price; the result is rounded once, half a cent up."""
    (one,) = led(
        profile('sales_price = { column = "Preis", discount = "Rabatt" }', entity="order_items"),
        {"export.csv": "Preis;Rabatt\n14.00;0.15\n9,99;0,5\n7.50;\nviel;0.1\n"},
    )

    assert [row["sales_price"] for row in cells(one.table).values()] == ["11.90", "5.00", "7.50", "viel"]


def test_prices_that_are_lowered_are_read_as_their_column_is_written(led, cells):
    """1.234 among prices such as 12,50 is a thousand, lowered or not, and it is said; with both ways it is refused."""
    recipe = profile('sales_price = { column = "Preis", discount = "Rabatt" }', entity="order_items")
    (german,) = led(recipe, {"export.csv": "Preis;Rabatt\n1.234;0,5\n2.500;\n12,50;0\n"})
    (mixed,) = led(recipe, {"export.csv": "Preis;Rabatt\n1.234;0,5\n12.50;\n12,50;0\n"})

    assert [row["sales_price"] for row in cells(german.table).values()] == ["617.00", "2500", "12,50"]
    assert [note.code for note in german.table.notes if note.code.startswith("column_")] == [
        "column_read_decimal_comma"
    ]
    assert [(str(one.where), one.code) for one in mixed.table.problems] == [("export.csv!A2", "ambiguous_number_mixed")]


def test_a_discount_that_is_no_share_is_a_problem_of_its_cell(led):
    """15 is not taken for 15 %, nor for a share."""
    (one,) = led(
        profile('sales_price = { column = "Preis", discount = "Rabatt" }', entity="order_items"),
        {"export.csv": "Preis,Rabatt\n14.00,15\n14.00,x\n"},
    )

    assert [(str(one.where), one.code) for one in one.table.problems] == [
        ("export.csv!B2", "not_a_share"),
        ("export.csv!B3", "not_a_number"),
    ]


def test_something_is_looked_up_in_another_file(led, cells):
    """A key leads to a row of another file, which is read from beside the given one; a key it lacks is a note."""
    (one,) = led(
        profile(
            'order_id = "Nr"\nrecipient_phone = "customer.Tel"',
            'lookup.customer = { file = "kunden.csv", key = "Kunde", on = "KdNr" }',
        ),
        {"export.csv": "Nr,KdNr\nA-1,7\nA-2,8\n", "kunden.csv": "Kunde,Tel\n7,+491\n9,+492\n"},
        given="export.csv",
    )

    assert cells(one.table) == {
        2: {"order_id": "A-1", "recipient_phone": "+491"},
        3: {"order_id": "A-2", "recipient_phone": ""},
    }
    # The telephone number is private, and so the key to it is not shown.
    assert [str(problem) for problem in one.table.problems] == [
        "export.csv!B3: KdNr: kunden.csv has no row for this that can be used; what is looked up there is blank"
    ]
    assert one.table.letters == ("A", "B")


def test_a_key_that_stands_twice_is_not_looked_up(led):
    """Where two rows have the key that is asked for, neither is taken."""
    with pytest.raises(UnreadableFile, match=r"kunden\.csv: Kunde is the same in rows 2, 3, so nothing"):
        led(
            profile('recipient_phone = "customer.Tel"', 'lookup.customer = { file = "kunden.csv", key = "Kunde" }'),
            {"export.csv": "Kunde\n7\n", "kunden.csv": "Kunde,Tel\n7,+491\n7,+492\n"},
            given="export.csv",
        )


def test_rows_are_chosen_by_what_they_hold(led, cells):
    """Rows that the profile does not want are left out and counted; the others keep their numbers."""
    (one,) = led(
        profile('order_id = "Nr"', 'when = { Land = ["italien", "Spanien"], Hausnr = false }'), {"export.csv": EXPORT}
    )

    assert cells(one.table) == {3: {"order_id": "A-2"}}
    assert tuple(note.message for note in one.table.notes[1:]) == (
        "led to Shipments by shop.toml",
        "rows left out, as the profile says: 1",
        "not used: Straße, Stadt",
    )


def test_one_sheet_feeds_several_of_ours(led, cells):
    """The same rows can be orders and shipments; a file that the profile ignores is neither."""
    found = led(
        'ignore = ["*.txt"]\n' + profile('order_id = "Nr"', entity="orders") + profile('tracking_code = "Nr"'),
        {"export.csv": EXPORT, "notes.txt": "a,b\n1,2\n"},
    )

    assert [(one.sheet.entity.name, *cells(one.table)[2].items()) for one in found if one.sheet] == [
        ("orders", ("order_id", "A-1")),
        ("shipments", ("tracking_code", "A-1")),
    ]
    assert len(found) == 2


def test_a_file_the_profile_does_not_speak_of_stays_as_it_is(led):
    """Files with our own columns can lie beside those of another system."""
    ours, theirs = sorted(
        led(profile('order_id = "Nr"'), {"export.csv": EXPORT, "orders.csv": "order_id\nA-1\n"}),
        key=lambda one: one.sheet is not None,
    )

    assert (ours.sheet, ours.table.header, ours.table.source) == (None, ("order_id",), None)
    assert theirs.table.header == ("order_id",)


def test_a_row_with_too_many_cells_keeps_its_problem_and_gets_no_other(led):
    """Nothing is shifted and nothing guessed: the row is told at its place, even if it might not be wanted."""
    (one,) = led(
        profile(
            '[sheets.shipments.columns.recipient_country]\ncolumn = "Land"\notherwise = "error"\nvalues = {}',
            'when = { Land = ["Italien"] }',
        ),
        {"export.csv": "Nr,Ort,Land\nA-1,Bonn, am Rhein,Deutschland\n"},
    )

    assert [(str(one.where), one.code) for one in one.table.problems] == [("export.csv!row 2", "ragged_row")]
    assert one.table.frame.index.tolist() == [2]


def test_a_row_that_may_be_shifted_is_not_looked_up(led, cells):
    """From a row with too many cells nothing is taken over into another sheet."""
    (one,) = led(
        profile('recipient_phone = "customer.Tel"', 'lookup.customer = { file = "kunden.csv", key = "Kunde" }'),
        {"export.csv": "Kunde\n7\n", "kunden.csv": "Kunde,Ort,Tel\n7,Bonn, am Rhein,+491\n"},
        given="export.csv",
    )

    assert cells(one.table) == {2: {"recipient_phone": ""}}


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ('order_id = "Nummer"', 'in export.csv there is no column "Nummer".'),
        ('order_id = "Stadtt"', 'in export.csv there is no column "Stadtt". Did you mean Stadt?'),
        ('order_id = "{Straße} {Nro}"', 'in export.csv there is no column "Nro". Did you mean Nr?'),
    ],
)
def test_a_column_that_is_not_there_is_named(led, columns, said):
    """A profile that does not fit the file says which key is wrong and what is near."""
    with pytest.raises(WrongSettings) as error:
        led(profile(columns), {"export.csv": EXPORT})

    assert str(error.value) == f"shop.toml › sheets.shipments.columns.order_id: {said}"


def test_a_header_is_found_in_another_spelling(led, cells):
    """Case, blanks and punctuation of the user's headers may change from one export to the next."""
    (one,) = led(profile('order_id = "order nr."'), {"export.csv": "ORDER-NR\nA-1\n"})

    assert cells(one.table) == {2: {"order_id": "A-1"}}


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n", exclude_categories=["Cs", "Cc"]), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6))
def test_no_row_and_no_cell_is_lost_or_moved(tmp_path_factory, rows):
    """Whatever a sheet holds, a profile that only renames columns gives the same cells in the same rows."""
    place = tmp_path_factory.mktemp("led")
    quoted = ["one,two", *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)]
    (place / "export.csv").write_text("\n".join(quoted) + "\n", encoding="utf-8")
    (place / "shop.toml").write_text(profile('order_id = "two"\ntracking_code = "one"'), encoding="utf-8")

    before = tables(place / "export.csv")
    (after,) = mapped(before, profile_in(place / "shop.toml"), Conventions(), tables)

    assert after.table.frame.index.tolist() == before[0].frame.index.tolist()
    for at, other in ((0, 1), (1, 0)):
        # A cell of nothing but blanks is a blank cell.
        assert after.table.frame[at].tolist() == [text if text.strip() else "" for text in before[0].frame[other]]
