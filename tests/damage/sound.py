"""Columns of codes as shops and carriers make them, none of them damaged; by chance, always the same."""

import random
from collections.abc import Callable, Iterator, Mapping
from string import ascii_lowercase, ascii_uppercase

from cases import Case
from made import gtin

SIZES = (1, 2, 3, 5, 8, 13, 30, 100)
WORDS = "RED BLU GRN MAR JAN SEP OCT DEC TEE CAP".split()
CLOTHES = "S M L XL 36 38 40 42 08 10 12 6 8 104 110 36/38 8-10 10-12 W32/L34 38.5 39.0".split()

Code = Callable[[random.Random, int], str]
"""The code at a place of the column, counted from 0."""


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _letters(chance: random.Random, letters: str, most: int) -> str:
    return "".join(chance.choice(letters) for _ in range(chance.randrange(3, most)))


CODES: Mapping[str, Code] = {
    "running numbers": lambda _, at: str(98_765 + at),
    "four digits with zeros": lambda _, at: str(17 + at * 31).zfill(4),
    "six digits with zeros": lambda _, at: str(417 + at * 7).zfill(6),
    "numbers of any length": lambda chance, _: str(chance.randrange(10 ** chance.randrange(1, 12))),
    "digits of any length": lambda chance, _: _digits(chance, chance.randrange(1, 9)),
    "eight digits": lambda chance, _: _digits(chance, 8),
    "EAN": lambda chance, _: gtin("400" + _digits(chance, 9)),
    "EAN, and numbers of the house": lambda chance, at: (
        gtin("400" + _digits(chance, 9)) if at % 3 else str(chance.randrange(10 ** chance.randrange(3, 6)))
    ),
    "UPC with zeros": lambda chance, _: gtin("0" + _digits(chance, 10)),
    "UPC and EAN": lambda chance, at: gtin(("0" if at % 2 else "40") + _digits(chance, 10)),
    "letters and digits": lambda chance, _: _letters(chance, ascii_uppercase + "0123456789", 10),
    "small letters and digits": lambda chance, _: _letters(chance, ascii_lowercase + "0123456789", 7),
    "hexadecimal": lambda chance, _: _letters(chance, "0123456789ABCDEF", 9),
    "digits around an E": lambda chance, _: f"{chance.randrange(1, 99)}E{chance.randrange(1, 40)}",
    "three numbers": lambda chance, _: "-".join(f"{chance.randrange(99):02}" for _ in range(3)),
    "two numbers and a point": lambda chance, _: f"{chance.randrange(1, 32)}.{chance.randrange(1, 60)}",
    "two numbers and a dash": lambda chance, _: f"{chance.randrange(1, 99)}-{chance.randrange(1, 99)}",
    "words and numbers": lambda chance, at: f"{chance.choice(WORDS)}{'-' * (at % 2)}{chance.randrange(1, 60):02}",
    "orders of a marketplace": lambda chance, _: f"{_digits(chance, 3)}-{_digits(chance, 7)}-{_digits(chance, 7)}",
    "round numbers": lambda chance, _: str(chance.randrange(1, 99) * 10 ** chance.randrange(14)),
    "sixteen digits": lambda chance, _: _digits(chance, 16),
    "shipping units": lambda chance, _: "00" + _digits(chance, 18),
    "versions": lambda chance, _: f"{chance.randrange(1, 9)}.{chance.randrange(9)}",
    "days and numbers": lambda chance, _: (
        f"2026{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}{_digits(chance, 3)}"
    ),
    "dates and numbers": lambda chance, _: (
        f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}-{_digits(chance, 2)}"
    ),
    "sizes": lambda chance, _: chance.choice(CLOTHES),
}


def cases(seed: int) -> Iterator[Case]:
    """Every sort of codes as articles and as sizes, in short and in long columns."""
    chance = random.Random(seed)
    for name, code in CODES.items():
        for size in SIZES:
            for entity, column in (("products", "sku"), ("order_items", "size")):
                yield Case(name, {entity: {column: [code(chance, at) for at in range(size)]}})
