"""Currencies: the ISO 4217 codes in use, their minor units, and what people write instead.  Data from Babel (CLDR)."""

from collections.abc import Iterator
from functools import cache

from schemas import european
from schemas.meanings import EUROPEAN, folded

# CLDR counts the decimals people use, ISO 4217 those that exist: a price of 19.99 RSD is valid though coins are gone.
# Source: ISO 4217 list one, wherever it departs from CLDR's table.
ISO_MINOR_UNITS = {"IQD": 3} | dict.fromkeys("AFN ALL IRR KPW LAK LBP MGA MMK RSD SOS SYP YER".split(), 2)

# What people write and CLDR does not list.
OTHER_WORDS = (
    ("CHF", "SFr", "SFr."),
    ("GBP", "£", "Pound Sterling", "Pfund Sterling"),
    ("USD", "US$", "U.S. Dollar"),
)

# Signs and words that CLDR lists for one currency in one language, while others pay with them too.
TWO_MEANINGS = (
    ("USD", "CAD", "$"),
    ("CAD", "NIO", "C$"),
    ("JPY", "CNY", "¥"),
    ("DKK", "NOK", "kr", "kr."),
    ("BYN", "ETB", "Br"),
    ("RSD", "MKD", "din", "din.", "denar", "denari"),
    ("RUB", "BYN", "ruble", "rubles"),
    ("RON", "MDL", "lei", "leu"),
)


SIGNS_OF_SEVERAL = {"$": ("dollar", "peso", "real"), "kr": ("kron",), "¥": ("yen", "yuan"), "lei": ("leu",)}
"""Words in the English names of all currencies that are written with a sign; others are not."""


@cache
def codes() -> tuple[str, ...]:
    """Codes of the currencies that are legal tender somewhere today, sorted.

    Not those of funds, metals and tests (CHE, XAU, XXX): nobody pays for a parcel with them.

    Source: CLDR's currencies per territory, by way of Babel.
    """
    # Loaded on first use, here and below: `importer --help` reads no currency.
    from babel.core import get_global  # noqa: PLC0415

    return tuple(
        sorted(
            {
                code
                for uses in get_global("territory_currencies").values()
                for code, _first_day, last_day, is_tender in uses
                if is_tender and last_day is None
            }
        )
    )


@cache
def names(lang: str) -> dict[str, str]:
    """Code -> name of the currency in the user interface language *lang* ("en", "de"), for every one of `codes()`.

    The code itself where CLDR has no name in that language.
    """
    from babel import Locale  # noqa: PLC0415

    known = Locale.parse(lang).currencies
    return {code: known.get(code, code) for code in codes()}


def may_be_written(code: str, sign: str) -> bool:
    """Whether amounts in *code* may be written with *sign*, a code or a sign, such as the dollar's for any dollar."""
    known = meaning(sign)
    words = () if known else SIGNS_OF_SEVERAL.get(folded(sign).rstrip("."), ())
    return known == code if known else not words or any(word in folded(names("en")[code]) for word in words)


def minor_units(code: str) -> int:
    """Number of decimals an amount in *code* can have by ISO 4217: 2 for EUR, 0 for JPY.

    Raises:
        KeyError: *code* is none of `codes()`.
    """
    if code not in codes():
        raise KeyError(code)
    from babel.core import get_global  # noqa: PLC0415

    customs = get_global("currency_fractions")
    digits, *_rounding = customs.get(code, customs["DEFAULT"])
    return ISO_MINOR_UNITS.get(code, int(digits))


def meaning(text: str) -> str | None:
    """The code *text* clearly stands for: the code in any case, a sign (€, zł) or a name in a European language.

    None when it stands for nothing we know or for the money of several countries ("$", "kr").
    """
    word = folded(text)
    code = word.upper()
    return code if code in codes() else european.meaning("currencies", word)


def spellings() -> Iterator[tuple[str, str]]:
    """Words with the codes that they may stand for; they are slow to get, see `european`."""
    from babel import Locale  # noqa: PLC0415
    from babel.numbers import get_currency_name  # noqa: PLC0415

    for lang in EUROPEAN:
        locale = Locale.parse(lang)
        for code, name in names(lang).items():
            yield name, code
            yield get_currency_name(code, count=2, locale=locale), code
            yield locale.currency_symbols.get(code, code), code
    for code, *words in OTHER_WORDS:
        for word in words:
            yield word, code
    for one, other, *words in TWO_MEANINGS:
        for word in words:
            yield word, one
            yield word, other
