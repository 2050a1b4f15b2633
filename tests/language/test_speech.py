"""How sentences, counts, numbers, places and dates are said."""

from datetime import UTC, datetime
from string import Formatter

import pytest

from importer.errors import UnreadableFile
from importer.model import Problem, Where
from importer.settings import Settings, load
from importer.speech import ENGLISH, Speech, language_of
from schemas import messages
from schemas.cells import Note

GERMAN = Speech("de")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "de-AT"}, "de"),
        ({"LANG": "de_CH.UTF-8", "LC_MESSAGES": "fr_CH.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_DE@euro"}, "de"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": ""}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "nl:de:en"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "delphic"}, "en"),
        ({"LANG": "de_DE.UTF-8", "IMPORTER_LANGUAGE": "en"}, "en"),
    ],
)
def test_language_is_that_of_the_environment(environment, language):
    """The variables that gettext asks decide, in its order; a language that we do not speak is told in English."""
    assert language_of(environment) == language


def test_setting_goes_before_the_environment(tmp_path, monkeypatch):
    """Option, then IMPORTER_LANGUAGE, then importer.toml, and only then the language of the machine."""
    monkeypatch.delenv("IMPORTER_LANGUAGE")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)

    assert load({}, folder=tmp_path).speech == GERMAN
    (tmp_path / "importer.toml").write_text('language = "en"')
    assert load({}, folder=tmp_path).speech == ENGLISH
    monkeypatch.setenv("IMPORTER_LANGUAGE", "de")
    assert load({}, folder=tmp_path).speech == GERMAN
    assert load({"language": "en"}, folder=tmp_path).speech == ENGLISH


def test_settings_made_in_code_are_english(monkeypatch):
    """Whoever makes settings without asking the environment gets English."""
    monkeypatch.delenv("IMPORTER_LANGUAGE")

    assert Settings().speech == ENGLISH


def test_numbers_have_the_signs_of_the_language():
    """Thousands are separated by a comma in English and by a point in German; decimals the other way round."""
    assert [speech.number(1234567) for speech in (ENGLISH, GERMAN)] == ["1,234,567", "1.234.567"]
    assert [speech.number(1234.5, 1) for speech in (ENGLISH, GERMAN)] == ["1,234.5", "1.234,5"]


@pytest.mark.parametrize(("count", "said"), [(0, "0 Zeilen"), (1, "1 Zeile"), (2, "2 Zeilen"), (1200, "1.200 Zeilen")])
def test_one_is_said_otherwise_than_many(count, said):
    """The form follows the count."""
    assert GERMAN.counted("1 row", "{count} rows", count) == said


def test_codes_know_one_and_many_too():
    """A sentence of a code may have a form for one."""
    said = [GERMAN.text("forget_your_file", {"count": count}) for count in ("1", "12", "1,200")]

    assert said == [
        "Ihre eigene Datei nennt die Person in 1 Zeile",
        "Ihre eigene Datei nennt die Person in 12 Zeilen",
        "Ihre eigene Datei nennt die Person in 1.200 Zeilen",
    ]
    assert ENGLISH.text("forget_your_file", {"count": "1"}) == "your own file mentions the person in 1 row"


def test_two_readings_of_a_number_are_told_with_german_signs():
    """1,234 with a decimal point is 1,234 to a German, and 1.234 would be a thousand."""
    facts = {"one": "1.234", "other": "1234"}

    assert GERMAN.text("ambiguous_number", facts).startswith("Das kann 1,234 oder 1234 heißen; ")


def test_countries_are_named():
    """A country is named in German beside its code."""
    said = GERMAN.text("carrier_not_in_country", {"country": "AT", "choices": "dhl, gls"})

    assert said == "Für das Land Österreich (AT) gibt es diesen Versanddienst nicht, sondern: dhl, gls"


def test_words_of_ours_among_the_facts_are_german():
    """What stands for a fact in English, such as a separator or a sheet, is said in German as well."""
    note = Note("read_as", {"encoding": "Windows-1252 (Western European)", "separator": "semicolons"})
    missing = GERMAN.text("reference_missing", {"entity": "Orders", "value": "Orders"})

    assert GERMAN.note(note) == "gelesen als Windows-1252 (westeuropäisch), getrennt durch Semikolons"
    assert missing == "In dieser Datei fehlt Orders im Blatt Bestellungen"


def test_places_are_told_in_german():
    """A row is a Zeile wherever it is named: at a problem, and among its facts."""
    problem = Problem(Where("a.csv", row=3), "blocked", {"parent": "b.csv!row 7"})
    twins = {"others": "Orders!7, Orders!9, Orders!11, Orders!13, Orders!15 and 1,204 more"}

    assert GERMAN.problem(problem) == "a.csv!Zeile 3: Wartet auf b.csv!Zeile 7; diese Zeile wurde nicht importiert"
    assert GERMAN.text("duplicate_key", twins) == (
        "Derselbe Schlüssel steht in Orders!7, Orders!9, Orders!11, Orders!13, Orders!15 und 1.204 weitere; "
        "behalten Sie eine der Zeilen"
    )


def test_private_cells_stay_private_in_german():
    """Neither the cell nor what it was read as is in the line for the terminal."""
    problem = Problem(
        *(Where("a.csv", row=3, column="B"), "normalised", {"value": "erika@example.com"}),
        column="recipient_email",
        value="Erika@example.com",
        private=True,
    )

    assert GERMAN.problem(problem) == "a.csv!B3: recipient_email: Gelesen als …"


def test_moments_are_dates_as_people_write_them():
    """Day, month by name, year and time, in UTC."""
    noon = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)

    assert [speech.moment(noon) for speech in (ENGLISH, GERMAN)] == [
        "1 March 2026, 12:00:05 UTC",
        "1. März 2026, 12:00:05 UTC",
    ]


def test_exceptions_are_said_with_their_place():
    """Why the work ended is one sentence in each language; what it is about stays as it is."""
    error = UnreadableFile("the folder has no file that ends in {endings}", at="Ordner {x}", endings=".xlsx, .csv")

    assert str(error) == "Ordner {x}: the folder has no file that ends in .xlsx, .csv"
    assert GERMAN.error(error) == "Ordner {x}: Der Ordner enthält keine Datei mit einer dieser Endungen: .xlsx, .csv"


def test_sentence_that_no_catalogue_knows_is_told_as_it_is():
    """Braces in a text that was never translated do no harm."""
    assert GERMAN.error(UnreadableFile("strange {braces} and } more")) == "strange {braces} and } more"


def test_english_is_what_the_code_says():
    """English needs no catalogue: every sentence is the one in the code."""
    facts = {name: "7" for text in messages.TEXTS.values() for _, name, *_ in Formatter().parse(text) if name}

    assert {code: ENGLISH.text(code, facts) for code in messages.TEXTS} == {
        code: messages.text(code, facts) for code in messages.TEXTS
    }
