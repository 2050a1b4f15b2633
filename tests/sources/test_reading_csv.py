import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer import safe_text, sources
from importer.errors import UnreadableFile
from importer.model import Problem, Table, Where
from importer.sources import large_csv, origin
from importer.sources.code_pages import code_page_of
from schemas.cells import Note

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
SPECTRUM = SHARED / "csv-spectrum"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the sample files are not part of the project")


def ragged(row: int, found: int, expected: int) -> Problem:
    """The problem of a row with *found* cells under a header of *expected*."""
    return Problem(Where("orders.csv", row=row), "ragged_row", {"found": str(found), "expected": str(expected)})


# --- the whole table ----------------------------------------------------------------------------------------


def test_a_csv_file_is_one_table(csv_file, rows):
    """Header, cells, row numbers and what was decided are all there; numbers and dates stay as written."""
    path = csv_file("order_id,order_date,goods\n007,2026-01-31,12.50\nNA,,null\n")

    (table,) = sources.tables(path)

    assert table == Table(
        path=path,
        where=Where("orders.csv"),
        header=("order_id", "order_date", "goods"),
        header_row=1,
        frame=table.frame,
        notes=(Note("read_as", {"encoding": "UTF-8", "separator": "commas"}),),
    )
    assert rows(table) == {2: ["007", "2026-01-31", "12.50"], 3: ["NA", "", "null"]}


@needs_shared
@pytest.mark.parametrize("path", sorted(SPECTRUM.glob("csvs/*.csv")), ids=lambda path: path.stem)
def test_awkward_files_read_as_they_should(path, rows):
    """Quoted separators, quotes and line breaks come out as the collection of awkward files says."""
    expected = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    if path.stem == "location_coordinates":
        # The expectation is of an earlier state of the file: one object, and another telephone number.
        expected = [expected | {"Contact Phone Number": "2095257564"}]
    if path.stem == "newlines_crlf":
        # The stored copy of the file has lost its carriage returns.
        expected = [{name: text.replace("\r\n", "\n") for name, text in row.items()} for row in expected]

    (table,) = sources.tables(path)

    assert [dict(zip(table.header, cells, strict=True)) for cells in rows(table).values()] == expected
    assert table.problems == ()


@needs_shared
def test_unquoted_commas_of_a_real_file_are_told_row_by_row(rows):
    """In the Northwind customers, 24 of 91 addresses hold a comma without quotes; those rows are named, all stay."""
    (table,) = sources.tables(SHARED / "northwind" / "customers.csv")

    assert (len(table.frame), len(table.problems)) == (91, 24)
    assert table.problems[0] == Problem(Where("customers.csv", row=8), "ragged_row", {"found": "12", "expected": "11"})


