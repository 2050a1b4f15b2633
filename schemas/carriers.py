"""Which carriers take parcels over in which country.  The table we ship, and the reader of the account's own list.

The list differs per account and changes ("currently available, subject to change"); what ships here is the one the
vendor's documentation printed in 2020 (Return Portal Pro page).  Nothing is fetched here.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

COUNTRY = re.compile(r"[A-Za-z]{2}")

# How the two known generations of `GET /carriers` name the carrier's code and its countries.
SHAPES = (
    ("code", "countries"),  # 2018-19, as a client in production read it
    ("carrier", "allowedCountries"),  # 2017, the vendor's "Carriers" page; countries in lower case
)


@cache
def table() -> Mapping[str, tuple[str, ...]]:
    """Country (ISO alpha-2) -> carrier codes, both in the order the vendor prints them.

    The country is the carrier's: where it takes the parcel over, not where the parcel goes.
    Some brands no longer exist and some codes look odd (`SDAposteitaliane`); they stay as printed.

    Source: the vendor's documentation (Return Portal Pro page).
    """
    found: dict[str, tuple[str, ...]] = {}
    lines = files("schemas").joinpath("carriers.csv").read_text(encoding="utf-8").splitlines()
    for line in csv.DictReader(lines):
        found[line["country"]] = (*found.get(line["country"], ()), line["carrier"])
    return MappingProxyType(found)


def carriers_in(country: str) -> tuple[str, ...]:
    """Carrier codes of the shipped table in *country* (upper-case alpha-2); () when the country is not in it."""
    return table().get(country, ())


def names(in_force: Mapping[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    """All carrier codes of the table *in_force*, or of the shipped one, sorted."""
    return tuple(sorted({name for names in (table() if in_force is None else in_force).values() for name in names}))


def parse_reply(body: object) -> dict[str, tuple[str, ...]]:
    """The table an account has, from the decoded JSON of `GET /carriers`; same form as `table()`.

    Countries are sorted and in upper case.  Codes are kept to the letter, in the order of the reply: a client that
    replaced `-` by `_` found no carrier any more.  An account without carriers gives {}.

    Raises:
        ValueError: neither of the two known shapes; nothing is guessed from a third.

    Source: the vendor's documentation ("Carriers" page) and a public client that ran in 2018-19.
    """
    if not isinstance(body, list):
        raise ValueError("the reply to GET /carriers is not a list of carriers")
    found: dict[str, list[str]] = {}
    for position, entry in enumerate(body, start=1):
        code, countries = _code_and_countries(entry, position)
        for country in countries:
            codes = found.setdefault(country.upper(), [])
            if code not in codes:
                codes.append(code)
    return {country: tuple(codes) for country, codes in sorted(found.items())}


def _code_and_countries(entry: object, position: int) -> tuple[str, list[str]]:
    place = f"carrier {position} in the reply to GET /carriers"
    if not isinstance(entry, dict):
        raise ValueError(f"{place} is not an object")
    for code_name, countries_name in SHAPES:
        if code_name in entry and countries_name in entry:
            break
    else:
        raise ValueError(f"{place} has neither code and countries nor carrier and allowedCountries")
    code, countries = entry[code_name], entry[countries_name]
    if not isinstance(code, str) or not code.strip():
        raise ValueError(f"{place} has no text in {code_name}")
    if not isinstance(countries, list) or not all(isinstance(c, str) and COUNTRY.fullmatch(c) for c in countries):
        raise ValueError(f"{place} has something else than two-letter countries in {countries_name}")
    return code, countries
