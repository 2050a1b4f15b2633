"""The reader of large files against the reader of small ones, which is the measure of everything here."""

import gzip
import threading
import zipfile
from contextlib import ExitStack
from unittest.mock import patch

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer import sources
from importer.errors import UnreadableFile
from importer.sources import csv, large_csv, origin
from importer.sources.wishes import Wishes

PLAIN = st.one_of(
    st.sampled_from(["", "a", "SO-1", " ", "\t", "\xa0", "\u2028", "\x1c", "ä", "NA", "null", "0", "007"]),
    st.sampled_from(["'", "'=1", "'-", "'\t", "''=x", "'7", "O'B"]),
    st.sampled_from(['"a"', '""', '"a""b"', '"\n"', '"a\r\nb"', '"\r"', '"\'=1"', '"\n\n\n"', '" "']),
    st.text(st.characters(exclude_characters='"', exclude_categories=["Cs", "Cc"]), max_size=4),
)
WILD = st.one_of(
    PLAIN,
    PLAIN,
    st.sampled_from(['"', 'a"', '5" pipe', '"a"b', '"a" ', '""a', '""\'=1', '"a""', '"\n""', '"a\\"b"', "\t\r"]),
)
HEADERS = (
    "order_id{0}language{0}order_url",
    "a{0}b{0}c",
    "sku",
    "\n\norder_id{0}language",
    '"order_id"{0}"lang\nuage"{0}x',
    "My orders\n\norder_id{0}language{0}order_url\ntext{0}text{0}text",
    "{0}{0}x",
    " ",
)


