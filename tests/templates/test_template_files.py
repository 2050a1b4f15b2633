"""Which files are written, and when one is left alone."""

import pytest

from importer import templates
from importer.errors import WrongSettings
from schemas import ENTITIES, entity_named, examples

ORDERS = entity_named("orders")
NAMES = [entity.name for entity in ENTITIES]


@pytest.mark.parametrize("entities", [(), ENTITIES, tuple(reversed(ENTITIES))])
def test_all_sheets_go_into_one_workbook(tmp_path, entities):
    """Naming nothing or everything gives one workbook."""
    assert templates.write(tmp_path / "new", entities, style="xlsx") == (tmp_path / "new" / "all-in-one.xlsx",)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["all-in-one.xlsx"]


def test_some_sheets_get_a_file_each(tmp_path):
    """Named sheets get a workbook each, in upload order, called the same in every language."""
    chosen = (entity_named("shipments"), ORDERS)

    for language in ("en", "de"):
        written = templates.write(tmp_path / language, chosen, style="xlsx", language=language)
        assert [path.name for path in written] == ["orders.xlsx", "shipments.xlsx"]


def test_csv_has_a_file_for_each_sheet(tmp_path):
    """CSV knows no sheets, so all of them are one file each."""
    written = templates.write(tmp_path, (), style="csv")

    assert [path.name for path in written] == [f"{name}.csv" for name in NAMES]


def test_csv_opens_in_european_excel(tmp_path):
    """A CSV template is UTF-8 with its mark, separated by semicolons, with header and example; formulas are marked."""
    (orders, shipments) = templates.write(tmp_path, (ORDERS, entity_named("shipments")), style="csv")

    assert orders.read_bytes().decode() == (
        "\ufefforder_id;order_url;order_date;language;promised_delivery_date;boarding_complete;order_tags;"
        "delivered_with_seven_senders\r\n"
        'EXAMPLE-1001;https://shop.example.com;2026-01-31 10:00;de;2026-02-04;TRUE;"channel=web; season=winter";\r\n'
    )
    assert ";'+4915223455981;" in shipments.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("style", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_same_input_gives_the_same_bytes(tmp_path, style, language):
    """A template written twice is the same file to the last byte, whatever the clock says."""
    once = templates.write(tmp_path / "once", style=style, language=language)
    again = templates.write(tmp_path / "again", style=style, language=language)

    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


def test_filled_in_template_is_not_overwritten(tmp_path):
    """A file that somebody filled in stays as it is, unless asked for; an untouched template may be written again."""
    (path,) = templates.write(tmp_path, [ORDERS], style="csv")
    blank = path.read_bytes()
    templates.write(tmp_path, [ORDERS], style="csv")
    path.write_bytes(blank + b"SO-1;;2026-01-31;;;;;\r\n")

    with pytest.raises(WrongSettings) as refusal:
        templates.write(tmp_path, [ORDERS], style="csv")

    assert str(refusal.value) == f"{path} is there already and was not overwritten; move it away or name another folder"
    assert path.read_bytes().endswith(b"SO-1;;2026-01-31;;;;;\r\n")
    templates.write(tmp_path, [ORDERS], style="csv", replace=True)
    assert path.read_bytes() == blank


def test_folder_that_cannot_be_written_is_said(tmp_path):
    """Where a file stands in place of the folder, one sentence says so."""
    (tmp_path / "file").write_text("")

    with pytest.raises(WrongSettings, match=r"orders\.csv cannot be written: File exists"):
        templates.write(tmp_path / "file", [ORDERS], style="csv")


def test_csv_example_is_the_example(tmp_path):
    """The second line of a CSV template says what the example row of the workbook says."""
    (path,) = templates.write(tmp_path, [entity_named("order_states")], style="csv")
    header, example = path.read_text(encoding="utf-8-sig").splitlines()

    assert dict(zip(header.split(";"), example.split(";"), strict=True)) == examples.example(
        entity_named("order_states")
    )
