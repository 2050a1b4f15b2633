"""What a server says of a row is shown without the row's personal data, in whatever form it repeats it."""

import html
import json
import urllib.parse

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from importer.errors import RowRefused, Violation
from importer.model import Row, Where
from importer.run.discretion import without_private
from importer.run.refusal import refusal_problems
from schemas.cells import CLEAR

PERSON = {
    "order_id": "SO-1",
    "warehouse": "Main",
    "recipient_first_name": "Bo",
    "recipient_last_name": "Müller-Özil",
    "recipient_email": "bo.mueller@example.com",
    "recipient_address": "Am Beispielweg 17",
    "recipient_phone": "+4915223455981",
    "comment": "leave it at the door, ask Frau Nachbarin",
}


def row(**values) -> Row:
    """A shipment with these cells."""
    return Row("shipments", Where("june.xlsx", "Shipments", 2), "S-1", values)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('"bo.mueller@example.com" is no e-mail', '"[recipient_email]" is no e-mail'),
        ("BO.MUELLER@EXAMPLE.COM is taken", "[recipient_email] is taken"),
        ("bo.mueller is taken", "[recipient_email] is taken"),
        ("bo.mueller%40example.com is taken", "[recipient_email] is taken"),
        ("MÜLLER-ÖZIL is unknown", "[recipient_last_name] is unknown"),
        ("M\\u00fcller-\\u00d6zil is unknown", "[recipient_last_name] is unknown"),
        ("Mu\u0308ller-O\u0308zil is unknown", "[recipient_last_name] is unknown"),
        ("no house in Am  Beispielweg 17", "no house in [recipient_address]"),
        ("no street Beispielweg", "no street [recipient_address]"),
        ("Bo is too short", "[recipient_first_name] is too short"),
        ("Both are too short", "Both are too short"),
        ("call +49 1522 345-5981", "call [recipient_phone]"),
        ("already used by anna@example.org", "already used by [e-mail]"),
        ("already used by +43 660 123 4567", "already used by [phone]"),
        ("GET / with Bearer eyJ0.eyJ1.sig, which is", "GET / with [token], which is"),
        ('{"token": "eyJ0eXAi.eyJ1c2Vy.c2ln"}', '{"token": "[token]"}'),
        ("told Nachbarin at the door", "told [comment] at the door"),
        ("the text goes on and is cut at Am Beisp", "the text goes on and is cut at [recipient_address]"),
        ("order SO-1 from Main has no parcel 00340434161094042557", None),
    ],
)
def test_words_of_private_cells_are_replaced(said, shown):
    """Whole or in part, in any case, spacing or encoding; what is not personal stays as the server said it."""
    assert without_private(said, row(**PERSON)) == (shown or said)


def test_a_cleared_cell_takes_nothing_out():
    """A private cell that is to be emptied says nothing."""
    assert without_private("None of it is clear", row(recipient_phone=CLEAR)) == "None of it is clear"


FORMS = (
    str,
    str.upper,
    lambda text: json.dumps(text)[1:-1],
    html.escape,
    urllib.parse.quote,
    urllib.parse.quote_plus,
)

NAMES = st.text(st.characters(categories=("L", "N"), max_codepoint=0x24F), min_size=3, max_size=20)


@given(
    name=NAMES, form=st.sampled_from(FORMS), before=st.sampled_from(["", "no: ", '"']), after=st.sampled_from(["", '"'])
)
def test_no_name_comes_through(name, form, before, after):
    """Whatever a name of three letters or more is, and however it is written, the sentence does not hold it."""
    said = f"{before}{form(name)}{after}"
    # Letters whose upper case is another number of letters are not searched for.
    assume(form is not str.upper or name.upper().lower() == name.lower())

    assert without_private(said, row(recipient_last_name=name)) == f"{before}[recipient_last_name]{after}"


def test_an_exceptions_text_does_not_repeat_the_server():
    """What a server says of a row is for the row's report: the exception's own text holds the status alone."""
    said = "Erika Mustermann, Beispielweg 1, is unknown"
    refusal = RowRefused(said, http_status=422, violations=(Violation("recipient_email", said),))

    assert (str(refusal), refusal.answer) == ("HTTP 422", said)
    assert said not in repr(refusal)


def test_a_refusal_is_told_in_the_servers_words_but_for_personal_data():
    """The problem is at the cell the server names, and its sentence holds no one's name."""
    person = row(recipient_last_name="Mustermann", warehouse="Main")
    refusal = RowRefused("", http_status=400, violations=(Violation("warehouse", "Mustermann: no such house"),))

    (problem,) = refusal_problems(person, refusal)

    assert str(problem) == (
        'june.xlsx › Shipments!row 2: warehouse "Main": the server refused it: [recipient_last_name]: no such house'
    )