@st.composite
def texts(draw):
    """A CSV file, some of them as nobody should write it."""
    separator = draw(st.sampled_from(",;\t|"))
    cells = draw(st.sampled_from([PLAIN, PLAIN, WILD]))
    width = st.integers(1, 4) if draw(st.booleans()) else st.just(3)
    ends = st.sampled_from(
        draw(st.sampled_from([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r", "\n\n", "\r\r\n", ""]]))
    )
    lead = draw(st.sampled_from(["", "", "", f"sep={separator}\r\n", "sep=^\n", "sep=→\n"]))
    header = draw(st.sampled_from(HEADERS)).format(separator)
    rows = draw(st.lists(width.flatmap(lambda count: st.lists(cells, min_size=count, max_size=count)), max_size=25))
    last = draw(st.sampled_from(["", "\n", "\n,,\n \n\n"]))
    return lead + header + "".join(draw(ends) + separator.join(row) for row in rows) + last


def told(read):
    """All that *read* tells of a file, which is a table, or what is wrong with the file."""
    try:
        table = read()
    except UnreadableFile as error:
        return str(error)
    return {
        "file": (table.path, table.where, table.header, table.header_row, table.notes, table.separator),
        "kinds": set(table.frame.dtypes),
        "columns": table.frame.columns.tolist(),
        "rows": list(table.frame.itertuples(name=None)),
        "problems": table.problems,
        "blank_rows": table.blank_rows,
    }


def quickly(path):
    """The table as it is read where a file is large."""
    (table,) = sources.tables(path)
    return table


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=texts(),
    codec=st.sampled_from(["utf-8"] * 4 + ["utf-8-sig", "utf-16", "cp1252"]),
    said=st.booleans(),
    sizes=st.tuples(st.integers(1, 80), st.integers(1, 80), st.integers(1, 80), st.integers(1, 300)),
)
def test_pieces_together_are_the_table(csv_file, text, codec, said, sizes):
    """Whatever is in a file and wherever it is cut: rows, numbers, problems, notes and errors are the same."""
    source = origin.file(csv_file(text.encode(codec, "replace")))
    wishes = Wishes(encoding=codec if said else "")
    piece, start, odd, block = sizes
    small = {"heads.WINDOW": 2, "pieces.PIECE": piece, "pieces.LONGEST": 4 * piece}
    small |= {"large_csv.START": start, "large_csv.ODD": odd, "large_csv.BLOCK": block}

    with ExitStack() as cut_small:
        for name, value in small.items():
            cut_small.enter_context(patch(f"importer.sources.{name}", value))
        in_pieces = told(lambda: large_csv.table(source, wishes))
        in_one = told(lambda: csv.table(source, wishes))

    assert in_pieces == in_one


# --- files as they are ----------------------------------------------------------------------------------------

LINES = [f'SO-{number},{"Köln " * 20}"Süd",{number % 7}' for number in range(12_000)]
LARGE = "order_id,city,language\n" + "\n".join(LINES)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch):
    """Pieces so small that a file of few rows has several."""
    monkeypatch.setattr("importer.sources.pieces.PIECE", 64 * 1024)
    monkeypatch.setattr(large_csv, "BLOCK", 128 * 1024)


def test_a_large_file_stays_in_pieces(csv_file):
    """The cells of a large file stay in the pieces they were read in, and are those that the strict reader reads."""
    path = csv_file(LARGE)

    table = quickly(path)

    assert pa.array(table.frame[0]).num_chunks > 3
    assert isinstance(table.frame.index, pd.RangeIndex)
    assert told(lambda: table) == told(lambda: csv.table(origin.file(path)))


@pytest.mark.parametrize(
    ("odd", "where"),
    [
        ("SO-X,Köln", 9_000),
        ("SO-X,Köln,1,", 10),
        ('SO-X,"Köln" Süd,1', 9_000),
        ("\n,,\n SO-X,,", 6_000),
        ("'=1+1,'-,''-", 4_000),
        ('"SO-X","two\nlines\r\n\r""and more",1', 10_000),
        ('SO-X,"never closed,1', 9_500),
        ('SO-X,"never closed,1', 11_999),
        ("SO-X\r\r\nSO-Y,,\r", 7_000),
    ],
)
def test_one_odd_row_among_many(csv_file, odd, where):
    """A row that is unlike all others is told as in a small file, wherever it is, and does not touch the others."""
    path = csv_file("order_id,city,language\n" + "\n".join([*LINES[:where], odd, *LINES[where:]]))

    assert told(lambda: quickly(path)) == told(lambda: csv.table(origin.file(path)))


def test_large_files_come_from_folders_and_archives(tmp_path, csv_file, workbook, monkeypatch):
    """In folders and archives large files are read like small ones, whatever lies beside them."""
    csv_file(LARGE, "orders.csv")
    csv_file(gzip.compress(LARGE.replace("Köln", "Bonn").encode("utf-16"), 1), "orders-2.csv.gz")
    csv_file("sku,language\nA,de\n", "products.csv")
    workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>7</v></c></row>', name="z.xlsx")
    folder = tmp_path / "orders"
    folder.mkdir()
    with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(tmp_path.glob("*.[cx]*")):
            if path.suffix != ".gz":
                archive.write(path, path.name)

    def tables():
        both = (*sources.tables(folder / "all.zip"), *sources.tables(tmp_path))
        return [told(lambda: table) for table in both]  # noqa: B023 - called at once

    quickly = tables()
    monkeypatch.setattr(sources, "LARGE", 1 << 26)

    assert quickly == tables()


def test_an_archive_that_is_damaged_far_down_is_told(tmp_path):
    """Text is unpacked as it is read, and damage in the midst of it is told all the same."""
    path = tmp_path / "orders.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("orders.csv", LARGE)
    content = bytearray(path.read_bytes())
    content[1_000_000:1_000_004] = b"XXXX"
    path.write_bytes(content)

    with pytest.raises(UnreadableFile, match="damaged or not complete"):
        sources.tables(path)


@pytest.mark.parametrize("odd", [b"\xff\xff\xff", b'a\xff"'], ids=["by Arrow", "strictly"])
def test_a_file_that_stops_being_text_while_it_is_read_is_refused(csv_file, monkeypatch, odd):
    """A file that somebody overwrites is not taken for text any longer, and nobody gets a traceback."""
    path = csv_file(LARGE)
    manner_of = large_csv.manner_of

    def overwritten(*given):
        manner = manner_of(*given)
        with path.open("r+b") as file:
            file.seek(path.stat().st_size - 1_000)
            file.write(odd)
        return manner

    monkeypatch.setattr(large_csv, "manner_of", overwritten)

    with pytest.raises(UnreadableFile, match="still being written"):
        sources.tables(path)


def test_a_file_that_is_given_up_is_left_alone(csv_file):
    """Where a file turns out to be unreadable far down, no thread goes on with it."""
    before = threading.active_count()

    with pytest.raises(UnreadableFile):
        sources.tables(csv_file(LARGE + '\nSO-X,"never closed,1'))

    assert threading.active_count() == before
