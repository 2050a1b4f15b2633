"""Looking at parts of a large sheet finds what looking at every cell of a small one finds."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from importer.check import check, rows
from importer.model import CheckedSheet, Table, Where
from schemas import ENTITIES
from schemas.cells import CellError, Conventions, Note
from schemas.entity import Entity
from schemas.frames import TEXT

CONVENTIONS = Conventions(today=date(2026, 2, 15))

ODD = (
    *("", " ", "\u00a0", "#CLEAR", "#clear", "n/a", "-", "0", "#N/A", "x", "EXAMPLE-1001", "\x07", "a\nb", "  a  b "),
    *(
        "1.234",
        "1,234",
        "12,50",
        "12.50",
        "1.234,5",
        "-3",
        "0,00",
        "1e5",
        "1,5E+10",
        "12 EUR",
        "$ 3",
        "999999999999999999",
    ),
    *(
        "03/04/2026",
        "13/04/2026",
        "04/13/2026",
        "31.01.2026",
        "2026-01-31",
        "2026-02-29",
        "1999-01-01",
        "2031-01-01 10:00",
    ),
    *("2026-03-29 02:30", "2026-10-25 02:30", "2026-01-31T23:30:00Z", "2026-01-31T23:30:00-05:00", "46053", "31.1.26"),
    *("de", "DE", "Germany", "Deutschland", "GB", "UK", "ZZ", "FR", "eur", "EUR", "USD", "€", "xx", "fr"),
    *("dhl", "DHL", "dpd", "ups", "yes", "Ja", "TRUE", "nein", "express", "Paid", "paid", "refunded"),
    *("a@b.de", "A.B@example.com", "nobody", "ä@example.com", "a@b", "name@example.test"),
    *(
        "+4915223455981",
        "0152 2345598",
        "(030) 12345",
        "00491522",
        "12",
        "+49 (0)30 1234567",
        "1067",
        "01067",
        "D-01067",
    ),
    *("SW1A 1AA", "99-400", "99400", "Packstation 123", "PACK\u017fTATION 5", "Weg 1", "A b", "S-1", "T-1", "M", "7"),
    *("https://shop.example.com", "www.shop.example.com", "http://x", "a=b; c=d", "nonsense=", '{"a":"b"}', "a.png"),
)


@pytest.fixture
def checked(monkeypatch) -> Callable[..., CheckedSheet]:
    """Checks lines of an entity, as a sheet of few rows or as one of many."""

    def run(entity: Entity, lines: list[dict[str, str]], *, many: bool, sheet: str = "") -> CheckedSheet:
        monkeypatch.setattr(rows, "FEW", 0 if many else 20_000)
        monkeypatch.setattr(rows, "ROWS_OF_A_PART", 7 if many else 1 << 16)
        header = tuple(lines[0])
        texts = [[line[name] for name in header] for line in lines]
        frame = pd.DataFrame(texts, index=pd.RangeIndex(2, len(lines) + 2), dtype=TEXT)
        table = Table(
            Path("june"), Where("june", sheet), header, 1, frame, decimals=frozenset({"1.234"} if sheet else ())
        )
        return check(table, CONVENTIONS, entity=entity, look_at_image=_look)

    return run


def _look(text: str) -> tuple[Note, ...]:
    if text == "x":
        raise CellError("image_not_found")
    return tuple(Note(code, {"found": "10 x 11"}) for code in ("image_small", "image_not_square"))[: len(text) % 3]


ANY = st.one_of(st.sampled_from(ODD), st.text(max_size=6))


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
@settings(
    deadline=None,
    max_examples=10,
    # Making a failing sheet smaller would take minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_many_rows_are_checked_like_few(checked, entity, data):
    """Whatever the cells hold: values, keys, problems, notes and what is said of columns are the same both ways."""
    names = data.draw(st.lists(st.sampled_from(entity.names), min_size=1, max_size=9, unique=True))
    few_texts = data.draw(st.lists(ANY, min_size=1, max_size=4))
    cell = st.one_of(st.sampled_from(few_texts), ANY)
    line = st.fixed_dictionaries(dict.fromkeys(names, cell))
    lines = data.draw(st.lists(line, min_size=1, max_size=20))

    _same(checked, entity, lines, sheet=data.draw(st.sampled_from(["", entity.sheet])))


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_a_sheet_of_oddities_is_checked_like_a_small_one(checked, entity):
    """Every odd text in every column, in any order."""
    chance = random.Random(entity.name)
    lines = [{name: chance.choice(ODD) for name in entity.names} for _ in range(300)]

    _same(checked, entity, lines)


def _same(checked: Callable[..., CheckedSheet], entity: Entity, lines: list[dict[str, str]], sheet: str = "") -> None:
    few, many = (checked(entity, lines, many=many, sheet=sheet) for many in (False, True))

    assert many.problems == few.problems
    assert many.rows.rejected == few.rows.rejected
    assert list(many.rows) == list(few.rows)
    assert [many.rows[at] for at in range(len(lines))][:5] == list(few.rows)[:5]