# --- separators ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
def test_the_separator_is_found_and_told(csv_file, rows, separator, name, said):
    """Commas, semicolons, tabs and bars are told apart by the headers, though cells hold the others."""
    lines = [["order_id", "language", "order_url"], ["a;b,c|d", "de", "x"]]
    path = csv_file("\r\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines))

    (table,) = sources.tables(path)

    assert rows(table) == {2: lines[1]}
    assert (table.separator, said(table)) == (separator, (f"read as UTF-8, separated by {name}",))


def test_unknown_headers_are_separated_by_what_gives_even_rows(csv_file):
    """Without a header that we know, the separator that gives every row the same number of cells wins."""
    (table,) = sources.tables(csv_file("a;b\n1,5;2\n3;4,5\n1,2,3;7\n"))

    assert table.header == ("a", "b")


def test_a_line_that_names_the_separator_is_obeyed_and_not_counted(csv_file, rows):
    """Excel's own first line `sep=;` belongs to no table, so the header is row 1."""
    (table,) = sources.tables(csv_file("sep=^\r\norder_id^language\r\nSO-1^de\r\n"))

    assert (table.header_row, table.separator, rows(table)) == (1, "^", {2: ["SO-1", "de"]})


def test_one_column_needs_no_separator(csv_file, rows):
    """A file with a single column is read as such."""
    (table,) = sources.tables(csv_file("sku\nA\nB\n"))

    assert rows(table) == {2: ["A"], 3: ["B"]}


# --- row numbers --------------------------------------------------------------------------------------------


def test_rows_are_numbered_as_a_spreadsheet_shows_them(csv_file, rows):
    """A cell with line breaks is one row, blank lines count, and blank rows are left out and counted."""
    path = csv_file('order_id,comment\n"1","two\nlines"\n\n , \n2,\n\n3,x\n\n\n')

    (table,) = sources.tables(path)

    assert rows(table) == {2: ["1", "two\nlines"], 5: ["2", ""], 7: ["3", "x"]}
    assert table.blank_rows == 3


def test_blank_lines_above_the_header_do_not_count_as_rows(csv_file, rows):
    """The first line with anything in it is the header, and rows keep their numbers."""
    (table,) = sources.tables(csv_file("\n,,\norder_id,language\nSO-1,de\n"))

    assert (table.header, table.header_row, table.blank_rows) == (("order_id", "language"), 3, 0)
    assert rows(table) == {4: ["SO-1", "de"]}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_taken(csv_file, rows, end):
    """Files from Unix, Windows and old Macs read alike, with or without a last line end."""
    for last in ("", end):
        (table,) = sources.tables(csv_file(end.join(["order_id,language", "SO-1,de", "SO-2,fr"]) + last))

        assert rows(table) == {2: ["SO-1", "de"], 3: ["SO-2", "fr"]}


# --- rows that do not fit -----------------------------------------------------------------------------------


def test_a_row_of_another_width_is_a_problem_of_that_row(csv_file, rows):
    """Too many or too few cells: the row stays, with a problem that counts them, and no neighbour is touched."""
    path = csv_file("order_id,city,language\nSO-1,Berlin,de\nSO-2,Paris, Texas,en\nSO-3,Rome\nSO-4,Wien,de,\n")

    (table,) = sources.tables(path)

    assert rows(table) == {
        2: ["SO-1", "Berlin", "de"],
        3: ["SO-2", "Paris", " Texas"],
        4: ["SO-3", "Rome", ""],
        5: ["SO-4", "Wien", "de"],
    }
    assert table.problems == (ragged(3, 4, 3), ragged(4, 2, 3), ragged(5, 4, 3))


def test_a_stray_quotation_mark_spoils_only_its_row(csv_file, rows):
    """A quotation mark in the middle of a quoted cell is a problem of that row; the rows around it are read."""
    path = csv_file('order_id,city,language\n1,"A",de\n2,"B" C,de\n3,"D, E",de\n4,"5" pipe","de\n5,F,de\n')

    with pytest.raises(UnreadableFile) as told:
        sources.tables(path)
    (table,) = sources.tables(csv_file('order_id,city,language\n1,"A",de\n2,"B" C,de\n3,"D, E",de\n'))

    # In row 5 the last mark is never closed, and so nobody can tell where the row ends.
    assert str(told.value).startswith("orders.csv: a quotation mark in the row that begins in line 5 is never closed")
    assert rows(table) == {2: ["1", "A", "de"], 3: ["2", "B C", "de"], 4: ["3", "D, E", "de"]}
    assert table.problems == (Problem(Where("orders.csv", row=3), "unquoted_cell"),)


@pytest.mark.parametrize(
    "text",
    [
        'order_id,city\n1,A\n2,"B\n3,C\n4,D\n',
        'order_id,city\n1,A\n2,"B\n3,C\n4,"D"\n5,E\n',
        'order_id,city\n1,A\n2,"B' + "\n3,C" * 70_000,
    ],
    ids=["to the end", "to the next mark", "further than any cell reaches"],
)
def test_an_unclosed_quotation_mark_ends_the_reading(csv_file, text):
    """Rows that would vanish inside of a cell are not lost: the file is refused and the line named."""
    with pytest.raises(UnreadableFile, match="in the row that begins in line 3 is never closed"):
        sources.tables(csv_file(text))


def test_the_line_is_told_as_an_editor_counts(csv_file):
    """Lines of cells with line breaks and a `sep=` line count, since the line is looked for in an editor."""
    text = 'sep=,\norder_id,city\n1,"two\nlines"\n2,"B\n3,C\n'

    with pytest.raises(UnreadableFile, match="begins in line 5 is"):
        sources.tables(csv_file(text))


def test_a_quotation_mark_inside_of_an_unquoted_cell_is_a_character(csv_file, rows):
    """Inches and minutes of arc are written with quotation marks, and stay."""
    (table,) = sources.tables(csv_file('sku,size\nA,15.6" wide\nB,37°36\'37.8"N\n'))

    assert rows(table) == {2: ["A", '15.6" wide'], 3: ["B", "37°36'37.8\"N"]}
    assert table.problems == ()


# --- encodings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252 (Western European)"),
    ],
)
def test_the_encoding_is_found_and_told(csv_file, rows, codec, label, said):
    """Umlauts and accents come out right in every encoding that Excel writes, and the encoding is named."""
    (table,) = sources.tables(csv_file("order_id;city\r\nSO-1;Köln\r\nSO-2;Orléans\r\n".encode(codec)))

    assert (table.header, rows(table)) == (("order_id", "city"), {2: ["SO-1", "Köln"], 3: ["SO-2", "Orléans"]})
    assert said(table)[0] == f"read as {label}, separated by semicolons"
    assert len(table.notes) == (2 if codec == "cp1252" else 1)


