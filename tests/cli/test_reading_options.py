"""What the user says of his files goes before what they say themselves."""

import json

import openpyxl
import pytest

ORDERS = "order_id;order_date;language\nSO-1;2026-01-31;de\n"
PROFILE = """\
[sheets.orders]
file = "export.csv"
{more}
[sheets.orders.columns]
order_id = "Vorgang"
order_date = "Tag"
"""


def notes(said) -> list[str]:
    """The sentences about how the one sheet was read."""
    (sheet,) = json.loads(said.out)["sheets"]
    return sheet["notes"]


@pytest.fixture
def check(command, tmp_path):
    """Writes a file and runs `importer check` on it."""

    def run(content: bytes | str, *options: str, name: str = "orders.csv"):
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return command("check", name, *options, "--format", "json")

    return run


@pytest.mark.parametrize(("said", "taken"), [(";", ";"), ("tab", "\t"), ("~", "~")])
def test_the_separator_that_is_said_is_taken(check, said, taken):
    """A separator can be given as a character or by its name, also one that is never found out."""
    result = check(ORDERS.replace(";", taken), "--separator", said)

    assert (result.code, json.loads(result.out)["rows"], json.loads(result.out)["rejected"]) == (0, 1, 0)


@pytest.mark.parametrize("codec", ["cp852", "mac-roman", "iso8859-15", "utf-16-le"])
def test_the_encoding_that_is_said_is_taken(check, codec):
    """Encodings that nobody can infer are read when they are said, and named."""
    result = check("order_id,order_date\nKöln-1,2026-01-31\n".encode(codec), "--encoding", codec)

    assert notes(result) == [f"read as {codec}, separated by commas"]
    assert json.loads(result.out)["rejected"] == 0


@pytest.mark.parametrize(
    ("content", "codec", "sentence"),
    [
        ("order_id\nKöln\n".encode("cp1252"), "utf-8", "line 2 is not utf-8, which is said to be the encoding"),
        ("order_id\nKöln\n".encode("utf-8-sig"), "cp1252", "it begins as UTF-8, though cp1252 is said"),
        ("order_id\nKöln\n".encode("utf-16"), "cp1252", "it begins as UTF-16, though cp1252 is said"),
    ],
)
def test_an_encoding_that_cannot_be_is_refused(check, content, codec, sentence):
    """What is said and what the file shows must not contradict each other."""
    result = check(content, "--encoding", codec)

    assert (result.code, result.out) == (1, "")
    assert result.err == f"importer: orders.csv: {sentence} (--encoding)\n"


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        (
            "--encoding",
            "klingon",
            "there is no encoding klingon; known are utf-8, cp1252, cp1250, iso8859-15, mac-roman",
        ),
        ("--encoding", "rot13", "there is no encoding rot13; known are utf-8, cp1252, cp1250, iso8859-15, mac-roman"),
        ("--separator", "::", "a single character is wanted, such as ; or the word tab"),
    ],
)
def test_what_makes_no_sense_is_told(check, option, value, sentence):
    """A mistake in an option is told before any file is read."""
    result = check(ORDERS, option, value)

    assert (result.code, result.err) == (
        2,
        f"importer: The setting {option.strip('-')} is not right: {sentence}.\n",
    )


@pytest.mark.parametrize("more", ["", "header_row = 3"])
def test_23_a_profile_finds_its_header_below_titles(check, tmp_path, more):
    """The columns that a profile names are the evidence for the header, or it names the row."""
    (tmp_path / "shop.toml").write_text(PROFILE.format(more=more), encoding="utf-8")
    export = "Export of all shops\n\nVorgang;Tag;Rest\nSO-1;2026-01-31;x\n"

    result = check(export, "--mapping", "shop.toml", name="export.csv")

    assert (result.code, json.loads(result.out)["rejected"]) == (0, 0)
    assert "the header was found in row 3; what stands above it is not imported" in notes(result)


def test_a_header_row_is_a_number(check, tmp_path):
    """A profile that says something else for the row of the header is refused with the key."""
    (tmp_path / "shop.toml").write_text(PROFILE.format(more='header_row = "four"'), encoding="utf-8")

    result = check(ORDERS, "--mapping", "shop.toml")

    wanted = "shop.toml › sheets.orders.header_row: wanted is the number of a row, such as 4."
    assert (result.code, result.err) == (2, f"importer: {wanted}\n")


def test_29_the_only_sheet_that_fits_is_imported(command, tmp_path):
    """A workbook with the one sheet Tabelle1 and the columns of orders is checked as orders, and that is said."""
    book = openpyxl.Workbook()
    book.active.title = "Tabelle1"
    for line in (["Bestellungen Juni"], ["Bestellnummer", "Bestelldatum"], ["SO-1", "2026-01-31"]):
        book.active.append(line)
    book.save(tmp_path / "june.xlsx")

    result = command("check", "june.xlsx")

    assert result.code == 0
    assert "june.xlsx › Tabelle1: 1 row" in result.out
    assert "the name does not tell what is in it; by its header it is read as Orders" in result.out


def test_29_two_sheets_that_fit_end_the_check(command, tmp_path):
    """Where two sheets could be meant, both are named with what they look like."""
    book = openpyxl.Workbook()
    book.active.title = "Tabelle1"
    book.create_sheet("Tabelle2")
    for title, header in (("Tabelle1", ["order_id", "order_date"]), ("Tabelle2", ["order_id", "state", "datetime"])):
        book[title].append(header)
        book[title].append(["1", "2", "3"])
    book.save(tmp_path / "june.xlsx")

    result = command("check", "june.xlsx")

    assert result.code == 1
    assert "only june.xlsx › Tabelle1 (Orders?), june.xlsx › Tabelle2 (Order States?)." in result.err


@pytest.mark.parametrize(
    ("title", "lines", "said"),
    [
        ("Instructions", [["How to fill the sheets"]], "No sheet of ours was found, only june.xlsx › Instructions."),
        ("Orders", [], "june.xlsx: no sheet has a filled cell"),
    ],
)
def test_22_a_workbook_without_data_is_refused(command, tmp_path, title, lines, said):
    """A blank workbook, or one that holds only our own instructions, is told as such."""
    book = openpyxl.Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    book.save(tmp_path / "june.xlsx")

    result = command("check", "june.xlsx")

    assert result.code == 1
    assert said in result.err


@pytest.mark.parametrize("name", ["orders.csv", "orders.xlsx"])
def test_22_a_header_without_rows_is_nothing_to_do(command, tmp_path, name):
    """A template that nobody filled in is no mistake: there is nothing to do, and that is said."""
    if name.endswith("csv"):
        (tmp_path / name).write_text("order_id,order_date\n", encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        book.active.title = "Orders"
        book.active.append(["order_id", "order_date"])
        book.save(tmp_path / name)

    result = command("check", name)

    assert result.code == 0
    assert "the sheet has no rows" in result.out
    assert "No rows were found, so there is nothing to do." in result.out
