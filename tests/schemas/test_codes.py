"""The code tables: countries, currencies, languages, carriers.  Standards are checked against what is known of them."""

import re
import subprocess
import sys

import pytest

from schemas import carriers, countries, currencies, languages
from schemas.meanings import folded, unambiguous

# --- countries ----------------------------------------------------------------------------------------------------


def test_countries_are_the_249_of_the_standard():
    """Every country of ISO 3166-1 is there, sorted, and nothing that merely looks like one."""
    codes = countries.codes()

    assert (len(codes), list(codes)) == (249, sorted(set(codes)))
    assert {"DE", "GB", "TW", "AQ", "AX", "BQ", "SS"} <= set(codes)
    assert set(codes).isdisjoint({"AN", "EU", "EZ", "IC", "QO", "SU", "UK", "UN", "XA", "XB", "XK", "YU", "ZZ", "001"})


def test_every_carrier_country_is_a_country():
    """The vendor's carrier table names countries by the standard."""
    assert set(carriers.table()) <= set(countries.codes())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        (" de ", "DE"),
        ("DEU", "DE"),
        ("gbr", "GB"),
        ("usa", "US"),
        ("UK", "GB"),
        ("uk", "GB"),
        ("EL", "GR"),
        ("germany", "DE"),
        ("Deutschland", "DE"),
        ("ALLEMAGNE", "DE"),
        ("Niemcy", "DE"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("osterreich", "AT"),
        ("Ελλάδα", "GR"),
        ("Україна", "UA"),
        ("Nederland", "NL"),
        ("Holland", "NL"),
        ("Turkey", "TR"),
        ("Türkei", "TR"),
        ("Türkiye", "TR"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Großbritannien", "GB"),
        ("GROSSBRITANNIEN", "GB"),
        ("England", "GB"),
        ("Northern Ireland", "GB"),
        ("Hong Kong", "HK"),
        ("Bosnia and Herzegovina", "BA"),
        ("Saint Lucia", "LC"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("South  Korea", "KR"),
        ("DR Kongo", "CD"),
    ],
)
def test_a_country_is_understood_as_people_write_it(text, code):
    """Codes in any case, names in the languages of Europe and old names all lead to the one country they mean."""
    assert countries.meaning(text) == code


@pytest.mark.parametrize("text", ["Kongo", "congo", "Конго", "Korea", "Virgin Islands"])
def test_a_name_of_two_countries_means_none(text):
    """Between two countries nobody guesses, even if one language uses the name for one of them."""
    assert countries.meaning(text) is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "XK", "XKK", "EU", "ZZ", "AN", "276", "DDR", "SUN", "YUG", "ANT", "ZAR", "Germanny", "Berlin"],
)
def test_what_is_no_country_means_none(text):
    """Regions, withdrawn codes, numbers, slips of the pen and cities are not taken for a country."""
    assert countries.meaning(text) is None


@pytest.mark.parametrize("lang", ["en", "de"])
def test_every_country_is_understood_by_the_name_we_show(lang):
    """A user may type any country exactly as our lists call it."""
    names = countries.names(lang)

    assert {code: countries.meaning(name) for code, name in names.items()} == {code: code for code in countries.codes()}


def test_countries_have_names_in_the_users_language():
    """The lists speak English or German."""
    assert (countries.names("en")["AT"], countries.names("de")["AT"]) == ("Austria", "Österreich")


# --- currencies ---------------------------------------------------------------------------------------------------


