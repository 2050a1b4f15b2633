"""The reader of large files against the reader of small ones, which is the measure of everything here."""

from contextlib import ExitStack
from unittest.mock import patch

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.errors import UnreadableFile
from importer.sources import blocks, csv, origin

PLAIN = st.one_of(
    st.sampled_from(["", "a", "SO-1", " ", "\t", "\xa0", "\u2028", "\x1c", "ä", "NA", "null", "0", "007"]),
    st.sampled_from(["'", "'=1", "'-", "'\t", "''=x", "'7", "O'B"]),
    st.sampled_from(['"a"', '""', '"a""b"', '"\n"', '"a\r\nb"', '"\r"', '"\'=1"', '"\n\n\n"', '" "']),
    st.text(st.characters(exclude_characters='"', exclude_categories=["Cs", "Cc"]), max_size=4),
)
WILD = st.one_of(
    PLAIN, PLAIN, st.sampled_from(['"', 'a"', '5" pipe', '"a"b', '"a" ', '""a', '""\'=1', '"a""', '"\n""', "\t\r"])
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
    lead = draw(st.sampled_from(["", "", "", f"sep={separator}\r\n", "sep=^\n"]))
    header = draw(st.sampled_from(HEADERS)).format(separator)
    rows = draw(st.lists(width.flatmap(lambda count: st.lists(cells, min_size=count, max_size=count)), max_size=25))
    last = draw(st.sampled_from(["", "\n", "\n,,\n \n\n"]))
    return lead + header + "".join(draw(ends) + separator.join(row) for row in rows) + last


def told(read):
    """All that *read* tells of a file, which are tables of the same sheet, or what is wrong with the file."""
    try:
        tables = read()
    except UnreadableFile as error:
        return str(error)
    frame = pd.concat([table.frame for table in tables])
    first = tables[0]
    assert [table.header for table in tables] == [first.header] * len(tables)
    return {
        "file": (first.path, first.where, first.header, first.header_row, first.notes, first.separator),
        "kinds": set(frame.dtypes),
        "columns": frame.columns.tolist(),
        "rows": list(frame.itertuples(name=None)),
        "problems": [problem for table in tables for problem in table.problems],
        "blank_rows": sum(table.blank_rows for table in tables),
    }


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=texts(),
    codec=st.sampled_from(["utf-8"] * 4 + ["utf-8-sig", "utf-16", "cp1252"]),
    piece=st.integers(1, 80),
    start=st.integers(1, 80),
    rows=st.integers(1, 9),
)
def test_blocks_together_are_the_table(csv_file, text, codec, piece, start, rows):
    """Whatever is in a file and wherever it is cut: rows, numbers, problems, notes and errors are the same."""
    source = origin.file(csv_file(text.encode(codec, "replace")))
    sizes = {
        "heads.WINDOW": 2,
        "blocks.PIECE": piece,
        "pieces.PIECE": piece,
        "pieces.LONGEST": 4 * piece,
        "blocks.START": start,
        "blocks.ROWS": rows,
    }

    with ExitStack() as cut_small:
        for name, value in sizes.items():
            cut_small.enter_context(patch(f"importer.sources.{name}", value))
        in_blocks, in_one = told(lambda: list(blocks.blocks(source))), told(lambda: [csv.table(source)])

    assert in_blocks == in_one
