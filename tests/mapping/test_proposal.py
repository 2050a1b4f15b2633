"""A proposed profile: what is sure is filled in, what is near is to be confirmed, nothing is taken in silence."""

import tomllib
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.mapping import profile_in, proposed
from importer.model import Table, Where
from schemas import ENTITIES, entity_named
from schemas.entity import bare, headers


def table(*header, file="export.csv", sheet=""):
    """A sheet with just this header."""
    frame = pd.DataFrame({at: pd.Series([], dtype="str") for at in range(len(header))})
    return Table(Path(file), Where(file, sheet), header, 1, frame)


def test_sure_near_missing_and_unknown_columns_are_told_apart():
    """Known headers are filled in; near ones, missing mandatory ones and unknown ones stand there as comments."""
    text = proposed([(table("Best-Nr", "Auftrags-Nr.", "Order dat", "Zahlungsart"), entity_named("orders"))])

    assert text.partition("[sheets.orders]\n")[2] == (
        'entity = "orders"\n'
        'file = "export.csv"\n'
        "\n"
        "[sheets.orders.columns]\n"
        'order_id = "Auftrags-Nr."\n'
        '# order_url = ""   # recommended\n'
        '# order_date = "Order dat"   # near, please confirm\n'
        '# language = ""   # recommended\n'
        '# promised_delivery_date = ""   # recommended\n'
        "\n"
        "# Columns of yours that are not used:\n"
        '#     "Best-Nr"\n'
        '#     "Zahlungsart"\n'
    )


def test_the_sheet_is_told_by_its_headers_where_its_name_does_not():
    """An export of any name is proposed for the sheet of ours whose columns it has."""
    items = table("Bestellnummer", "SKU", "Menge", "Einzelpreis", file="export 3.csv")

    assert list(tomllib.loads(proposed([(items, None)]))["sheets"]) == ["order_items"]


def test_a_column_that_is_there_twice_is_left_to_the_user():
    """Of two columns that mean the same neither is preferred without a word."""
    text = proposed([(table("PLZ", "PLZ", "Ort"), entity_named("shipments"))])

    assert '# recipient_zip = "PLZ"   # near, please confirm' in text
    assert tomllib.loads(text)["sheets"]["shipments"]["columns"] == {"recipient_city": "Ort"}


TITLES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from([word for entity in ENTITIES for word in headers(entity)]),
)


@settings(max_examples=60, deadline=None)
@given(titles=st.lists(TITLES, max_size=8), entity=st.sampled_from(ENTITIES))
def test_a_proposal_is_a_profile_and_takes_only_what_is_known(tmp_path_factory, titles, entity):
    """Whatever the headers are, the proposal can be read, and what is not a comment in it is an accepted header."""
    path = tmp_path_factory.mktemp("proposed") / "shop.toml"
    path.write_text(proposed([(table(*titles), entity)]), encoding="utf-8")

    columns = tomllib.loads(path.read_text(encoding="utf-8"))["sheets"][entity.name]["columns"]

    assert all(headers(entity)[bare(title)] == name for name, title in columns.items())
    if columns:
        assert list(profile_in(path).sheets[0].columns) == [name for name in entity.names if name in columns]
