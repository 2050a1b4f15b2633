"""Postcodes that lost zeros at the beginning: `1067`, which no place in Germany has, while 01067 is in Dresden.

The country stands in another cell of the row.  A postcode that is wrong in another way is the check's business.
"""

from collections.abc import Iterator, Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from importer.damage.columns import Sheet, matching, sound_cells
from importer.damage.finding import Damage
from importer.kept import TEXT, let_go
from schemas import countries, postcodes

COUNTRIES: Mapping[str, str] = {"recipient_zip": "recipient_country", "sender_zip": "sender_country"}
"""Column of postcodes -> the column that says of which country."""

BETWEEN = "\x1f"
SHORT = "^[1-9][0-9]{2,8}$"


def postcodes_cut(sheet: Sheet) -> Iterator[Damage]:
    """The postcodes of *sheet* that fit their country once zeros stand in front."""
    for name, country in COUNTRIES.items():
        if name in sheet.columns and country in sheet.columns:
            yield from _cut(sheet, name, country)


def _cut(sheet: Sheet, name: str, country: str) -> Iterator[Damage]:
    cells = sound_cells(sheet)
    codes, lands = (cells[sheet.columns[one]] for one in (name, country))
    repairs = {pair: repair for pair in _suspects(codes, lands) if (repair := _repair(*pair))}
    if not repairs:
        return
    pairs = codes.str.strip() + BETWEEN + lands.str.strip()
    hits = pairs[pairs.isin([BETWEEN.join(pair) for pair in repairs])]
    rows = hits.index.to_series().groupby(hits.to_numpy()).agg(frozenset)
    for pair, (where, code) in repairs.items():
        form = postcodes.form(where)
        yield Damage(
            sheet.entity.field(name),
            pair[0],
            "postcode_unusual",
            {"country": where, "expected": form.example if form else ""},
            repair=code,
            is_sure=False,
            rows=rows[BETWEEN.join(pair)],
            is_told=True,
        )


def _suspects(codes: pd.Series, lands: pd.Series) -> dict[tuple[str, str], None]:
    """The different pairs of a postcode that does not fit, but could be a short one, and the country beside it."""
    found: dict[tuple[str, str], None] = {}
    table = pa.table([pa.array(codes, TEXT), pa.array(lands, TEXT)], ["code", "land"])
    for batch in table.to_batches():
        of_land = pc.utf8_trim_whitespace(batch["land"]).dictionary_encode()
        trimmed = pc.utf8_trim_whitespace(batch["code"])
        for at, land in enumerate(of_land.dictionary.to_pylist()):
            country = _country(land)
            if country:
                here = matching(trimmed.filter(pc.equal(of_land.indices, at)), SHORT)
                fits = pc.match_substring_regex(here, rf"\A(?:{postcodes.pattern(country)})\z")
                found.update(((code, land), None) for code in pc.unique(here.filter(pc.invert(fits))).to_pylist())
        let_go()
    return found


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
