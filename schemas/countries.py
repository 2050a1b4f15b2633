"""Countries: the ISO 3166-1 alpha-2 codes, their names, and what people write instead.  Data from Babel (CLDR)."""

from collections.abc import Iterator
from functools import cache

from schemas import european
from schemas.meanings import EUROPEAN, folded

# CLDR gives its own regions (EU, XK, ZZ, ...) the numbers from 900, which the UN leaves free for private use.
FIRST_PRIVATE_NUMBER = 900

# Three-letter codes that ISO has withdrawn; CLDR still leads them to a successor, but ZAR is money nowadays.
WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})

# What people write and CLDR does not list.  UK and EL are how the European Union abbreviates the two.
OTHER_WORDS = (
    ("AE", "UAE", "VAE"),
    ("AT", "Oesterreich"),
    ("BA", "Bosnia", "Bosnien"),
    ("BY", "Belorussia", "Weißrussland"),
    ("CD", "DR Congo", "DR Kongo", "Democratic Republic of the Congo", "Demokratische Republik Kongo", "Zaire"),
    ("CG", "Republic of the Congo", "Republik Kongo"),
    ("CI", "Elfenbeinküste", "Ivory Coast"),
    ("CV", "Cabo Verde", "Kapverden"),
    ("CZ", "Czech Republic", "Tschechische Republik"),
    ("DE", "BRD", "Bundesrepublik Deutschland", "Federal Republic of Germany"),
    ("DK", "Daenemark"),
    ("GB", "UK", "U.K.", "Great Britain", "Großbritannien", "England", "Scotland", "Schottland", "Wales"),
    ("GB", "Northern Ireland", "Nordirland"),
    ("GR", "EL", "Hellas"),
    ("HK", "Hong Kong", "Hongkong"),
    ("IE", "Eire", "Republic of Ireland", "Republik Irland"),
    ("IR", "Islamic Republic of Iran"),
    ("KP", "Democratic People's Republic of Korea"),
    ("KR", "Republic of Korea", "Republik Korea"),
    ("MD", "Moldavia", "Moldawien", "Republic of Moldova"),
    ("MK", "Macedonia", "Mazedonien"),
    ("MM", "Burma", "Myanmar"),
    ("MO", "Macau", "Macao"),
    ("NL", "Holland", "The Netherlands"),
    ("PS", "Palestine", "Palästina"),
    ("RO", "Rumaenien"),
    ("RU", "Russian Federation", "Russische Föderation"),
    ("SK", "Slovak Republic", "Slowakische Republik"),
    ("SZ", "Swaziland", "Swasiland"),
    ("TL", "East Timor", "Osttimor"),
    ("TR", "Turkey", "Tuerkei"),
    ("TZ", "United Republic of Tanzania"),
    ("US", "U.S.", "U.S.A.", "United States of America", "Vereinigte Staaten von Amerika"),
    ("VA", "Vatican", "Vatikan", "Holy See"),
    ("VN", "Viet Nam"),
)

# Words that one language or another uses for one of two countries, and everyone else for either.
TWO_MEANINGS = (
    ("CD", "CG", "Congo", "Kongo", "Конго", "Κονγκό"),
    ("KP", "KR", "Korea", "Corea", "Corée", "Coreia", "Koreja", "Корея"),
    ("VG", "VI", "Virgin Islands", "Jungferninseln"),
)


@cache
def codes() -> tuple[str, ...]:
    """The 249 alpha-2 codes of ISO 3166-1, sorted.  Kosovo has none there, so XK is not among them.

    Source: CLDR's table of numeric codes, by way of Babel.
    """
    # Loaded on first use, here and below: `importer --help` reads no country.
    from babel.core import get_global  # noqa: PLC0415

    return tuple(
        sorted(
            {
                territories[0]
                for number, territories in get_global("territory_aliases").items()
                # A number with several successors is a country that broke up.
                if number.isdigit() and int(number) < FIRST_PRIVATE_NUMBER and len(territories) == 1
            }
        )
    )


@cache
def names(lang: str) -> dict[str, str]:
    """Code -> name of the country in the user interface language *lang* ("en", "de"), for every one of `codes()`."""
    from babel import Locale  # noqa: PLC0415

    territories = Locale.parse(lang).territories
    return {code: territories[code] for code in codes()}


def meaning(text: str) -> str | None:
    """The code *text* clearly stands for: alpha-2 or alpha-3 in any case, a name in a European language, an old name.

    None when it stands for nothing we know or for more than one country ("Kongo").
    """
    word = folded(text)
    code = word.upper()
    return code if code in codes() else european.meaning("countries", word)


def spellings() -> Iterator[tuple[str, str]]:
    """Words with the codes that they may stand for; they are slow to get, see `european`."""
    from babel.core import get_global  # noqa: PLC0415

    for alias, territories in get_global("territory_aliases").items():
        is_alpha_3 = len(alias) == len("DEU") and alias.isalpha() and alias not in WITHDRAWN
        # SUN or YUG have several successors, and private codes such as XKK lead to no country of the standard.
        if is_alpha_3 and len(territories) == 1 and territories[0] in codes():
            yield alias, territories[0]
    for lang in EUROPEAN:
        for code, name in names(lang).items():
            yield name, code
            yield name.replace("&", "and").replace("St. ", "Saint "), code
    for code, *words in OTHER_WORDS:
        for word in words:
            yield word, code
    for one, other, *words in TWO_MEANINGS:
        for word in words:
            yield word, one
            yield word, other
