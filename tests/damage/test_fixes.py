"""Correction profiles: what they say, what becomes of cells, and what makes no sense."""

import pytest
from cases import sheet

from importer.damage import fixed, fixes_in, found
from importer.errors import WrongSettings
from importer.model import Problem, Severity, Where


@pytest.fixture
def profile(tmp_path):
    """Write a profile and read it."""

    def write(text: str):
        path = tmp_path / "fixes.toml"
        path.write_text(text, encoding="utf-8")
        return fixes_in(path)

    return write


def test_a_text_is_read_as_the_profile_says(profile):
    """Only cells that are exactly so are touched; each is noted, and the sheet as it stands is kept."""
    fixes = profile('[fixes.orders.language]\n"EN" = "en"\n"deutsch" = "de"\n')
    one = sheet("orders", {"order_id": ["1", "2", "3"], "language": ["EN", "EN ", "deutsch"]})

    after = fixed(one, fixes).table

    def note(row: int, value: str, meant: str) -> Problem:
        facts = {"file": "fixes.toml", "value": meant}
        return Problem(Where("orders.csv", "", row, "B"), "fixed", facts, "language", value, severity=Severity.NOTE)

    assert after.frame[1].tolist() == ["en", "EN ", "de"]
    assert after.problems == (note(2, "EN", "en"), note(4, "deutsch", "de"))
    assert after.problems[0].message == "read as en, as fixes.toml says"
    assert after.source is one.table


def test_a_text_read_as_itself_is_right(profile):
    """So is told that a code which looks damaged is none; the cell is not touched."""
    fixes = profile('[fixes.products.sku]\n"4.01235E+12" = "4.01235E+12"\n')
    one = sheet("products", {"sku": ["4.01235E+12", "4006381333931"]})

    after = fixed(one, fixes)

    assert (after.table, found([one])[0] != (), found([after])) == (one.table, True, ((),))


def test_sheets_and_columns_that_are_not_there_are_passed_over(profile):
    """A profile may speak of more than a file has."""
    fixes = profile('[fixes.orders.language]\n"EN" = "en"\n[fixes.products.sku]\n"1" = "01"\n')
    one = sheet("orders", {"order_id": ["1"]})

    assert fixed(one, fixes).table is one.table


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[fixes.orders.langage]\n"EN" = "en"\n',
            "fixes.toml › fixes.orders.langage: this is not known here. Did you mean language?",
        ),
        (
            '[fixes.order.language]\n"EN" = "en"\n',
            "fixes.toml › fixes.order: this is not known here. Did you mean orders?",
        ),
        ('[fixs.orders.language]\n"EN" = "en"\n', "fixes.toml › fixs: this is not known here. Did you mean fixes?"),
        (
            "[fixes.orders.language]\nEN = 1\n",
            'fixes.toml › fixes.orders.language: wanted are texts in quotation marks, such as "Deutchland" = "DE".',
        ),
        (
            '[fixes.orders]\nlanguage = "en"\n',
            (
                "fixes.toml › fixes.orders.language: "
                'wanted is a table such as [fixes.orders.language], and below it "EN" = "en".'
            ),
        ),
    ],
)
def test_a_profile_that_makes_no_sense_is_told_with_its_key(profile, text, said):
    """A slip is never passed over: it would be a correction that is not made."""
    with pytest.raises(WrongSettings) as trouble:
        profile(text)

    assert str(trouble.value) == said


def test_a_profile_that_is_no_toml_or_not_there(tmp_path, profile):
    """The sentence names the file."""
    with pytest.raises(WrongSettings, match=r"The correction profile .*fixes\.toml is not valid TOML"):
        profile('[fixes.orders.language\n"EN" = "en"\n')
    with pytest.raises(WrongSettings, match=r"The correction profile .*other\.toml cannot be read: No such file"):
        fixes_in(tmp_path / "other.toml")
