"""Postcodes that lost zeros at the beginning: `1067`, which no place in Germany has, while 01067 is in Dresden.

The country stands in another cell of the row.  A postcode that is wrong in another way is the check's business.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.damage.columns import Sheet, Texts, sound_rows, sound_texts
from importer.damage.finding import Damage
from importer.kept import let_go
from schemas import countries, postcodes

COUNTRIES: Mapping[str, str] = {"recipient_zip": "recipient_country", "sender_zip": "sender_country"}
"""Column of postcodes -> the column that says of which country."""

SHORT = r"\A[1-9][0-9]{2,8}\z"


def postcodes_cut(sheet: Sheet) -> Iterator[Damage]:
    """The postcodes of *sheet* that fit their country once zeros stand in front."""
    for name, country in COUNTRIES.items():
        if name in sheet.columns and country in sheet.columns:
            yield from _cut(sheet, name, country)


def _cut(sheet: Sheet, name: str, country: str) -> Iterator[Damage]:
    for (code, land), rows in _suspects(sheet, name, country).items():
        if repair := _repair(code, land):
            form = postcodes.form(repair[0])
            yield Damage(
                sheet.entity.field(name),
                code,
                "postcode_unusual",
                {"country": repair[0], "expected": form.example if form else ""},
                repair=repair[1],
                is_sure=False,
                rows=frozenset(rows),
                is_told=True,
            )


def _suspects(sheet: Sheet, name: str, country: str) -> dict[tuple[str, str], list[int]]:
    """Postcodes that do not fit the country beside them, but could be short ones; both, and their rows."""
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    table = pa.table([sound_texts(sheet, name), sound_texts(sheet, country)], ["code", "land"])
    numbers = sound_rows(sheet)
    for batch in table.to_batches():
        for code, land, place in _odd(batch["code"], batch["land"]):
            found[code, land].append(int(numbers[place]))
        numbers = numbers[len(batch) :]
        let_go()
    return found


def _odd(codes: Texts, lands: Texts) -> Iterator[tuple[str, str, int]]:
    """Code, country and place of each."""
    trimmed = pc.utf8_trim_whitespace(codes)
    of_land = pc.utf8_trim_whitespace(lands).dictionary_encode()
    is_short = np.asarray(pc.match_substring_regex(trimmed, SHORT))
    for at, land in enumerate(of_land.dictionary.to_pylist()):
        if country := _country(land):
            places = np.flatnonzero(is_short & (of_land.indices.to_numpy() == at))
            here = trimmed.take(pa.array(places))
            odd = ~np.asarray(pc.match_substring_regex(here, rf"\A(?:{postcodes.pattern(country)})\z"))
            for code, place in zip(here.filter(pa.array(odd)).to_pylist(), places[odd].tolist(), strict=True):
                yield code, land, place


def _country(land: str) -> str | None:
    return land if land in countries.codes() else countries.meaning(land)


def _repair(code: str, land: str) -> tuple[str, str] | None:
    """The country of *land*, and *code* with the zeros that its postcodes have; None where it needs none."""
    country = _country(land)
    repair = _with_zeros(code, country) if country else ""
    return (country, repair) if country and repair else None


def _with_zeros(code: str, country: str) -> str:
    """*code* with zeros in front, and a hyphen or blank where it belongs; "" where it needs none, or other changes."""
    if postcodes.fits(code, country):
        return ""
    repair = postcodes.mended(code, country)
    digits = repair.replace("-", "").replace(" ", "")
    return repair if digits != code and digits.lstrip("0") == code else ""
