"""Cases made by chance, always the same: realistic columns, some cells of which went through a spreadsheet program."""

import random
from collections.abc import Callable, Iterator, Sequence
from string import ascii_uppercase, hexdigits

from cases import Case, Cell, Hurt
from spreadsheet import (
    ENGLISH,
    day_of,
    number_shown,
    number_with_format_0,
    read_wrongly,
    shown_in_full,
    shown_short,
)

CITIES = (
    "München|Köln|Düsseldorf|Zürich|Genève|Besançon|Nîmes|Łódź|Kraków|Gdańsk|Wrocław|Plzeň|České Budějovice|Győr|Pécs|"
    "Malmö|Århus|København|Tromsø|Coruña|Cádiz|Évora|São João da Madeira|Guimarães|Timișoara|Košice|Žilina|Celje|"
    "Šibenik|Rīga|Vilnius|Kärdla|Ísafjörður|Αθήνα|Θεσσαλονίκη|Пловдив|Berlin|Paris|London|Rotterdam|Gent|Milano|Porto|Bergen"
).split("|")
NAMES = (
    "Müller|Weiß|Groß|Jäger|Schön|Köhler|Łukasz|Wiśniewski|Dvořák|Novák|Šimůnek|Søren|Åse|Björk|José|Muñoz|Begoña|João|"
    "Conceição|François|Hélène|Noël|Zoë|Çelik|Özdemir|Şahin|Ștefan|Ionuț|Đorđe|Živković|Ágnes|Győző|Smith|Baker|Rossi|"
    "de Vries|O'Neill|D’Angelo|Jean-Luc|Nguyễn|Παπαδόπουλος|Иванов"
).split("|")
WORDS = (
    "T-Shirt|Hemd|Blue|Größe M|Coton 100 %|Robe d’été|Kurtka|Sukienka|Bawełna – męska|50 × 70 cm|ab 20 °C|5 €".split(
        "|"
    )
)


def cases(seed: int) -> Iterator[Case]:
    """One of each sort."""
    chance = random.Random(seed)
    yield Case("EAN", {"products": {"sku": _gtins(chance, 13, 120)}})
    yield Case("UPC", {"products": {"sku": _upcs(chance)}})
    yield Case("numbers with zeros", {"products": {"sku": _padded(chance, 6, 150)}})
    yield Case("orders with zeros", {"orders": {"order_id": _padded(chance, 9, 90)}})
    yield Case("month codes, in English", {"products": {"sku": _month_codes(chance, german=False)}})
    yield Case("month codes, in German", {"products": {"sku": _month_codes(chance, german=True)}})
    yield _items_know_less(chance)
    yield _tracking(chance)
    yield Case("names and places", {"shipments": _people(chance)})
    yield Case("postcodes", {"shipments": _postcodes(chance)})
    yield Case("sound codes", {"products": {"sku": _sound_codes(chance)}})
    yield Case("tariffs", {"products": {"customs_tariff_code_sending_country": _tariffs(chance)}})
    yield Case("floats", {"orders": {"order_id": _floats(chance)}})
    yield Case("cut", {"order_items": {"description": _descriptions(chance, 255), "name": _descriptions(chance, 80)}})
    yield Case("prices", {"order_items": {"sales_price": _prices(chance), "weight": _weights(chance)}})


def _some(chance: random.Random, cells: Sequence[str], hurt: Callable[[str], Hurt | None], share: float) -> list[Cell]:
    return [(chance.random() < share and hurt(cell)) or cell for cell in cells]


# --- codes ---------------------------------------------------------------------------------------------------------


def gtin(digits: str) -> str:
    """*digits* with their check digit."""
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _gtins(chance: random.Random, size: int, count: int) -> list[Cell]:
    codes = [gtin("40" + _digits(chance, size - 3)) for _ in range(count)]
    return _some(chance, codes, lambda code: Hurt(number_shown(code, comma=chance.random() < 0.5)), 0.1)


def _upcs(chance: random.Random) -> list[Cell]:
    whole = [gtin(chance.choice("678") + _digits(chance, 10)) for _ in range(80)]
    with_zero = [gtin("0" + chance.choice("123456789") + _digits(chance, 9)) for _ in range(30)]
    return [*whole, *_some(chance, with_zero, lambda code: Hurt(number_shown(code), code), 0.5)]


def _padded(chance: random.Random, size: int, count: int) -> list[Cell]:
    codes = {str(chance.randrange(10 ** (size - chance.randrange(4)))).zfill(size) for _ in range(count)}
    return _some(
        chance, sorted(codes), lambda code: Hurt(code.lstrip("0"), code) if code.startswith("0") else None, 0.15
    )


def _month_codes(chance: random.Random, *, german: bool) -> list[Cell]:
    families = [*(name.upper() for name in ENGLISH), "RED", "BLU", "XXL", "SOC", "HAT", "BAG", "TEE", "CAP"]
    codes = sorted({f"{chance.choice(families)}-{chance.randrange(1, 60):02}" for _ in range(140)})

    def hurt(code: str) -> Hurt | None:
        if not day_of(code, german=german):
            return None
        # That one is a month of 2029 to any program, and so will FEB-01 be.
        was = "" if code == "FEB-29" else code
        form = chance.choice(("short", "%Y-%m-%d", "%d.%m.%Y"))
        if form == "short":
            return Hurt(shown_short(code, german=german), was)
        return Hurt(shown_in_full(code, german=german, form=form), was)

    return _some(chance, codes, hurt, 0.25)