WORDS = {
    "cp1252": [
        "Crème brûlée Lefèvre Forêt Hélène Besançon Nîmes",
        "Müller Straße Köln Größe",
        "Muñoz Señor Málaga Ávila",
        "São João Conceição Gonçalves",
        "Malmö Åsa Göteborg Västerås",
        "København Sørensen Århus",
        "Nicolò Forlì Città",
        "m³ £5 Café",
    ],
    "cp1250": [
        "Wacław Łódź Kraków Gdańsk Żółta",
        "Dvořák Přemysl Plzeň Žižkov Příčná",
        "Ľubica Košice Ďurica Kováč",
        "Győr Fűzfa Kőszeg Ödön Székesfehérvár",
        "Črnomelj Žalec Šiška",
        "Đurđevac Šibenik Požega",
        "Constanţa Braşov Târgovişte",
    ],
}


@pytest.mark.parametrize(("codec", "text"), [(codec, text) for codec, texts in WORDS.items() for text in texts])
def test_west_and_central_european_files_are_told_apart(codec, text):
    """Names of fifteen languages come out right from the code page of their country."""
    assert text.encode(codec).decode(code_page_of(text.encode(codec), text.encode(codec)) or "") == text


def test_names_of_several_countries_share_a_code_page():
    """A file with French, German, Spanish and Danish names is Western, one with Polish and Czech ones is not."""
    for codec, texts in WORDS.items():
        raw = " ".join(texts).encode(codec)
        assert code_page_of(raw, raw) == codec


def test_one_letter_late_in_the_file_decides_the_encoding(csv_file, rows):
    """All of the file is looked at, not its beginning alone."""
    lines = ["order_id,city", *(f"SO-{number},Berlin" for number in range(60_000)), "SO-X,Köln"]

    (table,) = sources.tables(csv_file("\n".join(lines).encode("cp1252")))

    assert rows(table)[60_002] == ["SO-X", "Köln"]


def test_a_file_in_two_encodings_is_refused(csv_file):
    """UTF-8 with one line pasted from elsewhere cannot be read without spoiling names; the line is named."""
    text = "order_id,city\nSO-1,Köln\nSO-2,Münster\n".encode() + "SO-3,Orléans\n".encode("cp1252")

    with pytest.raises(UnreadableFile) as told:
        sources.tables(csv_file(text))

    assert str(told.value) == (
        "orders.csv: most of it is UTF-8, but line 4 is not; one of the two was pasted or joined in the wrong encoding"
    )


def test_a_broken_utf_16_file_is_refused(csv_file):
    """A file that was cut in the middle of a character says so."""
    with pytest.raises(UnreadableFile, match="begins as UTF-16, but line 2 is not"):
        sources.tables(csv_file("order_id,city\nSO-1,Köln".encode("utf-16")[:-1]))


# --- formulas -----------------------------------------------------------------------------------------------