def test_currencies_are_those_people_pay_with():
    """Money in use is there; former money, funds, metals and test codes are not."""
    codes = currencies.codes()

    assert list(codes) == sorted(set(codes))
    assert {"EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "UAH", "TRY"} <= set(codes)
    assert set(codes).isdisjoint({"DEM", "FRF", "HRK", "ITL", "CHE", "CLF", "CNH", "XAU", "XDR", "XTS", "XXX"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR", "EUR"),
        ("eur", "EUR"),
        (" Eur ", "EUR"),
        ("€", "EUR"),
        ("Euro", "EUR"),
        ("euros", "EUR"),
        ("ευρώ", "EUR"),
        ("£", "GBP"),
        ("British Pound", "GBP"),
        ("zł", "PLN"),
        ("Kč", "CZK"),
        ("Ft", "HUF"),
        ("₺", "TRY"),
        ("Schweizer Franken", "CHF"),
        ("SFr.", "CHF"),
        ("US$", "USD"),
        ("US-Dollar", "USD"),
        ("svensk krona", "SEK"),
    ],
)
def test_a_currency_is_understood_as_people_write_it(text, code):
    """Codes in any case, signs and names lead to the one currency they mean."""
    assert currencies.meaning(text) == code


@pytest.mark.parametrize("text", ["$", "C$", "¥", "kr", "kr.", "lei", "din."])
def test_a_sign_of_several_currencies_means_none(text):
    """Between two currencies nobody guesses: the dollar sign could be any of twenty."""
    assert currencies.meaning(text) is None


@pytest.mark.parametrize("text", ["", "DEM", "XXX", "XAU", "19.99", "EURO EUR", "-"])
def test_what_is_no_currency_means_none(text):
    """Former money, codes without money and other text are not taken for a currency."""
    assert currencies.meaning(text) is None


@pytest.mark.parametrize("lang", ["en", "de"])
def test_every_currency_is_understood_by_the_name_we_show(lang):
    """A user may type any currency exactly as our lists call it."""
    names = currencies.names(lang)

    assert {code: currencies.meaning(name) for code, name in names.items()} == {c: c for c in currencies.codes()}


def test_minor_units_are_those_of_the_standard():
    """Decimals follow ISO 4217, not the custom: a price in Serbian dinar may have two although coins are gone."""
    wanted = {"EUR": 2, "HUF": 2, "RSD": 2, "ALL": 2, "MGA": 2, "JPY": 0, "ISK": 0, "CLP": 0, "KWD": 3, "IQD": 3}

    assert {code: currencies.minor_units(code) for code in wanted} == wanted


def test_minor_units_of_an_unknown_currency_are_not_made_up():
    """No number is given for a code that is no currency in use."""
    with pytest.raises(KeyError, match="DEM"):
        currencies.minor_units("DEM")


# --- languages ----------------------------------------------------------------------------------------------------


def test_order_languages_have_names_in_the_users_language():
    """Every language of an order can be shown in English and German."""
    for lang, ukrainian in (("en", "Ukrainian"), ("de", "Ukrainisch")):
        assert set(languages.ORDER_LANGUAGES) <= set(languages.names(lang))
        assert languages.names(lang)["uk"] == ukrainian


def test_languages_the_vendor_leaves_out_are_known_as_languages():
    """Dutch and Norwegian have names, so a user can be told that it is the vendor who does not offer them."""
    assert {code: languages.names("en")[code] for code in ("nl", "no", "nb")} == {
        "nl": "Dutch",
        "no": "Norwegian",
        "nb": "Norwegian Bokmål",
    }
    assert {len(code) for code in languages.names("en")} == {2}


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Côte d’Ivoire", "COTE D'IVOIRE", " cote \u00a0d'ivoire ", "Co\u0302te d'Ivoire"])
def test_spellings_fold_to_one(text):
    """Case, accents in either encoding, curly marks and surplus blanks make no difference."""
    assert folded(text) == "cote d'ivoire"


def test_a_word_with_two_meanings_is_left_out():
    """Only words that lead to one code are kept, however they are spelled."""
    pairs = [("Kongo", "CD"), ("KONGO", "CG"), ("Deutschland", "DE"), ("deutschland", "DE")]

    assert unambiguous(pairs) == {"deutschland": "DE"}


# --- carriers -----------------------------------------------------------------------------------------------------


def test_carriers_of_a_country_come_in_the_vendors_order():
    """The list of a country is the vendor's, odd codes to the letter; a country without carriers has none."""
    assert carriers.carriers_in("PL") == ("dpd", "gls", "ups", "dhl", "poczta-polska")
    assert carriers.carriers_in("IT")[-1] == "SDAposteitaliane"
    assert carriers.carriers_in("US") == ()


def test_the_shipped_table_cannot_be_changed():
    """The table is shared by everything that runs, so nobody can write to it."""
    with pytest.raises(TypeError):
        carriers.table()["DE"] = ()  # type: ignore[index]


def test_reply_of_2017_is_understood():
    """Carriers with lower-case `allowedCountries` become a table by country."""
    body = [
        {"carrier": "deutschepost", "label": "Deutsche Post Mail", "allowedCountries": ["de"]},
        {"carrier": "dhl", "label": "DHL", "allowedCountries": ["de", "at"]},
    ]

    assert carriers.parse_reply(body) == {"AT": ("dhl",), "DE": ("deutschepost", "dhl")}


def test_reply_of_2018_is_understood():
    """Carriers with `code` and `countries` become a table by country; further members do not disturb."""
    body = [
        {"code": "poczta-polska", "countries": ["PL"], "name": "Poczta Polska"},
        {"code": "prime network", "countries": ["PL", "DE"]},
        {"code": "closed", "countries": []},
    ]

    assert carriers.parse_reply(body) == {"DE": ("prime network",), "PL": ("poczta-polska", "prime network")}


def test_a_carrier_told_twice_is_listed_once():
    """A repeated pair makes no second line."""
    body = [{"code": "dhl", "countries": ["DE", "DE"]}, {"code": "dhl", "countries": ["DE"]}]

    assert carriers.parse_reply(body) == {"DE": ("dhl",)}


def test_an_account_without_carriers_has_an_empty_table():
    """An empty list is an answer, not a mistake."""
    assert carriers.parse_reply([]) == {}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (None, "the reply to GET /carriers is not a list of carriers"),
        ({"hydra:member": []}, "the reply to GET /carriers is not a list of carriers"),
        (["dhl-DE"], "carrier 1 in the reply to GET /carriers is not an object"),
        (
            [{"code": "dhl", "countries": ["DE"]}, {"name": "dhl", "country": "DE"}],
            "carrier 2 in the reply to GET /carriers has neither code and countries nor carrier and allowedCountries",
        ),
        ([{"code": " ", "countries": ["DE"]}], "carrier 1 in the reply to GET /carriers has no text in code"),
        ([{"code": 7, "countries": ["DE"]}], "carrier 1 in the reply to GET /carriers has no text in code"),
        (
            [{"code": "dhl", "countries": "DE"}],
            "carrier 1 in the reply to GET /carriers has something else than two-letter countries in countries",
        ),
        (
            [{"carrier": "dhl", "allowedCountries": ["Germany"]}],
            "carrier 1 in the reply to GET /carriers has something else than two-letter countries in allowedCountries",
        ),
    ],
)
def test_an_unknown_reply_is_refused_with_its_place(body, sentence):
    """A third shape is not guessed at; the sentence says which carrier and what is wrong."""
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        carriers.parse_reply(body)


# --- cost ---------------------------------------------------------------------------------------------------------


def test_importing_the_tables_does_not_load_babel():
    """The data of forty languages is read when a cell needs it, not when the command starts."""
    program = (
        "import sys; from schemas import carriers, countries, currencies, languages; sys.exit('babel' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