def _items_know_less(chance: random.Random) -> Case:
    """The products' sheet is whole; that of the items was saved by a spreadsheet program."""
    numbers = sorted({str(chance.randrange(10**5)).zfill(7) for _ in range(40)})
    long = sorted({str(chance.randrange(10**14, 10**15)) for _ in range(30)})
    months = [
        f"{name.upper()}{number}" for name in ("Sep", "Mar", "Dec", "Jan") for number in chance.sample(range(2, 28), 3)
    ]
    parts = [f"{chance.randrange(1, 9)}E{chance.randrange(10, 40)}" for _ in range(12)]
    products = [*numbers, *long, *months, *dict.fromkeys(parts)]

    def saved(code: str) -> Hurt | None:
        if code.isdigit():
            return Hurt(number_shown(code), code)
        if "E" in code and code[0].isdigit():
            return Hurt(f"{code[0]}.00E+{code[2:]}", code)
        return Hurt(shown_short(code, german=False), code) if day_of(code, german=False) else None

    return Case(
        "items know less", {"products": {"sku": products}, "order_items": {"sku": _some(chance, products, saved, 0.6)}}
    )


def _tracking(chance: random.Random) -> Case:
    dhl = ["0034043" + _digits(chance, 13) for _ in range(80)]
    others = ["1Z" + "".join(chance.choice(ascii_uppercase + "0123456789") for _ in range(16)) for _ in range(30)]
    cells = _some(chance, dhl, lambda code: Hurt(number_with_format_0(code)), 0.12)
    return Case("tracking codes", {"shipments": {"tracking_code": [*cells, *others]}})


def _tariffs(chance: random.Random) -> list[Cell]:
    codes = [f"{chance.randrange(1, 98):02}{_digits(chance, 6)}" for _ in range(100)]
    return _some(
        chance, codes, lambda code: Hurt(code.lstrip("0"), code) if code[0] == "0" and code[1] != "0" else None, 0.6
    )


def _floats(chance: random.Random) -> list[Cell]:
    codes = [str(100000000 + number) for number in range(0, 400, 5)]
    return _some(chance, codes, lambda code: Hurt(f"{code}.0", code), 0.2)


def _sound_codes(chance: random.Random) -> list[Cell]:
    """Whatever looks odd and is right."""
    some = ascii_uppercase + "0123456789"
    return [
        *(f"{chance.randrange(1, 9)}E{chance.randrange(1, 40)}" for _ in range(20)),
        *(f"1E{number}-X" for number in range(10)),
        *("".join(chance.choice(hexdigits[:16]) for _ in range(8)) for _ in range(60)),
        *(f"{name.upper()}-{number:02}" for name in ENGLISH for number in (1, 2, 14)),
        *("".join(chance.choice(some) for _ in range(chance.randrange(4, 12))) for _ in range(150)),
        *(f"{chance.randrange(100, 999)}-{chance.randrange(100, 999)}" for _ in range(40)),
        *(f"A{number:03}" for number in range(40)),
        *(str(chance.randrange(10 ** chance.randrange(1, 9))) for _ in range(60)),
        *(f"2026-{number:05}" for number in range(1, 40)),
        *(f"W{chance.randrange(28, 40)}/L{chance.randrange(28, 36)}" for _ in range(20)),
    ]


# --- texts ---------------------------------------------------------------------------------------------------------


def _people(chance: random.Random) -> dict[str, list[Cell]]:
    def hurt(text: str) -> Hurt | None:
        if text.isascii():
            return None
        wrong = read_wrongly(text, chance.choice(("cp1252", "cp1252", "cp1250", "cp850")), chance.choice((1, 1, 1, 2)))
        return Hurt(wrong, text)

    def column(words: Sequence[str]) -> list[Cell]:
        texts = [chance.choice(words) for _ in range(150)]
        upper = [text.upper() if chance.random() < 0.15 else text for text in texts]
        return _some(chance, upper, hurt, 0.12)

    streets = [
        f"{name} {chance.choice(('Straße', 'Allée', 'ulica', 'Calle'))} {chance.randrange(1, 99)}" for name in NAMES
    ]
    return {
        "recipient_last_name": column(NAMES),
        "recipient_city": column(CITIES),
        "recipient_address": column(streets),
        "comment": column(WORDS),
    }


def _postcodes(chance: random.Random) -> dict[str, list[Cell]]:
    zips: list[Cell] = []
    countries: list[Cell] = []
    for country, size, first in (("DE", 5, "0"), ("FR", 5, "0"), ("ES", 5, "0"), ("IT", 5, "0"), ("AT", 4, "1")):
        for _ in range(40):
            code = (
                (first if chance.random() < 0.5 else chance.choice("123"))
                + chance.choice("123456789")
                + _digits(chance, size - 2)
            )
            cut = code.startswith("0") and chance.random() < 0.4
            zips.append(Hurt(code.lstrip("0"), code) if cut else code)
            countries.append(country)
    return {"recipient_zip": zips, "recipient_country": countries}


def _descriptions(chance: random.Random, most: int) -> list[Cell]:
    cells: list[Cell] = []
    for _ in range(60):
        text = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(2, 60))) + "."
        cut = most == 255 and len(text) > most
        cells.append(Hurt(text[:most]) if cut else text if len(text) <= most else text[: most - 3].strip() + " ...")
    return cells


def _prices(chance: random.Random) -> list[Cell]:
    cells = [f"{chance.randrange(1, 200)}.{chance.randrange(100):02}" for _ in range(60)]
    return [*cells, Hurt("01. Mai"), Hurt("2026-05-02"), Hurt("5-Jan")]


def _weights(chance: random.Random) -> list[Cell]:
    return [f"0,{chance.randrange(1, 99)}" for _ in range(60)]