def test_the_mark_that_keeps_formulas_from_running_is_taken_away(csv_file, rows):
    """What our own reports wrote with an apostrophe in front comes back as it was; O'Brien stays."""
    text = "sku,name\n'=1+1,O'Brien\n\"'-5\",'tis\n''+49,'00123\n"

    (table,) = sources.tables(csv_file(text))

    assert rows(table) == {2: ["=1+1", "O'Brien"], 3: ["-5", "'tis"], 4: ["'+49", "'00123"]}


# --- what was written comes back ----------------------------------------------------------------------------

CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"))
FIELDS = ("order_id", "order_url", "language")
TABLES = st.lists(
    st.tuples(CELLS, CELLS, CELLS).filter(lambda row: any(cell.strip() for cell in row)), min_size=1, max_size=8
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=TABLES,
    dialect=st.fixed_dictionaries(
        {
            "delimiter": st.sampled_from(",;\t|"),
            "lineterminator": st.sampled_from(["\n", "\r\n"]),
            "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        }
    ),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_table_written_as_csv_reads_back_equal(tmp_path, rows, table, dialect, codec):
    """Whatever the cells hold, in every dialect and encoding, no character and no cell is lost or moved."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, **dialect)
    writer.writerow(FIELDS)
    writer.writerows([safe_text.written(cell) for cell in row] for row in table)
    path = tmp_path / "orders.csv"
    path.write_bytes(text.getvalue().encode(codec))

    (found,) = sources.tables(path)

    assert list(rows(found).values()) == [list(row) for row in table]
    assert (found.header, found.problems, found.separator) == (FIELDS, (), dialect["delimiter"])


# --- as other programs write them ---------------------------------------------------------------------------


@pytest.mark.parametrize("read", [sources.tables, lambda path: [large_csv.table(origin.file(path))]])
def test_19_quotation_marks_after_a_backslash_are_part_of_the_cell(csv_file, rows, said, read):
    """Databases write a backslash and a mark within a cell where others double the mark; that is found and said."""
    text = '"sku","name"\n"A","15\\" wide, \\"new\\""\n"B","C:\\\\temp"\n"C","two ""old"" ones"\n'

    (table,) = read(csv_file(text, "products.csv"))

    assert rows(table) == {2: ["A", '15" wide, "new"'], 3: ["B", "C:\\temp"], 4: ["C", 'two "old" ones']}
    assert said(table)[1] == "a backslash before a quotation mark makes it part of the cell"
    assert table.problems == ()


def test_19_backslashes_stay_where_quotation_marks_are_doubled(csv_file, rows, said):
    """A folder at the end of a quoted cell ends with a backslash, which marks nothing."""
    (table,) = sources.tables(csv_file('sku,name\n"A","C:\\temp\\"\n"B","5"" x"\n', "products.csv"))

    assert rows(table) == {2: ["A", "C:\\temp\\"], 3: ["B", '5" x']}
    assert len(said(table)) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_19_21_excels_own_first_line_goes_with_every_line_end(csv_file, rows, end):
    """`sep=;` is obeyed and no row, whatever ends the lines; the last line needs no end."""
    newline = end or "\n"
    text = f"sep=;{newline}order_id;language{newline}SO-1;de{end}"

    (table,) = sources.tables(csv_file(text))

    assert (table.header, rows(table)) == (("order_id", "language"), {2: ["SO-1", "de"]})


def test_20_ragged_rows_below_titles_are_counted_by_the_header(csv_file, rows):
    """The header decides how many cells a row has, and not the title above it."""
    (table,) = sources.tables(csv_file("June\norder_id,language,city\nSO-1,de\nSO-2,de,Bonn,x\n"))

    assert rows(table) == {3: ["SO-1", "de", ""], 4: ["SO-2", "de", "Bonn"]}
    assert table.problems == (ragged(3, 2, 3), ragged(4, 4, 3))


def test_22_a_header_alone_is_a_table_without_rows(csv_file, rows):
    """Whether there is anything to import is the check's business."""
    (table,) = sources.tables(csv_file("order_id,language\n"))

    assert (table.header, rows(table)) == (("order_id", "language"), {})
