"""Letters that were read in a wrong encoding, told from letters that only look odd."""

import random

import pytest
from babel import Locale
from spreadsheet import read_wrongly

from importer.damage.letters import mended

LANGUAGES = "de en fr es it nl pl cs sk hu sl hr ro pt sv da nb fi et lv lt el bg tr is sq uk".split()
QUOTED = ("„{}”", "« {} »", "“{}”", "{}”", "({})")


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Countries, languages and currencies in the languages of Europe, as they are and in capitals; not plain ASCII."""
    found = {
        str(name)
        for language in LANGUAGES
        for table in (Locale.parse(language).territories, Locale.parse(language).languages)
        for name in table.values()
    }
    return sorted(name for name in found | {name.upper() for name in found} if not name.isascii())


def test_names_of_all_countries_are_left_alone(names):
    """Nothing that stands in the dictionaries of Europe looks garbled, in capitals or quotation marks either."""
    chosen = random.Random(1).sample(names, 4000)
    texts = [*chosen, *(QUOTED[at % len(QUOTED)].format(name) for at, name in enumerate(chosen))]

    assert [text for text in texts if mended(text)] == []


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("code_page", ["cp1252", "cp1250", "cp850", "mac_roman", "latin-1"])
def test_garbled_names_are_put_right(names, code_page, times):
    """Of a thousand garbled names all but a few get their letters back, also those that were garbled twice."""
    chosen = random.Random(2).sample(names, 1000)
    read = {name: mended(read_wrongly(name, code_page, times)) for name in chosen}
    wrong = [name for name, found in read.items() if found is None or found.text != name]

    assert len(wrong) <= 5, wrong


@pytest.mark.parametrize(
    "text",
    [
        "SÃO PAULO",
        "IRMÃ",
        "„POZNAŃ” SPÓŁKA Z O.O.",
        "ORĂŞTIE",
        "RÂŞNOV",
        "« café »",
        "“LÃ”",
        "”SMÅ”",
        "DĹŽKA",
        "„MENÜ“",
    ],
)
def test_letters_that_look_like_it_are_right(text):
    """Some words have letters side by side that would be another letter's two bytes."""
    assert mended(text) is None
