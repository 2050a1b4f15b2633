"""Corrections written down for a person: what is proposed, what is not, and how a file is gone on with."""

import tomllib

import pytest
from cases import sheet

from importer.damage import fixes_in, proposals, save
from importer.errors import WrongSettings
from importer.model import CheckedSheet, Problem, Where

HEAD = """\
# Corrections.  Left stands the cell as it is written, right how it is to be read.
# A line that begins with "# " is a proposal: look at it, take the "# " away if it is right, or correct it.
# A text that is right as it is, is to be read as itself.  Then:
#     importer check FILE --fixes THIS_FILE
"""


def checked(entity: str, columns: dict[str, list[str]], *suggested: tuple[str, int, str]) -> tuple:
    """A sheet, and problems with suggestions: column, row and what may have been meant."""
    one = sheet(entity, columns)
    letters = dict(zip(columns, "ABCDEF", strict=False))
    problems = tuple(
        Problem(
            Where(f"{entity}.csv", "", row, letters[column]),
            "country_unknown",
            {},
            column,
            columns[column][row - 2],
            suggestion,
            private=one.entity.field(column).private,
        )
        for column, row, suggestion in suggested
    )
    return CheckedSheet(one.table, one.entity, one.columns, ()), problems


def test_each_text_with_one_suggestion_is_a_line(tmp_path):
    """The most frequent first, with how often and where; all are comments until a person takes the mark away."""
    shipments = checked(
        "shipments",
        {"recipient_country": ["Deutchland", "Österrreich", "Deutchland", 'Fr"ance']},
        ("recipient_country", 2, "DE"),
        ("recipient_country", 3, "AT"),
        ("recipient_country", 4, "DE"),
        ("recipient_country", 5, "FR"),
    )
    path = tmp_path / "fixes.toml"

    assert save(path, proposals([shipments])) == 3
    assert path.read_text(encoding="utf-8") == HEAD + (
        "\n"
        "[fixes.shipments.recipient_country]\n"
        '# "Deutchland" = "DE"   # 2 rows, first shipments.csv!A2\n'
        '# "Österrreich" = "AT"   # 1 row, first shipments.csv!A3\n'
        '# "Fr\\"ance" = "FR"   # 1 row, first shipments.csv!A5\n'
    )
    assert fixes_in(path).texts == {"shipments": {"recipient_country": {}}}


def test_what_depends_on_the_row_or_is_personal_is_not_proposed():
    """No line for a text that is right elsewhere, that may mean two things, or that is somebody's."""
    shipments = checked(
        "shipments",
        {"carrier_name": ["dpdd", "dpdd", "ups1", "ups1"], "recipient_city": ["KÃ¶ln"]},
        ("carrier_name", 2, "dpd"),
        ("carrier_name", 4, "ups"),
        ("carrier_name", 5, "upsap"),
        ("recipient_city", 2, "Köln"),
    )

    assert proposals([shipments]) == ()


def test_a_text_is_counted_over_all_sheets_of_one_kind():
    """Two files of orders are corrected as one."""
    one = checked("orders", {"language": ["EN"]}, ("language", 2, "en"))
    other = checked("orders", {"language": ["de", "EN"]}, ("language", 3, "en"))
    without = checked("orders", {"language": ["EN"]})

    assert [(found.text, found.meant, found.count) for found in proposals([one, other])] == [("EN", "en", 2)]
    assert proposals([one, without]) == ()


def test_a_file_that_is_there_is_gone_on_with(tmp_path):
    """What a person has written stays as it is, nothing is told twice, and new lines join their table."""
    path = tmp_path / "fixes.toml"
    path.write_text(
        '# mine\n[fixes.orders.language]\n"EN" = "en"\n# "Deutsch" = "de"   # 3 rows\n'
        '\n\n[fixes.products.sku]\n"1" = "01" # ok\n',
        encoding="utf-8",
    )
    orders = checked(
        "orders",
        {"language": ["EN", "Deutsch", "fr-FR"], "order_url": ["shop.example"]},
        ("language", 2, "en"),
        ("language", 3, "de"),
        ("language", 4, "fr"),
        ("order_url", 2, "https://shop.example"),
    )

    assert save(path, proposals([orders])) == 2
    assert path.read_text(encoding="utf-8") == (
        "# mine\n[fixes.orders.language]\n"
        '"EN" = "en"\n'
        '# "Deutsch" = "de"   # 3 rows\n'
        '# "fr-FR" = "fr"   # 1 row, first orders.csv!A4\n'
        "\n\n[fixes.products.sku]\n"
        '"1" = "01" # ok\n'
        "\n[fixes.orders.order_url]\n"
        '# "shop.example" = "https://shop.example"   # 1 row, first orders.csv!B2\n'
    )
    assert save(path, proposals([orders])) == 0


def test_a_file_that_cannot_be_gone_on_with_stays_as_it_is(tmp_path):
    """A file that is no TOML, or says it in a way that lines cannot be put into, is not written over."""
    orders = checked("orders", {"language": ["EN"]}, ("language", 2, "en"))
    for content in ("[fixes", '[fixes.orders]\nlanguage = { "X" = "x" }\n'):
        path = tmp_path / "fixes.toml"
        path.write_text(content, encoding="utf-8")

        with pytest.raises(
            WrongSettings, match=r"fixes\.toml cannot be gone on with: .* Correct it, or name another file"
        ):
            save(path, proposals([orders]))

        assert path.read_text(encoding="utf-8") == content


def test_whatever_a_cell_holds_is_written_as_toml(tmp_path):
    """Quotation marks, backslashes, line breaks and control characters come back as they were."""
    text = 'a"b\\c\nd\te\x7f\x01=#[é'
    path = tmp_path / "fixes.toml"
    save(path, proposals([checked("orders", {"language": [text]}, ("language", 2, "en"))]))

    confirmed = path.read_text(encoding="utf-8").replace('# "a', '"a')

    assert tomllib.loads(confirmed) == {"fixes": {"orders": {"language": {text: "en"}}}}
